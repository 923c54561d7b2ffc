"""Versions, periods and search sequences."""

import datetime as dt

import pytest

from imrpolicy.policy import DatedBy, Effective, SearchSequence, Step, Version, sequence_for

WRONG = ["1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-beta", "v1.0.0", "1.0.0\n", "1.1234567.0", "", "\u0661.0.0"]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_version(text):
    with pytest.raises(ValueError, match="is not a version"):
        Version.parse(text)


def test_versions_are_ordered_and_written_as_they_are_read():
    texts = ["0.1.0", "1.0.0", "1.2.0", "1.10.0", "1.10.1", "10.0.0"]
    versions = [Version.parse(text) for text in texts]
    assert sorted(versions, reverse=True)[::-1] == versions
    assert [str(version) for version in versions] == texts


def test_a_period_without_an_end():
    period = Effective(start=dt.date(2010, 1, 1))
    assert [
        period.covers(day) for day in (dt.date(2009, 12, 31), dt.date(2010, 1, 1), dt.date(9999, 1, 1))
    ] == [
        False,
        True,
        True,
    ]


def test_each_sequence_is_selected_by_its_own_date():
    def sequence(id, by, year):
        effective = Effective(start=dt.date(year, 1, 1), end=dt.date(year, 12, 31), by=by)
        return SearchSequence(
            id=id,
            jurisdiction="here",
            title="",
            effective=effective,
            citation="",
            steps=(Step(sources=("odg",)),),
        )

    sequences = (sequence("old", DatedBy.REQUEST, 2010), sequence("new", DatedBy.DECISION, 2012))
    days = {"request": dt.date(2009, 1, 1), "service": None, "decision": dt.date(2012, 5, 1)}
    assert sequence_for(sequences, "here", days).id == "new"
    assert sequence_for(sequences, "there", days) is None
    assert sequence_for(sequences, "here", {**days, "decision": dt.date(2013, 1, 1)}) is None
