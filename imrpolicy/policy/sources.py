"""Sources of guidelines, and the sequences in which a jurisdiction searches them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imrpolicy.policy.model import Effective


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who publishes guidelines.

    Attributes:
        id: Its name in policies and sequences, such as `odg`.
        title: Its full name.
        publisher: Who publishes it.
        kind: What kind of text it is, such as `guideline`.
        url: Its address, where it has one.
        strength_scale: The words of its scale of evidence, strongest first.
        note: What else to know.
        retired: The last day on which the publisher stood by it; none while it does.
        superseded_by: The source that took its place, where one did.
        check_by: The day by which somebody is to look whether it has changed, where one is set.
    """

    id: str
    title: str
    publisher: str = ""
    kind: str = "guideline"
    url: str = ""
    strength_scale: tuple[str, ...] = ()
    note: str = ""
    retired: dt.date | None = None
    superseded_by: str = ""
    check_by: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rank of a search sequence: sources of equal rank.

    Attributes:
        sources: The ids of the sources.
        text: When it is reached, in plain English.
        citation: The rule that says so.
    """

    sources: tuple[str, ...]
    text: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSequence:
    """The ranking of sources in one jurisdiction, for one period.

    Attributes:
        id: Its name, such as `ca-2009`.
        jurisdiction: The jurisdiction, as cases name it.
        title: What it is, for people.
        effective: When it is in force.
        citation: The rule that it comes from.
        steps: The ranks, the highest first.
        note: What else to know.
        content_hash: The hash of its file.
        file: Where it is written.
    """

    id: str
    jurisdiction: str
    title: str
    effective: Effective
    citation: str
    steps: tuple[Step, ...]
    note: str = ""
    content_hash: str = ""
    file: str = ""


def sequence_for(
    sequences: tuple[SearchSequence, ...], jurisdiction: str, dates: Mapping[str, Any]
) -> SearchSequence | None:
    """The sequence in force in a jurisdiction, or none.

    Args:
        sequences: All sequences.
        jurisdiction: The jurisdiction of the case.
        dates: The days of the request, the service and the decision; those by which a sequence is selected.
    """
    for sequence in sequences:
        if sequence.jurisdiction == jurisdiction and sequence.effective.covers(dates[sequence.effective.by]):
            return sequence
    return None
