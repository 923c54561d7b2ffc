"""The counts add up, and percentages round down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.agreement import Agreement, Cause, Comparison, Label, Level, Tally, Verdict

NUMBERS = st.integers(0, 1_000)
TALLIES = st.builds(Tally, agree=NUMBERS, disagree=NUMBERS, undetermined=NUMBERS, not_encoded=NUMBERS)
LABELS = st.builds(
    Label,
    outcome=st.sampled_from(["overturned", "upheld", "approve", "modify", "deny"]),
    final=st.booleans(),
    level=st.sampled_from([None, *Level]),
)
COMPARISONS = st.builds(
    Comparison,
    determination=st.none(),
    label=LABELS,
    verdict=st.sampled_from(Verdict),
    cause=st.sampled_from([None, *Cause]),
    explanation=st.just(""),
    topic=st.sampled_from(["Block", "Unit", "Other"]),
    sources=st.sampled_from([(), ("First",), ("First", "Second")]),
    missing=st.just(()),
    stand_in=st.none(),
)
AGREEMENTS = st.builds(
    lambda comparisons: Agreement(comparisons=tuple(comparisons)), st.lists(COMPARISONS, max_size=30)
)


def added(tallies):
    names = ("agree", "disagree", "undetermined", "not_encoded")
    return Tally(**{name: sum(getattr(tally, name) for tally in tallies) for name in names})


@given(AGREEMENTS)
def test_every_way_to_count_counts_every_final_label_once(agreement):
    for counted in (agreement.by_topic, agreement.by_source, agreement.by_decision):
        assert added(counted.values()) == agreement.total
        assert all(tally.labels for tally in counted.values())


@given(AGREEMENTS)
def test_final_and_not_final_labels_are_all_labels(agreement):
    apart = added(agreement.by_level.values())
    assert apart.labels == len(agreement.not_final)
    assert agreement.total.labels + apart.labels == len(agreement.comparisons)
    assert len(agreement.with_verdict(*Verdict)) == len(agreement.comparisons)


@given(AGREEMENTS)
def test_causes_are_counted_for_final_labels(agreement):
    assert sum(agreement.causes.values()) == sum(c.cause is not None for c in agreement.final)


@given(TALLIES)
def test_a_percentage_is_of_what_is_settled_and_rounds_down(tally):
    assert tally.labels == tally.settled + tally.undetermined + tally.not_encoded
    if tally.settled:
        assert tally.percent * tally.settled <= 100 * tally.agree < (tally.percent + 1) * tally.settled
    else:
        assert tally.percent is None


@pytest.mark.parametrize(
    ("agree", "disagree", "percent"), [(2, 1, 66), (1, 2, 33), (199, 1, 99), (0, 3, 0), (3, 0, 100)]
)
def test_percentages(agree, disagree, percent):
    assert Tally(agree=agree, disagree=disagree, undetermined=5, not_encoded=7).percent == percent
