"""Puts the results into `docs/performance.md`, between its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MODES = {"prepared": "facts prepared", "bound": "facts bound anew"}


def fill(page: str, parts: Mapping[str, Sequence[str]]) -> str:
    """The text of a page with the lines of each part between its marks."""
    for name, lines in parts.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = before + begin + "".join(line + "\n" for line in lines) + end + after
    return page


def tables(results: dict[str, Any]) -> dict[str, list[str]]:
    """Each part of the page, as lines of Markdown."""
    return {
        "machine": [f"{_machine(results['machine'])}; {_versions(results['versions'])}."],
        "statuses": _statuses(results["statuses"]),
        "evaluate": _evaluate(results["evaluate"]),
        "load": _load(results["load"]),
        "start": _start(results["start"]),
    }


def fill_file(path: Path, results: dict[str, Any]) -> None:
    """Fill the page in place."""
    text = fill(path.read_text(encoding="utf-8"), tables(results))
    path.write_text(text, encoding="utf-8", newline="\n")


def _machine(found: dict[str, str]) -> str:
    return f"{found['processor']}; {found['system']}; {found['python']}"


def _versions(found: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in found.items())


def _statuses(statuses: dict[str, Any]) -> list[str]:
    lines = [
        "| engine | µs, facts prepared | times imrpolicy | µs, facts bound anew | times imrpolicy |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, modes in statuses.items():
        cells = [name]
        for mode in MODES:
            cells += [_figure(modes[mode]["microseconds"]), _figure(modes[mode]["times_imrpolicy"])]
        lines.append(_row(cells))
    return lines


def _evaluate(found: dict[str, Any]) -> list[str]:
    lines = [
        f"The whole evaluation takes {_figure(found['microseconds'])} µs. That is",
        "",
        "| times | the statuses of one policy by |",
        "|--:|---|",
    ]
    for name, figure in found["times_the_statuses_of_one_policy"].items():
        engine, _, mode = name.rpartition(", ")
        lines.append(_row([_figure(figure), f"{engine}, {MODES[mode]}"]))
    return lines


def _load(found: dict[str, Any]) -> list[str]:
    return [
        f"| {found['policies']:,} policies | |",
        "|---|--:|",
        _row(["seconds by the clock", _figure(found["seconds"])]),
        _row(["seconds of processor time", _figure(found["processor_seconds"])]),
        _row(["times what libyaml takes to read the YAML alone", _figure(found["times_reading_the_yaml"])]),
    ]


def _start(found: dict[str, Any]) -> list[str]:
    lines = [
        "| command | seconds by the clock | seconds of processor time | times Python alone |",
        "|---|--:|--:|--:|",
    ]
    for name, figures in found.items():
        kinds = ("seconds", "processor_seconds", "times_python")
        lines.append(_row([f"`{name.partition(' (')[0]}`", *(_figure(figures[kind]) for kind in kinds)]))
    return lines


def _figure(figure: dict[str, float]) -> str:
    return f"{_short(figure['median'])} ({_short(figure['min'])} to {_short(figure['max'])})"


def _short(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.10g}" if value < 10 else f"{float(f'{value:.3g}'):,.10g}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
