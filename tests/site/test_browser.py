"""The site in a real browser: opened from a disk, on a phone and on a desk, in the light and in the dark."""

import shutil

import pytest
from in_browser import IN_BROWSER, violations

PAGES = {
    "home": "index",
    "policy": "policies/odg/lumbar-medial-branch-block",
    "older version": "policies/odg/lumbar-medial-branch-block/1.0.0",
    "silent policy": "policies/mtus/continuous-flow-cryotherapy",
    "all": "policies/index",
    "source": "sources/odg",
    "sources": "sources/index",
    "service": "services/continuous_flow_cryotherapy",
    "services": "services/index",
    "body": "body-parts",
    "timeline": "timeline",
    "facts": "facts",
    "changes": "changes",
    "guide": "reading",
    "commands": "cli",
    "api": "reference/api",
    "agreement": "agreement",
    "rules": "rules/index",
    "publishing": "site",
    "rule": "rules/summary-number",
    "try": "try",
}
pytestmark = IN_BROWSER


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit, name):
    """WCAG 2.2 AA and the best practices, as far as a program can tell, in the light and in the dark."""
    page = visit(PAGES[name])
    page.wait_for_load_state("load")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f"body[data-md-color-scheme={SCHEMES[scheme]}]")
        page.wait_for_timeout(350)  # colours fade over
        assert violations(page) == [], scheme


SCHEMES = {"light": "default", "dark": "slate"}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_to_be_moved_sideways(visit, name):
    page = visit(PAGES[name])
    for width in (320, 390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_search_finds_a_criterion_from_a_disk(visit):
    page = visit("index")
    page.keyboard.press("/")
    page.keyboard.type("spondylosis", delay=20)
    page.wait_for_selector(".md-search-result__item a", timeout=20_000)
    assert "lumbar-medial-branch-block" in page.inner_html(".md-search-result__list")


def test_a_link_to_a_criterion_opens_where_it_is(visit):
    page = visit("policies/odg/continuous-flow-cryotherapy", "#criterion-duration")
    page.wait_for_timeout(300)
    box = page.locator("#criterion-duration").bounding_box()
    header = page.locator(".md-header").bounding_box()
    assert box["y"] >= header["height"]
    assert box["y"] < 700


def test_the_list_of_guidelines_can_be_filtered_by_keyboard(visit):
    page = visit("policies/index")
    page.get_by_label("Filter the guidelines").focus()
    page.keyboard.type("continuous-flow disability")
    rows = page.locator(".imr-policies tbody tr:visible")
    assert 1 <= rows.count() < 8
    assert "of" in page.get_by_role("status").first.inner_text()


def test_how_a_criterion_is_tested_opens_by_keyboard(visit):
    page = visit("policies/odg/continuous-flow-cryotherapy")
    summary = page.locator("#criterion-duration summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("request.duration_days <= 7").first.is_visible()


def test_every_part_of_a_policy_page_is_reached_by_tab(visit):
    """Each stop shows where it is, and is not hidden by the header."""
    page = visit("policies/odg/continuous-flow-cryotherapy")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const e = document.activeElement, b = e.getBoundingClientRect();"
            " return [e.textContent.trim().slice(0, 40), getComputedStyle(e).outlineStyle, b.top, b.height] }"
        )
        seen.add(found[0])
    assert {"What to document", "Cite or download", "How it is tested"} <= seen


def test_the_dark_scheme_follows_the_system_and_can_be_chosen(visit):
    page = visit("index", color_scheme="dark")
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") == "slate"
    page.locator("label[for=__palette_1]:visible, label[for=__palette_0]:visible").first.click()
    page.wait_for_timeout(200)
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") == "default"


def test_a_print_has_the_criteria_and_what_was_opened_and_no_more(visit):
    page = visit("policies/odg/continuous-flow-cryotherapy")
    page.locator("#criterion-duration summary").click()
    page.emulate_media(media="print")
    assert page.get_by_text("The unit is for use after surgery.").first.is_visible()
    assert page.get_by_text("request.duration_days <= 7").first.is_visible()
    assert page.locator("#what-to-document").is_visible()
    for hidden in (".md-header", ".imr-doors", "#examples", "#criterion-site summary", ".imr-permalink"):
        assert not page.locator(hidden).first.is_visible(), hidden


def test_the_permanent_address_of_the_newest_version_leads_to_its_page(visit):
    page = visit("policies/odg/continuous-flow-cryotherapy/1.0.0")
    page.wait_for_url("**/continuous-flow-cryotherapy.html")


def test_an_inline_script_does_not_run(visit, browser, site, tmp_path):
    """The policy of the page holds even where everything before it has failed."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    file = copy / "policies/odg/continuous-flow-cryotherapy.html"
    text = file.read_text(encoding="utf-8")
    evil = "<script>window.evil = 1</script><img src='nothing.png' onerror='window.evil = 2'>"
    file.write_text(text.replace("<h2", evil + "<h2", 1), encoding="utf-8")
    page = browser.new_context().new_page()
    page.goto(file.as_uri())
    page.wait_for_timeout(300)
    assert page.evaluate("typeof window.evil") == "undefined"


def test_a_page_is_there_within_a_second(visit):
    page = visit("policies/odg/lumbar-medial-branch-block")
    page.wait_for_load_state("load")
    timing = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert timing < 5_000, "on a busy machine; a quiet one takes a tenth"
