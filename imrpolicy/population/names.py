"""The ids of generated cases and requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it needs numpy, which only an extra brings
    from imrpolicy.population.sampler import Block


def prefix_of(profile: str, seed: int) -> str:
    """What the ids of the cases of a population start with: they say that nobody was ever treated."""
    return f"generated-{profile[:30]}-{seed}-"


def request_names(block: Block, prefix: str) -> tuple[list[str], list[str]]:
    """The id of the case and of the request, for each row. A case is named for its first request."""
    second = block.second.tolist()
    cases = [f"{prefix}{number - other + 1}" for number, other in enumerate(second, start=block.first)]
    return cases, ["request-2" if other else "request-1" for other in second]
