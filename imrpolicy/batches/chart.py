"""A summary as a picture: bars by outcome, missing fact and criterion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.summary import Line
from imrpolicy.extras import need

ENDINGS = (".png", ".svg")
_MOST_BARS = 20
_COLORS = {"met": "#2b7a4b", "not_met": "#b5482f", "not_documented": "#c9c9c9"}
_PLAIN = "#33658a"


def draw(lines: Sequence[Line], path: Path) -> None:
    """Draw a summary.

    Args:
        lines: The counts.
        path: Where the picture goes; its name ends in `.png` or `.svg`.

    Raises:
        BatchError: matplotlib is not installed, or the name ends in something else.
    """
    if path.suffix not in ENDINGS:
        raise BatchError(f"{path.as_posix()} cannot be drawn; name a file that ends in `.png` or `.svg`")
    matplotlib: Any = need("matplotlib", "chart")
    matplotlib.use("Agg")
    pyplot: Any = need("matplotlib.pyplot", "chart")
    kinds = [by for by in ("outcome", "recommendation", "missing fact", "criterion") if _of(lines, by)]
    heights = [max(2, 1 + min(len(_names(_of(lines, by))), _MOST_BARS)) for by in kinds]
    figure, axes = pyplot.subplots(
        len(kinds), 1, figsize=(11, 0.3 * sum(heights) + len(kinds)), squeeze=False,
        gridspec_kw={"height_ratios": heights}, layout="constrained",
    )  # fmt: skip
    for axis, by in zip(axes[:, 0], kinds, strict=True):
        _bars(axis, by, _of(lines, by))
    unfinished = path.with_name(f"{path.stem}.partial{path.suffix}")
    figure.savefig(unfinished)
    pyplot.close(figure)
    unfinished.replace(path)


def _of(lines: Sequence[Line], by: str) -> list[Line]:
    return [line for line in lines if line.by == by]


def _names(lines: Sequence[Line]) -> list[str]:
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.name] = totals.get(line.name, 0) + line.requests
    return sorted(totals, key=lambda name: -totals[name])[:_MOST_BARS]


def _bars(axis: Any, by: str, lines: Sequence[Line]) -> None:
    ticker: Any = need("matplotlib.ticker", "chart")
    names = _names(lines)
    starts = dict.fromkeys(names, 0)
    said = {line.status for line in lines}
    for status in [*(status for status in _COLORS if status in said), *sorted(said - _COLORS.keys())]:
        counts = {line.name: line.requests for line in lines if line.status == status}
        widths = [counts.get(name, 0) for name in names]
        lefts = [starts[name] for name in names]
        label = status.replace("_", " ") or None
        axis.barh(names, widths, left=lefts, color=_COLORS.get(status, _PLAIN), label=label)
        starts = {name: starts[name] + counts.get(name, 0) for name in names}
    axis.invert_yaxis()
    axis.margins(y=0.01)
    axis.xaxis.set_major_locator(ticker.MaxNLocator(5))
    axis.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    axis.set_title(f"Requests by {by}", loc="left")
    if any(line.status for line in lines):
        axis.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=3)
