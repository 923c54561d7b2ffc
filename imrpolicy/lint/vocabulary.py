"""The facts of a dictionary one by one, those inside of lists included."""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.facts import FactDictionary, Field, ValueType


def every_field(dictionary: FactDictionary) -> Iterator[tuple[str, Field]]:
    """Each fact with its path, and each field of the entries of a list, as `history.prior_blocks[].kind`."""
    for fact in dictionary.facts:
        yield fact.path, fact.field
        if fact.type.element is not None:
            for field in fact.type.element.fields:
                yield f"{fact.path}[].{field.name}", field


def values_of(type_: ValueType) -> tuple[str, ...]:
    """The values of an enumeration, or of a list of them; empty for any other type."""
    of = type_.element if type_.element is not None else type_
    return tuple(choice.value for choice in of.choices)
