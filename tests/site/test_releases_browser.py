"""The menu of the releases in a real browser, from a disk: which there are, and the way between them."""

import os
from pathlib import Path

import pytest
from in_browser import IN_BROWSER, PHONE, violations

from imrpolicy.cli.main import main

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def site(project):
    """A site with two releases, of which the first knows nothing of the second when it is built."""
    folder, before = project(), Path.cwd()
    os.chdir(folder)
    try:
        assert [main(["site", "build", *also]) for also in ([], ["--as", "1.9"], ["--as", "1.10"])] == [
            0,
            0,
            0,
        ]
    finally:
        os.chdir(before)
    return folder / "site"


def menu(page):
    page.locator(".imr-releases summary").click()
    return page.locator(".imr-releases").inner_text().splitlines()


@pytest.mark.parametrize("page", ["index", "policies/odg/ice-pack", "policies/odg/ice-pack/1.0.0"])
def test_every_page_names_its_release_and_the_others(visit, page):
    for folder, name in (
        ("", "newest"),
        ("releases/1.9/", "release 1.9"),
        ("releases/1.10/", "release 1.10"),
    ):
        first, *others = menu(visit(folder + page))
        assert first == f"Version of this site: {name}"
        assert others == ["Newest state", "Release 1.10", "Release 1.9"]


def test_the_menu_leads_to_another_release(visit):
    page = visit("releases/1.9/policies/odg/ice-pack")
    menu(page)
    page.get_by_role("link", name="Release 1.10").press("Enter")
    page.wait_for_url("**/site/releases/1.10/index.html")
    menu(page)
    page.get_by_role("link", name="Newest state", exact=True).click()
    page.wait_for_url("**/site/index.html")


def test_a_page_of_a_release_says_so_and_leads_to_its_newest_state(visit):
    page = visit("releases/1.9/policies/odg/ice-pack", size=PHONE)
    assert "This is release 1.9 of these pages" in page.get_by_role("note").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="The newest state of this page").click()
    page.wait_for_url("**/site/policies/odg/ice-pack.html")
    assert page.get_by_text("This is release").count() == 0


def test_axe_finds_nothing_in_the_menu(visit):
    page = visit("releases/1.9/policies/odg/ice-pack")
    menu(page)
    found = violations(page)
    assert [item for item in found if "imr-releases" in item or "imr-banner" in item] == []


def test_a_site_without_releases_has_no_menu(browser, project, build):
    folder = project()
    assert build(cwd=folder).returncode == 0
    page = browser.new_page()
    page.goto((folder / "site/index.html").as_uri())
    page.wait_for_timeout(300)
    assert page.locator(".imr-releases").count() == 0
