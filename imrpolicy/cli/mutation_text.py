"""Mutation scores and the slips that no test notices, as text and as data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from imrpolicy.cli.output import Style, count
from imrpolicy.facts import FactDictionary
from imrpolicy.mutation.draft import as_yaml
from imrpolicy.mutation.killing import draft_for
from imrpolicy.mutation.paste import period_as_yaml
from imrpolicy.mutation.score import Score, Survivor
from imrpolicy.testing import Suite
from imrpolicy.testing.coverage import percent
from imrpolicy.testing.editions import Editions
from imrpolicy.testing.places import Places

_NONE_FOUND = "no case was found that tells it from the policy; if there is none, explain it in `survivors`"

Scored = Sequence[tuple[Suite, Score]]


def total_score(scored: Scored) -> int:
    """The score of all policies together, in percent, rounded down."""
    total = sum(score.total for _, score in scored)
    return percent(total - sum(len(score.open) for _, score in scored), total)


def print_scores(scored: Scored, dictionary: FactDictionary, style: Style) -> None:
    """Print each slip that no test notices, with the test that would, and the score of each policy."""
    if not scored:
        return
    print(
        f"\n{style.paint('mutants', 'bold')}: small slips put into the policy, to see whether a test notices"
    )
    for suite, score in scored:
        places = Places(score.policy) if score.survivors else None
        for survivor, more in zip_longest(score.survivors, score.survivors[1:]):
            assert places is not None  # noqa: S101 - made where there are survivors
            # One statement of the period answers all slips in dates, so it is printed after the last of them.
            again = survivor.mutant.kind == "date" and more is not None and more.mutant.kind == "date"
            _print_survivor(survivor, places, "" if again else _answer(survivor, suite, dictionary), style)
    rows = [(score.policy.reference, _said(score)) for _, score in scored]
    print(style.table([*rows, ("all", f"{total_score(scored):3} %")]))


def _said(score: Score) -> str:
    parts = [f"{score.noticed} of {score.total} noticed"]
    explained = len(score.survivors) - len(score.open)
    if explained:
        parts.append(f"{explained} explained")
    if score.same:
        parts.append(
            f"{count(score.same, 'more that says', 'more that say')} the same, proven by trying all values"
        )
    return f"{score.percent:3} %  {', '.join(parts)}"


def _print_survivor(survivor: Survivor, places: Places, answer: str, style: Style) -> None:
    mutant = survivor.mutant
    place = places.issue(mutant.where, mutant.span, mutant.kind, "").place
    kind = "explained" if survivor.reason else "not noticed"
    print(f"{style.paint(str(place), 'bold')}: {kind}: {mutant.id}")
    if survivor.reason:
        print(style.wrap(survivor.reason, "  "))
    elif answer:
        print(answer, end="")


def _answer(survivor: Survivor, suite: Suite, dictionary: FactDictionary) -> str:
    """What an editor can do about a mutant that no test notices."""
    text = _yaml(survivor, suite, dictionary)
    if text:
        return f"  a test that would notice it:\n{text}"
    return f"  {_NONE_FOUND}\n"


def _yaml(survivor: Survivor, suite: Suite, dictionary: FactDictionary) -> str:
    """The test that would notice a mutant, as YAML; empty where none was found."""
    if survivor.mutant.kind == "date":
        policy = survivor.mutant.original
        if any(period.policy is policy for period in suite.periods):
            return ""
        period = Editions(suite.versions).period(policy)
        return f"in_force:\n{period_as_yaml(period, confirm=False)}" if period is not None else ""
    if survivor.telling is None:
        return ""
    draft = draft_for(survivor.mutant.original, survivor.telling, suite, dictionary)
    return as_yaml(draft.data(suite.base, dictionary), confirm=False)


def score_data(suite: Suite, score: Score, dictionary: FactDictionary) -> dict[str, object]:
    """A score for `--format json`."""
    places = Places(score.policy) if score.survivors else None
    survivors = []
    for survivor in score.survivors:
        assert places is not None  # noqa: S101 - made where there are survivors
        mutant = survivor.mutant
        place = places.issue(mutant.where, mutant.span, mutant.kind, "").place
        survivors.append(
            {
                "mutant": mutant.id,
                "kind": mutant.kind,
                "file": place.file,
                "line": place.line,
                "column": place.column,
                "explained": survivor.reason,
                "test": "" if survivor.reason else _yaml(survivor, suite, dictionary),
            }
        )
    return {
        "policy": score.policy.reference,
        "percent": score.percent,
        "mutants": score.total,
        "noticed": score.noticed,
        "same": score.same,
        "survivors": survivors,
    }
