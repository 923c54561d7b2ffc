"""Draws the chart of docs/populations.md: what each policy says of a generated population.

    python scripts/population_chart.py

It needs the extras `batch` and `bench`, takes about a minute, and gives the same picture each time.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

from imrpolicy import Policy, PolicyLibrary, Recommendation, Status, Timing
from imrpolicy.evaluate.compiled import CompiledPolicy
from imrpolicy.population import generate, services_for

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "populations.png"
REQUESTS, SEED = 2_000, 1
# Okabe and Ito's colours, which nearly everybody can tell apart.
COLORS = {
    Recommendation.RECOMMENDED: "#009E73",
    Recommendation.UNDETERMINED: "#cccccc",
    Recommendation.NOT_RECOMMENDED: "#D55E00",
}
WORDS = {
    Recommendation.RECOMMENDED: "recommended",
    Recommendation.UNDETERMINED: "open: something is not documented",
    Recommendation.NOT_RECOMMENDED: "not recommended",
}


def main() -> None:
    """Draw the chart."""
    library = PolicyLibrary.load()
    found = {}
    for name in sorted({policy.id for policy in library.policies}):
        policy = library.policy(name)
        if policy.criteria is not None:
            counts = shares(library, policy)
            if counts.total():
                found[name] = counts
    draw(found)
    print(f"wrote {PICTURE}: {len(found)} policies")


def shares(library: PolicyLibrary, policy: Policy) -> Counter[Any]:
    """What a policy says of the requests to which it applies, out of a population for its services."""
    compiled, counts = CompiledPolicy(policy), Counter[Any]()
    services = services_for(policy, library.dictionary)
    for data in generate(library.dictionary, count=REQUESTS, seed=SEED, services=services):
        case = library.read_case(data)
        for request in case.requests:
            trace = compiled.evaluate(
                request.row,
                strict=False,
                retrospective=case.timing is Timing.RETROSPECTIVE,
                in_conflict=frozenset(request.conflicting),
            )
            if trace is not None and trace.applies is Status.MET:
                counts[trace.recommendation] += 1
    return counts


def draw(found: dict[str, Counter[Any]]) -> None:
    """Draw the bars, the policy that recommends most at the top."""
    names = sorted(found, key=lambda name: found[name][Recommendation.RECOMMENDED] / found[name].total())
    figure, axes = plt.subplots(figsize=(10, 0.27 * len(names) + 1.4), layout="constrained")
    left = [0.0] * len(names)
    for kind, color in COLORS.items():
        widths = [100 * found[name][kind] / found[name].total() for name in names]
        axes.barh(names, widths, left=left, color=color, label=WORDS[kind], height=0.75)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set_xlim(0, 100)
    axes.set_xlabel("percent of the generated requests in the scope of the policy")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=9)
    axes.margins(y=0.01)
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    sys.exit(main())
