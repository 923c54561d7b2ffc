"""The form in a real browser, opened from a disk: the reference case typed in, shared, and found again."""

import json
import shutil

import pytest
from in_browser import DESK, IN_BROWSER, PHONE
from trial.steps import BLOCKS, CARE, CRYOTHERAPY, answer, begin, box, fragment, said

pytestmark = IN_BROWSER


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_reference_case_gives_the_two_determinations(visit, size):
    page = visit("try", size=size)
    assert "Not enough yet" in said(page)
    begin(page, "continuous_flow_cryotherapy")
    assert said(page).startswith("Undetermined")
    answer(page, "request.duration_days", 60)
    assert said(page).startswith("Upheld")
    text = page.locator(".imr-rationale").inner_text()
    assert "The limit is exceeded" in text
    assert "60 days are requested" in text
    assert page.locator(".imr-part-open").locator("fieldset:visible").count() == 0

    page.get_by_role("button", name="Start over").click()
    begin(page, "lumbar_medial_branch_block")
    for fact, value in CARE.items():
        answer(page, fact, value)
    assert said(page).startswith("Overturned")
    assert "The criteria are met." in page.locator(".imr-rationale").inner_text()


def test_only_questions_that_matter_are_asked_and_the_most_telling_first(visit):
    page = visit(CRYOTHERAPY)
    before = page.locator(".imr-part-open fieldset").count()
    first = page.locator(".imr-part-open fieldset").first.get_attribute("data-imr-fact")
    assert page.locator(".imr-result-body li").first.inner_text().lower() in {
        "for use after surgery", "body region", "duration of use", "rental or purchase",
    }  # fmt: skip
    assert first == "request.postoperative"
    answer(page, "request.postoperative", False)
    assert said(page).startswith("Not recommended")
    assert page.locator(".imr-part-open fieldset:visible").count() < before
    assert "These no longer matter" in page.locator("details.imr-part-closed").inner_text()


def test_the_checklist_of_the_page_shows_the_statuses(visit):
    page = visit(CRYOTHERAPY)
    head = page.locator("#criterion-duration .imr-leaf-head")
    assert head.locator(".imr-live").count() == 0
    answer(page, "request.duration_days", 60)
    assert head.locator(".imr-live").inner_text() == "not met"
    assert page.locator("#criterion-site .imr-live").inner_text() == "not documented"
    page.get_by_role("button", name="Start over").click()
    assert head.locator(".imr-live").count() == 0


def test_what_would_be_supported_is_said(visit):
    page = visit(CRYOTHERAPY)
    for fact, value in {"postoperative": True, "body_region": "knee", "duration_days": 10}.items():
        answer(page, f"request.{fact}", value)
    assert "7 days would be supported" in page.locator(".imr-rationale").inner_text()
    answer(page, "request.duration_days", 7)
    assert said(page).startswith("Recommended")


def test_a_value_out_of_range_is_not_taken(visit):
    page = visit(CRYOTHERAPY)
    field = box(page, "request.duration_days")
    for wrong in ("-1", "7 days", "1e3", "999999"):
        field.locator("input").fill(wrong)
        assert field.locator("input").get_attribute("aria-invalid") == "true"
        assert "A whole number from" in field.inner_text()
        assert said(page).startswith("Undetermined")
    field.locator("input").fill("60")
    assert field.locator("input").get_attribute("aria-invalid") is None
    assert said(page).startswith("Not recommended")


def test_a_link_shares_a_case_and_the_back_button_brings_it_back(visit):
    page = visit(CRYOTHERAPY)
    answer(page, "request.duration_days", 60)
    page.get_by_role("button", name="Copy a link").click()
    address = page.url
    assert "#case=" in address
    answer(page, "request.duration_days", 5)
    page.get_by_role("button", name="Copy a link").click()
    page.go_back()
    assert page.url == address
    assert box(page, "request.duration_days").locator("input").input_value() == "60"
    other = page.context.new_page()
    other.goto(address)
    assert said(other).startswith("Not recommended")
    other.goto(address.partition("policies/")[0] + "try.html")
    other.go_back()
    assert said(other).startswith("Not recommended")


def test_a_link_within_the_page_and_back_keeps_what_was_typed(visit):
    page = visit(CRYOTHERAPY)
    answer(page, "request.duration_days", 60)
    page.get_by_role("link", name="History").first.click()
    page.go_back()
    page.wait_for_timeout(100)
    assert said(page).startswith("Not recommended")


