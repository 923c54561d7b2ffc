"""Replay: evaluate a stored determination again, and say whether it still holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from imrpolicy.evaluate.determination import Determination
from imrpolicy.evaluate.library import PolicyLibrary
from imrpolicy.evaluate.serialize import FORMAT, to_dict


class RecordError(ValueError):
    """A stored determination cannot be read; the message says what is missing or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay found.

    Attributes:
        holds: Whether the recorded versions are all here unchanged and give the recorded determination.
        differences: What is different, in plain English; empty where it holds.
        determination: The determination of the recorded versions; none where one of them is missing.
        current: The determination that the library gives today, with the versions that are in force now.
    """

    holds: bool
    differences: tuple[str, ...]
    determination: Determination | None
    current: Determination


# What a determination decided; its wording may change with the program and is not compared.
_COMPARED = (
    "outcome recommendation reason requires_review governing silent not_encoded missing supported presumed conditions"
).split()


def replay(library: PolicyLibrary, record: Determination | Mapping[str, Any]) -> Replay:
    """Evaluate a determination again from the versions and the facts that it records.

    Args:
        library: The library to evaluate with.
        record: The determination, or what its `to_dict` gave.

    Raises:
        RecordError: The record is truncated or no determination.
        CaseError: The recorded case no longer fits the case schema.
    """
    data = to_dict(record) if isinstance(record, Determination) else record
    case, options = _read(data)
    [current] = library.evaluate(case, **options)
    gone = tuple(_changed_versions(library, data))
    if gone:
        return Replay(holds=False, differences=gone, determination=None, current=current)
    [again] = recorded_library(library, data).evaluate(case, **options)
    differences = tuple(_differences(data, to_dict(again)))
    return Replay(holds=not differences, differences=differences, determination=again, current=current)


def _read(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, Any]]:
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise RecordError(f"this is no determination of the format `{FORMAT}`")
    lacking = [key for key in ("case", "request", "options", "sources", "dates", *_COMPARED) if key not in data]
    if lacking:
        raise RecordError("the determination is truncated: it lacks " + ", ".join(f"`{key}`" for key in lacking))
    try:
        options = dict(data["options"])
        day = options.pop("as_of")
        options = {name: bool(options[name]) for name in ("strict", "include_drafts", "allow_not_encoded")}
        options["as_of"] = dt.date.fromisoformat(day) if day else None
        for source in data["sources"]:
            for policy in source["policies"]:
                _ = policy["policy"], policy["version"], policy["content_hash"], policy["criteria"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError(f"the determination is damaged: {error}") from error
    return data["case"], options


def _recorded(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for source in data["sources"]:
        yield from source["policies"]


def _changed_versions(library: PolicyLibrary, data: Mapping[str, Any]) -> Iterator[str]:
    known = {policy.reference: policy.content_hash for policy in library.policies}
    for recorded in _recorded(data):
        reference = f"{recorded['policy']}@{recorded['version']}"
        if reference not in known:
            yield f"{reference} is no longer in the library"
        elif known[reference] != recorded["content_hash"]:
            yield f"{reference} was altered: its content hash is not the recorded one"
    sequence = data.get("sequence")
    if sequence is not None:
        found = {s.id: s.content_hash for s in library.sequences}
        if sequence["id"] not in found:
            yield f"the search sequence {sequence['id']} is no longer in the library"
        elif found[sequence["id"]] != sequence["content_hash"]:
            yield f"the search sequence {sequence['id']} was altered"


def recorded_library(library: PolicyLibrary, data: Mapping[str, Any]) -> PolicyLibrary:
    """The library as far as a determination saw it: only the recorded versions of the policies."""
    wanted = {f"{recorded['policy']}@{recorded['version']}" for recorded in _recorded(data)}
    loaded = library.loaded
    policies = tuple(policy for policy in loaded.policies if policy.reference in wanted)
    return PolicyLibrary(replace(loaded, policies=policies))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in _COMPARED:
        if before[key] != after[key]:
            yield f"{key.replace('_', ' ')}: was {_shown(before[key])}, is {_shown(after[key])}"
    old, new = ({leaf: status for leaf, status in _statuses(data)} for data in (before, after))
    for leaf in sorted(old.keys() | new.keys()):
        if old.get(leaf) != new.get(leaf):
            yield f"{leaf}: was {_shown(old.get(leaf))}, is {_shown(new.get(leaf))}"


def _statuses(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for policy in _recorded(data):
        for leaf in policy["criteria"]:
            yield f"{policy['policy']}@{policy['version']} {leaf['id']}", leaf["status"]


def _shown(value: Any) -> str:
    if value is None or value in ([], {}):
        return "nothing"
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value).replace("_", " ")
