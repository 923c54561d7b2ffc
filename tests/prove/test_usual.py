"""Witnesses take the values of known cases where they stay witnesses."""

import pytest

from imrpolicy import PolicyLibrary
from imrpolicy.evaluate import CompiledPolicy, Recommendation
from imrpolicy.prove import Usual, example_of


@pytest.fixture(scope="module")
def library():
    return PolicyLibrary.load()


def a_case(library, **facts):
    request = {"service": "lumbar_facet_neurotomy", **facts}
    return library.read_case(
        {
            "id": "known",
            "jurisdiction": "ca_workers_compensation",
            "requests": [{"id": "neurotomy", "facts": request}],
        }
    )


def test_a_lumbar_procedure_is_shown_at_a_lumbar_level(library):
    """In all facts at once: the level that is requested is that of the earlier block."""
    policy = library.policy("odg/lumbar-facet-neurotomy")
    usual = Usual.of([a_case(library, levels=["L4-L5"])])
    found = example_of(policy, library.dictionary, usual=usual)
    assert found.recommended
    levels = found.witness.value("request.levels")
    assert levels == ("L4-L5",)
    blocks = found.witness.value("history.prior_blocks")
    assert {block["level"] for block in blocks if "level" in block} == {"L4-L5"}
    row = [None] * len(library.dictionary.facts)
    for fact, value in found.witness.facts:
        row[fact.index] = value
    trace = CompiledPolicy(policy).evaluate(row, strict=False, retrospective=False, in_conflict=frozenset())
    assert trace.recommendation is Recommendation.RECOMMENDED


def test_what_is_usual_of_another_service_does_not_matter(library):
    usual = Usual.of([a_case(library, levels=["L4-L5"])])
    policy = library.policy("odg/cervical-facet-neurotomy")
    plain, with_usual = (
        example_of(policy, library.dictionary, usual=known).witness for known in (Usual(), usual)
    )
    assert plain == with_usual
