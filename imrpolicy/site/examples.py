"""The examples on the page of a policy: its tests, and the real cases that it governs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from imrpolicy.evaluate import CriterionTrace, PolicyTrace, Role, Status
from imrpolicy.facts import Fact
from imrpolicy.policy import Policy
from imrpolicy.site.model import Content, Example
from imrpolicy.site.rendering import render


def examples(content: Content, policy: Policy, path: str) -> Markup:
    """The tests of a version, as HTML for a page; empty where it has none."""
    found = content.examples.get(policy.reference, ())
    if not found:
        return Markup()
    return render(
        "examples",
        path,
        examples=found,
        facts=lambda example: _documented(content, example),
        status=_status,
        telling=_telling,
        by_path=content.library.dictionary.by_path,
    )


def decided_cases(content: Content, policy: Policy, path: str) -> Markup:
    """The requests of real cases that a version governs, as HTML for a page; empty where there is none."""
    found = [
        case
        for case in content.cases
        if any(trace.policy == policy for trace in case.determination.governing)
    ]
    return render("cases", path, cases=found) if found else Markup()


def _documented(content: Content, example: Example) -> list[tuple[Fact, Any]]:
    """The facts of an example that are documented."""
    facts = content.library.dictionary.facts
    return [(fact, value) for fact, value in zip(facts, example.row, strict=True) if value is not None]


def _telling(trace: PolicyTrace) -> list[CriterionTrace]:
    """The criteria of an example that are not simply as they should be."""
    good = {Role.CRITERION: Status.MET, Role.EXCLUSION: Status.NOT_MET}
    asked = [leaf for leaf in trace.criteria if leaf.role in good]
    return [leaf for leaf in asked if leaf.status is not good[leaf.role] and not leaf.presumed]


_TONES: Mapping[tuple[bool, Status], str] = {
    (False, Status.MET): "for",
    (False, Status.NOT_MET): "against",
    (True, Status.MET): "against",
    (True, Status.NOT_MET): "for",
}


def _status(leaf: CriterionTrace) -> Markup:
    """The status of a criterion as a chip; an exclusion that holds speaks against the service."""
    tone = _TONES.get((leaf.role is Role.EXCLUSION, leaf.status), "open")
    word = "presumed absent" if leaf.presumed else leaf.status.value.replace("_", " ")
    if leaf.role is Role.EXCLUSION and not leaf.presumed:
        word = {Status.MET: "applies", Status.NOT_MET: "does not apply"}.get(leaf.status, word)
    return Markup('<span class="imr-chip imr-{}">{}</span>').format("plain" if leaf.presumed else tone, word)
