"""Print one case in several places and on several days, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from imrpolicy.cli.exits import WrongCallError
from imrpolicy.cli.options import day
from imrpolicy.cli.output import Style
from imrpolicy.cli.places import Place, deciding, differences, sources
from imrpolicy.cli.why import why
from imrpolicy.evaluate import Determination
from imrpolicy.evaluate.phrases import cite
from imrpolicy.letter.wording import choice_title


def place(text: str) -> Place:
    """The type of `--at`: a day, with the jurisdiction in front where it is not that of the case."""
    jurisdiction, _, written = text.rpartition(":")
    return Place(day(written), jurisdiction or None)


def check_places(places: Sequence[Place], jurisdictions: Sequence[str]) -> None:
    """Refuse a jurisdiction that there is not.

    Raises:
        WrongCallError: A place names an unknown jurisdiction.
    """
    from imrpolicy.issues import did_you_mean

    for asked in places:
        if asked.jurisdiction is not None and asked.jurisdiction not in jurisdictions:
            hint = did_you_mean(asked.jurisdiction, jurisdictions) or "`imrpolicy schema --table` lists them"
            raise WrongCallError(f"there is no jurisdiction `{asked.jurisdiction}`; {hint}")


def print_answers(requests: Sequence[Sequence[Determination]], style: Style) -> None:
    """Print each request in all its places, and why the answers differ."""
    case = requests[0][0].case
    print(style.paint(style.wrap(case.title or case.id), "bold"))
    if requests[0][0].options.include_drafts:
        print(style.wrap("Drafts may govern here, which they do only where they are asked for."))
    for answers in requests:
        print(f"\n{style.wrap(answers[0].request.title or answers[0].request.id)}\n")
        print(style.table(_rows(answers), "  "))
        for number, answer in enumerate(answers, start=1):
            print(f"\n{style.paint(f'{number}. {_where(answer)}: {_word(answer)}', 'bold')}")
            if answer.requires_review:
                print("   A draft: a licensed reviewer must decide.")
            for name, texts in _lines(answer):
                for position, text in enumerate(texts):
                    print(style.wrap(text, f"   {'' if position else name:11}", " " * 14))
        for number, (first, second) in enumerate(pairwise(answers), start=1):
            print(f"\n{style.paint(f'From {number} to {number + 1}', 'bold')}")
            for text in differences(first, second, (str(number), str(number + 1))):
                print(style.wrap(text, "   - ", "     "))


def answers_data(requests: Sequence[Sequence[Determination]]) -> list[dict[str, Any]]:
    """The same as plain data: for each request its answers, and the differences between neighbors."""
    return [
        {
            "request": answers[0].request.id,
            "answers": [_data(answer) for answer in answers],
            "differences": [
                list(differences(first, second, (str(number), str(number + 1))))
                for number, (first, second) in enumerate(pairwise(answers), start=1)
            ],
        }
        for answers in requests
    ]


def _data(answer: Determination) -> dict[str, Any]:
    return {
        "jurisdiction": answer.case.jurisdiction,
        "day": answer.options.as_of.isoformat() if answer.options.as_of else None,
        "outcome": answer.outcome.value,
        "reason": answer.reason.value,
        "sequence": answer.sequence.id if answer.sequence else None,
        "sources": [
            {"source": source.source.id, "rank": source.rank, "state": source.state.value}
            for source in answer.sources
        ],
        "governing": [
            {
                "policy": trace.policy.reference,
                "recommendation": trace.recommendation.value if trace.recommendation else None,
                "deciding": [leaf.criterion.id for leaf in deciding(trace)],
            }
            for trace in answer.governing
        ],
    }


def _rows(answers: Sequence[Determination]) -> Iterator[tuple[str, ...]]:
    for number, answer in enumerate(answers, start=1):
        policies = ", ".join(trace.policy.reference for trace in answer.governing) or "no policy governs"
        yield f"{number}.", _where(answer), _word(answer), policies


def _where(answer: Determination) -> str:
    return f"{choice_title(answer, 'jurisdiction', answer.case.jurisdiction)}, {answer.options.as_of}"


def _word(answer: Determination) -> str:
    return answer.outcome.value.replace("_", " ").upper()


def _lines(answer: Determination) -> Iterator[tuple[str, list[str]]]:
    yield "Searched", list(sources(answer)) or ["no search sequence is encoded"]
    yield "Why", [" ".join(why(answer))]
    titles = {source.source.id: source.source.title for source in answer.sources}
    for trace in answer.governing:
        yield (
            "Guideline",
            [f"{cite(trace, titles[trace.policy.source.guideline])} ({trace.policy.reference})"],
        )
        leaves = [f"{leaf.criterion.text.strip()} [{leaf.criterion.id}]" for leaf in deciding(trace)]
        if leaves:
            yield "Decided by", leaves