def test_a_shared_case_keeps_the_review_the_day_and_the_options(visit):
    page = visit("try")
    begin(page, "lumbar_medial_branch_block")
    page.get_by_label("What kind of review").select_option("utilization_review")
    page.get_by_text("How strictly").click()
    page.get_by_label("Presume nothing").check()
    page.get_by_role("button", name="Copy a link").click()
    other = page.context.new_page()
    other.goto(page.url)
    assert said(other).startswith("Request information")
    assert other.get_by_label("Guidelines as of").input_value() == "2013-12-01"
    assert other.locator("#imr-o-strict").is_checked()


HOSTILE = [
    "#case=",
    "#case=%%%",
    "#case=" + "A" * 50_000,
    fragment("null"),
    fragment('"x"'),
    fragment([1, 2]),
    fragment({"v": 1}),
    fragment({"v": 1, "f": [1]}),
    fragment({"v": 1, "f": {"request.duration_days": "<img src=x onerror=alert(1)>"}}),
    fragment({"v": 1, "f": {"request.body_region": "<script>alert(1)</script>"}}),
    fragment({"v": 1, "f": {"request.duration_days": 1e9, "request.postoperative": "yes"}}),
    fragment('{"v": 1, "f": {"__proto__": {"x": 1}, "constructor": 2}, "o": {"length": 9}}'),
    fragment({"v": 1, "f": {}, "j": {"a": 1}, "t": ["x"], "d": "2013-02-31"}),
]


@pytest.mark.parametrize("hash_", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_link_is_no_case(visit, hash_):
    page = visit(CRYOTHERAPY, hash_)
    assert said(page).startswith("Undetermined")
    assert page.locator(".imr-trial img, .imr-trial script").count() == 0
    assert page.evaluate("({}).x") is None


def test_a_link_that_holds_more_than_the_dictionary_says_so(visit):
    page = visit(CRYOTHERAPY, fragment({"v": 1, "f": {"request.duration_days": 60, "x.y": 1, "a.b": 2}}))
    assert said(page).startswith("Not recommended")
    assert "2 answers" in page.locator(".imr-notice").inner_text()


def test_hostile_texts_of_a_policy_are_texts(browser, site, tmp_path):
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> `<b>c</b>` [a](javascript:d)\u202e"
    [script] = (site / "policies/odg").glob("continuous-flow-cryotherapy/*.trial.js")
    copy = tmp_path / "site"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("aetna", "acoem", "mtus"))

    def poisoned(value, key=""):
        if isinstance(value, dict):
            return {name: poisoned(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [poisoned(inner) for inner in value]
        free = {"text", "title", "question", "description", "summary", "section", "edition"}
        return evil if key in free else value

    data = json.loads(script.read_text(encoding="utf-8").partition("=")[2].rstrip(";\n"))
    text = f"window.imrpolicyTrial={json.dumps(poisoned(data))};\n"
    (copy / script.relative_to(site)).write_text(text, encoding="utf-8")
    page = browser.new_context().new_page()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto((copy / f"{CRYOTHERAPY}.html").as_uri())
    answer(page, "request.duration_days", 60)
    form = page.locator(".imr-trial")
    assert form.locator("script, img, b, a").count() == 0
    assert "<img src=x onerror=alert(2)>" in form.inner_text()
    assert "\u202e" not in page.locator("body").inner_text()


def test_records_in_a_list_can_be_added_and_removed(visit):
    page = visit(BLOCKS, fragment({"v": 1, "f": {"request.service": "lumbar_medial_branch_block"}}))
    field = box(page, "history.prior_blocks")
    if not field.count():
        page = visit("policies/odg/lumbar-facet-neurotomy")
        field = box(page, "history.prior_blocks")
    field.get_by_label("These:").check()
    field.get_by_label("Relief", exact=False).first.fill("80")
    page.get_by_role("button", name="Add one more").click()
    assert field.get_by_role("group", name="No. 2").is_visible()
    field.get_by_role("button", name="Remove no. 1").click()
    assert field.get_by_role("group", name="No. 2").count() == 0
    assert field.locator("ol > li").count() == 1


def test_a_worked_example_of_the_page_can_be_tried(visit):
    page = visit(CRYOTHERAPY)
    example = page.locator(".imr-example", has_text="Eight days exceed the limit").first
    if not example.is_visible():
        page.get_by_text("more test").click()
    example.locator("summary").click()
    example.get_by_role("button", name="Try this case").click()
    assert "7 days would be supported" in page.locator(".imr-rationale").inner_text()


def test_a_published_decision_can_be_started_from(visit):
    page = visit("try")
    choice = page.get_by_label("A published decision to start from")
    name = "Rental of a ThermoCool Hot and Cold Contrast Therapy Unit with Compression for 60 days"
    choice.select_option(label=f"{name} (California workers' compensation)")
    assert said(page).startswith("Upheld")
    assert "What was decided: upheld." in page.locator(".imr-published").inner_text()
    choice.select_option(index=0)
    assert said(page).startswith("Not enough yet")
