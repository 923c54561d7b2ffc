"""The counts of a population as tables for people: shares beside numbers, and names last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from imrpolicy.cli.output import Style

if TYPE_CHECKING:
    from imrpolicy.batches.summary import Line

_MOST = 20
_HEADINGS = {
    "applies": "whether the policy applies",
    "recommendation": "what it recommends where it applies or may",
    "outcome": "outcomes",
    "reason": "why",
    "policy": "policies: what each said of the requests to which it applies or may",
    "criterion": "criteria, those first that are most often not documented",
    "missing fact": "facts that are not documented where a request is left open",
}
_APPLIES = {"met": "applies", "not_met": "does not apply", "not_documented": "may apply: not documented"}
_STATUSES = {
    "policy": ("recommended", "not_recommended", "undetermined", "silent"),
    "criterion": ("not_documented", "not_met", "met"),
}


def print_summary(lines: Sequence[Line], titles: Mapping[str, str], style: Style) -> None:
    """Print the counts.

    Args:
        lines: The counts.
        titles: What facts are called, by path.
        style: How to write to the standard output.
    """
    for by in dict.fromkeys(line.by for line in lines):
        shown = [line for line in lines if line.by == by]
        print(style.paint(_HEADINGS[by], "bold"))
        rows = _by_status(by, shown) if by in _STATUSES else _plain(by, shown, titles)
        header, *counted = rows
        print(style.table(_lined_up([header, *counted[:_MOST]]), "  "))
        if len(counted) > _MOST:
            print(f"  and {len(counted) - _MOST:,} more; `--format json` gives all")
        print()


def _plain(by: str, lines: Sequence[Line], titles: Mapping[str, str]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("requests", "share", "")]
    for line in lines:
        said = _APPLIES[line.name] if by == "applies" else line.name
        if by in ("outcome", "reason", "recommendation"):
            said = said.replace("_", " ")
        title = titles.get(line.name.partition("[]")[0]) if by == "missing fact" else None
        rows.append((f"{line.requests:,}", f"{line.share:.1%}", f"{said}: {title}" if title else said))
    return rows


def _by_status(by: str, lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """A row for each policy or criterion, with the share of every status that one of them has."""
    said = {line.status for line in lines}
    statuses = [status for status in _STATUSES[by] if status in said]
    shares: dict[str, dict[str, float]] = {}
    totals: dict[str, int] = {}
    for line in lines:
        shares.setdefault(line.name, {})[line.status] = line.share
        totals[line.name] = line.of
    rows = [("requests", *(status.replace("_", " ") for status in statuses), "")]
    rows += [
        (f"{totals[name]:,}", *(f"{found.get(status, 0):.1%}" for status in statuses), name)
        for name, found in shares.items()
    ]
    return rows


def _lined_up(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """All columns but the last with their cells to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return [
        (*(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=False)), row[-1]) for row in rows
    ]
