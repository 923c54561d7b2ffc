"""Run tests: each expectation is compared with the actual outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from imrpolicy.authored.wording import listed
from imrpolicy.evaluate import CompiledPolicy, Recommendation, Status, Timing
from imrpolicy.evaluate.compiled import PolicyTrace
from imrpolicy.evaluate.formula import Setting, of_policy, undocumented
from imrpolicy.evaluate.missing import Negation, find_missing
from imrpolicy.evaluate.supported import supported_quantities
from imrpolicy.evaluate.words import status
from imrpolicy.expression import facts_of
from imrpolicy.facts import DATES, number
from imrpolicy.issues import Place
from imrpolicy.policy import Policy, PolicyStatus
from imrpolicy.testing.chosen import as_text
from imrpolicy.testing.editions import Editions, Period, boundaries
from imrpolicy.testing.suite import Suite, Test


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One expectation that the evaluation did not meet."""

    aspect: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """The result of one test; it passed where there are no differences.

    Attributes:
        policy: The version that was tested.
        name: What the test shows.
        place: Where it is written.
        differences: The expectations that were not met.
        days: The days on which it was run besides.
        help: What to do where it failed.
        version: The version, where the test is run for others as well.
    """

    __test__ = False  # not a test of pytest's

    policy: str
    name: str
    place: Place
    differences: tuple[Difference, ...]
    days: tuple[dt.date, ...] = ()
    help: str = ""
    version: str = ""

    @property
    def title(self) -> str:
        """The name, with the version where the test is run for several."""
        return f"{self.name} (version {self.version})" if self.version else self.name

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.differences


def run_suite(suite: Suite) -> tuple[TestResult, ...]:
    """Run the tests of one policy, and look at the days on which its versions are stated to be in force.

    A test that states no dates is run three times: without any, and with the first and the last day on which
    its version is in force as the date that selects it. While the newest version is a draft, periods may be
    stated as they are or as they will be once it is released.
    """
    if not suite.tests and not suite.periods:
        return ()
    compiled = {policy.reference: CompiledPolicy(policy) for policy in suite.versions}
    editions = Editions(suite.versions)
    ends = {policy.reference: _ends(editions.period(policy)) for policy in suite.versions}
    results = [_period_result(period, editions, suite) for period in suite.periods]
    for test in suite.tests:
        policy = compiled[test.policy.reference]
        days = () if test.states_dates else ends[test.policy.reference]
        found = list(differences(test, policy))
        for day in days if not found else ():
            found += _on(day, test, policy, suite)
        results.append(
            TestResult(
                policy=test.policy.reference,
                name=test.name,
                place=test.place,
                differences=tuple(found),
                days=days,
                help=next_step(test, suite, compiled) if found else "",
                version=str(test.policy.version) if len(test.versions) > 1 else "",
            )
        )
    return tuple(results)


def _period_result(stated: Period, editions: Editions, suite: Suite) -> TestResult:
    """The result as the versions are, or as they will be once the draft is released if that is well."""
    result = period_result(stated, editions)
    newest = suite.newest
    if result.passed:
        return result
    if newest is not None and newest.status is PolicyStatus.DRAFT and stated.policy is not newest:
        released = replace(newest, status=PolicyStatus.RELEASED)
        then = Editions(released if policy is newest else policy for policy in suite.versions)
        if (later := period_result(stated, then)).passed:
            return later
    return replace(result, help=_period_help(editions.period(stated.policy)))


def period_result(stated: Period, editions: Editions) -> TestResult:
    """Whether a version is in force exactly in the period that the tests state."""
    policy, found = stated.policy, []
    if policy.effective.by is not stated.by:
        found = [Difference(aspect="by", expected=stated.by.value, actual=policy.effective.by.value)]
    else:
        for day, elsewhere, expected in boundaries(stated):
            actual = editions.on(policy, day, elsewhere)
            if actual != expected:
                aspect = "in force until further notice" if day == dt.date.max else f"in force on {day}"
                found.append(Difference(aspect=aspect, expected=_shown(expected), actual=_shown(actual)))
    until = f"to {stated.end}" if stated.end is not None else "on"
    return TestResult(
        policy=policy.reference,
        name=f"In force from {stated.start} {until}, by the date of the {stated.by}.",
        place=stated.place,
        differences=tuple(found),
        days=tuple(day for day, _, _ in boundaries(stated)),
    )


def _period_help(period: Period | None) -> str:
    if period is None:
        return (
            "no case is decided by this version any more; if that is what you mean, take the line out of "
            "`in_force`, else correct `effective` in the policy"
        )
    return f"if the policy is right, write `- {period.as_yaml}`; else correct its `effective`"


