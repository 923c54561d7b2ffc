"""All mutants of a policy: one small slip each, in its expressions, its groups, its lists or its dates."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from imrpolicy.expression import Span, check
from imrpolicy.expression.nodes import Compare, Constant, FactValue
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Place
from imrpolicy.mutation.edits import Edit, edits
from imrpolicy.mutation.groups import group_slips, with_criterion, without
from imrpolicy.mutation.mutant import Mutant
from imrpolicy.policy import Criterion, Group, Policy
from imrpolicy.policy.model import DatedBy, Stance

_DAY = dt.timedelta(days=1)


def mutants_of(policy: Policy, dictionary: FactDictionary) -> tuple[Mutant, ...]:
    """The mutants of a policy, in the order of its file as far as it has one.

    Args:
        policy: The policy.
        dictionary: The facts that its expressions may name.
    """
    return tuple(_numbered(_all(policy, dictionary)))


def _all(policy: Policy, dictionary: FactDictionary) -> Iterator[Mutant]:
    yield from _dates(policy)
    yield from _scope(policy, dictionary)
    yield from _stance(policy)
    for leaf in policy.leaves:
        for edit in edits(leaf.when, leaf.node, dictionary):
            changed = _edited(leaf, edit)
            if changed is not None:
                mutated = with_criterion(policy, leaf, changed)
                said = (edit.kind, leaf.id, edit.before, edit.after)
                yield _mutant(policy, mutated, *said, leaf.place, span=edit.span)
        if leaf.limit is not None:
            mutated = with_criterion(policy, leaf, replace(leaf, limit=None))
            yield _mutant(policy, mutated, "limit", leaf.id, "limit: true", "no limit", leaf.place)
    yield from _criteria(policy)
    yield from _exclusions(policy)
    yield from _conditions(policy)


def _mutant(
    original: Policy,
    policy: Policy,
    kind: str,
    where: str,
    before: str,
    after: str,
    place: Place | None = None,
    dropped: frozenset[str] = frozenset(),
    span: Span | None = None,
) -> Mutant:
    return Mutant(
        id=f"{where}: {before} -> {after}",
        kind=kind,
        where=where,
        before=before,
        after=after,
        original=original,
        policy=policy,
        dropped=dropped,
        place=place or Place(original.file),
        span=span,
    )


def _numbered(found: Iterator[Mutant]) -> Iterator[Mutant]:
    """The mutants with a number behind an id that an earlier one has too."""
    seen: Counter[str] = Counter()
    for mutant in found:
        seen[mutant.id] += 1
        number = seen[mutant.id]
        yield mutant if number == 1 else replace(mutant, id=f"{mutant.id} (#{number})")


def _edited(leaf: Criterion, edit: Edit) -> Criterion | None:
    """A criterion with another expression; none where it is a limit and the expression could not be one."""
    changed = replace(leaf, when=edit.text, node=edit.node)
    if leaf.limit is None:
        return changed
    match edit.node:
        case Compare(operator="<=" | "<", left=FactValue(), right=Constant() as number):
            inclusive = edit.node.operator == "<="
        case Compare(operator=">=" | ">", left=Constant() as number, right=FactValue()):
            inclusive = edit.node.operator == ">="
        case _:
            return None
    if not isinstance(number.value, int | float):
        return None
    return replace(changed, limit=replace(leaf.limit, most=number.value, inclusive=inclusive))


def _dates(policy: Policy) -> Iterator[Mutant]:
    period = policy.effective
    changes = [("from", period.start, replace(period, start=period.start + days)) for days in (-_DAY, _DAY)]
    if period.end is not None:
        changes += [("to", period.end, replace(period, end=period.end + days)) for days in (-_DAY, _DAY)]
    for key, before, changed in changes:
        if changed.end is not None and changed.end < changed.start:
            continue
        after = changed.start if key == "from" else changed.end
        yield _mutant(policy, replace(policy, effective=changed), "date", f"effective.{key}",
                      str(before), str(after))  # fmt: skip
    for by in DatedBy:
        if by is not period.by:
            mutated = replace(policy, effective=replace(period, by=by))
            yield _mutant(policy, mutated, "date", "effective.by", period.by.value, by.value)


def _scope(policy: Policy, dictionary: FactDictionary) -> Iterator[Mutant]:
    for edit in edits(policy.applies_when, policy.scope, dictionary):
        mutated = replace(policy, applies_when=edit.text, scope=edit.node)
        said = (edit.kind, "applies_when", edit.before, edit.after)
        yield _mutant(policy, mutated, *said, span=edit.span)
    everywhere = replace(policy, applies_when="true", scope=check("true", dictionary))
    yield _mutant(policy, everywhere, "scope", "applies_when", "the scope", "true")


def _stance(policy: Policy) -> Iterator[Mutant]:
    other = {
        Stance.CRITERIA: Stance.NOT_RECOMMENDED,
        Stance.NOT_RECOMMENDED: Stance.SILENT,
        Stance.SILENT: Stance.NOT_RECOMMENDED,
    }[policy.stance]
    mutated = replace(policy, stance=other)
    yield _mutant(policy, mutated, "stance", "stance", policy.stance.value, other.value)


def _criteria(policy: Policy) -> Iterator[Mutant]:
    if policy.criteria is None:
        return
    for slip in group_slips(policy.criteria):
        mutated = replace(policy, criteria=slip.group)
        yield _mutant(
            policy, mutated, slip.kind, slip.where, slip.before, slip.after, slip.place, slip.dropped
        )


def _exclusions(policy: Policy) -> Iterator[Mutant]:
    for leaf in policy.exclusions:
        rest = without(policy.exclusions, leaf)
        dropped = replace(policy, exclusions=rest)
        yield _mutant(policy, dropped, "dropped", leaf.id, "the exclusion", "nothing", leaf.place,
                      frozenset({leaf.id}))  # fmt: skip
        turned = replace(policy, exclusions=rest, criteria=_joined(policy.criteria, leaf))
        yield _mutant(policy, turned, "role", leaf.id, "the exclusion", "a criterion", leaf.place)
        other = "" if leaf.presumed_absent else "It would be in the record."
        presumed = with_criterion(policy, leaf, replace(leaf, presumed_absent=other))
        before, after = "presumed absent", "not presumed absent"
        if other:
            before, after = after, before
        yield _mutant(policy, presumed, "presumption", leaf.id, before, after, leaf.place)


def _conditions(policy: Policy) -> Iterator[Mutant]:
    for leaf in policy.conditions:
        rest = without(policy.conditions, leaf)
        dropped = replace(policy, conditions=rest)
        yield _mutant(policy, dropped, "dropped", leaf.id, "the condition", "nothing", leaf.place,
                      frozenset({leaf.id}))  # fmt: skip
        turned = replace(policy, conditions=rest, criteria=_joined(policy.criteria, leaf))
        yield _mutant(policy, turned, "role", leaf.id, "the condition", "a criterion", leaf.place)


def _joined(criteria: Group | None, leaf: Criterion) -> Group:
    """The criteria with one more that must be met as well."""
    plain = replace(leaf, presumed_absent="")
    members = (criteria, plain) if criteria is not None else (plain,)
    return Group(kind="all", members=members)
