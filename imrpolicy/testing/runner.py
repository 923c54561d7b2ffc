"""Run tests: each expectation is compared with the actual outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imrpolicy.evaluate import CompiledPolicy, Recommendation, Status, Timing
from imrpolicy.evaluate.compiled import PolicyTrace
from imrpolicy.evaluate.formula import Setting, of_policy, undocumented
from imrpolicy.evaluate.missing import Negation, find_missing
from imrpolicy.evaluate.supported import supported_quantities
from imrpolicy.evaluate.words import status
from imrpolicy.facts import number
from imrpolicy.issues import Place
from imrpolicy.policy import Group
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
            TestResult(
                policy=test.policy.reference, name=test.name, place=test.place, differences=differences
            )
        )
    return tuple(results)


def _differences(test: Test, policy: CompiledPolicy) -> Iterator[Difference]:
    trace = policy.evaluate(test.row, **_manner(test))
    for aspect, expected in test.expect.items():
        if aspect == "criteria":
            yield from _criteria(expected, trace)
            continue
        actual = _actual(aspect, test, policy, trace)
        wanted = sorted(expected) if aspect == "open" else expected
        if actual != wanted:
            yield Difference(aspect=aspect, expected=_shown(wanted), actual=_shown(actual))


def _manner(test: Test) -> dict[str, Any]:
    """How a test is evaluated."""
    return {
        "strict": test.strict,
        "retrospective": test.timing is Timing.RETROSPECTIVE,
        "in_conflict": frozenset[str](),
    }


def _criteria(expected: dict[str, str], trace: PolicyTrace | None) -> Iterator[Difference]:
    actual = {} if trace is None else _statuses(trace)
    for name, wanted in expected.items():
        found = actual.get(name, "not evaluated, as the policy does not apply")
        if found != wanted:
            yield Difference(aspect=name, expected=_shown(wanted), actual=_shown(found))


def _statuses(trace: PolicyTrace) -> dict[str, str]:
    """The statuses of criteria, exclusions and conditions, and of the groups that have an id."""
    statuses = {leaf.criterion.id: leaf.status.value for leaf in trace.criteria}
    for group in _groups(trace.policy.criteria):
        if group.id:
            statuses[group.id] = status(trace.truth_of(group)).value
    return statuses


def _groups(group: Group | None) -> Iterator[Group]:
    if group is not None:
        yield group
        for member in group.members:
            if isinstance(member, Group):
                yield from _groups(member)


def _actual(aspect: str, test: Test, policy: CompiledPolicy, trace: PolicyTrace | None) -> Any:
    """What an evaluation gave, as a test expects it."""
    match aspect:
        case "applies":
            return trace is not None and (trace.applies is Status.MET or trace.applies.value)
        case "recommendation":
            return "none" if trace is None or trace.recommendation is None else trace.recommendation.value
        case "open":
            return _open(test, trace)
        case _:
            return _supported(test, policy, trace)


def _open(test: Test, trace: PolicyTrace | None) -> list[str]:
    if trace is None or trace.recommendation is not Recommendation.UNDETERMINED:
        return []
    setting = Setting(row=test.row, allow_not_encoded=False, **_manner(test))
    formula = of_policy(test.policy, setting)
    everything = {path for leaf in test.policy.leaves for path in undocumented(leaf.node, test.row)}
    in_order = sorted({*everything}).index
    return sorted(find_missing(formula, Negation(formula), in_order, everything).open)


def _supported(test: Test, policy: CompiledPolicy, trace: PolicyTrace | None) -> dict[str, float]:
    if trace is None or trace.recommendation is not Recommendation.NOT_RECOMMENDED:
        return {}
    found = supported_quantities([(policy, trace)], test.row, **_manner(test))
    return {quantity.fact.path: quantity.supported for quantity in found}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{fact} {number(amount, None)}" for fact, amount in value.items()) or "nothing"
    return str(value).replace("_", " ")
