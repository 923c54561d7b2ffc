"""The sources and the search sequences of a directory of policies, read and held against each other."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imrpolicy.authored import Document
from imrpolicy.issues import Issue, did_you_mean
from imrpolicy.policy.blanks import blanks
from imrpolicy.policy.build import effective
from imrpolicy.policy.files import SEQUENCES, SOURCES_FILE, file_issue, read_valid
from imrpolicy.policy.schemas import Schemas
from imrpolicy.policy.sources import SearchSequence, Source, Step


def read_sources(root: Path, schemas: Schemas, issues: list[Issue]) -> dict[str, Source]:
    """The declared sources by id; empty where they cannot be read."""
    path = root / SOURCES_FILE
    if not path.is_file():
        issues.append(
            file_issue(path, "missing-file", "the sources of the guidelines are not declared",
                       "add `sources.yaml` with a `sources:` mapping")
        )  # fmt: skip
        return {}
    document = read_valid(path, "sources", schemas, issues)
    if document is None:
        return {}
    issues += blanks(document)
    return {name: _source(name, entry) for name, entry in document.data()["sources"].items()}


def _source(name: str, entry: Mapping[str, Any]) -> Source:
    read = {"strength_scale": tuple(entry.get("strength_scale", ()))}
    days = {key: dt.date.fromisoformat(entry[key]) for key in ("retired", "check_by") if key in entry}
    return Source(id=name, **{**entry, **read, **days})


@dataclass(frozen=True, slots=True)
class _Written:
    """A search sequence, and where it is written."""

    sequence: SearchSequence
    document: Document
    position: int

    def issue(self, path: tuple[str | int, ...], rule: str, message: str, help: str) -> Issue:
        node = self.document.node_at(("sequences", self.position, *path))
        return self.document.issue(node, rule, message, help)


def read_sequences(
    root: Path, schemas: Schemas, sources: Mapping[str, Source], issues: list[Issue]
) -> tuple[SearchSequence, ...]:
    """The search sequences of all jurisdictions, in the order of their files."""
    written: list[_Written] = []
    for path in sorted((root / SEQUENCES).glob("*.yaml")):
        document = read_valid(path, "search-sequence", schemas, issues)
        if document is not None:
            data = document.data()
            written += [
                _Written(_sequence(document, data, entry), document, position)
                for position, entry in enumerate(data["sequences"])
            ]
    for position, one in enumerate(written):
        same = [w for w in written[:position] if w.sequence.jurisdiction == one.sequence.jurisdiction]
        issues += _check_steps(one, sources)
        issues += _check_periods(one, same)
    return tuple(one.sequence for one in written)


def _sequence(document: Document, data: Mapping[str, Any], entry: Mapping[str, Any]) -> SearchSequence:
    steps = tuple(
        Step(sources=tuple(step["sources"]), text=step.get("text", ""), citation=step.get("citation", ""))
        for step in entry["steps"]
    )
    return SearchSequence(
        id=entry["id"],
        jurisdiction=data["jurisdiction"],
        title=entry.get("title", data["title"]),
        effective=effective(entry["effective"]),
        citation=entry["citation"],
        steps=steps,
        note=entry.get("note", ""),
        content_hash=_content_hash(data["jurisdiction"], entry),
        file=document.path,
    )


def _content_hash(jurisdiction: str, entry: Mapping[str, Any]) -> str:
    """The hash of what a sequence decides: its ranks, and the date that selects it.

    A file gets a new sequence when the law changes, and the old one a last day. Neither alters what was
    decided by the old one before, so neither may make it look altered.
    """
    ranks = [step["sources"] for step in entry["steps"]]
    content = [jurisdiction, entry["id"], entry["effective"]["by"], ranks]
    return "sha256:" + hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _check_steps(written: _Written, sources: Mapping[str, Source]) -> Iterator[Issue]:
    seen: set[str] = set()
    for rank, step in enumerate(written.sequence.steps):
        for place, source in enumerate(step.sources):
            path = ("steps", rank, "sources", place)
            if sources and source not in sources:
                help = did_you_mean(source, sources) or "declare it in `policies/sources.yaml`"
                yield written.issue(path, "unknown-source", f"there is no source `{source}`", help)
            if source in seen:
                message = f"`{source}` has a rank in this sequence already"
                yield written.issue(path, "duplicate-source", message, "name each source once")
            seen.add(source)


def _check_periods(written: _Written, earlier: list[_Written]) -> Iterator[Issue]:
    """The sequences of a jurisdiction have ids of their own, and periods that do not overlap."""
    sequence = written.sequence
    period = sequence.effective
    if period.end is not None and period.end < period.start:
        message = f"the period ends on {period.end}, before it starts"
        yield written.issue(("effective", "to"), "period", message, "correct `from` or `to`")
    for other in earlier:
        where = "" if other.document is written.document else f" in {other.sequence.file}"
        if other.sequence.id == sequence.id:
            message = f"another sequence{where} has the id `{sequence.id}`"
            help = "give each sequence of a jurisdiction its own"
            yield written.issue(("id",), "duplicate-id", message, help)
        if _overlap(sequence, other.sequence):
            message = f"the period of `{sequence.id}` overlaps that of `{other.sequence.id}`{where}"
            help = "end the earlier one on the day before"
            yield written.issue(("effective",), "period", message, help)


def _overlap(a: SearchSequence, b: SearchSequence) -> bool:
    first, second = sorted((a.effective, b.effective), key=lambda e: e.start)
    return first.end is None or first.end >= second.start
