"""Say which fact to obtain next: the open facts of a case, ranked by how much each one settles.

CASE is a YAML or JSON file that fits the case schema. For each request that is undetermined, the facts that
can still change the outcome are listed with the question that obtains them. How much a fact settles is by how
much more of the possible cases are settled with it than without. With the prover (the extra `prove`) facts
are left out that only seemed to matter, since comparisons of one fact hang together.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imrpolicy.cli.cases import evaluate_file, read_case_file
from imrpolicy.cli.exits import Exit
from imrpolicy.cli.options import (
    add_evaluation,
    add_format,
    add_policies,
    evaluation,
    existing_file,
    policies_directory,
)
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.paths import CASE_ENDINGS
from imrpolicy.cli.prover import has_prover
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import Determination, PolicyLibrary, Recommendation
from imrpolicy.issues import IssuesError

EXAMPLE = """\
examples:
  imrpolicy ask case.yaml --as-of 2013-12-01
  imrpolicy ask case.yaml --format json
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One fact to obtain.

    Attributes:
        fact: Its path.
        settles: How much it settles, between 0 and 1.
        title: Its title.
        question: The question that obtains it.
    """

    fact: str
    settles: float
    title: str
    question: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("case", type=Path, metavar="CASE", help="the case file")
    add_evaluation(parser)
    add_policies(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    try:
        document = read_case_file(existing_file(options.case, "one case", CASE_ENDINGS))
        determinations = evaluate_file(
            document,
            PolicyLibrary.load(policies_directory(options.policies)),
            evaluation(options),
        )
    except IssuesError as error:
        return fail_with(error.issues, options.format)
    asked = [(determination, *_questions(determination)) for determination in determinations]
    if options.format == "json":
        print_json([_data(*one) for one in asked])
        return Exit.FINE
    style = Style.of(sys.stdout)
    for place, one in enumerate(asked):
        if place:
            print()
        _print(*one, style)
    return Exit.FINE


def _questions(determination: Determination) -> tuple[list[Question], tuple[str, ...], bool]:
    """The questions, the facts that the prover left out, and whether it looked."""
    if determination.recommendation is not Recommendation.UNDETERMINED:
        return [], (), False
    ranked, proven = determination.missing.ranked, False
    dropped: tuple[str, ...] = ()
    if has_prover():  # without it the ranking is not sharpened
        from imrpolicy.prove.sharpen import sharpen

        found = sharpen(determination)
        ranked, dropped, proven = found.ranked, found.dropped, True
    return [_question(determination, *pair) for pair in ranked], dropped, proven


def _question(determination: Determination, path: str, settles: float) -> Question:
    name, _, field = path.partition("[].")
    fact = determination.dictionary.by_path[name]
    element = fact.type.element
    inner = element.field_named(field) if element is not None and field else None
    asked = inner or fact.field
    title = f"{fact.title}: {inner.title.lower()}" if inner else fact.title
    return Question(path, settles, title, asked.question or f"{title}?")


def _print(
    determination: Determination,
    questions: list[Question],
    dropped: tuple[str, ...],
    proven: bool,
    style: Style,
) -> None:
    request = determination.request
    print(style.paint(request.title or request.id, "bold"))
    if determination.recommendation is not Recommendation.UNDETERMINED:
        print(f"  {determination.outcome.value.replace('_', ' ')}; no fact is needed")
        return
    if not questions:
        print(style.wrap("undetermined, and no fact of the case can settle it", "  ", "    "))
        return
    print(f"  {count(len(questions), 'fact')} can settle it, the most telling first")
    print(
        style.table([(f"{round(100 * q.settles)}%", f"{q.question} [{q.fact}]") for q in questions], "    ")
    )
    if dropped:
        print(style.wrap(f"proven not to matter: {', '.join(dropped)}", "  ", "    "))
    if not proven:
        print(style.wrap('not proven; `pip install "imrpolicy[prove]"` leaves out what cannot matter', "  "))


def _data(
    determination: Determination, questions: list[Question], dropped: tuple[str, ...], proven: bool
) -> dict[str, Any]:
    return {
        "request": determination.request.id,
        "outcome": determination.outcome.value,
        "ask": [
            {"fact": q.fact, "settles": round(q.settles, 6), "title": q.title, "question": q.question}
            for q in questions
        ],
        "dropped": list(dropped),
        "proven": proven,
    }
