"""What the pages say: goldens of one policy, and what must hold of each part."""

import datetime as dt
import re
import sys
from dataclasses import replace

import pytest
from markupsafe import Markup

from imrpolicy.policy import PolicyStatus
from imrpolicy.site.changes import feed
from imrpolicy.site.difference import differences
from imrpolicy.site.meaning import Meanings
from imrpolicy.site.model import policy_path
from imrpolicy.site.pages import files, pages
from imrpolicy.site.policy_page import Options, policy_page
from imrpolicy.site.words import standing


@pytest.fixture
def versions(content):
    return content.versions["odg/ice-pack"]


@pytest.fixture
def page(content, versions):
    return policy_page(content, versions[-1], Options())


def test_the_library_of_the_tests_is_sound(content):
    assert content.issues == ()


def test_a_policy_page(page, golden):
    """Markdown and islands; the hash is that of a file of the tests."""
    golden("site/policy.html", page.html(page.markdown))


def test_the_overviews(content, golden):
    wanted = (
        "timeline.md",
        "changes.md",
        "services/cold_heat_pack.md",
        "sources/odg.md",
        "policies/index.md",
    )
    made = {page.path: page for page in pages(content, Options())}
    golden("site/overviews.html", "\n".join(made[path].html(made[path].markdown) for path in wanted))


def test_every_island_has_its_place(content):
    for page in pages(content, Options()):
        assert "data-imr-island" not in page.html(page.markdown), page.path


def test_every_anchor_that_is_promised_is_there(content):
    for page in pages(content, Options()):
        ids = set(re.findall(r'\bid="([^"]+)"', page.html("".join(page.markdown))))
        assert set(page.anchors) <= ids, page.path


def test_each_version_has_an_address_that_stays(content, versions):
    old, new = versions
    assert policy_path(new, versions) == "policies/odg/ice-pack.md"
    assert policy_path(old, versions) == "policies/odg/ice-pack/1.0.0.md"
    made = {asset.path: asset.text for asset in files(content, "Site", "")}
    assert 'url=../ice-pack.html"' in made["policies/odg/ice-pack/1.1.0.html"]
    assert made["policies/odg/ice-pack/1.0.0.yaml"].startswith("id: odg/ice-pack\nversion: 1.0.0\n")
    assert '"version": "1.1.0"' in made["policies/odg/ice-pack/1.1.0.json"]


def test_an_older_version_points_to_the_newest_and_is_not_found_by_the_search(content, versions):
    page = policy_page(content, versions[0], Options())
    assert 'href="../ice-pack.html">version 1.1.0</a>' in page.islands["head"]
    assert not page.searchable


def test_what_changed_is_told_criterion_by_criterion(versions):
    found = {(d.what, d.name): (d.before, d.after) for d in differences(*versions)}
    before, after = found["Criterion changed", "duration"]
    assert "at most 7 days" in before
    assert "at most 5 days" in after
    assert ("Summary", "") in found
    assert differences(versions[0], versions[0]) == ()


def test_criteria_that_come_go_or_combine_otherwise_are_told(versions):
    new = versions[-1]
    fewer = replace(new, criteria=replace(new.criteria, members=new.criteria.members[1:]))
    assert [(d.what, d.name) for d in differences(new, fewer)] == [("Criterion removed", "postoperative")]
    assert [(d.what, d.name) for d in differences(fewer, new)] == [("Criterion added", "postoperative")]
    any_of = replace(new, criteria=replace(new.criteria, kind="any"))
    assert [d.what for d in differences(new, any_of)] == ["How the criteria combine"]


def test_the_meaning_of_a_new_version_has_its_place(content, versions):
    options = Options(meaning=lambda old, new: Markup(f"<p>from {old.version} to {new.version}</p>"))
    assert "<p>from 1.0.0 to 1.1.0</p>" in policy_page(content, versions[-1], options).islands["history"]


def test_the_edit_link_leads_to_the_file(content, versions):
    page = policy_page(content, versions[-1], Options(edit="https://example.org/edit/{file}"))
    assert (
        'href="https://example.org/edit/policies/odg/ice-pack/policy.yaml"'
        in page.islands["cite-and-download"]
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "In force"),
        ({"status": PolicyStatus.DRAFT}, "Draft"),
        ({"status": PolicyStatus.WITHDRAWN}, "Withdrawn"),
    ],
)
def test_how_a_policy_stands(versions, change, word):
    assert standing(replace(versions[-1], **change), dt.date(2020, 1, 1)).word == word


def test_a_policy_stands_by_its_days(versions):
    old, new = versions
    assert standing(old, dt.date(2014, 1, 1)).word == "No longer in force"
    assert standing(old, dt.date(2013, 12, 31)).word == "In force"
    assert standing(new, dt.date(2013, 12, 31)).word == "Not yet in force"


def test_the_same_library_gives_the_same_pages(content):
    once, again = (list(pages(content, Options())) for _ in range(2))
    assert once == again


def test_the_feed_is_a_valid_document(content):
    import xml.etree.ElementTree as ET

    root = ET.fromstring(feed(content, "Site & more", "https://example.org/site").text)
    name = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{name}entry")
    assert [entry.find(f"{name}link").get("href") for entry in entries] == [
        "https://example.org/site/policies/odg/ice-pack.html",
        "https://example.org/site/policies/odg/ice-pack/1.0.0.html",
    ]
    assert root.find(f"{name}title").text == "Site & more: what changed"


def test_what_a_new_version_means_is_proven(content, versions):
    """Who loses is told with a case, where the prover is installed."""
    pytest.importorskip("z3")
    meaning = Meanings().of(content, *versions)
    assert "Proven: only stricter. Some cases lose, none gains." in meaning
    assert "6 days to 7 days" in meaning


def test_without_the_prover_the_history_says_what_was_edited(content, versions, monkeypatch):
    monkeypatch.setitem(sys.modules, "imrpolicy.prove", None)
    assert Meanings().of(content, *versions) == ""
