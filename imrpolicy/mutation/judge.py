"""Which mutants the tests of a policy notice."""

from __future__ import annotations

from dataclasses import replace

from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.piecewise import Pieces
from imrpolicy.testing import Suite, Test
from imrpolicy.testing.editions import Editions
from imrpolicy.testing.runner import differences, period_result

# What is still open takes a hundred times as long to say as all else, so it is asked last.
_QUICK, _SLOW = ("applies", "recommendation", "criteria", "supported"), ("open",)


class Judge:
    """Holds mutants against the tests of their policy.

    Args:
        suite: The tests; all of them pass on the policies as they are.
        pieces: What is compiled already.
    """

    def __init__(self, suite: Suite, pieces: Pieces) -> None:
        self._suite = suite
        self._pieces = pieces
        self._tests: dict[str, list[Test]] = {}
        for test in suite.tests:
            self._tests.setdefault(test.policy.reference, []).append(test)

    def noticed_by(self, mutant: Mutant) -> str:
        """The name of a test that fails on a mutant; empty where all pass.

        What a test expects of a criterion that the mutant lacks is not compared: that such a test names what
        no longer exists would be noticed, but not that the criterion is needed.
        """
        if mutant.kind == "date":
            return self._by_dates(mutant)
        policy = self._pieces.policy(mutant.policy)
        tests = self._tests.get(mutant.original.reference, [])
        for aspects in (_QUICK, _SLOW):
            for position, test in enumerate(tests):
                found = differences(test, policy, without=mutant.dropped, aspects=aspects)
                if next(found, None) is not None:
                    # What noticed one slip notices the next one in the same place as well.
                    tests.insert(0, tests.pop(position))
                    return test.name
        return ""

    def _by_dates(self, mutant: Mutant) -> str:
        if not self._suite.periods:
            return ""
        changed = {
            policy.reference: mutant.policy if policy is mutant.original else policy
            for policy in self._suite.versions
        }
        editions = Editions(changed.values())
        for period in self._suite.periods:
            result = period_result(replace(period, policy=changed[period.policy.reference]), editions)
            if not result.passed:
                return result.name
        return ""
