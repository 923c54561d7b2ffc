"""Which guideline governs when: the evaluator's own answer for every service, jurisdiction and period."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from markupsafe import Markup

from imrpolicy.evaluate import Determination, SourceState
from imrpolicy.evaluate.compiled import SERVICE
from imrpolicy.policy import PolicyStatus, SearchSequence
from imrpolicy.site.model import Content, Page, island
from imrpolicy.site.rendering import render
from imrpolicy.site.text import markdown
from imrpolicy.site.words import services

_DAY = dt.timedelta(days=1)
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period in which a service is governed alike.

    Attributes:
        start: Its first day.
        end: Its last day; none where it goes on.
        kind: `governs`, `may` (scope or equal rank leave it open), `silent`, or `open` (a source that may
            govern is not encoded).
        sources: The titles of the sources that govern, may govern, or are not encoded.
        policies: The policies that govern or may: id and title.
        silent: The titles of the sources above that are silent.
        left: Where it starts on the axis, in percent.
        width: How long it is on the axis, in percent.
    """

    start: dt.date
    end: dt.date | None
    kind: str
    sources: tuple[str, ...]
    policies: tuple[tuple[str, str], ...]
    silent: tuple[str, ...]
    left: float = 0.0
    width: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The periods of one service in one jurisdiction."""

    id: str
    title: str
    target: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The days that the bars of one drawing cover."""

    start: dt.date
    end: dt.date

    def place(self, span: Span) -> Span:
        """A period with its place on the axis."""
        whole = (self.end - self.start).days or 1
        last = self.end if span.end is None else min(span.end + _DAY, self.end)
        left = 100 * (span.start - self.start).days / whole
        return replace(span, left=round(left, 2), width=round(100 * (last - span.start).days / whole, 2))

    def ticks(self) -> list[tuple[int, float]]:
        """Years and their places, few enough to be read."""
        years = list(range(self.start.year + 1, self.end.year + 1))
        step = -(-len(years) // _MOST_TICKS) or 1
        whole = (self.end - self.start).days or 1
        return [(y, round(100 * (dt.date(y, 1, 1) - self.start).days / whole, 2)) for y in years[::step]]


def timeline_page(content: Content) -> Page:
    """The page on who governs when, by jurisdiction."""
    path = "timeline.md"
    islands = {"legend": render("timeline_legend", path)}
    lines = [_LEAD, island("legend")]
    for name, title in _jurisdictions(content).items():
        sequences = _sequences(content, name)
        axis = _axis(content, sequences)
        rows = [
            Row(id=f"{name}-{choice.value}", title=choice.label, target=f"services/{choice.value}.md",
                spans=tuple(map(axis.place, spans)))
            for choice in content.library.dictionary.by_path[SERVICE].type.choices
            if (spans := _spans(content, name, choice.value))
        ]  # fmt: skip
        lines += [f"## {markdown(title)} {{#{name.replace('_', '-')}}}", island(name)]
        islands[name] = _sequences_html(content, path, sequences) + render(
            "timeline", path, rows=rows, axis=axis
        )
    return Page(
        path=path,
        title="Who governs when",
        markdown="\n\n".join(lines) + "\n",
        islands=islands,
        quiet=frozenset(islands),
        description="Which guideline governs which service in which jurisdiction, and since when.",
    )


_LEAD = """# Who governs when

Each jurisdiction ranks the sources of guidelines, and ranks them anew when its rules change. For each service
a bar shows which source governs on which day, by released policies only. Where a source is not encoded here,
nothing below it may take its place."""


def service_timeline(content: Content, path: str, service: str) -> Markup:
    """The periods of one service in every jurisdiction."""
    found = [
        (name, title, spans)
        for name, title in _jurisdictions(content).items()
        if (spans := _spans(content, name, service))
    ]
    if not found:
        return Markup("<p>No search sequence leads to a policy on this.</p>")
    every = tuple(s for name, _, _ in found for s in _sequences(content, name))
    axis = _axis(content, every)
    rows = [
        Row(id=name, title=title, target=f"timeline.md#{name.replace('_', '-')}",
            spans=tuple(map(axis.place, spans)))
        for name, title, spans in found
    ]  # fmt: skip
    return render("timeline_legend", path) + render("timeline", path, rows=rows, axis=axis)


def _sequences_html(content: Content, path: str, sequences: tuple[SearchSequence, ...]) -> Markup:
    return render("sequences", path, sequences=sequences, sources=content.library.sources)


def _jurisdictions(content: Content) -> dict[str, str]:
    """The jurisdictions with a search sequence, with their titles."""
    schema = content.library.dictionary.schema
    properties = schema.get("properties")
    options = properties.get("jurisdiction", {}).get("oneOf", ()) if isinstance(properties, dict) else ()
    titles = {option.get("const"): option.get("title") for option in options}
    known = dict.fromkeys(sequence.jurisdiction for sequence in content.library.sequences)
    return {name: titles.get(name) or name.replace("_", " ") for name in known}


def _sequences(content: Content, jurisdiction: str) -> tuple[SearchSequence, ...]:
    found = [s for s in content.library.sequences if s.jurisdiction == jurisdiction]
    return tuple(sorted(found, key=lambda s: s.effective.start))


def _axis(content: Content, sequences: tuple[SearchSequence, ...]) -> Axis:
    start = min(s.effective.start for s in sequences)
    return Axis(start=dt.date(start.year, 1, 1), end=max(content.today, start) + 180 * _DAY)


def _spans(content: Content, jurisdiction: str, service: str) -> tuple[Span, ...]:
    """The periods of a service in a jurisdiction; none where no source there has a policy on it."""
    sequences = _sequences(content, jurisdiction)
    ranked = {source for sequence in sequences for step in sequence.steps for source in step.sources}
    policies = [
        policy
        for policy in content.library.policies
        if policy.status is PolicyStatus.RELEASED
        and policy.source.guideline in ranked
        and service in services(policy)
    ]
    if not policies:
        return ()
    periods = [s.effective for s in sequences] + [p.effective for p in policies]
    first = sequences[0].effective.start
    cuts = {p.start for p in periods} | {p.end + _DAY for p in periods if p.end is not None}
    days = sorted(day for day in cuts | {first} if first <= day <= max(content.today, first))
    spans: list[Span] = []
    for day, after in zip(days, [*days[1:], None], strict=True):
        span = _span(content, jurisdiction, service, day, after - _DAY if after else None)
        if spans and _alike(spans[-1], span):
            spans[-1] = replace(spans[-1], end=span.end)
        else:
            spans.append(span)
    return tuple(spans)


def _alike(one: Span, other: Span) -> bool:
    return replace(one, start=other.start, end=other.end) == other


def _span(content: Content, jurisdiction: str, service: str, day: dt.date, end: dt.date | None) -> Span:
    case = {
        "id": "timeline",
        "jurisdiction": jurisdiction,
        "requests": [{"id": "request", "facts": {"service": service}}],
    }
    [found] = content.library.evaluate(case, as_of=day)
    kind, states = _kind(found)
    return Span(
        start=day,
        end=end,
        kind=kind,
        sources=tuple(s.source.title for s in found.sources if s.state in states),
        policies=tuple(
            (trace.policy.id, trace.policy.title)
            for s in found.sources
            if s.state in states
            for trace in s.policies
        ),
        silent=tuple(s.source.title for s in found.sources if s.state is SourceState.SILENT),
    )


def _kind(found: Determination) -> tuple[str, tuple[SourceState, ...]]:
    states = {source.state for source in found.sources}
    if found.sequence is None:
        return "none", ()
    if SourceState.NOT_ENCODED in states:
        return "open", (SourceState.NOT_ENCODED, SourceState.GOVERNS, SourceState.MAY_GOVERN)
    if SourceState.GOVERNS in states:
        return "governs", (SourceState.GOVERNS, SourceState.MAY_GOVERN)
    if SourceState.MAY_GOVERN in states:
        return "may", (SourceState.MAY_GOVERN,)
    return "silent", (SourceState.SILENT,)
