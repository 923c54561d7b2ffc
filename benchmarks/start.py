"""How long the command line takes, from its start to its end: `python benchmarks/start.py`.

As in an installation, Python finds the modules compiled; here they lie in a temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from measuring import as_data, ratios, shown, summary, table

PYTHON = "python -c pass"
# By command, seconds by the clock and seconds of processor time.
Times = dict[str, dict[str, list[float]]]


def commands() -> dict[str, list[str]]:
    """What is measured, by how a person would write it; the first is Python alone."""
    from imrpolicy.evaluate import bundled_directory

    case = bundled_directory("cases") / "imr-2013-lumbar-block-and-cryotherapy.yaml"
    program = [sys.executable, "-m", "imrpolicy"]
    return {
        PYTHON: [sys.executable, "-c", "pass"],
        "imrpolicy --help": [*program, "--help"],
        "imrpolicy --version": [*program, "--version"],
        "imrpolicy evaluate (the reference case)": [*program, "evaluate", str(case), "--as-of", "2013-12-01"],
    }


def measure(rounds: int) -> Times:
    """Seconds of each command, round by round, after one that does not count."""
    times: Times = {name: {"wall": [], "processor": []} for name in commands()}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            for name, command in commands().items():
                wall, processor = _run(command, environment)
                if number:
                    times[name]["wall"].append(wall)
                    times[name]["processor"].append(processor)
    return times


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    start, used = time.perf_counter(), _processor_of_children()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start, _processor_of_children() - used


def _processor_of_children() -> float:
    """Processor time of the processes that have ended; the clock's time where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def results(times: Times) -> dict[str, Any]:
    """The figures for the results file."""
    return {
        name: {
            "seconds": as_data(summary(found["wall"])),
            "processor_seconds": as_data(summary(found["processor"])),
            "times_python": as_data(ratios(found["processor"], times[PYTHON]["processor"])),
        }
        for name, found in times.items()
    }


def report(times: Times) -> str:
    """The figures for people."""
    rows = [["command", "seconds by the clock", "of processor time", "times Python alone"]]
    for name, found in times.items():
        multiple = ratios(found["processor"], times[PYTHON]["processor"])
        rows.append(
            [name, shown(summary(found["wall"])), shown(summary(found["processor"])), shown(multiple, 2)]
        )
    return table(rows)


if __name__ == "__main__":
    print(report(measure(rounds=20)))
