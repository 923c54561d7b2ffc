"""What the tests of a policy have shown: which statuses of each criterion, and whether it decided alone.

A criterion has decided the outcome alone where there are two tests, one in which it is met and one in which
it is not, whose outcomes differ, and in each of which the outcome would be another if nothing but its status
were (MC/DC, modified condition and decision coverage). It is computed from the statuses, as the policy
combines them, and does not depend on how expressions are compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from imrpolicy.evaluate import CompiledPolicy, Role, Timing
from imrpolicy.evaluate.words import status
from imrpolicy.expression import Node, compile_nodes
from imrpolicy.expression.nodes import Conditional, Documented, FactValue, FieldValue, Junction, Not, children
from imrpolicy.issues import Place
from imrpolicy.policy import Policy, Stance
from imrpolicy.testing.places import SCOPE
from imrpolicy.testing.suite import Suite, Test

_WHOLE = 100
_ORDER = ("met", "not_met", "not_documented")
_Values = tuple[bool | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One comparison or fact of an expression that has several.

    Attributes:
        node: The part.
        text: Its text.
        wanted: The values that tests should show: `true`, `false` and, where it can be, `unknown`.
        seen: Those that they do.
    """

    node: Node
    text: str
    wanted: tuple[str, ...]
    seen: frozenset[str]

    @property
    def missing(self) -> tuple[str, ...]:
        """The values that no test shows."""
        return tuple(value for value in self.wanted if value not in self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One criterion, exclusion or condition of a policy, or its scope.

    Attributes:
        id: Its id; `applies_when` for the scope.
        role: What it is.
        place: Where its expression is written.
        node: The expression.
        wanted: The statuses that tests should show.
        seen: Those that they do.
        decides: Whether it was shown to decide the outcome alone.
        parts: The parts of the expression, where it has several.
    """

    id: str
    role: str
    place: Place
    node: Node
    wanted: tuple[str, ...]
    seen: frozenset[str]
    decides: bool
    parts: tuple[Part, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The statuses that no test shows."""
        return tuple(value for value in self.wanted if value not in self.seen)

    @property
    def total(self) -> int:
        """How many things there are to show."""
        return len(self.wanted) + 1 + sum(len(part.wanted) for part in self.parts)

    @property
    def shown(self) -> int:
        """How many of them are shown."""
        return self.total - len(self.missing) - (not self.decides) - sum(len(p.missing) for p in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the tests of one version have shown.

    Attributes:
        policy: The version.
        items: Its scope, criteria, exclusions and conditions.
    """

    policy: Policy
    items: tuple[Item, ...] = field(default=())

    @property
    def total(self) -> int:
        """How many things there are to show."""
        return sum(item.total for item in self.items)

    @property
    def shown(self) -> int:
        """How many of them are shown."""
        return sum(item.shown for item in self.items)

    @property
    def percent(self) -> int:
        """How much is shown, in percent, rounded down."""
        return percent(self.shown, self.total)


def percent(shown: int, total: int) -> int:
    """A share in percent, never rounded up; nothing to show is all shown.

    >>> percent(11_999, 12_000)
    99
    """
    return _WHOLE * shown // total if total else _WHOLE


class Decisions:
    """What a policy says by the statuses alone of its scope and its leaves."""

    def __init__(self, policy: Policy) -> None:
        self._policy = _ByStatus(policy)
        self._known: dict[tuple[_Values, bool, Timing], Any] = {}

    def outcome(self, values: _Values, test: Test) -> Any:
        """The outcome for the truth values of the scope and of each leaf."""
        key = (values, test.strict, test.timing)
        if key not in self._known:
            trace = self._policy.evaluate(
                values,
                strict=test.strict,
                retrospective=test.timing is Timing.RETROSPECTIVE,
                in_conflict=frozenset(),
            )
            self._known[key] = None if trace is None else (trace.applies, trace.recommendation)
        return self._known[key]

    def is_decisive(self, position: int, values: _Values, test: Test) -> bool:
        """Whether the outcome would be another if nothing but one status were."""
        flipped = (*values[:position], not values[position], *values[position + 1 :])
        return bool(self.outcome(values, test) != self.outcome(flipped, test))


class _ByStatus(CompiledPolicy):
    """A policy that is given the values of its expressions in place of facts."""

    @cached_property
    def values(self) -> Callable[[Any], _Values]:
        """What it is given is what it would compute."""
        return tuple


def coverage(policy: Policy, suite: Suite) -> Coverage:
    """What the tests of a version have shown.

    Args:
        policy: The version.
        suite: The tests of the policy.
    """
    tests = [test for test in suite.tests if test.policy is policy]
    function = CompiledPolicy(policy).values
    values = [function(test.row) for test in tests]
    decisions = Decisions(policy)
    items = []
    for position, (name, role, text, node, place) in enumerate(_parts_of(policy)):
        applying = [
            (test, row)
            for test, row in zip(tests, values, strict=True)
            if position == 0 or row[0] is not False
        ]
        seen = frozenset(status(row[position]).value for _, row in applying)
        items.append(
            Item(
                id=name,
                role=role,
                place=place,
                node=node,
                wanted=_ORDER if can_be_unknown(node) else _ORDER[:2],
                seen=seen,
                decides=_decides(position, applying, decisions),
                parts=tuple(_parts(text, node, [test for test, _ in applying])),
            )
        )
    return Coverage(policy=policy, items=tuple(items))


def _parts_of(policy: Policy) -> Iterator[tuple[str, str, str, Node, Place]]:
    yield SCOPE, "scope", policy.applies_when, policy.scope, Place(policy.file)
    compiled = CompiledPolicy(policy)
    roles = {leaf.id: Role.CRITERION for leaf in compiled.leaves}
    roles |= {leaf.id: Role.EXCLUSION for leaf in policy.exclusions}
    roles |= {leaf.id: Role.CONDITION for leaf in policy.conditions}
    for leaf in policy.leaves if policy.stance is Stance.CRITERIA else ():
        yield leaf.id, roles[leaf.id].value, leaf.when, leaf.node, leaf.place


def _decides(position: int, tests: Sequence[tuple[Test, _Values]], decisions: Decisions) -> bool:
    """Whether two tests show that the status at a position decides alone."""
    outcomes: dict[bool, set[Any]] = {True: set(), False: set()}
    for test, values in tests:
        value = values[position]
        if value is not None and decisions.is_decisive(position, values, test):
            outcomes[value].add(decisions.outcome(values, test))
    return any(met != not_met for met in outcomes[True] for not_met in outcomes[False])


def can_be_unknown(node: Node) -> bool:
    """Whether an expression can be not documented: it reads a fact that need not be, other than by `has`."""
    if isinstance(node, Documented):
        return False
    if isinstance(node, FactValue):
        return not node.fact.field.required
    if isinstance(node, FieldValue):
        return True
    return any(can_be_unknown(child) for child in children(node))


def atoms(node: Node) -> Iterator[Node]:
    """The parts of an expression that `&&`, `||`, `!` and `? :` combine, outside of lists."""
    match node:
        case Junction() | Not() | Conditional():
            for child in children(node):
                yield from atoms(child)
        case _:
            yield node


def _parts(text: str, node: Node, tests: Sequence[Test]) -> Iterator[Part]:
    found = list(atoms(node))
    if len(found) < 2:
        return
    function = compile_nodes(found)
    rows = [function(test.row) for test in tests]
    words = {True: "true", False: "false", None: "unknown"}
    for position, atom in enumerate(found):
        unknown = ("unknown",) if can_be_unknown(atom) else ()
        yield Part(
            node=atom,
            text=" ".join(text[atom.span.start : atom.span.end].split()),
            wanted=("true", "false", *unknown),
            seen=frozenset(words[row[position]] for row in rows),
        )
