"""What tests have shown of each criterion, as text and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imrpolicy.cli.output import Style
from imrpolicy.issues import Issue
from imrpolicy.testing.coverage import Coverage, Item, percent
from imrpolicy.testing.places import Places


def covered(reports: Sequence[Coverage]) -> int:
    """The share of all policies together that tests have shown, in percent, rounded down."""
    return percent(sum(report.shown for report in reports), sum(report.total for report in reports))


def print_coverage(reports: Sequence[Coverage], style: Style) -> None:
    """Print what was not shown, at its line and column, and the share of each policy."""
    if not reports:
        return
    print(f"\n{style.paint('coverage', 'bold')}: what tests have shown of each criterion")
    for report in reports:
        for issue in _gaps(report):
            print(f"{style.paint(str(issue.place), 'bold')}: {issue.message}")
    rows = [
        (f"{report.policy.reference}", f"{report.percent:3} %  {report.shown} of {report.total}")
        for report in reports
    ]
    print(style.table([*rows, ("all", f"{covered(reports):3} %")]))


def _gaps(report: Coverage) -> Iterator[Issue]:
    if report.shown == report.total:
        return
    places = Places(report.policy)
    for item in report.items:
        lacks = [f"never {status.replace('_', ' ')}" for status in item.missing]
        if not item.decides:
            lacks.append("no two tests show that it can decide alone")
        if lacks:
            yield places.issue(item.id, None, "coverage", f"{item.id}: {', '.join(lacks)}")
        for part in item.parts:
            if part.missing:
                message = f"{item.id}: `{part.text}` is never {' nor '.join(part.missing)}"
                yield places.issue(item.id, part.node.span, "coverage", message)


def coverage_data(report: Coverage) -> dict[str, object]:
    """A report for `--format json`."""
    places = Places(report.policy)
    return {
        "policy": report.policy.reference,
        "percent": report.percent,
        "shown": report.shown,
        "total": report.total,
        "items": [_item(item, places) for item in report.items],
    }


def _item(item: Item, places: Places) -> dict[str, object]:
    place = places.issue(item.id, None, "coverage", "").place
    parts = []
    for part in item.parts:
        at = places.issue(item.id, part.node.span, "coverage", "").place
        parts.append(
            {
                "text": part.text,
                "line": at.line,
                "column": at.column,
                "seen": [value for value in part.wanted if value in part.seen],
                "missing": list(part.missing),
            }
        )
    return {
        "id": item.id,
        "role": item.role,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "seen": [value for value in item.wanted if value in item.seen],
        "missing": list(item.missing),
        "decides_alone": item.decides,
        "parts": parts,
    }
