"""The statuses of all criteria of one policy, by every engine: `python benchmarks/statuses.py`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from criteria import CASES
from engines import ENGINES
from measuring import Worker, as_data, ratios, shown, summary, table

OURS = "imrpolicy"
Times = dict[str, dict[str, list[float]]]


def measure(rounds: int, duration: float) -> Times:
    """Microseconds for the statuses of one case, by engine and mode, round by round.

    Args:
        rounds: How often everything is measured.
        duration: About how many seconds each measurement takes.
    """
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(name)) for name in ENGINES]
        times: Times = {worker.name: {mode: [] for mode in worker.modes} for worker in workers}
        for worker in workers:
            for mode in worker.modes:
                worker.calibrate(mode, duration)
        for _ in range(rounds):
            for worker in workers:
                for mode in worker.modes:
                    times[worker.name][mode].append(worker.microseconds(mode, len(CASES)))
    return times


def results(times: Times) -> dict[str, Any]:
    """The figures for the results file: microseconds, and how many times as long as imrpolicy each takes."""
    return {
        name: {
            mode: {
                "microseconds": as_data(summary(values)),
                "times_imrpolicy": as_data(ratios(values, times[OURS][mode])),
            }
            for mode, values in modes.items()
        }
        for name, modes in times.items()
    }


def report(times: Times) -> str:
    """The figures for people."""
    head = ["engine", "µs, prepared", "times imrpolicy", "µs, facts bound", "times imrpolicy"]
    rows = [head]
    for name, modes in times.items():
        row = [name]
        for mode in ("prepared", "bound"):
            row += [shown(summary(modes[mode])), shown(ratios(modes[mode], times[OURS][mode]), 2)]
        rows.append(row)
    return table(rows)


if __name__ == "__main__":
    print(report(measure(rounds=15, duration=0.05)))
