"""Treatment guidelines as code.

Three lines determine the requests of a case:

    import imrpolicy
    library = imrpolicy.PolicyLibrary.load()
    determinations = library.evaluate(case, as_of="2013-12-01")

What this package exports is stable: the names and the fields of its classes, the exceptions and the formats
of `to_dict`. The wording of messages and rationales is not, and may improve in any release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imrpolicy.batches import BatchError, BatchResult, batch
    from imrpolicy.evaluate import (
        Case,
        CaseError,
        CriterionTrace,
        Determination,
        FactUse,
        Missing,
        Options,
        Outcome,
        PolicyLibrary,
        PolicyTrace,
        Reason,
        Recommendation,
        RecordError,
        Replay,
        Review,
        Role,
        SourceState,
        SourceTrace,
        Status,
        SupportedQuantity,
        Timing,
        replay,
    )
    from imrpolicy.facts import CaseProblem, Fact, FactDictionary
    from imrpolicy.issues import Issue, IssuesError, Place, Severity
    from imrpolicy.letter import as_html, as_markdown
    from imrpolicy.policy import Criterion, Group, Policy, SearchSequence, Source, Version

_HOMES = {
    "imrpolicy.batches": "BatchError BatchResult batch",
    "imrpolicy.evaluate": (
        "Case CaseError CriterionTrace Determination FactUse Missing Options Outcome PolicyLibrary "
        "PolicyTrace Reason Recommendation RecordError Replay Review Role SourceState SourceTrace Status "
        "SupportedQuantity Timing replay"
    ),
    "imrpolicy.facts": "CaseProblem Fact FactDictionary",
    "imrpolicy.issues": "Issue IssuesError Place Severity",
    "imrpolicy.letter": "as_html as_markdown",
    "imrpolicy.policy": "Criterion Group Policy SearchSequence Source Version",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "BatchError",
    "BatchResult",
    "Case",
    "CaseError",
    "CaseProblem",
    "Criterion",
    "CriterionTrace",
    "Determination",
    "Fact",
    "FactDictionary",
    "FactUse",
    "Group",
    "Issue",
    "IssuesError",
    "Missing",
    "Options",
    "Outcome",
    "Place",
    "Policy",
    "PolicyLibrary",
    "PolicyTrace",
    "Reason",
    "Recommendation",
    "RecordError",
    "Replay",
    "Review",
    "Role",
    "SearchSequence",
    "Severity",
    "Source",
    "SourceState",
    "SourceTrace",
    "Status",
    "SupportedQuantity",
    "Timing",
    "Version",
    "as_html",
    "as_markdown",
    "batch",
    "replay",
]


def __getattr__(name: str) -> Any:
    # Imported when first asked for: the command line must not load the whole package to print its help.
    if name in _HOME:
        from importlib import import_module

        value = globals()[name] = getattr(import_module(_HOME[name]), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
