"""A policy made ready to be evaluated many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from operator import getitem, itemgetter
from typing import Any

from imrpolicy.evaluate.words import Recommendation, Status, status, truth
from imrpolicy.expression import Node, compile_nodes, facts_of
from imrpolicy.expression.nodes import Compare, Constant, Contains, FactValue, Junction, ListConstant
from imrpolicy.policy import Criterion, Group, Policy, Stance

Values = tuple[bool | None, ...]
Truth = Callable[[Values], bool | None]

SERVICE = "request.service"


class Role(StrEnum):
    """What a leaf of a policy is."""

    CRITERION = "criterion"
    EXCLUSION = "exclusion"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class CriterionTrace:
    """One criterion, exclusion or condition, and what the record says of it.

    Attributes:
        criterion: The leaf of the policy.
        role: Criterion, exclusion or condition.
        status: Met, not met or not documented. An exclusion that is met speaks against the service.
        presumed: Whether an exclusion that is not documented was taken not to hold, as its policy declares.
    """

    criterion: Criterion
    role: Role
    status: Status
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class PolicyTrace:
    """One policy that was looked at for a request.

    Attributes:
        policy: The policy, in the version that was in force.
        applies: Whether its scope covers the request; not documented means that it may.
        recommendation: What it says of the request; none where it is silent.
        criteria: Its criteria, exclusions and conditions with their statuses.
    """

    policy: Policy
    applies: Status
    recommendation: Recommendation | None
    criteria: tuple[CriterionTrace, ...]

    def of(self, role: Role) -> tuple[CriterionTrace, ...]:
        """The leaves of one role."""
        return tuple(leaf for leaf in self.criteria if leaf.role is role)

    def truth_of(self, group: Group) -> bool | None:
        """Whether a group of the criteria is met; none where that is not documented."""
        positions = {leaf.criterion.id: position for position, leaf in enumerate(self.criteria)}
        return group_truth(group, positions)(tuple(truth(leaf.status) for leaf in self.criteria))


_RECOMMENDATION = {
    True: Recommendation.RECOMMENDED,
    False: Recommendation.NOT_RECOMMENDED,
    None: Recommendation.UNDETERMINED,
}


class CompiledPolicy:
    """A policy with its expressions compiled. It has no state that an evaluation changes."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.leaves = policy.leaves
        criteria = tuple(policy.criteria.criteria()) if policy.criteria is not None else ()
        # Position 0 of the values is the scope; then come the leaves.
        exclusions = range(1 + len(criteria), 1 + len(criteria) + len(policy.exclusions))
        conditions = range(exclusions.stop, 1 + len(self.leaves))
        self._exclusions = slice(exclusions.start, exclusions.stop)
        self._conditions = slice(conditions.start, conditions.stop)
        self._presumable = {
            position: frozenset(fact.path for fact in facts_of(self.leaves[position - 1].node))
            for position in exclusions
            if self.leaves[position - 1].presumed_absent
        }
        roles = {
            **dict.fromkeys(exclusions, Role.EXCLUSION),
            **dict.fromkeys(conditions, Role.CONDITION),
        }
        self._traces = tuple(
            {
                value: CriterionTrace(leaf, roles.get(position, Role.CRITERION), status(value))
                for value in (True, False, None)
            }
            for position, leaf in enumerate(self.leaves, start=1)
        )
        whole = Recommendation.NOT_RECOMMENDED if policy.stance is Stance.NOT_RECOMMENDED else None
        # What a policy says that has nothing but a scope.
        self._whole = {scope: PolicyTrace(policy, status(scope), whole, ()) for scope in (True, None)}
        self._presumed_traces = {
            position: CriterionTrace(
                self.leaves[position - 1], Role.EXCLUSION, Status.NOT_DOCUMENTED, presumed=True
            )
            for position in self._presumable
        }

    @cached_property
    def values(self) -> Callable[[Any], Values]:
        """The values of the scope and of each leaf for a row of facts; None where it is not documented."""
        return compile_nodes([self.policy.scope, *(leaf.node for leaf in self.leaves)])

    @cached_property
    def _criteria_hold(self) -> Truth:
        group = self.policy.criteria
        return (
            (lambda _: True)
            if group is None
            else group_truth(group, {leaf.id: i for i, leaf in enumerate(self.leaves, start=1)})
        )

    @cached_property
    def services(self) -> frozenset[str] | None:
        """The services that the scope can cover, where it says so; none where any may be."""
        return services_of(self.policy.scope)

    def evaluate(
        self, row: Any, *, strict: bool, retrospective: bool, in_conflict: frozenset[str]
    ) -> PolicyTrace | None:
        """Evaluate the policy for one request.

        Args:
            row: The facts of the request.
            strict: Whether nothing is presumed.
            retrospective: Whether the service was performed, so that conditions count.
            in_conflict: The facts on which the records contradict each other; these are never presumed.

        Returns:
            The trace, or None where the policy does not apply.
        """
        values = self.values(row)
        scope = values[0]
        if scope is False:
            return None
        if not self.leaves and self.policy.stance is not Stance.CRITERIA:
            return self._whole[scope]
        presumed = () if strict or not self._presumable else self._presumed(values, in_conflict)
        recommendation = None
        if self.policy.stance is Stance.CRITERIA:
            recommendation = _RECOMMENDATION[self.verdict(values, presumed, retrospective)]
        elif self.policy.stance is Stance.NOT_RECOMMENDED:
            recommendation = Recommendation.NOT_RECOMMENDED
        traces = list(map(getitem, self._traces, values[1:]))
        for position in presumed:
            traces[position - 1] = self._presumed_traces[position]
        return PolicyTrace(self.policy, status(scope), recommendation, tuple(traces))

    def _presumed(self, values: Values, in_conflict: frozenset[str]) -> tuple[int, ...]:
        return tuple(
            [
                position
                for position, facts in self._presumable.items()
                if values[position] is None and facts.isdisjoint(in_conflict)
            ]
        )

    def verdict(self, values: Values, presumed: tuple[int, ...], retrospective: bool) -> bool | None:
        """Whether the criteria hold, no exclusion does, and afterwards the conditions do too."""
        result = self._criteria_hold(values)
        exclusions = values[self._exclusions]
        conditions = values[self._conditions] if retrospective else ()
        if True in exclusions or False in conditions:
            return False
        # What is presumed are exclusions that are not documented; any other of these leaves it open.
        if result and (exclusions.count(None) > len(presumed) or None in conditions):
            return None
        return result


