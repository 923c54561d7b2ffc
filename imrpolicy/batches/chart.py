"""A summary as a picture: bars by outcome, missing fact and criterion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.summary import Line
from imrpolicy.extras import need

ENDINGS = (".png", ".svg")
_MOST_BARS = 15
# Colors that people tell apart who do not see red or green; what is not known is gray.
_COLORS = {
    "met": "#2f6f9f", "not_met": "#e08e45", "not_documented": "#c4c4c4",
    "recommended": "#2f6f9f", "not_recommended": "#e08e45", "undetermined": "#c4c4c4", "silent": "#e9e9e9",
}  # fmt: skip
_PLAIN = "#33658a"
_TITLES = {
    "outcome": "Outcomes",
    "recommendation": "What the policy recommends where it applies or may",
    "missing fact": "Facts that are not documented where a request is left open",
    "policy": "What the policies say, those asked most often",
    "criterion": "Criteria that are most often not documented",
}


def draw(lines: Sequence[Line], path: Path) -> None:
    """Draw a summary.

    Args:
        lines: The counts.
        path: Where the picture goes; its name ends in `.png` or `.svg`.

    Raises:
        BatchError: The name ends in something else, or there is nothing to draw.
        MissingExtraError: matplotlib is not installed.
    """
    if path.suffix not in ENDINGS:
        raise BatchError(f"{path.as_posix()} cannot be drawn; name a file that ends in `.png` or `.svg`")
    matplotlib: Any = need("matplotlib", "chart")
    matplotlib.use("Agg")
    pyplot: Any = need("matplotlib.pyplot", "chart")
    kinds = [by for by in _TITLES if any(line.by == by for line in lines)]
    if not kinds:
        raise BatchError(f"{path.as_posix()} is not drawn: no request was evaluated")
    heights = [max(2, 1 + len(_first(lines, by))) for by in kinds]
    figure, axes = pyplot.subplots(
        len(kinds), 1, figsize=(12, 0.28 * sum(heights) + 0.9 * len(kinds)), squeeze=False,
        gridspec_kw={"height_ratios": heights}, layout="constrained", facecolor="white",
    )  # fmt: skip
    for axis, by in zip(axes[:, 0], kinds, strict=True):
        found = _first(lines, by)
        names = sum(1 for _ in dict.fromkeys(line.name for line in lines if line.by == by))
        more = f" (the first {len(found)} of {names:,})" if names > len(found) else ""
        # Between the title and the bars there is room for the legend.
        axis.set_title(_TITLES[by] + more, loc="left", pad=24 if _has_statuses(found) else 6)
        _bars(axis, found)
    unfinished = path.with_name(f"{path.stem}.partial{path.suffix}")
    figure.savefig(unfinished)
    pyplot.close(figure)
    unfinished.replace(path)


def _first(lines: Sequence[Line], by: str) -> dict[str, list[Line]]:
    """The lines of the first few of a kind, by name."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.by == by:
            found.setdefault(line.name, []).append(line)
    return dict(list(found.items())[:_MOST_BARS])


def _bars(axis: Any, found: dict[str, list[Line]]) -> None:
    """A bar for each name: how many requests, or of them the share of each status."""
    ticker: Any = need("matplotlib.ticker", "chart")
    names = list(found)
    shares = _has_statuses(found)
    said = [""]
    if shares:
        there = {line.status for lines in found.values() for line in lines}
        said = [status for status in _COLORS if status in there]
    starts = dict.fromkeys(names, 0.0)
    for status in said:
        widths = [
            sum(_width(line, shares) for line in found[name] if line.status == status) for name in names
        ]
        label = status.replace("_", " ") or None
        axis.barh(names, widths, left=list(starts.values()), color=_COLORS.get(status, _PLAIN), label=label)
        starts = {name: starts[name] + width for name, width in zip(names, widths, strict=True)}
    for row, lines in enumerate(found.values()):
        line = lines[0]
        text = f"{line.of:,} requests" if shares else f"{line.requests:,} ({line.share:.1%})"
        axis.annotate(text, (starts[line.name], row), (4, 0), textcoords="offset points", va="center")
    axis.invert_yaxis()
    # Room on the right for the numbers.
    axis.set_xlim(0, max(starts.values()) * 1.22)
    axis.margins(y=0.01)
    axis.spines[["top", "right"]].set_visible(False)
    axis.set_yticks(
        range(len(names)), [name.replace("_", " ") if "." not in name else name for name in names]
    )
    if shares:
        axis.set_xticks([0, 0.25, 0.5, 0.75, 1])
        axis.xaxis.set_major_formatter(ticker.PercentFormatter(1))
        axis.legend(
            frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, borderpad=0, borderaxespad=0.3
        )
    else:
        axis.xaxis.set_major_locator(ticker.MaxNLocator(5, integer=True))
        axis.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))


def _has_statuses(found: dict[str, list[Line]]) -> bool:
    return any(line.status for lines in found.values() for line in lines)


def _width(line: Line, shares: bool) -> float:
    return line.share if shares else line.requests
