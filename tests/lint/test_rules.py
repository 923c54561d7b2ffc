"""Each rule of the catalogue finds what it should, at its place and in these words, and nothing else.

A rule has a file in `rules/` with projects that pass and projects that fail; each is the small project with a
few changes. Adding a rule takes no line of Python here.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml

from imrpolicy.lint import RULES
from imrpolicy.lint.rule import SECTIONS

DATA = Path(__file__).parent / "rules"
PAGES = Path(__file__).resolve().parents[2] / "docs" / "rules"
FILES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.yaml"))}
IDS = [rule.id for rule in RULES]
PASSING = [(name, case) for name, data in FILES.items() for case in data["pass"]]
FAILING = [(name, case) for name, data in FILES.items() for case in data["fail"]]


def title(value):
    return value if isinstance(value, str) else value["name"]


@pytest.mark.parametrize(("rule", "case"), PASSING, ids=title)
def test_passes(rule, case, check):
    found = check(case.get("changes", ()))
    assert [shown(issue) for issue in found.issues if issue.rule == rule] == []
    assert {issue.rule for issue in found.issues} <= set(IDS), "the project of the case is broken"


@pytest.mark.parametrize(("rule", "case"), FAILING, ids=title)
def test_fails(rule, case, check):
    found = check(case["changes"])
    assert [shown(issue) for issue in found.issues if issue.rule == rule] == case["finds"]
    assert {issue.rule for issue in found.issues} <= set(IDS), "the project of the case is broken"
    known = next(one for one in RULES if one.id == rule)
    assert {issue.severity for issue in found.issues if issue.rule == rule} == {known.severity}
    assert all(issue.help for issue in found.issues if issue.rule == rule)


def shown(issue):
    """The issue as the data has it: the place, what is underlined, and the message."""
    place = f"{issue.place.file.removeprefix('policies/')}:{issue.place.line}"
    start = issue.place.column - 1
    marked = issue.source[start : start + issue.length]
    message = re.sub(r"released on [\d-]+", "released on ...", issue.message)
    return {"at": place, "marked": marked, "message": message}


def test_every_rule_has_its_data_and_every_data_its_rule():
    assert sorted(FILES) == sorted(IDS)
    for name, data in FILES.items():
        assert data["pass"], name
        assert data["fail"], name


def test_the_catalogue_is_sorted_and_named_alike():
    assert sorted(IDS) == IDS
    assert len(set(IDS)) == len(IDS)
    for rule in RULES:
        assert rule.check.__module__ == f"imrpolicy.lint.rules.{rule.id.replace('-', '_')}"
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_has_its_parts(rule):
    assert tuple(rule.sections)[: len(SECTIONS)] == SECTIONS
    assert set(rule.sections) <= {*SECTIONS, "What it does not see"}
    assert all(rule.sections.values())
    assert rule.page.startswith(f"{rule.title}.\n\n## Why\n")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_in_the_documentation_is_that_of_the_rule(rule, golden):
    golden(f"{rule.id}.md", rule.markdown, PAGES)


def test_the_index_lists_every_rule(request):
    """What stands above and below the table is written by hand."""
    file = PAGES / "index.md"
    text = file.read_text(encoding="utf-8")
    table = "".join(f"| [`{rule.id}`]({rule.id}.md) | {rule.severity} | {rule.title} |\n" for rule in RULES)
    now = re.sub(r"(?<=\|---\|---\|---\|\n)(\|[^\n]*\n)*", lambda _: table, text)
    if request.config.getoption("--update-golden") and not os.environ.get("CI"):
        file.write_text(now, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == now
    assert {path.stem for path in PAGES.glob("*.md")} == {*IDS, "index"}