def next_step(test: Test, suite: Suite, compiled: Mapping[str, CompiledPolicy]) -> str:
    """What to do about a test that fails; a version before for which it is right is named."""
    help = "correct the policy or the test"
    right = [p for p in test.versions if next(differences(test, compiled[p.reference]), None) is None]
    if right and test.policy not in right:
        return _split(test, right, suite.newest)
    if test.policy is not suite.newest:
        return help
    for policy in sorted(suite.versions, key=lambda policy: policy.version, reverse=True):
        if policy is not test.policy and next(differences(test, compiled[policy.reference]), None) is None:
            return (
                f"correct the policy or the test; it is right for version {policy.version}: to keep it for "
                f"that one, write `version: {policy.version}` below its name"
            )
    return help


def _split(test: Test, right: Sequence[Policy], newest: Policy | None) -> str:
    """What to do about a test that is right for some of its versions and not for others."""
    wrong = [policy for policy in test.versions if policy not in right]
    return (
        f"correct the policy or the test; if it is meant to be right for {_numbers(right)} only, write "
        f"`version: {as_text(right, newest)}` below its name, and add a copy under another name with "
        f"`version: {as_text(wrong, newest)}` and what is to be expected there"
    )


def _numbers(policies: Sequence[Policy]) -> str:
    return f"version {listed([str(policy.version) for policy in policies], 'and')}"


def _ends(period: Period | None) -> tuple[dt.date, ...]:
    """The first and the last day of a period, as far as it has them."""
    if period is None:
        return ()
    return (period.start,) if period.end is None else (period.start, period.end)


def _on(day: dt.date, test: Test, policy: CompiledPolicy, suite: Suite) -> Iterator[Difference]:
    """What differs on a day; the date is documented then, so that it is no longer open."""
    by = test.policy.effective.by
    path = f"{DATES}.{by}"
    if path in test.expect.get("open", ()):
        return
    row = list(test.row)
    row[suite.dated[by]] = day
    expect = dict(test.expect)
    if path not in _read(test.policy):
        expect.pop("open", None)  # it costs the most, and cannot depend on a date that nothing reads
    for found in differences(replace(test, row=tuple(row), expect=expect), policy):
        yield replace(found, aspect=f"{found.aspect} on {day}")


def _read(policy: Policy) -> set[str]:
    nodes = [policy.scope, *(leaf.node for leaf in policy.leaves)]
    return {fact.path for node in nodes for fact in facts_of(node)}


def differences(
    test: Test,
    policy: CompiledPolicy,
    *,
    without: frozenset[str] = frozenset(),
    aspects: Container[str] | None = None,
) -> Iterator[Difference]:
    """What a policy gives for a test that the test does not expect, the quickest to say first.

    Args:
        test: The test.
        policy: The policy, which need not be the one that the test is of.
        without: Criteria that are not compared.
        aspects: What is compared; everything if not given.
    """
    trace = policy.evaluate(test.row, **_manner(test))
    for aspect, expected in sorted(test.expect.items(), key=lambda item: item[0] in _SLOW):
        if aspects is not None and aspect not in aspects:
            continue
        if aspect == "criteria":
            yield from _criteria({k: v for k, v in expected.items() if k not in without}, trace)
            continue
        actual = _actual(aspect, test, policy, trace)
        wanted = sorted(expected) if aspect == "open" else expected
        if actual != wanted:
            yield Difference(aspect=aspect, expected=_shown(wanted), actual=_shown(actual))


_SLOW = ("open", "supported")


def _manner(test: Test) -> dict[str, Any]:
    """How a test is evaluated."""
    return {
        "strict": test.strict,
        "retrospective": test.timing is Timing.RETROSPECTIVE,
        "in_conflict": frozenset[str](),
    }


def _criteria(expected: dict[str, str], trace: PolicyTrace | None) -> Iterator[Difference]:
    actual = {} if trace is None else statuses_of(trace)
    for name, wanted in expected.items():
        found = actual.get(name, "not evaluated, as the policy does not apply")
        if found != wanted:
            yield Difference(aspect=name, expected=_shown(wanted), actual=_shown(found))


def statuses_of(trace: PolicyTrace) -> dict[str, str]:
    """The statuses of criteria, exclusions and conditions, and of the groups that have an id."""
    statuses = {leaf.criterion.id: leaf.status.value for leaf in trace.criteria}
    for group in trace.policy.groups:
        if group.id:
            statuses[group.id] = status(trace.truth_of(group)).value
    return statuses


def _actual(aspect: str, test: Test, policy: CompiledPolicy, trace: PolicyTrace | None) -> Any:
    """What an evaluation gave, as a test expects it."""
    match aspect:
        case "applies":
            return trace is not None and (trace.applies is Status.MET or trace.applies.value)
        case "recommendation":
            return "none" if trace is None or trace.recommendation is None else trace.recommendation.value
        case "open":
            return _open(test, policy, trace)
        case _:
            return _supported(test, policy, trace)


def _open(test: Test, policy: CompiledPolicy, trace: PolicyTrace | None) -> list[str]:
    if trace is None or trace.recommendation is not Recommendation.UNDETERMINED:
        return []
    setting = Setting(row=test.row, allow_not_encoded=False, **_manner(test))
    formula = of_policy(policy.policy, setting)
    everything = {path for leaf in policy.leaves for path in undocumented(leaf.node, test.row)}
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
