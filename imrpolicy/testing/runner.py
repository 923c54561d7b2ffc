"""Run tests: each expectation is compared with the actual outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imrpolicy.evaluate import CompiledPolicy, Recommendation, Status, Timing
from imrpolicy.evaluate.case import Request
from imrpolicy.evaluate.compiled import PolicyTrace, group_truth
from imrpolicy.evaluate.determination import supported_quantities
from imrpolicy.evaluate.formula import Setting, of_policy, undocumented
from imrpolicy.evaluate.missing import Negation, find_missing
from imrpolicy.evaluate.words import status
from imrpolicy.issues import Place
from imrpolicy.policy import Group, Stance
from imrpolicy.testing.suite import Suite, Test


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One expectation that the evaluation did not meet."""

    aspect: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """The result of one test; it passed where there are no differences."""

    __test__ = False  # not a test of pytest's

    policy: str
    name: str
    place: Place
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.differences


def run_suite(suite: Suite) -> tuple[TestResult, ...]:
    """Run the tests of one policy."""
    compiled: dict[str, CompiledPolicy] = {}
    results = []
    for test in suite.tests:
        policy = compiled.setdefault(test.policy.reference, CompiledPolicy(test.policy))
        differences = tuple(_differences(test, policy))
        results.append(
            TestResult(policy=test.policy.reference, name=test.name, place=test.place, differences=differences)
        )
    return tuple(results)


def _differences(test: Test, policy: CompiledPolicy) -> Iterator[Difference]:
    trace = policy.evaluate(
        test.row,
        strict=test.strict,
        retrospective=test.timing is Timing.RETROSPECTIVE,
        in_conflict=frozenset(),
    )
    for aspect, expected in test.expect.items():
        if aspect == "criteria":
            yield from _criteria(expected, trace)
            continue
        actual = _ASPECTS[aspect](test, trace)
        wanted = sorted(expected) if aspect == "open" else expected
        if actual != wanted:
            yield Difference(aspect=aspect, expected=_shown(wanted), actual=_shown(actual))


def _criteria(expected: dict[str, str], trace: PolicyTrace | None) -> Iterator[Difference]:
    actual = {} if trace is None else _statuses(trace)
    for name, wanted in expected.items():
        found = actual.get(name, "not evaluated, as the policy does not apply")
        if found != wanted:
            yield Difference(aspect=name, expected=_shown(wanted), actual=_shown(found))


def _statuses(trace: PolicyTrace) -> dict[str, str]:
    """The statuses of criteria, exclusions and conditions, and of the groups that have an id."""
    statuses = {leaf.criterion.id: leaf.status.value for leaf in trace.criteria}
    positions = {leaf.criterion.id: i for i, leaf in enumerate(trace.criteria)}
    values = tuple({Status.MET: True, Status.NOT_MET: False}.get(leaf.status) for leaf in trace.criteria)
    for group in _groups(trace.policy.criteria):
        if group.id:
            statuses[group.id] = status(group_truth(group, positions)(values)).value
    return statuses


def _groups(group: Group | None) -> Iterator[Group]:
    if group is not None:
        yield group
        for member in group.members:
            if isinstance(member, Group):
                yield from _groups(member)


def _applies(test: Test, trace: PolicyTrace | None) -> Any:
    if trace is None:
        return False
    return "not_documented" if trace.applies is Status.NOT_DOCUMENTED else True


def _recommendation(test: Test, trace: PolicyTrace | None) -> str:
    return "none" if trace is None or trace.recommendation is None else trace.recommendation.value


def _open(test: Test, trace: PolicyTrace | None) -> list[str]:
    policy = test.policy
    if trace is None or trace.recommendation is not Recommendation.UNDETERMINED or policy.stance is not Stance.CRITERIA:
        return []
    setting = Setting(
        row=test.row,
        strict=test.strict,
        retrospective=test.timing is Timing.RETROSPECTIVE,
        in_conflict=frozenset(),
        allow_not_encoded=False,
    )
    formula = of_policy(policy, setting)
    everything = {path for leaf in policy.leaves for path in undocumented(leaf.node, test.row)}
    return sorted(find_missing(formula, Negation(formula), lambda path: 0, everything).open)


def _supported(test: Test, trace: PolicyTrace | None) -> dict[str, float]:
    if trace is None:
        return {}
    request = Request(id="test", title="", row=test.row, documented_by={}, conflicting={})
    found = supported_quantities((trace,), request, retrospective=test.timing is Timing.RETROSPECTIVE)
    return {quantity.fact.path: quantity.supported for quantity in found}


_ASPECTS = {"applies": _applies, "recommendation": _recommendation, "open": _open, "supported": _supported}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{k} {v:g}" for k, v in value.items()) or "nothing"
    return str(value).replace("_", " ")