def group_truth(group: Group, positions: dict[str, int]) -> Truth:
    """The function that combines the values of a group's members in Kleene's logic."""
    own = _picker([positions[member.id] for member in group.members if not isinstance(member, Group)])
    inner = [group_truth(member, positions) for member in group.members if isinstance(member, Group)]
    needed = {"all": len(group.members), "any": 1, "at_least": group.count}[group.kind]
    allowed = len(group.members) - needed

    def truth(values: Values) -> bool | None:
        found = own(values)
        if inner:
            found += tuple([part(values) for part in inner])
        if found.count(True) >= needed:
            return True
        return False if found.count(False) > allowed else None

    return truth


def _picker(positions: list[int]) -> Callable[[Values], Values]:
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda values: tuple([values[position] for position in positions])


def services_of(scope: Node) -> frozenset[str] | None:
    """The services without which a scope cannot hold, or None where it does not depend on the service."""
    match scope:
        case Compare(operator="==", left=FactValue() as fact, right=Constant() as constant):
            return frozenset({str(constant.value)}) if fact.fact.path == SERVICE else None
        case Contains(element=FactValue() as fact, container=ListConstant() as values):
            if fact.fact.path == SERVICE:
                return frozenset(str(element.value) for element in values.elements)
            return None
        case Junction(operator="&&"):
            return next((found for part in scope.operands if (found := services_of(part)) is not None), None)
        case Junction(operator="||"):
            parts = [services_of(part) for part in scope.operands]
            known = [part for part in parts if part is not None]
            return frozenset().union(*known) if len(known) == len(parts) else None
        case _:
            return None
