"""An agreement as a page of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from imrpolicy.agreement.model import Agreement, Comparison, Tally, Verdict

_ADDRESS = re.compile(r"https?://[^\s,;]+")
_INTRODUCTION = """\
# Agreement with published decisions

What the policies say of real cases, held against what the reviewers decided. Written by
`imrpolicy agreement --format markdown`; a test holds the page to the policies and cases beside it.

- Each case is evaluated as of its own dates, with released policies only. What the published text does not
  say stays undocumented.
- Only a final label counts: the outcome of the decision that ended the review, read as such. Others are
  reported apart.
- A request that the policies leave open, or that no policy covers, is neither agreement nor disagreement.
- A percentage is of the labels that the policies settle, rounded down. There are few of them, and some
  policies were written with one of these decisions at hand, as their notes say: this is a list of differences
  to look into, not a measure of accuracy.
"""


def as_markdown(agreement: Agreement) -> str:
    """The page."""
    return "\n".join(_lines(agreement))


def _lines(agreement: Agreement) -> Iterator[str]:
    yield _INTRODUCTION
    yield f"**{headline(agreement.total)}**\n"
    yield from _tallies("By topic", "Topic", agreement.by_topic)
    yield from _tallies("By source", "Source", agreement.by_source)
    yield from _tallies("By decision", "Decided", agreement.by_decision)
    yield from _causes(agreement)
    yield from _tallies("Labels that are not final", "Decided by", agreement.by_level)
    yield from _comparisons("Disagreements", agreement.with_verdict(Verdict.DISAGREE))
    yield from _comparisons("Undetermined", agreement.with_verdict(Verdict.UNDETERMINED))
    yield from _comparisons("Not encoded", agreement.with_verdict(Verdict.NOT_ENCODED))
    yield from _comparisons("Agreements", agreement.with_verdict(Verdict.AGREE))
    yield from _stand_ins(agreement)


def headline(total: Tally) -> str:
    """The counts of the final labels in a sentence, and how often policy and reviewer agree."""
    labels = f"{total.labels} final {'label' if total.labels == 1 else 'labels'}"
    counts = (
        f"{total.agree} agree, {total.disagree} disagree, {total.undetermined} undetermined, "
        f"{total.not_encoded} not encoded"
    )
    return f"{labels}: {counts}. {rate(total)}."


def rate(tally: Tally) -> str:
    """How often policy and reviewer agree, with the numbers behind it.

    >>> rate(Tally(agree=2, disagree=1))
    'Of the 3 that the policies settle, policy and reviewer agree on 2 (66%)'
    """
    if tally.percent is None:
        return "The policies settle none of them"
    return (
        f"Of the {tally.settled} that the policies settle, policy and reviewer agree on "
        f"{tally.agree} ({tally.percent}%)"
    )


def _tallies(title: str, first: str, tallies: Mapping[str, Tally]) -> Iterator[str]:
    if not tallies:
        return
    yield f"## {title}\n"
    yield f"| {first} | Labels | Agree | Disagree | Undetermined | Not encoded | Agreement |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, tally in tallies.items():
        yield _row(name, *counts(tally))
    yield _row("All", *counts(_sum(tallies.values())))
    yield ""


def counts(tally: Tally) -> tuple[str, ...]:
    """The cells of a tally in a table."""
    numbers = (tally.labels, tally.agree, tally.disagree, tally.undetermined, tally.not_encoded)
    percent = "-" if tally.percent is None else f"{tally.percent}%"
    return (*(str(number) for number in numbers), percent)


def _sum(tallies: Iterable[Tally]) -> Tally:
    listed = tuple(tallies)
    return Tally(
        agree=sum(tally.agree for tally in listed),
        disagree=sum(tally.disagree for tally in listed),
        undetermined=sum(tally.undetermined for tally in listed),
        not_encoded=sum(tally.not_encoded for tally in listed),
    )


def _causes(agreement: Agreement) -> Iterator[str]:
    if not agreement.causes:
        return
    yield "## Causes, where they do not agree\n"
    yield "| Cause | Final labels |"
    yield "|---|--:|"
    for cause, number in agreement.causes.items():
        yield _row(cause.words.capitalize(), str(number))
    yield ""


def _comparisons(title: str, comparisons: Sequence[Comparison]) -> Iterator[str]:
    if not comparisons:
        return
    yield f"## {title}\n"
    yield "| Case and request | Decided | Policies | Cause |"
    yield "|---|---|---|---|"
    for comparison in comparisons:
        yield _row(_request(comparison), decided(comparison), policies(comparison), _why(comparison))
    yield ""


def decided(comparison: Comparison) -> str:
    """What was decided in reality, by whom, and whether that is final."""
    label = comparison.label
    level = (label.level or "level not given").replace("_", " ")
    return f"{label.outcome} ({level}{'' if label.final else ', not final'})"


def policies(comparison: Comparison) -> str:
    """What the policies say."""
    return comparison.determination.outcome.value.replace("_", " ")


def _request(comparison: Comparison) -> str:
    address = _ADDRESS.search(comparison.determination.case.header.get("source", ""))
    name = f"`{comparison.case}`"
    case = f"[{name}]({address[0]})" if address else name
    return f"{case}: {comparison.determination.request.title or comparison.request}"


def _why(comparison: Comparison) -> str:
    if comparison.cause is None:
        return ", ".join(f"`{trace.policy.reference}`" for trace in comparison.determination.governing)
    return f"{comparison.cause.words.capitalize()}. {comparison.explanation}"


def _stand_ins(agreement: Agreement) -> Iterator[str]:
    found = {c.case: c.stand_in for c in agreement.comparisons if c.stand_in is not None}
    if not found:
        return
    yield "## Dates that stand in\n"
    yield "These cases lack the date of the decision; the latest other one that selects editions stands in.\n"
    for case, day in found.items():
        yield f"- `{case}`: {day}"
    yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
