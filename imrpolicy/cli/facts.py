"""List the facts that a case can hold, and that an expression can name.

WORDS narrow the list to the facts in whose name, title, description or values they occur.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from imrpolicy.cli.exits import Exit
from imrpolicy.cli.options import add_format, add_policies, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.evaluate import read_directory
from imrpolicy.facts import Fact, FactDictionary, Kind, ValueType
from imrpolicy.issues import nearest

EXAMPLE = """\
examples:
  imrpolicy facts
  imrpolicy facts radicular
  imrpolicy facts request.duration_days --format json
"""
# As many facts are shown with everything that is known of them; more are a list.
_FEW = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("words", nargs="*", metavar="WORDS", help="words to look for")
    add_policies(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    dictionary = read_directory(policies_directory(options.policies)).dictionary
    facts = [fact for fact in dictionary.facts if all(_matches(fact, word) for word in options.words)]
    if options.format == "json":
        print_json({"facts": [_data(fact) for fact in facts]})
    elif facts:
        _print(facts, bool(options.words), Style.of(sys.stdout))
    else:
        print(_nothing(" ".join(options.words), dictionary))
    return Exit.FINE if facts else Exit.FINDINGS


def _matches(fact: Fact, word: str) -> bool:
    inner = fact.type.element or fact.type
    choices = " ".join(f"{choice.value} {choice.label}" for choice in inner.choices)
    return word.lower() in f"{fact.path} {fact.title} {fact.field.description} {choices}".lower()


def _nothing(words: str, dictionary: FactDictionary) -> str:
    near = nearest(words, dictionary.by_path)
    hint = f"; did you mean `{near}`?" if near else "; `imrpolicy facts` lists all of them"
    return f"no fact has `{words}` in its name, title, description or values{hint}"


def _print(facts: list[Fact], wanted: bool, style: Style) -> None:
    if wanted and len(facts) <= _FEW:
        for fact in facts:
            _print_whole(fact, style)
            print()
    else:
        print(style.table((fact.path, _kind(fact.type), fact.title) for fact in facts))
        print()
    print(count(len(facts), "fact"))


def _kind(type_: ValueType) -> str:
    if type_.is_enumeration:
        return "choice"
    if type_.kind is Kind.LIST and type_.element is not None:
        return f"list of {'choices' if type_.element.is_enumeration else type_.element.kind.value + 's'}"
    if type_.is_number:
        kind = "whole number" if type_.kind is Kind.INT else "number"
        return f"{kind}, {type_.unit}" if type_.unit else kind
    return {Kind.BOOL: "true or false", Kind.STRING: "text"}.get(type_.kind, type_.kind.value)


def _print_whole(fact: Fact, style: Style) -> None:
    print(style.paint(fact.path, "bold"))
    print(style.wrap(f"{fact.title}. {fact.field.description}", "  "))
    kind = fact.type.in_words()
    if fact.type.is_number:
        kind += f", from {fact.type.minimum:g} to {fact.type.maximum:g}"
    print(f"  {kind[:1].upper()}{kind[1:]}.")
    if fact.field.question:
        print(style.wrap(f"Ask: {fact.field.question}", "  "))
    for system, values in fact.field.codes:
        print(style.wrap(f"{system.upper()}: {', '.join(values)}", "  "))
    inner = fact.type.element or fact.type
    rows = [(choice.value, choice.label) for choice in inner.choices]
    fields = [(field.name, _kind(field.type), field.title) for field in inner.fields]
    if rows or fields:
        print(style.table(rows or fields, "    "))


def _data(fact: Fact) -> dict[str, Any]:
    return {
        "fact": fact.path,
        "title": fact.title,
        "description": fact.field.description,
        "question": fact.field.question,
        "codes": {system: list(values) for system, values in fact.field.codes},
        **_type_data(fact.type),
    }


def _type_data(type_: ValueType) -> dict[str, Any]:
    data: dict[str, Any] = {"type": type_.kind.value}
    if type_.is_number:
        data |= {"unit": type_.unit, "minimum": type_.minimum, "maximum": type_.maximum}
    if type_.choices:
        data["values"] = {choice.value: choice.label for choice in type_.choices}
    if type_.element is not None:
        data["elements"] = _type_data(type_.element)
    if type_.fields:
        data["fields"] = {
            field.name: {"title": field.title, **_type_data(field.type)} for field in type_.fields
        }
    return data
