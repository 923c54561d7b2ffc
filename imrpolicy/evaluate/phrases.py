"""Phrases of a rationale: titles, texts of criteria and records, made to stand in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from imrpolicy.evaluate.compiled import CriterionTrace, PolicyTrace
from imrpolicy.facts import Kind, ValueType, label, number

if TYPE_CHECKING:
    from imrpolicy.evaluate.determination import Determination
    from imrpolicy.evaluate.supported import SupportedQuantity

_PLURAL = ("criteria", "guidelines", "policies", "protocols", "recommendations", "standards")


def in_sentence(text: str) -> str:
    """A title or a sentence as it stands within a sentence; an abbreviation or a level keeps its capitals.

    >>> in_sentence("Body region"), in_sentence("A plan"), in_sentence("MRI of a knee"), in_sentence("L4-L5")
    ('body region', 'a plan', 'MRI of a knee', 'L4-L5')
    """
    return text[:1].lower() + text[1:] if re.match(r"[A-Z](?:[a-z]|\s|$)", text) else text


def clause(text: str) -> str:
    """A sentence as a part of another one.

    >>> clause("Axial loading brings on the pain.")
    'axial loading brings on the pain'
    """
    return in_sentence(text.strip().rstrip("."))


def clauses(texts: Iterable[str]) -> str:
    """Several sentences as parts of one."""
    return "; ".join(clause(text) for text in texts)


def sentence(text: str) -> str:
    """A text as a sentence of its own.

    >>> sentence("axial loading brings on the pain")
    'Axial loading brings on the pain.'
    """
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def alternatives(parts: Sequence[str]) -> str:
    """Parts with `or` before the last, which may have commas of their own.

    >>> alternatives(["that it is late"]), alternatives(["that it is late", "whether it rains"])
    ('that it is late', 'that it is late, or whether it rains')
    """
    mark = "; " if len(parts) > 2 else ", "
    return mark.join([*parts[:-1], f"or {parts[-1]}"]) if len(parts) > 1 else "".join(parts)


def subject(titles: Sequence[str], singular: str, plural: str) -> str:
    """Guidelines as the subject of a verb.

    >>> subject(["Official Disability Guidelines"], "governs", "govern")
    'the Official Disability Guidelines govern'
    """
    bare = [re.sub(r"^[Tt]he ", "", title.strip()) for title in titles]
    several = len(bare) > 1 or bare[0].lower().endswith(_PLURAL)
    return f"{' and '.join(f'the {title}' for title in bare)} {plural if several else singular}"


def edition_title(edition: str) -> str:
    """An edition for people, such as `edition 2013`, unless it says already that it is one."""
    return edition if "edition" in edition.lower() else f"edition {edition}"


def record_title(title: str, date: object) -> str:
    """A record with its date, unless the title names it already."""
    return f"{title}, {date}" if date is not None and str(date) not in title else title


def in_words(type_: ValueType, value: Any) -> str:
    """A documented value as it stands within a sentence."""
    element = type_.element
    if element is not None and element.kind is not Kind.RECORD and value:
        return ", ".join(in_sentence(label(element, item)) for item in value)
    return in_sentence(label(type_, value))


def supported_in_words(quantity: SupportedQuantity) -> str:
    """How much of a quantity is supported, such as `7 days`."""
    most = number(quantity.supported, quantity.fact.type.unit)
    return most if quantity.inclusive else f"less than {most}"


def cite(trace: PolicyTrace, title: str) -> str:
    """A guideline with its section and edition, for people."""
    return f"{title}, {section(trace)}"


def section(trace: PolicyTrace) -> str:
    """The section and the edition of the guideline that a policy encodes."""
    return f"{trace.policy.source.section}, {edition_title(trace.policy.source.edition)}"


def fact_title(determination: Determination, path: str) -> str:
    """A fact, or a field of the records in a list, as it stands within a sentence."""
    fact = determination.dictionary.by_path.get(path.partition("[]")[0])
    title = in_sentence(fact.title) if fact is not None else path
    return title + (f" ({path.rpartition('.')[2].replace('_', ' ')} of each)" if "[]" in path else "")


def said(determination: Determination, leaf: CriterionTrace) -> Iterator[str]:
    """What is documented of the facts that a criterion reads."""
    for use in determination.fact_uses(leaf):
        if use.value is not None:
            yield f"{in_sentence(use.fact.title)}, {in_words(use.fact.type, use.value)}"


def records_of(determination: Determination, leaves: Iterable[CriterionTrace]) -> str:
    """The records behind some criteria in brackets, each once; empty where the case names none."""
    uses = [use for leaf in leaves for use in determination.fact_uses(leaf)]
    titles = dict.fromkeys(record_title(record.title, record.date) for use in uses for record in use.records)
    return f" ({'; '.join(titles)})" if titles else ""
