"""The form by keyboard, by touch and on narrow screens, and as a screen reader finds it."""

import pytest
from in_browser import DESK, IN_BROWSER, PHONE, violations
from trial.steps import BLOCKS, CRYOTHERAPY, answer, begin, box, said

pytestmark = IN_BROWSER


def test_what_is_opened_stays_open_while_one_types(visit):
    page = visit(CRYOTHERAPY)
    page.get_by_text("The criteria, one by one").click()
    answer(page, "request.duration_days", 60)
    assert page.locator(".imr-result-body .imr-statuses").is_visible()


def test_a_case_is_typed_without_a_mouse(visit):
    page = visit("try")

    def tab_to(fact):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("fact => !!document.activeElement.closest(`[data-imr-fact='${fact}']`)", fact):
                return
        raise AssertionError(fact)

    page.get_by_label("Whose rules apply?").focus()
    page.keyboard.type("California")
    assert page.get_by_label("Whose rules apply?").input_value() == "ca_workers_compensation"
    page.get_by_label("Guidelines as of").fill("2013-12-01")
    tab_to("request.service")
    page.keyboard.type("Continuous")
    tab_to("request.postoperative")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert box(page, "request.postoperative").locator("input[value=no]").is_checked()
    shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert shown != "none"
    assert said(page).startswith(("Upheld", "Undetermined"))


def test_the_focus_stays_where_one_types(visit):
    """A question that is answered moves up only when one leaves it."""
    page = visit(CRYOTHERAPY)
    field = box(page, "request.duration_days").locator("input")
    field.focus()
    page.keyboard.type("60")
    assert field.evaluate("element => element === document.activeElement")
    assert box(page, "request.duration_days").evaluate("e => !!e.closest('.imr-part-open')")
    page.locator("h1").click()
    page.wait_for_timeout(50)
    assert box(page, "request.duration_days").evaluate("e => !!e.closest('.imr-part-answered')")


def test_an_answer_is_folded_and_can_be_changed_by_keyboard(visit):
    page = visit(CRYOTHERAPY)
    answer(page, "request.duration_days", 60)
    field = box(page, "request.duration_days")
    assert "60 days" in field.inner_text()
    assert not field.locator("input").is_visible()
    field.get_by_role("button", name="Change: For how many days").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(50)
    assert field.locator("input").evaluate("element => element === document.activeElement")
    page.keyboard.press("Control+A")
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    page.wait_for_timeout(50)
    assert "7 days" in field.inner_text()
    assert said(page).startswith("Undetermined")


def test_nothing_moves_under_a_pressed_button(visit):
    """A click that begins on an answer ends on it, even where leaving the last question sorts them anew."""
    page = visit(CRYOTHERAPY)
    box(page, "request.duration_days").locator("input").focus()
    page.keyboard.type("5")
    target = box(page, "request.postoperative").locator("label", has_text="Yes")
    target.scroll_into_view_if_needed()
    place = target.bounding_box()
    page.mouse.move(place["x"] + 10, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(150)
    page.mouse.up()
    assert box(page, "request.postoperative").locator("input[value=yes]").is_checked()
    page.wait_for_timeout(50)
    assert box(page, "request.duration_days").evaluate("e => !!e.closest('.imr-part-answered')")


@pytest.mark.parametrize("size", [DESK, PHONE, {"width": 320, "height": 700}], ids=["desk", "phone", "320"])
@pytest.mark.parametrize("name", ["try", BLOCKS, "policies/odg/lumbar-facet-neurotomy"])
def test_nothing_is_wider_than_the_screen(visit, name, size):
    page = visit(name, size=size)
    if name == "try":
        begin(page, "lumbar_facet_neurotomy")
    for every in page.locator("input[value=some]").all():
        if every.is_visible():
            every.check()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["try", BLOCKS, "policies/odg/lumbar-facet-neurotomy"])
def test_axe_finds_nothing(visit, name, scheme):
    page = visit(name, color_scheme=scheme)
    if name == "try":
        begin(page, "lumbar_facet_neurotomy")
    else:
        answer(page, "request.level_count", 2)
    for every in page.locator(".imr-part-open input[value=some]").all():
        if every.is_visible():
            every.check()
    assert violations(page) == []
