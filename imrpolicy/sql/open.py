"""The facts that are not documented behind what is left open, as SQL.

The evaluator's `missing.open` names exactly the facts that can still change the outcome, which takes a
decision diagram for each request. What is found here takes none: a fact is behind what is open if everything
from its comparison up to the outcome can still turn out (see `firm`). So it never names fewer. It names more
only where two comparisons hang together, as when one policy asks for the same in its scope and its criteria.
"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.expression import Node, facts_of
from imrpolicy.facts import FactDictionary, Field
from imrpolicy.policy import Criterion, Group
from imrpolicy.population.columns import CONFLICTING
from imrpolicy.sql import build as sql
from imrpolicy.sql.counting import Counting
from imrpolicy.sql.dialect import Dialect, Sql
from imrpolicy.sql.firm import FirmColumns
from imrpolicy.sql.place import Place, lacks
from imrpolicy.sql.policy import RETROSPECTIVE, source_name
from imrpolicy.sql.steps import Added

# A fact by its path, or a field of records in a list, and when it is behind something open.
_Behind = tuple[str, Field | None, Sql]


def open_parts(counting: Counting) -> Iterator[Added]:
    """For each policy whether its scope and its verdict are open and count, and what more has to be asked."""
    for columns in counting.policies:
        scope = sql.is_null(sql.column(columns.firmly_applies))
        looked = [columns.looked_at] if columns.firmly_applies != columns.applies else []
        if _scope_counts(columns, counting):
            yield Added(_scope_open(columns), sql.conjunction([_counts(columns), *looked, scope]))
        if columns.with_criteria:
            parts = [_counts(columns), columns.looked_at, columns.may_turn]
            yield Added(_open(columns), sql.conjunction(parts))
            for number, group in _tested_groups(columns):
                yield Added(_group_open(columns, number), sql.is_null(columns.truth_of(group)))
        yield from _inner_parts(columns, counting)


def anything_open(counting: Counting) -> Sql:
    """Whether a scope or a verdict is open and counts; where none is, no fact is behind anything."""
    scopes = [_scope_open(columns) for columns in counting.policies if _scope_counts(columns, counting)]
    verdicts = [_open(columns) for columns in counting.policies if columns.with_criteria]
    return sql.disjunction(map(sql.column, (*scopes, *verdicts)))


def _inner_parts(columns: FirmColumns, counting: Counting) -> Iterator[Added]:
    """Whether parts of a scope or criterion that is open are open, each asked where it matters alone."""
    for position, node, value in _expressions(columns, counting):
        asked = sql.conjunction([_counts(columns), columns.looked_at, sql.is_null(sql.column(value))])
        for condition, name in _inner(columns, position, node).items():
            # There may be a list to look through, for a few of all requests.
            yield Added(name, sql.case([(asked.copy(), condition.copy())], sql.boolean(False)))


def open_facts(counting: Counting, dictionary: FactDictionary, dialect: Dialect) -> list[Sql]:
    """For each fact its path where it is behind something open, else NULL; arguments as of `facts_behind`."""
    return [
        sql.case([(behind, sql.text(path))]) for path, behind in facts_behind(counting, dictionary, dialect)
    ]


def facts_behind(counting: Counting, dictionary: FactDictionary, dialect: Dialect) -> list[tuple[str, Sql]]:
    """Each fact with whether it is behind something open; in the order of the dictionary.

    Args:
        counting: Where something can still change the outcome.
        dictionary: The facts.
        dialect: The dialect.
    """
    behind: dict[str, list[Sql]] = {}
    fields: dict[str, Field | None] = {}
    for columns in counting.policies:
        own: dict[str, list[Sql]] = {}
        for path, field, when in _of_criteria(columns):
            own.setdefault(path, []).append(when)
            fields[path] = field
        for path, found in own.items():
            whole = sql.conjunction([sql.column(_open(columns)), sql.disjunction(_once(found))])
            behind.setdefault(path, []).append(whole)
        for path, field, when in _of_scope(columns, counting):
            behind.setdefault(path, []).append(when)
            fields[path] = field
    order = {fact.path: fact.index for fact in dictionary.facts}
    return [
        (path, _lacks_and(path, fields[path], behind[path], dialect))
        for path in sorted(behind, key=lambda path: (order[path.partition("[]")[0]], path))
    ]


def _lacks_and(path: str, field: Field | None, behind: list[Sql], dialect: Dialect) -> Sql:
    """That a fact is not documented and behind something; a list is looked at last."""
    parts = [lacks(path, field, dialect), sql.disjunction(_once(behind))]
    return sql.conjunction(parts if field is None else reversed(parts))


def _once(conditions: list[Sql]) -> list[Sql]:
    """Conditions without those that are there already."""
    return list(dict.fromkeys(conditions))


# --- scopes and criteria ----------------------------------------------------------------------------------


def _expressions(columns: FirmColumns, counting: Counting) -> Iterator[tuple[int, Node, str]]:
    """The scope and the criteria with their numbers, and the columns of what stands of them."""
    if _scope_counts(columns, counting):
        yield 0, columns.policy.scope, columns.firmly_applies
    if columns.with_criteria:
        for position, leaf in enumerate(columns.policy.leaves, start=1):
            yield position, leaf.node, columns.leaf(leaf)


def _scope_counts(columns: FirmColumns, counting: Counting) -> bool:
    """Whether a scope can change anything: a silent policy where what is lacking is passed over cannot."""
    return not (columns.is_silent and counting.passes_over)


def _of_scope(columns: FirmColumns, counting: Counting) -> Iterator[_Behind]:
    if _scope_counts(columns, counting):
        for path, field, inner in _read(columns, 0, columns.policy.scope):
            yield path, field, sql.conjunction([sql.column(_scope_open(columns)), *inner])


def _of_criteria(columns: FirmColumns) -> Iterator[_Behind]:
    """What the criteria of a policy read, each with when it matters to a verdict that is open."""
    policy = columns.policy
    if not columns.with_criteria:
        return
    if policy.criteria is not None:
        tested = {id(group): number for number, group in _tested_groups(columns)}
        yield from _of_group(columns, policy.criteria, tested, [])
    for leaf in policy.exclusions:
        yield from _of_leaf(columns, leaf, [])
        if columns.presumes and leaf.presumed_absent:
            yield from _in_conflict(columns, leaf)
    for leaf in policy.conditions:
        yield from _of_leaf(columns, leaf, [sql.column(RETROSPECTIVE)])


def _of_group(
    columns: FirmColumns, group: Group, tested: dict[int, int], above: list[Sql]
) -> Iterator[_Behind]:
    here = above
    if id(group) in tested:
        here = [*above, sql.column(_group_open(columns, tested[id(group)]))]
    for member in group.members:
        if isinstance(member, Group):
            yield from _of_group(columns, member, tested, here)
        else:
            yield from _of_leaf(columns, member, here)


def _of_leaf(columns: FirmColumns, leaf: Criterion, above: list[Sql]) -> Iterator[_Behind]:
    unknown = [*above, _unknown(columns, leaf)]
    for path, field, inner in _read(columns, _position(columns, leaf), leaf.node):
        yield path, field, sql.conjunction([*(part.copy() for part in unknown), *inner])


def _in_conflict(columns: FirmColumns, leaf: Criterion) -> Iterator[_Behind]:
    """An exclusion is not presumed absent while one of its facts is in conflict, whatever it says."""
    if not _inner(columns, _position(columns, leaf), leaf.node):
        return
    for fact in facts_of(leaf.node):
        conflict = columns.dialect.overlaps(sql.column(CONFLICTING), [fact.path])
        yield fact.path, None, sql.conjunction([_unknown(columns, leaf), conflict])


def _tested_groups(columns: FirmColumns) -> Iterator[tuple[int, Group]]:
    """The groups, with a number, of which it does not follow from what is around them that they are open."""
    policy = columns.policy
    if policy.criteria is None:
        return
    alone = not (policy.exclusions or policy.conditions)
    places = _groups(policy.criteria, Place(null=alone, not_false=True, not_true=alone))
    for number, (group, place) in enumerate(places):
        if not place.follows(_joins(group)):
            yield number, group


def _groups(group: Group, place: Place) -> Iterator[tuple[Group, Place]]:
    """A group and those in it, from the top, each with what is known of it if what is around it is open."""
    yield group, place
    for member in group.members:
        if isinstance(member, Group):
            yield from _groups(member, Place.within(_joins(group)))


def _joins(group: Group) -> str:
    """How a group joins its members: as `&&`, as `||`, or by counting."""
    if group.kind == "all" or (group.kind == "at_least" and group.count == len(group.members)):
        return "&&"
    return "||" if group.kind == "any" or group.count == 1 else "count"


# --- inside of an expression ------------------------------------------------------------------------------


def _read(columns: FirmColumns, position: int, node: Node) -> Iterator[tuple[str, Field | None, list[Sql]]]:
    """What an expression that is open reads, and the columns that have to be true besides."""
    names = _inner(columns, position, node)
    for path, field, when in Place.top().read(node, columns.dialect):
        yield path, field, [sql.column(names[part]) for part in when]


def _inner(columns: FirmColumns, position: int, node: Node) -> dict[Sql, str]:
    """What has to be asked inside of an expression that is open, with the names of its columns."""
    found = [part for _, _, when in Place.top().read(node, columns.dialect) for part in when]
    return {part: f"{columns.name}_part{position}_{n}" for n, part in enumerate(_once(found))}


def _position(columns: FirmColumns, leaf: Criterion) -> int:
    """The number of a criterion among those of its policy, from 1; the scope is 0."""
    return columns.policy.leaves.index(leaf) + 1


# --- names ------------------------------------------------------------------------------------------------


def _scope_open(columns: FirmColumns) -> str:
    return f"{columns.name}_scope_open"


def _open(columns: FirmColumns) -> str:
    return f"{columns.name}_open"


def _group_open(columns: FirmColumns, number: int) -> str:
    return f"{columns.name}_group{number}_open"


def _counts(columns: FirmColumns) -> Sql:
    return sql.column(f"{source_name(columns.policy.source.guideline)}_counts")


def _unknown(columns: FirmColumns, leaf: Criterion) -> Sql:
    return sql.is_null(sql.column(columns.leaf(leaf)))
