"""The reference case, beside the statuses of one policy: `python benchmarks/evaluate.py`.

The reference case is read from plain data and held against the case schema; both of its requests are
determined, and every policy and the status of every criterion in the traces is looked at.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from criteria import CASES
from measuring import Figure, Worker, as_data, ratios, shown, summary, table
from worker import REFERENCE

# What the evaluation is compared with: one policy's statuses, by imrpolicy itself and by the quickest others.
YARDSTICKS = (
    ("imrpolicy", "bound"),
    ("cel-expr-python", "prepared"),
    ("cel-expr-python", "bound"),
    ("common-expression-language", "prepared"),
    ("common-expression-language", "bound"),
    ("cel-expr-python, one expression", "prepared"),
    ("cel-expr-python, one expression", "bound"),
    ("zen-engine, one expression", "bound"),
    ("imrpolicy", "prepared"),
)

Times = dict[tuple[str, str], list[float]]


def measure(rounds: int, duration: float) -> Times:
    """Microseconds of the evaluation, and of each yardstick, round by round."""
    names = dict.fromkeys([REFERENCE, *(name for name, _ in YARDSTICKS)])
    times: Times = {key: [] for key in [(REFERENCE, "evaluate"), *YARDSTICKS]}
    with ExitStack() as stack:
        workers = {name: stack.enter_context(Worker(name)) for name in names}
        for name, mode in times:
            workers[name].calibrate(mode, duration)
        for _ in range(rounds):
            for (name, mode), values in times.items():
                cases = 1 if name == REFERENCE else len(CASES)
                values.append(workers[name].microseconds(mode, cases))
    return times


def multiples(times: Times) -> dict[tuple[str, str], Figure]:
    """How many times one policy's statuses the whole evaluation takes, by yardstick."""
    return {key: ratios(times[REFERENCE, "evaluate"], times[key]) for key in YARDSTICKS}


def results(times: Times) -> dict[str, Any]:
    """The figures for the results file."""
    return {
        "microseconds": as_data(summary(times[REFERENCE, "evaluate"])),
        "times_the_statuses_of_one_policy": {
            f"{name}, {mode}": as_data(figure) for (name, mode), figure in multiples(times).items()
        },
    }


def report(times: Times) -> str:
    """The figures for people."""
    rows = [["the reference case takes as long as", "times the statuses of one policy by", "µs"]]
    rows += [
        [shown(figure, 2), f"{name}, facts {mode}", shown(summary(times[name, mode]))]
        for (name, mode), figure in multiples(times).items()
    ]
    return f"The reference case: {shown(summary(times[REFERENCE, 'evaluate'])).strip()} µs\n{table(rows)}"


if __name__ == "__main__":
    print(report(measure(rounds=15, duration=0.05)))
