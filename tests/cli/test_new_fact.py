"""`imrpolicy new fact` and `new source`: what they write passes every check once it is filled in."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from imrpolicy.authoring.new_fact import KINDS
from imrpolicy.expression import check
from imrpolicy.policy import Schemas

NUMBERS = re.compile(r'"<the (least|greatest) value, a number>"')
BLANK = re.compile(r"<[a-z][^<>\n]*>")


def fill(file):
    """Fill in the blanks: numbers where numbers belong, else words."""
    text = file.read_text(encoding="utf-8")
    text = NUMBERS.sub(lambda found: {"least": "0", "greatest": "12"}[found[1]], text)
    file.write_text(BLANK.sub("Words about it", text), encoding="utf-8", newline="\n")


def added(before, after):
    """The lines that came; no other may have changed, but for the comma behind the last entry before them."""
    old, new = before.splitlines(), after.splitlines()
    first = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    count = len(new) - len(old)
    assert new[:first] + new[first + count :] == old
    return new[first : first + count]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["pain.at_night", "request.at_night", "dates.seen", "sleep.quality"])
def test_a_fact_works_once_its_blanks_are_filled_in(kind, path, project, imrpolicy):
    file = project / "schemas/case.schema.json"
    before = file.read_text(encoding="utf-8")
    unit = ["--unit", "points"] if kind in ("int", "double") else []
    ran = imrpolicy("new", "fact", path, "--type", kind, *unit)
    assert (ran.code, ran.err) == (0, "")
    text = file.read_text(encoding="utf-8")
    group, _, name = path.partition(".")
    lines = added(before, text)
    assert any(f'"{name}": {{' in line for line in lines)
    found = json.loads(imrpolicy("check", "--format", "json").out)["issues"]
    assert {issue["rule"] for issue in found} == {"blank"}
    assert len(found) == len(BLANK.findall(text))
    fill(file)
    assert imrpolicy("check", "schemas").code == 0
    dictionary = Schemas(project / "schemas").dictionary
    check(f"has({path})", dictionary)
    assert list(dictionary.groups[group])[-1] == name
    shown = imrpolicy("facts", path)
    assert "Ask: Words about it" in shown.out
    assert unit == [] or "points, from 0 to 12" in shown.out


def test_a_source_works_once_its_blanks_are_filled_in(project, imrpolicy):
    file = project / "policies/sources.yaml"
    before = file.read_text(encoding="utf-8")
    ran = imrpolicy("new", "source", "aaos")
    assert (ran.code, ran.err) == (0, "")
    text = file.read_text(encoding="utf-8")
    assert text.startswith(before)
    found = json.loads(imrpolicy("check", "--format", "json").out)["issues"]
    assert [issue["rule"] for issue in found] == ["blank"] * len(BLANK.findall(text))
    fill(file)
    assert imrpolicy("check", "policies/sources.yaml").code == 0
    assert imrpolicy("fmt", "policies/sources.yaml", "--check").code == 0
    assert imrpolicy("new", "policy", "aaos/knee-brace").code == 0


@pytest.mark.parametrize("file", ["policies/sources.yaml", "schemas/case.schema.json"])
def test_a_broken_file_is_not_added_to(file, project, imrpolicy):
    (project / file).write_text("{", encoding="utf-8")
    for call in (["fact", "pain.at_night", "--type", "bool"], ["source", "aaos"]):
        ran = imrpolicy("new", *call)
        mine = file.endswith("json") == (call[0] == "fact")
        assert ran.code == (1 if mine else 0), ran.err
    assert (project / file).read_text(encoding="utf-8") == "{"


def test_the_documents_name_what_was_started(project, imrpolicy):
    fact = json.loads(imrpolicy("new", "fact", "pain.at_night", "--type", "bool", "--format", "json").out)
    assert fact == {"fact": "pain.at_night", "files": ["schemas/case.schema.json"]}
    source = json.loads(imrpolicy("new", "source", "aaos", "--format", "json").out)
    assert source == {"source": "aaos", "files": ["policies/sources.yaml"]}


def test_the_real_schema_keeps_its_layout(project, imrpolicy):
    """Nothing but the new lines is different, so that a review sees them alone."""
    file = project / "schemas/case.schema.json"
    before = file.read_text(encoding="utf-8")
    assert imrpolicy("new", "fact", "exam.at_night", "--type", "choice").code == 0
    assert len(added(before, file.read_text(encoding="utf-8"))) == 10


def test_a_word_that_expressions_reserve_is_no_fact(project, imrpolicy):
    ran = imrpolicy("new", "fact", "pain.for", "--type", "bool")
    assert (ran.code, ran.out) == (2, "")
    assert "`pain.for` is no fact" in ran.err


def test_a_project_without_schemas_gets_no_fact(project, imrpolicy):
    for file in (project / "schemas").iterdir():
        file.unlink()
    ran = imrpolicy("new", "fact", "pain.at_night", "--type", "bool")
    assert ran.code == 2
    assert "a project with schemas of its own" in ran.err


def test_the_start_of_the_program_is_not_slowed_down():
    """What `new` needs is imported only when it is asked for."""
    code = "import sys; from imrpolicy.cli import main; print('imrpolicy.authoring.new_fact' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_a_number_without_its_limits_is_said_to_lack_them(project, imrpolicy):
    """Commands that need the facts say where the trouble is until the blanks are filled in."""
    assert imrpolicy("new", "fact", "care.injections", "--type", "int", "--unit", "injections").code == 0
    ran = imrpolicy("facts")
    assert (ran.code, ran.out) == (3, "")
    assert "`care.injections` needs numbers as `minimum` and `maximum`" in ran.err
    assert "`imrpolicy check` says where" in ran.err


@pytest.mark.parametrize("unit", ["", " "])
def test_a_unit_has_a_name(unit, project, imrpolicy):
    assert imrpolicy("new", "fact", "pain.at_night", "--type", "int", "--unit", unit).code == 2
    assert imrpolicy("new", "fact", "pain.at_night", "--type", "bool", "--unit", unit).code == 2


def test_a_source_is_never_put_behind_the_end_of_the_file(project, imrpolicy):
    file = project / "policies/sources.yaml"
    text = file.read_text(encoding="utf-8") + "...\n"
    file.write_text(text, encoding="utf-8", newline="\n")
    ran = imrpolicy("new", "source", "aaos")
    assert ran.code == 2
    assert "is not in canonical form; run `imrpolicy fmt policies/sources.yaml`" in ran.err
    assert file.read_text(encoding="utf-8") == text


def test_a_source_has_a_folder_of_its_own(project, imrpolicy):
    ran = imrpolicy("new", "source", "search-sequences")
    assert (ran.code, "holds the search sequences" in ran.err) == (2, True)


@pytest.mark.parametrize("text", ['{"type": "object"}', '{"$defs": {"facts": {"title": "Facts"}}}'])
def test_a_fact_is_put_nowhere_else(text, project, imrpolicy):
    file = project / "schemas/case.schema.json"
    file.write_text(text, encoding="utf-8")
    ran = imrpolicy("new", "fact", "pain.at_night", "--type", "bool")
    assert (ran.code, "has no $defs.facts.properties; restore the file" in ran.err) == (2, True)
    assert file.read_text(encoding="utf-8") == text
