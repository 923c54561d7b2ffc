"""Determinations as plain data that fits the determination schema, and cases as they were given."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from imrpolicy.evaluate.case import Case, Record, Request
from imrpolicy.evaluate.compiled import CriterionTrace, PolicyTrace
from imrpolicy.evaluate.resolve import SourceTrace
from imrpolicy.evaluate.supported import SupportedQuantity
from imrpolicy.facts import DATES, REQUEST, FactDictionary

if TYPE_CHECKING:
    from imrpolicy.evaluate.determination import Determination, FactUse

FORMAT = "imrpolicy/determination/v1"
HASH = "hash"


def to_dict(determination: Determination) -> dict[str, Any]:
    """A determination as plain data: what was decided and why, and all that a replay needs."""
    missing = determination.missing
    data: dict[str, Any] = {
        "format": FORMAT,
        "case": case_to_dict(determination.case, determination.request, determination.dictionary),
        "request": determination.request.id,
        "outcome": determination.outcome.value,
        "recommendation": determination.recommendation.value,
        "reason": determination.reason.value,
        "requires_review": determination.requires_review,
        "rationale": determination.rationale,
        "governing": [trace.policy.reference for trace in determination.governing],
        "silent": [source.source.id for source in determination.silent],
        "not_encoded": [source.source.id for source in determination.not_encoded],
        "missing": {
            "open": list(missing.open),
            "to_recommend": list(missing.to_recommend),
            "exact": missing.exact,
        },
        "supported": [_supported(quantity) for quantity in determination.supported],
        "presumed": [leaf.criterion.id for leaf in determination.presumed],
        "conditions": [leaf.criterion.id for leaf in determination.conditions],
        "sequence": _sequence(determination),
        "dates": {by: day.isoformat() if day else None for by, day in determination.dates.items()},
        "options": _options(determination),
        "sources": [_source(determination, source) for source in determination.sources],
    }
    return {**data, HASH: hash_of(data)}


def hash_of(data: Mapping[str, Any]) -> str:
    """The hash of a record without the hash in it, whichever way JSON spells it.

    Raises:
        TypeError, ValueError, RecursionError: It is nothing that JSON could hold.
    """
    content = {key: value for key, value in data.items() if key != HASH}
    text = json.dumps(_spelled(content), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _spelled(value: Any) -> Any:
    """Numbers as JavaScript and many databases write them: 7.0 and 7 are the same."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _spelled(entry) for key, entry in value.items()}
    return [_spelled(entry) for entry in value] if isinstance(value, list | tuple) else value


def _supported(quantity: SupportedQuantity) -> dict[str, Any]:
    return {
        "fact": quantity.fact.path,
        "requested": quantity.requested,
        "supported": quantity.supported,
        "inclusive": quantity.inclusive,
        "unit": quantity.fact.type.unit,
    }


def _sequence(determination: Determination) -> dict[str, Any] | None:
    sequence = determination.sequence
    if sequence is None:
        return None
    return {"id": sequence.id, "citation": sequence.citation, "content_hash": sequence.content_hash}


def _options(determination: Determination) -> dict[str, Any]:
    options = determination.options
    return {
        "as_of": options.as_of.isoformat() if options.as_of else None,
        "strict": options.strict,
        "include_drafts": options.include_drafts,
        "allow_not_encoded": options.allow_not_encoded,
    }


def _source(determination: Determination, source: SourceTrace) -> dict[str, Any]:
    return {
        "source": source.source.id,
        "title": source.source.title,
        "rank": source.rank,
        "state": source.state.value,
        "policies": [_policy(determination, trace) for trace in source.policies],
    }


def _policy(determination: Determination, trace: PolicyTrace) -> dict[str, Any]:
    policy = trace.policy
    return {
        "policy": policy.id,
        "version": str(policy.version),
        "content_hash": policy.content_hash,
        "status": policy.status.value,
        "title": policy.title,
        "guideline": policy.source.guideline,
        "section": policy.source.section,
        "edition": policy.source.edition,
        "stance": policy.stance.value,
        "applies": trace.applies.value,
        "recommendation": trace.recommendation.value if trace.recommendation else None,
        "criteria": [_criterion(determination, leaf) for leaf in trace.criteria],
    }


def _criterion(determination: Determination, leaf: CriterionTrace) -> dict[str, Any]:
    return {
        "id": leaf.criterion.id,
        "role": leaf.role.value,
        "status": leaf.status.value,
        "presumed": leaf.presumed,
        "text": leaf.criterion.text,
        "when": leaf.criterion.when,
        "citation": leaf.criterion.citation,
        "facts": [_fact(use) for use in determination.fact_uses(leaf)],
    }


def _fact(use: FactUse) -> dict[str, Any]:
    found: dict[str, Any] = {
        "fact": use.fact.path,
        "value": plain(use.value),
        "records": [record.id for record in use.records],
    }
    if use.conflicting:
        found["conflicting"] = [{"value": plain(s.value), "record": s.record} for s in use.conflicting]
    return found


def plain(value: Any) -> Any:
    """A value of a fact as JSON has it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value


def case_to_dict(case: Case, request: Request, dictionary: FactDictionary) -> dict[str, Any]:
    """The part of a case that one request was decided on, as a case that can be evaluated again."""
    groups: dict[str, dict[str, Any]] = {}
    for fact in dictionary.facts:
        value = request.row[fact.index]
        if value is not None:
            groups.setdefault(fact.group, {})[fact.name] = plain(value)
    dates, facts = groups.pop(DATES, {}), groups.pop(REQUEST, {})
    asked = {"id": request.id, "title": request.title, "facts": facts}
    found = {
        "id": case.id,
        "title": case.title,
        "source": case.header.get("source"),
        "jurisdiction": case.jurisdiction,
        "review": case.review.value,
        "timing": case.timing.value,
        "dates": dates,
        "records": {name: _record(record) for name, record in case.records.items()},
        "facts": groups,
        "documented_by": {fact: list(records) for fact, records in request.documented_by.items()},
        "conflicting": {
            fact: [{"value": plain(s.value), "record": s.record} for s in statements]
            for fact, statements in request.conflicting.items()
        },
        "requests": [_given(asked)],
    }
    return _given(found)


def _record(record: Record) -> dict[str, Any]:
    date = record.date.isoformat() if record.date is not None else None
    return _given({"title": record.title, "date": date, "author": record.author})


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is given: a case leaves out what it does not say."""
    return {key: value for key, value in data.items() if value not in (None, "", {})}
