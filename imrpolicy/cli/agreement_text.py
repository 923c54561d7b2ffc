"""An agreement on a terminal: the figures first, then what is not agreed on, one request after the other."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from imrpolicy.agreement import Agreement, Comparison, Tally, Verdict
from imrpolicy.agreement.markdown import counts, decided, headline, policies
from imrpolicy.cli.output import Style

_HEADINGS = ("labels", "agree", "disagree", "undetermined", "not encoded", "agreement")


def print_agreement(agreement: Agreement, style: Style) -> None:
    """Print an agreement."""
    print(style.paint(style.wrap(headline(agreement.total)), "bold"))
    _print_tallies("By topic", agreement.by_topic, style)
    _print_tallies("By source", agreement.by_source, style)
    _print_tallies("By decision", agreement.by_decision, style)
    _print_tallies("Not final, and not counted", agreement.by_level, style)
    if agreement.causes:
        print(style.paint("\nCauses, where they do not agree", "bold"))
        print(style.table(((f"{n:3}", cause.words) for cause, n in agreement.causes.items()), "  "))
    _print_comparisons("Disagreements", agreement.with_verdict(Verdict.DISAGREE), style)
    _print_comparisons("Undetermined", agreement.with_verdict(Verdict.UNDETERMINED), style)
    _print_comparisons("Not encoded", agreement.with_verdict(Verdict.NOT_ENCODED), style)


def _print_tallies(title: str, tallies: Mapping[str, Tally], style: Style) -> None:
    if not tallies:
        return
    print(style.paint(f"\n{title}", "bold"))
    rows = [("", "  ".join(_HEADINGS))]
    for name, tally in tallies.items():
        numbers = "  ".join(
            f"{cell:>{len(head)}}" for cell, head in zip(counts(tally), _HEADINGS, strict=True)
        )
        # The numbers keep their line, so that a long name takes several.
        *above, last = textwrap.wrap(name, max(20, style.width - len(numbers) - 4))
        rows += [*((line, "") for line in above), (last, numbers)]
    print(style.table(rows, "  "))


def _print_comparisons(title: str, comparisons: Sequence[Comparison], style: Style) -> None:
    if not comparisons:
        return
    print(style.paint(f"\n{title}", "bold"))
    for comparison in comparisons:
        name = f"{comparison.case}, {comparison.request}"
        print(style.wrap(f"{name}: {decided(comparison)}; policies: {policies(comparison)}", "  ", "    "))
        cause = comparison.cause.words if comparison.cause else "not explained"
        print(style.wrap(f"{cause.capitalize()}. {comparison.explanation}".rstrip(), "    "))
