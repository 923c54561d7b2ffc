"""Measuring side by side: every engine in a process of its own, all of them in turn, round after round.

A shared machine is now quick, now slow. So each round measures everything once, and what is compared are
the ratios within a round.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
Figure = tuple[float, float, float]


class Worker:
    """A process that is ready to measure something."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.modes: list[str] = json.loads(self._answer())["modes"]
        self._counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.stdout.close()  # type: ignore[union-attr]
        self._process.wait()

    def calibrate(self, mode: str, duration: float) -> None:
        """Find how many repetitions take about so many seconds; this warms up as well."""
        count = 1
        while (taken := self._ask(mode, count)) < duration / 2:
            count = max(count + 1, min(count * 10, int(count * duration / max(taken, 1e-9))))
        self._counts[mode] = count

    def microseconds(self, mode: str, cases: int) -> float:
        """The time of one evaluation of one case."""
        return self._ask(mode, self._counts[mode]) / self._counts[mode] / cases * 1e6

    def _ask(self, mode: str, count: int) -> float:
        print(mode, count, file=self._process.stdin, flush=True)
        return float(self._answer())

    def _answer(self) -> str:
        line = self._process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise SystemExit(f"{self.name}: the process ended early, with {self._process.wait()}")
        return line


def summary(values: Iterable[float]) -> Figure:
    """The least, the median and the greatest."""
    found = sorted(values)
    return found[0], statistics.median(found), found[-1]


def ratios(values: Sequence[float], to: Sequence[float]) -> Figure:
    """How many times the second is the first, round by round."""
    return summary(one / other for one, other in zip(values, to, strict=True))


def as_data(figure: Figure) -> dict[str, float]:
    """A figure for the results file, to four digits."""
    return dict(zip(("min", "median", "max"), (float(f"{value:.4g}") for value in figure), strict=True))


def shown(figure: Figure, digits: int = 3) -> str:
    """A figure for people: the median, and the range."""
    low, middle, high = (_short(value, digits) for value in figure)
    return f"{middle:>8} ({low} to {high})"


def _short(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits}g}'):,.10g}"


def machine() -> dict[str, str]:
    """The machine and the versions, without names of hosts or users."""
    return {
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def versions(distributions: Iterable[str]) -> dict[str, str]:
    """The versions of what was measured."""
    return {name: _version(name) for name in distributions}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    import os

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_model()}, {cores} cores"


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns; the first row is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def write_json(path: Path, data: Mapping[str, object]) -> None:
    """Write results as people like to read them in a difference."""
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
