"""What "Try a case" brings to the browser: facts, policies, sources and sequences as plain data.

The expressions go as the text that is shown, which the browser runs, and as a tree of their comparisons, from
which it says what is missing. Nothing here knows of pages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.evaluate.compiled import services_of
from imrpolicy.expression import Node, facts_of, unparse, walk
from imrpolicy.expression.nodes import Conditional, Documented, FactValue, FieldValue, Junction, Not
from imrpolicy.facts import DATES, Fact, Kind, ValueType
from imrpolicy.policy import Criterion, Effective, Group, Policy, SearchSequence

FORMAT = "imrpolicy/trial/v1"
_REQUEST_FACTS = ("request.service",)

Address = Callable[[Policy], str]


def policy_data(library: PolicyLibrary, policy: Policy) -> dict[str, Any]:
    """What the form on the page of one policy needs.

    Args:
        library: The library, for its facts and sources.
        policy: The version that the page shows.
    """
    data = _data(library, (policy,), ())
    return {**data, "only": policy.reference}


def library_data(library: PolicyLibrary, address: Address | None = None) -> dict[str, Any]:
    """What the form for the whole library needs.

    Args:
        library: The library, with every version of every policy.
        address: The address of the page of a policy, from the page of the form.
    """
    in_order = sorted(library.policies, key=lambda policy: (policy.id, policy.version))
    data = _data(library, in_order, library.sequences)
    if address is not None:
        for entry, policy in zip(data["policies"], in_order, strict=True):
            entry["page"] = address(policy)
    return data


def _data(
    library: PolicyLibrary, policies: Collection[Policy], sequences: Collection[SearchSequence]
) -> dict[str, Any]:
    dictionary = library.dictionary
    read = {fact.path for policy in policies for fact in _read(policy)}
    # The dates select the editions, where the whole library is looked at.
    facts = [
        fact
        for fact in dictionary.facts
        if fact.path in read or fact.path in _REQUEST_FACTS or (sequences and fact.group == DATES)
    ]
    named = {policy.source.guideline for policy in policies}
    named |= {source for sequence in sequences for step in sequence.steps for source in step.sources}
    return {
        "format": FORMAT,
        "facts": [_fact(fact) for fact in facts],
        "choices": {name: _options(dictionary.schema, name) for name in ("jurisdiction", "review", "timing")},
        "sources": {name: source.title for name, source in library.sources.items() if name in named},
        "sequences": [_sequence(sequence) for sequence in sequences],
        "policies": [_policy(policy) for policy in policies],
    }


def _read(policy: Policy) -> Iterable[Fact]:
    for node in (policy.scope, *(leaf.node for leaf in policy.leaves)):
        yield from facts_of(node)


def _options(schema: Mapping[str, Any], name: str) -> list[list[str]]:
    """The values of a key of a case with their labels; none where the schema takes any."""
    found = schema.get("properties", {}).get(name, {}).get("oneOf", ())
    return [[option["const"], option.get("title", option["const"])] for option in found]


def _fact(fact: Fact) -> dict[str, Any]:
    return _given(
        path=fact.path,
        group=fact.group,
        name=fact.name,
        title=fact.title,
        question=fact.field.question,
        description=fact.field.description,
        type=_type(fact.type),
    )


def _type(type_: ValueType) -> dict[str, Any]:
    return _given(
        kind=type_.kind.value,
        unit=type_.unit,
        minimum=type_.minimum,
        maximum=type_.maximum,
        choices=[[choice.value, choice.label] for choice in type_.choices],
        element=_type(type_.element) if type_.element is not None else None,
        fields=[
            _given(
                name=item.name,
                title=item.title,
                question=item.question,
                description=item.description,
                type=_type(item.type),
            )
            for item in type_.fields
        ],
        longest=type_.longest,
        shortest=type_.shortest or None,
        unique=type_.unique or None,
    )


def _sequence(sequence: SearchSequence) -> dict[str, Any]:
    return {
        "id": sequence.id,
        "jurisdiction": sequence.jurisdiction,
        "title": sequence.title,
        "effective": _effective(sequence.effective),
        "steps": [list(step.sources) for step in sequence.steps],
    }


def _effective(effective: Effective) -> dict[str, Any]:
    end = effective.end.isoformat() if effective.end is not None else None
    return _given(**{"from": effective.start.isoformat(), "to": end, "by": effective.by.value})


def _policy(policy: Policy) -> dict[str, Any]:
    services = services_of(policy.scope)
    return {
        "id": policy.id,
        "version": str(policy.version),
        "status": policy.status.value,
        "title": policy.title,
        "source": policy.source.guideline,
        "section": policy.source.section,
        "edition": policy.source.edition,
        "effective": _effective(policy.effective),
        "summary": policy.summary,
        "stance": policy.stance.value,
        "services": sorted(services) if services is not None else None,
        "scope": _expression(policy.applies_when, policy.scope),
        "criteria": _group(policy.criteria) if policy.criteria is not None else None,
        "exclusions": [_leaf(leaf) for leaf in policy.exclusions],
        "conditions": [_leaf(leaf) for leaf in policy.conditions],
    }


def _group(group: Group) -> dict[str, Any]:
    members = [_group(m) if isinstance(m, Group) else _leaf(m) for m in group.members]
    return _given(kind=group.kind, count=group.count, id=group.id, members=members)


def _leaf(leaf: Criterion) -> dict[str, Any]:
    limit = leaf.limit
    cap = limit and {"fact": limit.fact.path, "supported": limit.supported, "reached": limit.is_reached}
    return {
        "id": leaf.id,
        "text": leaf.text,
        **_expression(leaf.when, leaf.node),
        "presumed": bool(leaf.presumed_absent),
        "limit": cap,
    }


def _expression(text: str, node: Node) -> dict[str, Any]:
    return {"when": text, **_reads(node), "tree": _tree(node)}


def _tree(node: Node) -> dict[str, Any]:
    """The part of an expression that Kleene's logic combines, down to its comparisons as CEL texts."""
    match node:
        case Junction():
            return {"op": node.operator, "parts": [_tree(operand) for operand in node.operands]}
        case Not():
            return {"op": "!", "parts": [_tree(node.operand)]}
        case Conditional() if node.type.kind is Kind.BOOL:
            return {"op": "?", "parts": [_tree(n) for n in (node.condition, node.then, node.otherwise)]}
        case Documented(of=FactValue() as fact):
            return {"op": "has", "facts": [fact.fact.path]}
        case _:
            return {"cel": unparse(node), **_reads(node)}


def _reads(node: Node) -> dict[str, Any]:
    """The facts that an expression reads, and the fields of the records in them."""
    fields = {
        (item.path.partition("[]")[0], item.field.name) for item in walk(node) if isinstance(item, FieldValue)
    }
    return _given(
        facts=[fact.path for fact in facts_of(node)], fields=[list(pair) for pair in sorted(fields)]
    )


def _given(**entries: Any) -> dict[str, Any]:
    """What says something. An empty list of facts does, and so does a least value of 0."""
    return {
        key: value
        for key, value in entries.items()
        if value or key == "facts" or (key == "minimum" and value is not None)
    }
