"""What the query of a library must give for a request, from the determination that `evaluate` makes."""

from imrpolicy.evaluate import Recommendation


def row_of(determination):
    """The row, without what identifies it."""
    sequence = determination.sequence
    return {
        "outcome": determination.outcome.value,
        "recommendation": determination.recommendation.value,
        "reason": determination.reason.value,
        "requires_review": determination.requires_review,
        "sequence": f"{sequence.jurisdiction}/{sequence.id}" if sequence else None,
        "governing": [trace.policy.reference for trace in determination.governing],
        "silent": [source.source.id for source in determination.silent],
        "not_encoded": [source.source.id for source in determination.not_encoded],
        "supported": [_supported(quantity) for quantity in determination.supported] or None,
        "presumed": [leaf.criterion.id for leaf in determination.presumed],
        "conditions": [leaf.criterion.id for leaf in determination.conditions],
        "policies": [_policy(source, trace) for source in determination.sources for trace in source.policies],
    }


def _supported(quantity):
    return {
        "fact": quantity.fact.path,
        "requested": quantity.requested,
        "supported": quantity.supported,
        "inclusive": quantity.inclusive,
    }


def _policy(source, trace):
    return {
        "policy": trace.policy.reference,
        "source": source.source.id,
        "rank": source.rank,
        "applies": trace.applies.value,
        "recommendation": trace.recommendation.value if trace.recommendation else None,
        "criteria": [
            {
                "id": leaf.criterion.id,
                "role": leaf.role.value,
                "status": leaf.status.value,
                "presumed": leaf.presumed,
            }
            for leaf in trace.criteria
        ],
    }


def check_row(determination, row):
    """Fail unless a row says what a determination does."""
    # The query alone says which date is lacking; a batch gives such rows as rejects.
    assert row.get("problem") is None
    expected = row_of(determination)
    found = {name: row[name] for name in expected}
    found["policies"] = found["policies"] or []
    assert found == expected
    check_missing(determination, row)


def check_missing(determination, row):
    """Fail unless what is missing is said exactly, or is not left out, as far as a row says it."""
    missing, undocumented = determination.missing, row["undocumented"]
    if determination.recommendation is not Recommendation.UNDETERMINED:
        assert undocumented == []
    # Where there was too much to look at, it is every fact that is not documented, and SQL may know more.
    if missing.exact:
        assert set(missing.open) <= set(undocumented)
        if "open" in row:
            assert (row["open"], row["to_recommend"]) == (list(missing.open), list(missing.to_recommend))
