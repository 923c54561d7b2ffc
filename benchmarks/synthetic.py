"""A directory of many distinct, realistic policies, made anew and always the same.

The policies are built from the facts of the case schema in the way editors write them: some nine
criteria, exclusions and conditions each, with texts, evidence, notes and provenance. Nothing in them is
medicine.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from imrpolicy.expression import check
from imrpolicy.facts import REQUEST, Fact, FactDictionary, Kind
from imrpolicy.policy import (
    Effective,
    Group,
    GuidelineReference,
    Policy,
    PolicyStatus,
    Stance,
    Version,
)

_SOURCES = ("north", "south", "east", "west")
SOURCES = "sources:\n" + "".join(
    f"  {name}:\n    title: Guidelines {name.title()}\n    publisher: Nobody\n    kind: guideline\n"
    for name in _SOURCES
)
SEQUENCE = (
    "jurisdiction: ca_workers_compensation\ntitle: A sequence of four sources\nsequences:\n"
    "  - id: benchmark\n    effective: {from: 2009-01-01, by: decision}\n    citation: none\n    steps:\n"
    + "".join(f"      - sources: [{name}]\n        text: The source {name}.\n" for name in _SOURCES)
)
_NOUNS = "tenderness imaging loading response duration history medicine therapy surgery level consent".split()
_ADJECTIVES = (
    "documented current earlier planned expected recent repeated separate sufficient diagnostic".split()
)


def write_directory(root: Path, dictionary: FactDictionary, count: int) -> None:
    """Write sources, a search sequence and `count` policies below a directory."""
    writer = _Writer(dictionary)
    (root / "search-sequences").mkdir(parents=True)
    (root / "sources.yaml").write_text(SOURCES, encoding="utf-8", newline="\n")
    (root / "search-sequences" / "ca.yaml").write_text(SEQUENCE, encoding="utf-8", newline="\n")
    for number in range(count):
        source = _SOURCES[number % len(_SOURCES)]
        folder = root / source / f"topic-{number:04}"
        folder.mkdir(parents=True)
        text = writer.policy(f"{source}/topic-{number:04}", source)
        (folder / "policy.yaml").write_text(text, encoding="utf-8", newline="\n")


def one_policy(dictionary: FactDictionary, service: str, criteria: Group, version: str = "1.0.0") -> Policy:
    """One policy on a service, in memory, with criteria of whoever measures it."""
    scope = f'request.service == "{service}"'
    return Policy(
        id="benchmark/policy",
        version=Version.parse(version),
        status=PolicyStatus.RELEASED,
        title="A policy",
        source=GuidelineReference(guideline="benchmark", section="none", edition="none"),
        effective=Effective(start=dt.date(2009, 1, 1)),
        summary="",
        applies_when=scope,
        scope=check(scope, dictionary),
        stance=Stance.CRITERIA,
        criteria=criteria,
        content_hash=version,
    )


class _Writer:
    """Writes policies of which no two expressions are the same."""

    def __init__(self, dictionary: FactDictionary) -> None:
        self._random = random.Random(2013)
        self._used: set[str] = set()
        self._groups = dictionary.groups
        facts = [fact for fact in dictionary.facts if fact.path != f"{REQUEST}.service"]
        self._by_kind = {kind: [fact for fact in facts if fact.type.kind is kind] for kind in Kind}
        self._services = [choice.value for choice in dictionary.by_path[f"{REQUEST}.service"].type.choices]

    def policy(self, name: str, source: str) -> str:
        """The text of one policy file."""
        leaves = self._leaves()
        service = self._random.choice(self._services)
        scope = self._unique(lambda: f'request.service == "{service}" && {self._simple()}')
        parts = [
            f"id: {name}\nversion: 1.0.0\nstatus: released\ntitle: The {self._words(4)}",
            f"source:\n  guideline: {source}\n  section: Chapter {self._words(3)}\n  edition: '2013'",
            "effective: {from: 2009-01-01, by: decision}",
            f"summary: >-\n  Supported where the {self._words(17)} are\n  {self._words(11)}.",
            f"applies_when: >-\n  {scope}\nstance: criteria\ncriteria:\n  all:",
            *(next(leaves) for _ in range(3)),
            f"    - id: group\n      text: One of the {self._words(3)}.\n      any:",
            *(_indented(next(leaves)) for _ in range(2)),
            "exclusions:",
            *(_outdented(next(leaves)) for _ in range(2)),
            "conditions:",
            *(_outdented(next(leaves)) for _ in range(1)),
            f"provenance:\n  basis: secondary\n  confidence: medium\n  note: Read in the {self._words(12)}.",
            "codes:\n  cpt: ['64493', '64494']\n  icd10cm: [M47.816]",
            f"notes:\n  - >-\n    The {self._words(14)}\n    and the {self._words(12)}.",
            "changes: First version.",
        ]
        return "\n".join(parts) + "\n"

    def _leaves(self) -> Iterator[str]:
        for number in range(100):
            yield (
                f"    - id: leaf_{number}\n      text: The {self._words(7)}.\n"
                f"      when: >-\n        {self._unique(self._expression)}\n"
                f"      evidence: The {self._words(6)}.\n      note: The {self._words(10)}."
            )

    def _words(self, count: int) -> str:
        kinds = [_ADJECTIVES, _NOUNS] * count
        return " ".join(self._random.choice(kind) for kind in kinds[-count:])

    def _unique(self, make: Callable[[], str]) -> str:
        while (text := make()) in self._used:
            pass
        self._used.add(text)
        return text

    def _expression(self) -> str:
        """One of the forms that criteria have."""
        simple = self._simple
        match self._random.randrange(8):
            case 0 | 1:
                return self._comparison()
            case 2:
                return f"{simple()} && {simple()}"
            case 3:
                return f"{simple()} || {simple()} || {simple()}"
            case 4:
                return f"({simple()} || {simple()})\n        && !({simple()} && {simple()})"
            case 5:
                fact = self._fact(Kind.BOOL)
                return f"!(has({fact.path}) && {fact.path}) || {simple()}"
            case 6:
                return self._exists()
            case _:
                return f"{simple()} && {self._comparison()}"

    def _simple(self) -> str:
        match self._random.randrange(6):
            case 0 | 1:
                return self._fact(Kind.BOOL).path
            case 2:
                return f"!{self._fact(Kind.BOOL).path}"
            case 3:
                return self._membership()
            case 4:
                fact = self._enumeration()
                return f'{fact.path} == "{self._random.choice(fact.type.choices).value}"'
            case _:
                return self._comparison()

    def _comparison(self) -> str:
        fact = self._fact(self._random.choice([Kind.INT, Kind.DOUBLE]))
        low, high = int(fact.type.minimum or 0), int(fact.type.maximum or 0)
        number = self._random.randint(low + 1, max(low + 1, high - 1))
        shown = (
            str(number)
            if fact.type.kind is Kind.INT
            else f"{number}.5"
            if number < high - 1
            else f"{number}.0"
        )
        return f"{fact.path} {self._random.choice(['<=', '<', '>=', '>'])} {shown}"

    def _membership(self) -> str:
        fact = self._enumeration()
        values = [choice.value for choice in fact.type.choices]
        some = self._random.sample(values, self._random.randint(2, min(4, len(values))))
        return f"{fact.path} in {json.dumps(some)}"

    def _exists(self) -> str:
        fields = {f.name: f.type for f in self._groups["history"]["prior_blocks"].type.element.fields}  # type: ignore[union-attr]
        kind = self._random.choice(fields["kind"].choices).value
        level = self._random.choice(fields["level"].choices).value
        percent = self._random.randint(1, 99)
        return (
            f'history.prior_blocks.exists(block, block.kind == "{kind}" && block.level == "{level}"\n'
            f"        && block.relief_percent < {percent})"
        )

    def _enumeration(self) -> Fact:
        return self._random.choice([fact for fact in self._by_kind[Kind.STRING] if fact.type.choices])

    def _fact(self, kind: Kind) -> Fact:
        return self._random.choice(self._by_kind[kind])


def _indented(leaf: str) -> str:
    return "\n".join(f"    {line}" for line in leaf.split("\n"))


def _outdented(leaf: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in leaf.split("\n"))
