"""What a person does on the form, for the tests in a browser."""

import base64
import json

CRYOTHERAPY = "policies/odg/continuous-flow-cryotherapy"
BLOCKS = "policies/odg/lumbar-medial-branch-block"
# What the published determination says of the two disputed services.
CARE = {
    "pain.radicular": "present_but_axial_predominant",
    "care.conservative_weeks": 8,
    "care.conservative_types": ["physical_therapy", "medication"],
    "care.conservative_response": "none",
    "exam.axial_loading_pain": True,
    "exam.facet_loading_pain": True,
    "imaging.spondylosis_levels": ["L4-L5", "L5-S1"],
    "request.purpose": "diagnostic",
    "request.levels": ["L4-L5", "L5-S1"],
    "request.level_count": 2,
}


def fragment(content):
    text = content if isinstance(content, str) else json.dumps(content)
    return "#case=" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def box(page, fact):
    return page.locator(f'fieldset[data-imr-fact="{fact}"]')


def answer(page, fact, value):
    """Answer a question as a person does, and leave it."""
    field = box(page, fact)
    closed = page.locator("details.imr-part-closed:not([open])")
    if not field.is_visible() and closed.is_visible():
        closed.locator("summary").first.click()
    if field.get_by_role("button", name="Change:").is_visible():
        field.get_by_role("button", name="Change:").click()
    if isinstance(value, list):
        if field.locator("input[value=some]").count():
            field.locator("input[value=some]").check()
        for item in value:
            field.locator(f'input[type=checkbox][value="{item}"]').check()
    elif field.locator("select").count():
        field.locator("select").select_option(str(value))
    elif field.locator("input[type=radio]").count():
        word = {True: "yes", False: "no"}.get(value, value)
        field.locator(f'input[value="{word}"]').check()
    else:
        field.locator("input").fill(str(value))
    page.locator("h1").click()
    # The questions are sorted when one leaves.
    page.evaluate("() => new Promise(done => setTimeout(done, 20))")


def begin(page, service):
    page.get_by_label("Whose rules apply?").select_option("ca_workers_compensation")
    page.get_by_label("Guidelines as of").fill("2013-12-01")
    answer(page, "request.service", service)


def said(page):
    return page.locator(".imr-headline").inner_text()
