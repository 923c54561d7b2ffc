"""Facts, values and criteria in Markdown, as an editor shows them beside the text."""

from __future__ import annotations

from imrpolicy.expression import ExpressionError, check, in_english
from imrpolicy.facts import FactDictionary, Field, ValueType
from imrpolicy.lsp.functions import Function

_MOST = 30
_TEXTS = {
    "citation": "Citation",
    "evidence": "Evidence",
    "strength": "Strength",
    "note": "Note",
    "presumed_absent": "Presumed absent where not documented",
}


def field_in_markdown(name: str, field: Field) -> str:
    """What a fact, or a field of an entry in a list, is: meaning, type, unit, range, values and question."""
    parts = [f"**{field.title}**  \n`{name}`", field.description, type_in_words(field.type)]
    if field.question:
        parts.append(f"*Ask:* {field.question}")
    inner = field.type.element or field.type
    rows = [f"- `{choice.value}`: {choice.label}" for choice in inner.choices]
    rows += [f"- `{item.name}`: {item.title}" for item in inner.fields]
    if len(rows) > _MOST:
        rows = [*rows[:_MOST], f"- and {len(rows) - _MOST} more"]
    parts.append("\n".join(rows))
    parts += [f"{system.upper()}: {', '.join(codes)}" for system, codes in field.codes]
    return "\n\n".join(part for part in parts if part)


def type_in_words(type_: ValueType) -> str:
    """A type as a sentence, with the range of a number."""
    words = type_.in_words()
    if type_.minimum is not None and type_.maximum is not None:
        words += f", from {type_.minimum:g} to {type_.maximum:g}"
    return f"{words[:1].upper()}{words[1:]}."


def value_in_markdown(name: str, field_title: str, type_: ValueType, value: str) -> str:
    """What a value of an enumeration means; empty where it is none."""
    for choice in type_.choices:
        if choice.value == value:
            codes = [f"{system.upper()}: {', '.join(values)}" for system, values in choice.codes]
            return "\n\n".join(
                [f"**{choice.label}**  \n`{value}` of {field_title.lower()} (`{name}`)", *codes]
            )
    return ""


def function_in_markdown(function: Function) -> str:
    """What a function gives."""
    return f"`{function.form}`\n\n{function.meaning}"


def criterion_in_markdown(leaf: dict[str, object], dictionary: FactDictionary) -> str:
    """What a criterion asks: its text, its expression in English, and where that comes from."""
    when = str(leaf.get("when", ""))
    parts = [f"**{leaf.get('text', '')}**"]
    if when:
        try:
            parts.append(f"Holds when: {in_english(check(when, dictionary))}")
        except ExpressionError:
            parts.append("Its expression has an error.")
        parts.append(f"```cel\n{when.strip()}\n```")
    parts += [f"*{title}:* {leaf[key]}" for key, title in _TEXTS.items() if leaf.get(key)]
    return "\n\n".join(parts)
