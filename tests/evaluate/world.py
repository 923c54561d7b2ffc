"""A small world for the tests of evaluation: policies as trees, and libraries and cases made of them."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from evaluate.trees import ATOMS, CASE_SCHEMA, DICTIONARY, LIMITS, Atom, Tree, atom, node, service

from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.expression.nodes import Compare
from imrpolicy.policy import (
    Criterion,
    DatedBy,
    Effective,
    Group,
    GuidelineReference,
    Limit,
    Loaded,
    Policy,
    PolicyStatus,
    Schemas,
    SearchSequence,
    Source,
    Stance,
    Step,
    Version,
)

SCHEMAS = Path(__file__).parents[2] / "schemas"
DAY = dt.date(2015, 6, 1)
JURISDICTION = "testland"
ANY_DAY = Effective(start=dt.date(2000, 1, 1), by=DatedBy.DECISION)


# --- policies as trees ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leaf:
    """A criterion, exclusion or condition."""

    id: str
    tree: Tree
    limit: bool = False
    presumed: bool = False

    def model(self):
        compared = node(self.tree.text)
        limit = None
        if self.limit:
            assert isinstance(compared, Compare)
            limit = Limit(
                fact=compared.left.fact, most=compared.right.value, inclusive=compared.operator == "<="
            )
        return Criterion(
            id=self.id,
            text=f"Criterion {self.id}.",
            when=self.tree.text,
            node=compared,
            limit=limit,
            presumed_absent="Nobody writes it down." if self.presumed else "",
        )


@dataclass(frozen=True)
class Members:
    """A group."""

    kind: str
    members: tuple
    count: int = 0

    @property
    def leaves(self):
        return [leaf for m in self.members for leaf in (m.leaves if isinstance(m, Members) else [m])]

    @property
    def needed(self):
        return {"all": len(self.members), "any": 1, "at_least": self.count}[self.kind]

    def model(self):
        return Group(kind=self.kind, members=tuple(m.model() for m in self.members), count=self.count)


@dataclass(frozen=True)
class Draft:
    """A policy."""

    id: str
    scope: Tree
    stance: str = "criteria"
    criteria: Members | None = None
    exclusions: tuple = ()
    conditions: tuple = ()
    version: str = "1.0.0"
    status: str = "released"
    effective: Effective = ANY_DAY

    @property
    def source(self):
        return self.id.partition("/")[0]

    @property
    def reference(self):
        return f"{self.id}@{self.version}"

    @property
    def leaves(self):
        return [*(self.criteria.leaves if self.criteria else ()), *self.exclusions, *self.conditions]

    @property
    def atoms(self):
        return self.scope.atoms.union(*(leaf.tree.atoms for leaf in self.leaves))

    @property
    def asks_has(self):
        return self.scope.asks_has or any(leaf.tree.asks_has for leaf in self.leaves)

    def model(self):
        said = hash((self.version, self.scope, self.stance, self.criteria, self.exclusions, self.conditions))
        digest = f"{said % 2**64:064x}"
        return Policy(
            id=self.id,
            version=Version.parse(self.version),
            status=PolicyStatus(self.status),
            title=f"Policy {self.id}",
            source=GuidelineReference(guideline=self.source, section="Chapter 1", edition="2015"),
            effective=self.effective,
            summary="What is supported.",
            applies_when=self.scope.text,
            scope=node(self.scope.text),
            stance=Stance(self.stance),
            criteria=self.criteria.model() if self.criteria else None,
            exclusions=tuple(leaf.model() for leaf in self.exclusions),
            conditions=tuple(leaf.model() for leaf in self.conditions),
            content_hash=f"sha256:{digest}",
        )


def simple(id, *facts, scope=None, **changes):
    """A policy on the unit that asks for all of some facts."""
    leaves = tuple(Leaf(fact.replace(".", "_"), atom(fact), limit=fact in LIMITS) for fact in facts)
    return Draft(id=id, scope=scope or service("unit"), criteria=Members("all", leaves), **changes)


def silent(id, scope=None, **changes):
    return Draft(id=id, scope=scope or service("unit"), stance="silent", **changes)


def not_recommended(id, scope=None, **changes):
    return Draft(id=id, scope=scope or service("unit"), stance="not_recommended", **changes)


# --- libraries and cases -------------------------------------------------------------------------------


class WorldSchemas(Schemas):
    """The project's own schemas, but for the case schema."""

    def schema(self, name):
        return CASE_SCHEMA if name == "case" else super().schema(name)

    @property
    def dictionary(self):
        return DICTIONARY


def sequence(*ranks, id="always", effective=ANY_DAY):
    """A search sequence; each rank names its sources, as in `"mtus"` or `"acoem odg"`."""
    return SearchSequence(
        id=id,
        jurisdiction=JURISDICTION,
        title="Where to look",
        effective=effective,
        citation="Rule 1",
        steps=tuple(Step(sources=tuple(rank.split())) for rank in ranks),
        content_hash="sha256:" + "0" * 64,
    )


def loaded(drafts, *sequences):
    names = {name for one in sequences for step in one.steps for name in step.sources}
    return Loaded(
        root=Path(),
        schemas=WorldSchemas(SCHEMAS),
        policies=tuple(draft.model() for draft in drafts),
        sources={name: Source(id=name, title=name.upper()) for name in sorted(names)},
        sequences=sequences,
    )


def library(drafts, *ranks):
    """A library with one search sequence."""
    return PolicyLibrary(loaded(drafts, sequence(*ranks)))


def case(facts=None, /, **changes):
    """A case with one request, from facts by path."""
    groups = {}
    for path, value in {"request.service": "unit", **(facts or {})}.items():
        if value is not None:
            group, _, name = path.partition(".")
            groups.setdefault(group, {})[name] = value
    asked = groups.pop("request", {})
    dates = {**groups.pop("dates", {}), "decision": DAY.isoformat()}
    return {
        "id": "case",
        "jurisdiction": JURISDICTION,
        "dates": dates,
        "facts": groups,
        "requests": [{"id": "request", "facts": asked}],
        **changes,
    }


def in_conflict(*facts):
    """What a case says of facts on which two records contradict each other."""
    return {
        "records": {"report": {"title": "Report"}, "note": {"title": "Note"}},
        "conflicting": {
            fact: [
                {"value": ATOMS[fact].true, "record": "report"},
                {"value": ATOMS[fact].false, "record": "note"},
            ]
            for fact in facts
        },
    }


def only(determinations):
    [determination] = determinations
    return determination


__all__ = [
    "ANY_DAY",
    "ATOMS",
    "DAY",
    "DICTIONARY",
    "Atom",
    "Draft",
    "Leaf",
    "Members",
    "Tree",
    "atom",
    "case",
    "in_conflict",
    "library",
    "loaded",
    "not_recommended",
    "only",
    "replace",
    "sequence",
    "service",
    "silent",
    "simple",
]
