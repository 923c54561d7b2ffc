"""Loading a directory of many policies: `python benchmarks/load.py`.

Each measurement is a process of its own, which has nothing in memory; the files were just written, and so
they are in the cache of the operating system. The yardstick is what PyYAML with libyaml takes to read the
same files and do nothing with them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import as_data, ratios, shown, summary, table
from synthetic import write_directory

Times = dict[str, list[float]]

_LOAD = """
import sys, time
from imrpolicy.evaluate import PolicyLibrary
start = time.perf_counter(), time.process_time()
library = PolicyLibrary.load(sys.argv[1])
print(time.perf_counter() - start[0], time.process_time() - start[1])
assert len(library.policies) == int(sys.argv[2]), len(library.policies)
"""
_YARDSTICK = """
import sys, time, yaml
from pathlib import Path
loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
start = time.perf_counter(), time.process_time()
files = sorted(Path(sys.argv[1]).rglob("policy.yaml"))
found = [yaml.load(file.read_bytes(), Loader=loader) for file in files]
print(time.perf_counter() - start[0], time.process_time() - start[1])
assert len(found) == int(sys.argv[2]), len(found)
"""


def measure(rounds: int, policies: int) -> Times:
    """Seconds for loading so many policies, and for reading their YAML alone, round by round."""
    from imrpolicy.evaluate import bundled_directory
    from imrpolicy.facts import load_dictionary

    dictionary = load_dictionary(bundled_directory("schemas") / "case.schema.json")
    times: Times = {"wall": [], "processor": [], "yaml": []}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "policies"
        write_directory(root, dictionary, policies)
        for _ in range(rounds):
            wall, processor = _seconds(_LOAD, root, policies)
            times["wall"].append(wall)
            times["processor"].append(processor)
            times["yaml"].append(_seconds(_YARDSTICK, root, policies)[1])
    return times


def _seconds(code: str, root: Path, policies: int) -> list[float]:
    command = [sys.executable, "-c", code, str(root), str(policies)]
    return [
        float(part)
        for part in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    ]


def results(times: Times, policies: int) -> dict[str, Any]:
    """The figures for the results file."""
    return {
        "policies": policies,
        "seconds": as_data(summary(times["wall"])),
        "processor_seconds": as_data(summary(times["processor"])),
        "times_reading_the_yaml": as_data(ratios(times["processor"], times["yaml"])),
    }


def report(times: Times, policies: int) -> str:
    """The figures for people."""
    rows = [
        [f"{policies} policies", "seconds"],
        ["load, check and keep them, by the clock", shown(summary(times["wall"]))],
        ["the same, processor time", shown(summary(times["processor"]))],
        ["read their YAML with libyaml, processor time", shown(summary(times["yaml"]))],
        ["ratio of the two", shown(ratios(times["processor"], times["yaml"]), 2)],
    ]
    return table(rows)


if __name__ == "__main__":
    print(report(measure(rounds=5, policies=1_000), 1_000))
