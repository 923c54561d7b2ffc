"""A case that shows what was found: in clinical words, and as a case file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from imrpolicy.evaluate import Timing
from imrpolicy.evaluate.serialize import plain
from imrpolicy.facts import DATES, REQUEST, Fact, FactDictionary, Kind, label
from imrpolicy.policy import Policy
from imrpolicy.prove.policies import nodes_of
from imrpolicy.prove.proof import Situation
from imrpolicy.prove.shrink import boundaries_of, numbers_beside

_SERVICE = f"{REQUEST}.service"
# The case schema takes no longer titles.
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The values of a fact for which a witness stays one, the other facts being what they are.

    Attributes:
        fact: The fact, a number.
        least: The least such value that was tried.
        most: The greatest.
    """

    fact: Fact
    least: float
    most: float

    def in_words(self) -> str:
        """Such as `8 days to 10 days`."""
        least, most = self.fact.label(self.least), self.fact.label(self.most)
        if self.most == self.fact.type.maximum:
            return f"{least} or more"
        if self.least == self.fact.type.minimum:
            return f"{most} or less"
        return f"{least} to {most}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A smallest case of which something is true, confirmed by an evaluation.

    Attributes:
        facts: The facts that are documented, each with its value as an evaluation reads it.
        timing: Whether the service was performed already.
        strict: Whether it takes an evaluation that presumes nothing.
        spans: The numbers in it that could be others, with their boundaries.
    """

    facts: tuple[tuple[Fact, Any], ...]
    timing: Timing = Timing.PROSPECTIVE
    strict: bool = False
    spans: tuple[Span, ...] = ()

    def value(self, path: str) -> Any:
        """The value of a fact, None where it is not documented."""
        return next((value for fact, value in self.facts if fact.path == path), None)

    def in_words(self) -> str:
        """The case as one line, the service first."""
        spans = {span.fact.path: span for span in self.spans}
        parts = [fact.label(value) for fact, value in self.facts if fact.path == _SERVICE]
        parts += [
            _said(fact, value, spans.get(fact.path)) for fact, value in self.facts if fact.path != _SERVICE
        ]
        if self.timing is Timing.RETROSPECTIVE:
            parts.append("after the service was performed")
        if self.strict:
            parts.append("in a strict evaluation, which presumes nothing")
        return "; ".join(parts)

    def about(self, paths: Iterable[str]) -> Witness:
        """The same witness with some of its facts only, to say what is special about it."""
        wanted = set(paths)
        facts = tuple((fact, value) for fact, value in self.facts if fact.path in wanted)
        return replace(self, facts=facts, timing=Timing.PROSPECTIVE, strict=False)

    def to_dict(self) -> dict[str, Any]:
        """The witness as plain data."""
        return {
            "in_words": self.in_words(),
            "facts": {fact.path: plain(value) for fact, value in self.facts},
            "timing": self.timing.value,
            "strict": self.strict,
            "spans": {s.fact.path: {"least": s.least, "most": s.most} for s in self.spans},
        }

    def to_case(
        self, name: str, title: str, jurisdiction: str, dates: Mapping[str, dt.date] | None = None
    ) -> dict[str, Any]:
        """The witness as a case that `evaluate` takes.

        Args:
            name: The id of the case.
            title: What it shows.
            jurisdiction: Whose rules it is evaluated by.
            dates: Days that select the editions, where no fact gives them.
        """
        title = title if len(title) <= _LONGEST else title[: _LONGEST - 1] + "…"
        groups: dict[str, dict[str, Any]] = {}
        for fact, value in self.facts:
            groups.setdefault(fact.group, {})[fact.name] = plain(value)
        asked = groups.pop(REQUEST, {})
        given = {by: day.isoformat() for by, day in (dates or {}).items()} | groups.pop(DATES, {})
        case: dict[str, Any] = {"id": name, "title": title, "jurisdiction": jurisdiction}
        if self.timing is Timing.RETROSPECTIVE:
            case["timing"] = self.timing.value
        return case | {
            **({"dates": given} if given else {}),
            **({"facts": groups} if groups else {}),
            "requests": [{"id": "request", "title": title, "facts": asked}],
        }


def witness_of(
    situation: Situation,
    dictionary: FactDictionary,
    holds: Callable[[Situation], bool] | None = None,
    policies: tuple[Policy, ...] = (),
) -> Witness:
    """The witness that a situation is.

    Args:
        situation: The situation.
        dictionary: The facts.
        holds: Whether another situation is a witness as well; then numbers get their boundaries.
        policies: The policies that are at stake, whose numbers are tried.
    """
    documented = tuple(
        (fact, situation.row[fact.index])
        for fact in dictionary.facts
        if situation.row[fact.index] is not None
    )
    nodes = [node for policy in policies for node in nodes_of(policy)]
    spans = tuple(_spans(situation, documented, holds, boundaries_of(nodes))) if holds else ()
    return Witness(facts=documented, timing=situation.timing, strict=situation.strict, spans=spans)


def _spans(
    situation: Situation,
    documented: tuple[tuple[Fact, Any], ...],
    holds: Callable[[Situation], bool],
    boundaries: frozenset[Any],
) -> Iterator[Span]:
    for fact, value in documented:
        if not fact.type.is_number:
            continue
        low, high = fact.type.minimum, fact.type.maximum
        tried = sorted({*numbers_beside(fact.type, boundaries), value, low, high})
        place = tried.index(value)

        def stays(number: Any, at: int = fact.index) -> bool:
            row = situation.row
            return holds(replace(situation, row=(*row[:at], number, *row[at + 1 :])))

        least = most = value
        for number in reversed(tried[:place]):
            if not stays(number):
                break
            least = number
        for number in tried[place + 1 :]:
            if not stays(number):
                break
            most = number
        if least != most:
            yield Span(fact=fact, least=least, most=most)


def _said(fact: Fact, value: Any, span: Span | None) -> str:
    title = fact.title if fact.title[:2].isupper() else fact.title[:1].lower() + fact.title[1:]
    if span is not None:
        return f"{title} {span.in_words()}"
    if fact.type.kind is Kind.LIST and fact.type.element is not None and fact.type.element.fields:
        records = [f"({label(fact.type.element, item)})" for item in value]
        return f"{title}: {', '.join(records) or 'none'}"
    return f"{title} {fact.label(value)}" if fact.type.is_number else f"{title}: {fact.label(value)}"
