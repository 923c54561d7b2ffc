"""Mutation scores and the slips that no test notices, as text and as data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from imrpolicy.cli.output import Style, count
from imrpolicy.cli.prover import has_prover
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Place
from imrpolicy.mutation.draft import as_yaml
from imrpolicy.mutation.killing import draft_for
from imrpolicy.mutation.mutant import Mutant
from imrpolicy.mutation.paste import period_as_yaml
from imrpolicy.mutation.score import Score, Survivor
from imrpolicy.testing import Suite
from imrpolicy.testing.coverage import percent
from imrpolicy.testing.editions import Editions
from imrpolicy.testing.places import Places

_NONE_FOUND = "no case was found that tells it from the policy; if there is none, explain it in `survivors`"
_BOUNDED = (
    "proven: no case with up to {lists} tells it from the policy; longer lists were not looked at, so if "
    "none of these does, explain it in `survivors`"
)
_WITHOUT_PROVER = (
    'help: `pip install "imrpolicy[prove]"` brings a prover that finds a case for such a slip, or proves '
    "that there is none"
)

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
        places = Places(score.policy) if score.survivors or score.proven else None
        for survivor, more in zip_longest(score.survivors, score.survivors[1:]):
            assert places is not None  # noqa: S101 - made where there are survivors
            # One statement of the period answers all slips in dates, so it is printed after the last of them.
            again = survivor.mutant.kind == "date" and more is not None and more.mutant.kind == "date"
            _print_survivor(
                survivor, places, "" if again else _answer(survivor, suite, dictionary, style), style
            )
        for mutant in score.proven:
            assert places is not None  # noqa: S101 - made where there are some
            print(f"{style.paint(str(_place(mutant, places)), 'bold')}: equivalent (proven): {mutant.id}")
    rows = [(score.policy.reference, _said(score)) for _, score in scored]
    print(style.table([*rows, ("all", f"{total_score(scored):3} %")]))
    if not has_prover() and any(_is_unsettled(found) for _, score in scored for found in score.open):
        print(style.wrap(_WITHOUT_PROVER))


def _is_unsettled(survivor: Survivor) -> bool:
    """Whether no case was found; of dates all days are tried, so that there is always one."""
    return survivor.telling is None and survivor.mutant.kind != "date"


def _place(mutant: Mutant, places: Places) -> Place:
    return places.issue(mutant.where, mutant.span, mutant.kind, "").place


def _said(score: Score) -> str:
    parts = [f"{score.noticed} of {score.total} noticed"]
    explained = len(score.survivors) - len(score.open)
    if explained:
        parts.append(f"{explained} explained")
    if score.same:
        parts.append(
            f"{count(score.same, 'more that says', 'more that say')} the same, proven by trying all values"
        )
    if score.proven:
        parts.append(f"{len(score.proven)} more equivalent, proven by z3")
    return f"{score.percent:3} %  {', '.join(parts)}"


def _print_survivor(survivor: Survivor, places: Places, answer: str, style: Style) -> None:
    kind = "explained" if survivor.reason else "not noticed"
    print(f"{style.paint(str(_place(survivor.mutant, places)), 'bold')}: {kind}: {survivor.mutant.id}")
    if survivor.reason:
        print(style.wrap(survivor.reason, "  "))
    elif answer:
        print(answer, end="")


def _answer(survivor: Survivor, suite: Suite, dictionary: FactDictionary, style: Style) -> str:
    """What an editor can do about a mutant that no test notices."""
    text = _yaml(survivor, suite, dictionary)
    if text:
        return f"  a test that would notice it:\n{text}"
    if survivor.within:
        return style.wrap(_BOUNDED.format(lists=_lists(survivor.within)), "  ") + "\n"
    return f"  {_NONE_FOUND}\n"


def _lists(within: Sequence[tuple[str, int]]) -> str:
    """The lists that were considered, such as "3 of `history.prior_blocks`"."""
    return ", ".join(f"{number} of `{path}`" for path, number in within)


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
        place = _place(mutant, places)
        survivors.append(
            {
                "mutant": mutant.id,
                "kind": mutant.kind,
                "file": place.file,
                "line": place.line,
                "column": place.column,
                "explained": survivor.reason,
                "equal_up_to": dict(survivor.within),
                "test": "" if survivor.reason else _yaml(survivor, suite, dictionary),
            }
        )
    return {
        "policy": score.policy.reference,
        "percent": score.percent,
        "mutants": score.total,
        "noticed": score.noticed,
        "same": score.same,
        "equivalent": [mutant.id for mutant in score.proven],
        "survivors": survivors,
    }
