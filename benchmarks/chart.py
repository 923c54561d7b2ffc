"""Draws the statuses of one policy, engine by engine, as PNG and SVG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

# Okabe and Ito's colours, which nearly everybody can tell apart; the marks differ in form as well.
PREPARED, BOUND, LINES, TEXT = "#0072B2", "#D55E00", "#cccccc", "#222222"


def draw(statuses: dict[str, Any], folder: Path) -> list[Path]:
    """Draw the chart.

    Args:
        statuses: What `statuses.results` gave.
        folder: Where `statuses.png` and `statuses.svg` go.

    Returns:
        The files.
    """
    names = sorted(statuses, key=lambda name: _median(statuses, name, "prepared"), reverse=True)
    with plt.rc_context({"font.size": 11, "svg.hashsalt": "imrpolicy", "svg.fonttype": "none"}):
        figure, axes = plt.subplots(figsize=(11, 5.2), layout="constrained")
        _points(axes, names, statuses)
        _right_column(axes, names, statuses)
        axes.set_xscale("log")
        axes.set_xlim(0.2, 4_000)
        axes.set_xticks([1, 10, 100, 1_000], ["1", "10", "100", "1,000"])
        axes.set_xlabel("microseconds for the eight statuses of one policy, median, logarithmic scale")
        axes.set_title("The statuses of all criteria of one policy", loc="left", weight="bold")
        axes.grid(axis="both", color="#e6e6e6")
        axes.set_axisbelow(True)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.legend(loc="lower left", framealpha=1, edgecolor=LINES, labelspacing=0.8, borderpad=0.8)
        return _save(figure, folder)


def _points(axes: Any, names: list[str], statuses: dict[str, Any]) -> None:
    prepared = [_median(statuses, name, "prepared") for name in names]
    bound = [_median(statuses, name, "bound") for name in names]
    axes.hlines(names, prepared, bound, color=LINES, linewidth=3)
    hollow = {"markersize": 11, "color": BOUND, "markerfacecolor": "white", "markeredgewidth": 2}
    axes.plot(bound, names, "D", **hollow, label="facts bound anew")
    axes.plot(prepared, names, "o", markersize=8, color=PREPARED, label="facts prepared beforehand")
    axes.get_yticklabels()[-1].set_weight("bold")


def _right_column(axes: Any, names: list[str], statuses: dict[str, Any]) -> None:
    """The figures of the prepared facts, beside the chart."""
    for position, name in enumerate(names):
        times = statuses[name]["prepared"]["times_imrpolicy"]["median"]
        text = f"{_short(_median(statuses, name, 'prepared'))} µs"
        text += "" if name == names[-1] else f", {_short(times)} times"
        axes.annotate(
            text,
            (1.01, position),
            xycoords=("axes fraction", "data"),
            va="center",
            color=TEXT,
            annotation_clip=False,
        )


def _median(statuses: dict[str, Any], name: str, mode: str) -> float:
    return float(statuses[name][mode]["microseconds"]["median"])


def _short(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.10g}"


def _save(figure: Any, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "statuses.png", folder / "statuses.svg"]
    figure.savefig(files[0], dpi=144, metadata={"Software": None})
    figure.savefig(files[1], metadata={"Date": None})
    plt.close(figure)
    # matplotlib leaves white space at the ends of lines.
    lines = files[1].read_text(encoding="utf-8").splitlines()
    files[1].write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8", newline="\n")
    return files
