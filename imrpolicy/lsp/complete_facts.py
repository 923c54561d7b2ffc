"""Completion in tests and cases: facts with their values, and the criteria of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from imrpolicy.facts import DATES, REQUEST, Fact, FactDictionary, Kind
from imrpolicy.lsp.complete import Completion, What
from imrpolicy.lsp.outline import Outline, outline
from imrpolicy.lsp.project import FileKind
from imrpolicy.lsp.wording import field_in_markdown

_STATUSES = {
    "met": "It holds.",
    "not_met": "It does not hold.",
    "not_documented": "The facts that decide it are missing.",
}
_TRUTH = {"true": "Yes", "false": "No"}


def fact_completions(
    text: str, offset: int, kind: FileKind, dictionary: FactDictionary, criteria: Mapping[str, str]
) -> tuple[Completion, ...]:
    """What can be typed at a place of tests or a case.

    Args:
        text: The text of the file, which need not be readable.
        offset: The place.
        kind: Tests or a case; other files get nothing.
        dictionary: The facts.
        criteria: The text of each criterion of the policy that the tests are about, by id.
    """
    at = outline(text, offset)
    start = offset - len(at.word)
    match kind:
        case FileKind.TESTS:
            return tuple(_in_tests(at, start, dictionary, criteria))
        case FileKind.CASE:
            return tuple(_in_case(at, start, dictionary))
        case _:
            return ()


def _in_tests(
    at: Outline, start: int, dictionary: FactDictionary, criteria: Mapping[str, str]
) -> Iterator[Completion]:
    match at.keys:
        case ("base", *rest) | ("tests", "facts", *rest):
            yield from _facts(rest, at, start, dictionary)
        case ("tests", "expect", "criteria") if not at.is_value:
            for name, words in criteria.items():
                yield _key(name, words, "", start)
        case ("tests", "expect", "criteria", _) if at.is_value:
            yield from _words(_STATUSES, start)
        case ("tests", "expect", "open"):
            yield from _paths(dictionary, start, ending="")
        case ("tests", "expect", "supported") if not at.is_value:
            yield from _paths(dictionary, start, ending=": ")


def _in_case(at: Outline, start: int, dictionary: FactDictionary) -> Iterator[Completion]:
    match at.keys:
        case ("facts", *rest):
            yield from _facts(rest, at, start, dictionary)
        case ("requests", "facts", *rest):
            yield from _facts([REQUEST, *rest], at, start, dictionary)
        case ("dates", *rest) | ("requests", "dates", *rest):
            yield from _facts([DATES, *rest], at, start, dictionary)
        case (*_, "documented_by" | "conflicting") if not at.is_value:
            yield from _paths(dictionary, start, ending=": ")


def _facts(keys: Iterable[str], at: Outline, start: int, dictionary: FactDictionary) -> Iterator[Completion]:
    """Groups, facts of a group, or values of a fact: whichever goes on from some keys."""
    match tuple(keys):
        case () if not at.is_value:
            for group in dictionary.groups:
                yield _key(group, "group of facts", "", start)
        case (group,) if not at.is_value:
            for name, fact in dictionary.groups.get(group, {}).items():
                yield _key(name, fact.title, field_in_markdown(fact.path, fact.field), start)
        case (group, name):
            found = dictionary.by_path.get(f"{group}.{name}")
            yield from _values(found, start) if found is not None else ()


def _values(fact: Fact, start: int) -> Iterator[Completion]:
    inner = fact.type.element or fact.type
    if inner.choices:
        yield from _words({choice.value: choice.label for choice in inner.choices}, start)
    elif inner.kind is Kind.BOOL:
        yield from _words(_TRUTH, start)


def _words(words: Mapping[str, str], start: int) -> Iterator[Completion]:
    for word, meaning in words.items():
        yield Completion(label=word, detail=meaning, markdown="", what=What.VALUE, text=word, start=start)


def _key(name: str, detail: str, markdown: str, start: int) -> Completion:
    return Completion(
        label=name, detail=detail, markdown=markdown, what=What.FACT, text=f"{name}: ", start=start
    )


def _paths(dictionary: FactDictionary, start: int, *, ending: str) -> Iterator[Completion]:
    for path, fact in dictionary.by_path.items():
        yield Completion(label=path, detail=fact.title, markdown=field_in_markdown(path, fact.field),
                         what=What.FACT, text=f"{path}{ending}", start=start)  # fmt: skip
