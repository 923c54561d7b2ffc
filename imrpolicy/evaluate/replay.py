"""Replay: evaluate a stored determination again, and say whether it still holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from imrpolicy.evaluate.bundled import bundled_directory
from imrpolicy.evaluate.case import CaseError
from imrpolicy.evaluate.determination import Determination
from imrpolicy.evaluate.library import PolicyLibrary
from imrpolicy.evaluate.serialize import FORMAT, HASH, hash_of, to_dict
from imrpolicy.policy import Schemas, SearchSequence

# Made once for a library, and forgotten with it.
_validators: WeakKeyDictionary[PolicyLibrary, Any] = WeakKeyDictionary()


class RecordError(ValueError):
    """A stored determination cannot be read; the message says what is missing or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay found.

    Attributes:
        holds: Whether the record is as it was written, and the recorded versions are all here unchanged and
            give the recorded determination.
        differences: What is different, in plain English; empty where it holds.
        determination: The determination of the recorded versions; none where one of them is missing.
        current: The determination that the library gives today, with the versions that are in force now; none
            where these are selected by a date that the record lacks.
    """

    holds: bool
    differences: tuple[str, ...]
    determination: Determination | None
    current: Determination | None


# What a determination decided; its wording may change with the program and is not compared.
_COMPARED = (
    "outcome recommendation reason requires_review governing silent not_encoded missing supported presumed "
    "conditions dates options"
).split()


def replay(library: PolicyLibrary, record: Determination | Mapping[str, Any]) -> Replay:
    """Evaluate a determination again from the versions and the facts that it records.

    Args:
        library: The library to evaluate with.
        record: The determination, or what its `to_dict` gave.

    Raises:
        RecordError: The record is truncated or damaged, is no determination, or its case no longer fits the
            schema.
    """
    data = to_dict(record) if isinstance(record, Determination) else record
    edited = _check_form(library, data)
    options = {**data["options"], "as_of": _day(data["options"]["as_of"])}
    try:
        case = library.read_case(data["case"])
    except CaseError as error:
        raise RecordError(f"the recorded case does not fit the case schema: {error}") from error
    if [request.id for request in case.requests] != [data["request"]]:
        raise RecordError("the determination is damaged: its case is not that of its request")
    current = _evaluate(library, data, options)
    differences = [*edited, *_changed_versions(library, data)]
    again = None
    if len(differences) == len(edited):
        again = _evaluate(recorded_library(library, data), data, options)
        differences += _differences(data, again)
    return Replay(holds=not differences, differences=tuple(differences), determination=again, current=current)


def _check_form(library: PolicyLibrary, data: Any) -> tuple[str, ...]:
    """Refuse what is no determination, and say whether the record was edited since it was written."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise RecordError(f"this is no determination of the format `{FORMAT}`")
    try:
        written = hash_of(data)
        error = next(_validator(library).iter_errors(data), None)
    except (TypeError, ValueError, RecursionError) as problem:
        raise RecordError("the determination is damaged: it holds what JSON does not have") from problem
    if error is not None:
        raise RecordError(f"the determination is truncated or damaged: {_said(error)}")
    return () if data[HASH] == written else ("the record is not as it was written: its hash does not fit",)


def _said(error: Any) -> str:
    """What a validator found, for people."""
    place = ".".join(str(part) for part in error.absolute_path)
    at = f" at `{place}`" if place else ""
    if error.validator == "required":
        lacking = (key for key in error.validator_value if key not in error.instance)
        return "it lacks " + ", ".join(f"`{key}`" for key in lacking) + at
    return f"it does not fit its schema{at}"


def _validator(library: PolicyLibrary) -> Any:
    """The validator of records: their form is that of this program, their cases are those of the library."""
    if library not in _validators:
        known = {"case": library.dictionary.schema}
        _validators[library] = Schemas(bundled_directory("schemas"), known).validator("determination")
    return _validators[library]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text is not None else None


def _evaluate(
    library: PolicyLibrary, data: Mapping[str, Any], options: Mapping[str, Any]
) -> Determination | None:
    """The determination of a recorded case, or none where the library needs a date that it lacks."""
    try:
        [determination] = library.evaluate(data["case"], **options)
    except CaseError:
        return None
    return determination


def _recorded(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for source in data["sources"]:
        yield from source["policies"]


def _reference(recorded: Mapping[str, Any]) -> str:
    return f"{recorded['policy']}@{recorded['version']}"


def _changed_versions(library: PolicyLibrary, data: Mapping[str, Any]) -> Iterator[str]:
    known = {policy.reference: policy.content_hash for policy in library.policies}
    for recorded in _recorded(data):
        reference = _reference(recorded)
        if reference not in known:
            yield f"{reference} is no longer in the library"
        elif known[reference] != recorded["content_hash"]:
            yield f"{reference} was altered: its hash is not the recorded one"
    recorded = data["sequence"]
    if recorded is not None:
        sequence = _sequence(library, data)
        if sequence is None:
            yield f"the search sequence {recorded['id']} is no longer in the library"
        elif sequence.content_hash != recorded["content_hash"]:
            yield f"the search sequence {recorded['id']} was altered: its hash is not the recorded one"
    gone = [source["source"] for source in data["sources"] if source["source"] not in library.sources]
    yield from (f"the source {source} is no longer in the library" for source in gone)


def _sequence(library: PolicyLibrary, data: Mapping[str, Any]) -> SearchSequence | None:
    """The recorded search sequence; ids are unique within a jurisdiction."""
    if data["sequence"] is None:
        return None
    wanted = (data["case"]["jurisdiction"], data["sequence"]["id"])
    return next((s for s in library.sequences if (s.jurisdiction, s.id) == wanted), None)


def recorded_library(library: PolicyLibrary, data: Mapping[str, Any]) -> PolicyLibrary:
    """The library as far as a determination saw it: the recorded versions and the recorded sequence."""
    wanted = {_reference(recorded) for recorded in _recorded(data)}
    sequence = _sequence(library, data)
    loaded = replace(
        library.loaded,
        policies=tuple(policy for policy in library.policies if policy.reference in wanted),
        sequences=(sequence,) if sequence is not None else (),
    )
    return PolicyLibrary(loaded)


def _differences(before: Mapping[str, Any], determination: Determination | None) -> Iterator[str]:
    if determination is None:
        yield "a date by which an edition is selected is no longer in the record"
        return
    after = to_dict(determination)
    for key in _COMPARED:
        if not _same(before[key], after[key]):
            yield f"{key.replace('_', ' ')}: was {_shown(before[key])}, is {_shown(after[key])}"
    old, new = dict(_statuses(before)), dict(_statuses(after))
    for leaf in sorted(old.keys() | new.keys()):
        if old.get(leaf) != new.get(leaf):
            yield f"{leaf}: was {_shown(old.get(leaf))}, is {_shown(new.get(leaf))}"


def _same(before: Any, after: Any) -> bool:
    return hash_of({"": before}) == hash_of({"": after})


def _statuses(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What each source, policy and criterion was found to be."""
    for source in data["sources"]:
        yield f"the source {source['source']}", f"{source['state']}, rank {source['rank']:g}"
        for policy in source["policies"]:
            reference = _reference(policy)
            yield f"{reference} applies", policy["applies"]
            yield f"{reference} says", policy["recommendation"] or "nothing"
            for leaf in policy["criteria"]:
                presumed = ", presumed absent" if leaf["presumed"] else ""
                yield f"{reference} {leaf['id']}", leaf["status"] + presumed


def _shown(value: Any) -> str:
    if value is None or value in ([], {}):
        return "nothing"
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value).replace("_", " ")
