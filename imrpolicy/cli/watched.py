"""How far a look at many mutants is, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from imrpolicy.mutation.score import Watch, versions_to_mutate
from imrpolicy.policy import Policy
from imrpolicy.progress import progress
from imrpolicy.testing import Suite

Result = TypeVar("Result")


def of_each(
    label: str, suites: Sequence[Suite], look: Callable[[Policy, Suite, Watch], Result]
) -> list[tuple[Suite, Result]]:
    """What is found of each version that tests have to guard, with a bar on standard error meanwhile.

    Args:
        label: What is done, such as `mutants`.
        suites: The tests of each policy.
        look: Looks at one version.
    """
    versions = [(policy, suite) for suite in suites for policy in versions_to_mutate(suite)]
    far = _Far(versions)
    with progress(sys.stderr, label, far.share, far.detail):
        return [(suite, look(policy, suite, far.on)) for policy, suite in far.each()]


class _Far:
    """How far it is: of each version how many mutants are done, a version counting as it has criteria."""

    def __init__(self, versions: Sequence[tuple[Policy, Suite]]) -> None:
        self._versions = versions
        self._sizes = [1 + len(policy.leaves) for policy, _ in versions]
        self._at = self._before = 0
        # One value, so that the thread that shows it never sees half of a step.
        self._now = (0.0, "")

    def each(self) -> Iterator[tuple[Policy, Suite]]:
        """The versions, one after the other."""
        for at, version in enumerate(self._versions):
            self._at = at
            yield version
            self._before += self._sizes[at]

    def on(self, done: int, total: int, what: str) -> None:
        """Take down that so many of so many are done in the version that it is at."""
        share = (self._before + self._sizes[self._at] * done / total) / sum(self._sizes)
        self._now = (share, f"{done} of {total} in {self._versions[self._at][0].id}: {what}")

    def share(self) -> float:
        """How much of all is done."""
        return self._now[0]

    def detail(self) -> str:
        """What is looked at."""
        return self._now[1]
