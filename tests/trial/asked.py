"""What the evaluator says of a request, in the form in which the program of the page says it."""

import json

from imrpolicy.evaluate.serialize import plain


def question(determination):
    """A request as the page asks it."""
    options = determination.options
    facts = determination.dictionary.facts
    row = determination.request.row
    return {
        "request": {
            "row": {f.path: plain(v) for f, v in zip(facts, row, strict=True) if v is not None},
            "jurisdiction": determination.case.jurisdiction,
            "review": determination.case.review.value,
            "timing": determination.case.timing.value,
            "asOf": options.as_of.isoformat() if options.as_of else None,
            "inConflict": sorted(determination.request.conflicting),
            "strict": options.strict,
            "includeDrafts": options.include_drafts,
            "allowNotEncoded": options.allow_not_encoded,
        }
    }


def expected(determination):
    """The answer that the page has to give, in all that it shows."""
    missing = determination.could_change
    found = {
        "outcome": determination.outcome.value,
        "recommendation": determination.recommendation.value,
        "reason": determination.reason.value,
        "requires_review": determination.requires_review,
        "sequence": determination.sequence.id if determination.sequence else None,
        "governing": [trace.policy.reference for trace in determination.governing],
        "sources": [
            {
                "source": source.source.id,
                "rank": source.rank,
                "state": source.state.value,
                "policies": [policy_of(trace) for trace in source.policies],
            }
            for source in determination.sources
        ],
        "supported": [
            {
                "fact": quantity.fact.path,
                "requested": quantity.requested,
                "supported": quantity.supported,
                "inclusive": quantity.inclusive,
            }
            for quantity in determination.supported
        ],
        "presumed": [leaf.criterion.id for leaf in determination.presumed],
        "open": list(missing.open),
        "to_recommend": list(missing.to_recommend),
        "exact": missing.exact,
        "ranked": [list(pair) for pair in missing.ranked],
    }
    # The form names no records, and with none there is no contradiction between them.
    if not determination.request.conflicting and not determination.request.documented_by:
        found["rationale"] = determination.rationale
    return json.loads(json.dumps(found))


def policy_of(trace):
    """What a policy says, and the status of each leaf."""
    return {
        "policy": trace.policy.reference,
        "applies": trace.applies.value,
        "recommendation": trace.recommendation.value if trace.recommendation else None,
        "criteria": [
            [leaf.criterion.id, leaf.role.value, leaf.status.value, leaf.presumed] for leaf in trace.criteria
        ],
    }


def assert_same(program, determination):
    """The page says the same of a request, all that it says."""
    wanted = expected(determination)
    said = program.ask(question(determination))
    if "rationale" not in wanted:
        del said["rationale"]
    assert said == wanted
