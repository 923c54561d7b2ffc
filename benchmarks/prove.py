"""How long proofs take: a difference of two versions, a whole library, and how both grow.

    python benchmarks/prove.py
    python benchmarks/prove.py --quick

Each figure is the time of this process (not of the clock on the wall), since others may use the machine; the
median of three runs. What is compared is one policy with more and more criteria, and a library with more and
more policies.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from synthetic import one_policy, write_directory

from imrpolicy.evaluate import PolicyLibrary, bundled_directory
from imrpolicy.expression import check
from imrpolicy.facts import FactDictionary, Kind
from imrpolicy.policy import (
    Criterion,
    Group,
    Policy,
    Schemas,
)
from imrpolicy.prove import compare, prove

_CRITERIA = (10, 20, 30, 40, 60)
_POLICIES = (20, 40, 80, 160)
_RUNS = 3


def main() -> None:
    """Measure, and print the figures as tables of Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="the smallest sizes, once")
    quick = parser.parse_args().quick
    runs = 1 if quick else _RUNS
    library = PolicyLibrary.load()
    print("| criteria | comparison of two versions, s | per criterion, ms |\n|---:|---:|---:|")
    for count in _CRITERIA[:1] if quick else _CRITERIA:
        old = policy(library.dictionary, count, "1.0.0")
        new = policy(library.dictionary, count, "1.1.0", shift=1)
        taken = seconds(lambda old=old, new=new: compare(old, new, dictionary=library.dictionary), runs)
        print(f"| {count} | {taken:.2f} | {1000 * taken / count:.0f} |")
    if not quick:
        real_versions(library)
    print("\n| library | versions | proof, s | per version, ms |\n|---|---:|---:|---:|")
    if not quick:
        row("the one that comes with imrpolicy", library, 1)
    for count in (4,) if quick else _POLICIES:
        row("generated", generated(count), 1)


def real_versions(library: PolicyLibrary) -> None:
    """What comparisons of successive versions of the real policies take."""
    pairs = [(a, b) for a, b in pairwise(library.policies) if a.id == b.id]
    found = sorted(
        (seconds(lambda a=a, b=b: compare(a, b, dictionary=library.dictionary), 1), b.id) for a, b in pairs
    )
    count, middle = len(pairs), statistics.median(taken for taken, _ in found)
    slowest, name = found[-1]
    print(f"\n{count} pairs of real versions: {middle:.2f} s in the middle, {slowest:.2f} s at most ({name})")


def row(name: str, library: PolicyLibrary, runs: int) -> None:
    """One line about a library."""
    taken = seconds(lambda: prove(library), runs)
    count = len(library.policies)
    print(f"| {name} | {count} | {taken:.1f} | {1000 * taken / count:.0f} |")


def seconds(work: Callable[[], object], runs: int) -> float:
    """The median time that some work takes this process."""
    found = []
    for _ in range(runs):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found)


def generated(count: int) -> PolicyLibrary:
    """A library of so many policies, made anew and always the same."""
    schemas = bundled_directory("schemas")
    with tempfile.TemporaryDirectory() as folder:
        write_directory(Path(folder), Schemas(schemas).dictionary, count)
        return PolicyLibrary.load(folder, schemas=schemas)


def policy(dictionary: FactDictionary, count: int, version: str, shift: int = 0) -> Policy:
    """A policy with so many criteria; `shift` moves a boundary in one of them."""
    facts = [fact for fact in dictionary.facts if fact.type.kind in (Kind.BOOL, Kind.INT)]
    facts = [fact for fact in facts if fact.path != "request.service"]
    leaves = []
    for number in range(count):
        fact = facts[number % len(facts)]
        text = fact.path
        if fact.type.kind is Kind.INT:
            moved = shift if number == count // 2 or number == 0 else 0
            text = f"{fact.path} >= {int(fact.type.minimum or 0) + 2 + moved}"
        other = facts[(number + 7) % len(facts)]
        if number % 3 == 0 and other.type.kind is Kind.BOOL:
            text = f"{text} || !{other.path}"
        leaves.append(
            Criterion(id=f"c{number}", text="A criterion.", when=text, node=check(text, dictionary))
        )
    half = len(leaves) // 2
    groups = (
        Group(kind="all", members=tuple(leaves[:half])),
        Group(kind="any", members=tuple(leaves[half:])),
    )
    return one_policy(dictionary, "continuous_flow_cryotherapy", Group(kind="all", members=groups), version)


if __name__ == "__main__":
    main()
