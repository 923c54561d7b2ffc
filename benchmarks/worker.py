"""One thing to be measured, in a process of its own: `python worker.py NAME`.

It gets ready, says so with a line of JSON, and then answers each line of its input, `MODE COUNT`, with
the seconds of processor time that so many rounds over all cases took. The clock runs around a loop and
nothing else; the garbage collector rests meanwhile, as in `timeit`. Processor time leaves out the moments
in which a shared machine works for somebody else.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from criteria import CASES, STATUSES
from engines import ENGINES

REFERENCE = "reference case"

Job = tuple[Callable[[Any], Any], Sequence[Any]]


def main() -> None:
    """Get ready, and answer."""
    name = sys.argv[1]
    jobs = reference_jobs() if name == REFERENCE else engine_jobs(name)
    print(json.dumps({"ready": name, "modes": list(jobs)}), flush=True)
    for line in sys.stdin:
        mode, count = line.split()
        print(seconds(*jobs[mode], int(count)), flush=True)


def engine_jobs(name: str) -> dict[str, Job]:
    """What to measure of an engine, once it has given the right statuses for every case in every mode."""
    engine = ENGINES[name]()
    plain = [engine.plain(facts) for facts in CASES]
    prepared = [engine.prepare(facts) for facts in plain]
    jobs: dict[str, Job] = {"prepared": (engine.statuses, prepared), "bound": (engine.bind, plain)}
    for mode, (function, inputs) in jobs.items():
        # imrpolicy evaluates the scope of the policy too, before the criteria.
        found = [
            tuple(bool(status) for status in function(item))[-len(wanted) :]
            for item, wanted in zip(inputs, STATUSES, strict=True)
        ]
        if found != list(STATUSES):
            raise SystemExit(f"{name}, {mode}: wrong statuses {found}")
    return jobs


def reference_jobs() -> dict[str, Job]:
    """The evaluation of the reference case, with every trace and status looked at."""
    from imrpolicy.authored import read_document
    from imrpolicy.evaluate import PolicyLibrary, Status, bundled_directory

    library = PolicyLibrary.load()
    path = bundled_directory("cases") / "imr-2013-lumbar-block-and-cryotherapy.yaml"
    case = read_document(path).data()

    def evaluate(data: Any) -> list[Status]:
        return [
            leaf.status
            for determination in library.evaluate(data, as_of="2013-12-01")
            for policy in determination.policies
            for leaf in policy.criteria
        ]

    outcomes = [determination.outcome.value for determination in library.evaluate(case, as_of="2013-12-01")]
    if outcomes != ["overturned", "upheld"] or len(evaluate(case)) < 20:
        raise SystemExit(f"the reference case: wrong outcomes {outcomes}")
    return {"evaluate": (evaluate, [case])}


def seconds(function: Callable[[Any], Any], inputs: Sequence[Any], count: int) -> float:
    """How long `count` rounds over all inputs take."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        start = time.process_time()
        for _ in range(count):
            for item in inputs:
                function(item)
        return time.process_time() - start
    finally:
        if enabled:
            gc.enable()


if __name__ == "__main__":
    main()
