"""Where a case is tried: the form on the page of a policy, the page for the whole library, and their data.

The program in `web/` makes the form, and runs the expressions of the policies in the browser.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from importlib import resources
from typing import Any

from markupsafe import Markup

from imrpolicy.evaluate.serialize import plain
from imrpolicy.facts import FactDictionary
from imrpolicy.policy import Policy
from imrpolicy.site.model import Asset, Content, Example, Page, RealCase, island, policy_path, version_path
from imrpolicy.site.rendering import render
from imrpolicy.site.text import clean, link
from imrpolicy.site.trial_data import library_data, policy_data

PAGE = "try.md"
BUILD = "in web/, run `npm ci --ignore-scripts`, then `npm run build`"
_ASSETS = "assets/imrpolicy"
_LIBRARY = f"{_ASSETS}/trial-library.js"
_INTRODUCTION = """\
Say whose rules apply and which service is requested. The form then asks for what decides it, the most telling
first, and says what follows: which guideline governs, which criteria are met, and what is missing. The same
expressions are evaluated as by `imrpolicy evaluate`, with the same result.
"""


def is_built() -> bool:
    """Whether the program for the browser has been built."""
    return resources.files("imrpolicy.site").joinpath("assets", "trial.js").is_file()


def form(policy: Policy, path: str) -> Markup:
    """The form for one policy, as HTML for a page of the site."""
    return _form(path, _policy_script(policy))


def trial_page() -> Page:
    """The page on which a case is tried on the whole library."""
    return Page(
        path=PAGE,
        title="Try a case",
        markdown=f"# Try a case\n\n{_INTRODUCTION}\n{island('form')}\n",
        islands={"form": _form(PAGE, _LIBRARY)},
        description="Enter what the records of a case say, and see which guideline governs and what follows.",
        wide=True,
    )


def library_file(content: Content) -> Asset:
    """The data of the form for the whole library, as a script: a page from a disk can load nothing else."""

    def address(policy: Policy) -> str:
        return link(PAGE, policy_path(policy, content.versions[policy.id]))

    data = library_data(content.library, address)
    known = {fact["path"] for fact in data["facts"]}
    # The form cannot say that records contradict each other.
    cases = [case for case in content.cases if not case.determination.request.conflicting]
    return _script(_LIBRARY, {**data, "published": [_published(case, known) for case in cases]})


def trial_files(content: Content) -> Iterator[Asset]:
    """The data of all forms."""
    yield library_file(content)
    for policy in content.library.policies:
        yield from policy_files(content, policy)


def policy_files(content: Content, policy: Policy) -> tuple[Asset, ...]:
    """The data of the form on the page of a version; none where it has no criteria."""
    if not policy.leaves:
        return ()
    shown = [_example(content, example) for example in content.examples.get(policy.reference, ())]
    data = {**policy_data(content.library, policy), "examples": shown}
    return (_script(_policy_script(policy), data),)


def _form(path: str, data: str) -> Markup:
    program, style = f"{_ASSETS}/trial.js", f"{_ASSETS}/trial.css"
    return render("trial", path, data=data, program=program, style=style, build="" if is_built() else BUILD)


def _policy_script(policy: Policy) -> str:
    return version_path(policy, "trial.js")


def _script(path: str, data: dict[str, Any]) -> Asset:
    # ASCII, so that no reader of the file can take its letters, or a line end among them, for something else.
    return Asset(path=path, text=f"window.imrpolicyTrial={json.dumps(data, separators=(',', ':'))};\n")


def _example(content: Content, example: Example) -> dict[str, Any]:
    timing = "retrospective" if example.retrospective else "prospective"
    row = _row(content.library.dictionary, example.row)
    return {"row": row, "timing": timing, "strict": example.strict}


def _published(case: RealCase, known: Collection[str]) -> dict[str, Any]:
    """A request of a published decision as the form takes it, with what was decided."""
    found = case.determination
    row = _row(found.dictionary, found.request.row)
    return {
        "title": clean(found.request.title or found.request.id),
        "decided": clean(case.decided.replace("_", " ")),
        "reason": clean(case.reason),
        "row": {path: value for path, value in row.items() if path in known},
        "jurisdiction": found.case.jurisdiction,
        "review": found.case.review.value,
        "timing": found.case.timing.value,
        "asOf": found.options.as_of.isoformat() if found.options.as_of else "",
    }


def _row(dictionary: FactDictionary, row: Sequence[Any]) -> dict[str, Any]:
    """The documented facts by path, as JSON has them."""
    return {f.path: plain(v) for f, v in zip(dictionary.facts, row, strict=True) if v is not None}
