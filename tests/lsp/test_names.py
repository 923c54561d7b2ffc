"""What a name means: hover, and where it is declared."""

from __future__ import annotations

import pytest
from lsp.carets import caret

from imrpolicy.authored import parse_document
from imrpolicy.lsp.hover import hover
from imrpolicy.lsp.places import definition
from imrpolicy.lsp.project import FileKind, Project, kind_of, root_of
from imrpolicy.lsp.targets import target_at
from imrpolicy.policy import Schemas

UNIT = "policies/odg/continuous-flow-cryotherapy"


def at(project, file, before, after=""):
    """The name between two texts of a file, with what is needed to ask about it."""
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before + after) >= 1, f"{before + after!r} is not in {file}"
    root = root_of(path)
    made = Project(root=root, schemas=Schemas(project / "schemas"))
    kind = kind_of(path, root)
    offset = text.index(before + after) + len(before)
    target = target_at(parse_document(text.encode(), path.name), offset, kind, made.schemas.dictionary)
    return target, path, kind, made


SHOWN = {
    "fact": (
        "policy.yaml",
        "when: request.dura",
        "tion_days",
        ["Duration of use", "from 1 to 3650", "*Ask:*"],
    ),
    "its last letter": ("policy.yaml", "when: request.duration_days", " <= 7", ["Duration of use"]),
    "value": ("policy.yaml", 'in ["shoul', "der", ["**Shoulder**", "request.body_region"]),
    "value of the scope": (
        "policy.yaml",
        '== "continuous_f',
        "low",
        ["**Continuous-flow cryotherapy unit**"],
    ),
    "criterion": (
        "policy.yaml",
        "id: dura",
        "tion",
        ["Use is limited to 7 days", "duration of use is at most 7 days"],
    ),
    "source": ("policy.yaml", "guideline: o", "dg", ["**Official Disability Guidelines**"]),
    "policy": ("tests.yaml", "policy: odg/cont", "inuous", ["**Continuous-flow cryotherapy after surgery**"]),
    "fact in a test": ("tests.yaml", "duration_d", "ays: 7", ["Duration of use", "request.duration_days"]),
    "value in a test": ("tests.yaml", "body_region: kn", "ee", ["`knee` of body region"]),
    "criterion in a test": ("tests.yaml", "criteria: {dura", "tion: met", ["Use is limited to 7 days"]),
    "open fact": ("tests.yaml", "open: [request.", "", ["**"]),
}


@pytest.mark.parametrize("name", SHOWN)
def test_hover_says_what_a_name_means(name, project):
    file, before, after, wanted = SHOWN[name]
    text = (project / UNIT / file).read_text(encoding="utf-8")
    if before + after not in text:
        pytest.fail(f"{before + after!r} is not in {file}")
    target, *rest = at(project, f"{UNIT}/{file}", before, after)
    assert target is not None
    shown = hover(target, *rest)
    assert all(words in shown for words in wanted), shown


def test_a_field_of_an_entry_is_known(project):
    file = "policies/odg/lumbar-facet-joint-injection/policy.yaml"
    target, *rest = at(project, file, "block.ki", 'nd == "facet')
    assert "`block.kind`" in hover(target, *rest)
    listed, *rest = at(project, file, "history.prior_bl", "ocks.exists")
    assert "`history.prior_blocks`" in hover(listed, *rest)
    function, *rest = at(project, file, "history.prior_blocks.exi", "sts")
    assert "at least one element" in hover(function, *rest)
    value, *rest = at(project, file, 'block.kind == "facet_', "joint_injection")
    assert "`facet_joint_injection`" in hover(value, *rest)


def test_a_case_is_known(project):
    file = "cases/imr-2013-lumbar-block-and-cryotherapy.yaml"
    target, *rest = at(project, file, "service: continuous_flow", "_cryotherapy")
    assert "**Continuous-flow cryotherapy unit**" in hover(target, *rest)


SCHEMA = "schemas/case.schema.json"
DECLARED = {
    "fact": (
        "policy.yaml",
        "when: request.dura",
        "tion_days",
        "schemas/case.schema.json",
        '"duration_days": {',
    ),
    "value": ("policy.yaml", 'in ["shoul', "der", SCHEMA, '"const": "shoulder"'),
    "source": ("policy.yaml", "guideline: o", "dg", "policies/sources.yaml", "  odg:"),
    "policy": (
        "tests.yaml",
        "policy: odg/cont",
        "inuous",
        f"{UNIT}/policy.yaml",
        "id: odg/continuous-flow-cryotherapy",
    ),
    "criterion": ("tests.yaml", "criteria: {dura", "tion: met", f"{UNIT}/policy.yaml", "- id: duration"),
}


@pytest.mark.parametrize("name", DECLARED)
def test_definition_leads_to_the_line(name, project):
    file, before, after, declared_in, line = DECLARED[name]
    target, *rest = at(project, f"{UNIT}/{file}", before, after)
    found = definition(target, *rest)
    assert found.path == project / declared_in
    start = found.text.rindex("\n", 0, found.start) + 1
    assert line in found.text[start:].partition("\n")[0]
    assert found.text[found.start : found.end] in line


def test_a_test_of_an_earlier_version_leads_to_that_version(project):
    folder = "policies/odg/lumbar-medial-branch-block"
    tests = project / folder / "tests.yaml"
    text = tests.read_text(encoding="utf-8")
    assert "version: 1.0.0" in text
    target, *rest = at(project, f"{folder}/tests.yaml", "version: 1.0", ".0")
    assert definition(target, *rest).path == project / folder / "versions/1.0.0.yaml"


NOTHING = [
    "      when: unknown.th|ing\n",
    "      text: request.dura|tion_days\n",
    '      when: >-\n        "sho|ulder"\n',
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_unknown_means_nothing(text, dictionary):
    text, offset = caret(text)
    assert target_at(parse_document(text.encode(), "a"), offset, FileKind.POLICY, dictionary) is None


def test_other_files_are_left_alone(project):
    root = root_of(project / "policies/sources.yaml")
    for name in (
        "schemas/case.schema.json",
        "notes.yaml",
        "policies/releases.yaml",
        "policies/odg/x/other.yaml",
    ):
        assert kind_of(project / name, root) is None
    assert root_of(project.parent / "elsewhere.yaml") is None
