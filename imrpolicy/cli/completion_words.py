"""The words that a shell can complete, read from the parsers of the commands."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from imrpolicy.cli.parser import VERBS, build


class Filled(StrEnum):
    """What an argument is filled with, besides fixed words."""

    POLICIES = "policies"
    FILES = "files"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a command.

    Attributes:
        name: Its name, such as `--format`.
        help: What it does.
        takes_value: Whether a value follows.
        values: The values that it can have, where they are few.
    """

    name: str
    help: str
    takes_value: bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command.

    Attributes:
        name: Its name.
        help: What it does.
        options: Its options.
        words: The words that can follow as its first argument.
        filled: What its arguments are filled with besides.
    """

    name: str
    help: str
    options: tuple[Option, ...]
    words: tuple[str, ...]
    filled: Filled


def commands() -> tuple[Command, ...]:
    """All commands, in the order of the help."""
    return tuple(_command(verb, help) for verb, help in VERBS.items())


def _command(verb: str, help: str) -> Command:
    actions = list(_actions(build(verb), verb))
    positional = [action for action in actions if not action.option_strings]
    first = positional[0] if positional else None
    return Command(
        name=verb,
        help=help,
        options=tuple(_option(action) for action in actions if action.option_strings),
        words=_words(first) if first is not None else (),
        filled=_filled(positional),
    )


def _actions(parser: argparse.ArgumentParser, verb: str) -> Iterator[argparse.Action]:
    """The arguments of a command; argparse has no public way to them."""
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices[verb]._actions  # noqa: SLF001


def _option(action: argparse.Action) -> Option:
    name = next((name for name in action.option_strings if name.startswith("--")), action.option_strings[0])
    return Option(name=name, help=action.help or "", takes_value=action.nargs != 0, values=_words(action))


def _words(action: argparse.Action) -> tuple[str, ...]:
    """The few values that an argument can have: they are named in braces."""
    shown = action.metavar if isinstance(action.metavar, str) else ""
    return tuple(shown[1:-1].split(",")) if shown.startswith("{") and shown.endswith("}") else ()


def _filled(positional: list[argparse.Action]) -> Filled:
    names = {str(action.metavar) for action in positional}
    if any("POLICY" in name for name in names) or "VERSION" in names:
        return Filled.POLICIES
    return (
        Filled.FILES if any(name in ("PATHS", "CASE", "FILE", "CASES") for name in names) else Filled.NOTHING
    )
