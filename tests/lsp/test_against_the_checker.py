"""What the server reads off half a line is what the checker reads in the whole expression."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.authored import Mapping, Scalar, Sequence, parse_document
from imrpolicy.authored.scalars import offsets
from imrpolicy.expression import check, walk
from imrpolicy.expression.nodes import Compare, Constant, Contains, FactValue, FieldValue, ListConstant
from imrpolicy.lsp.complete import completions
from imrpolicy.lsp.project import FileKind
from imrpolicy.lsp.targets import Sort, target_at
from imrpolicy.policy import Schemas

ROOT = Path(__file__).resolve().parents[2]
POLICIES = sorted((ROOT / "policies").glob("*/*/policy.yaml"))
TEXTS = {path.parent.name: path.read_text(encoding="utf-8") for path in POLICIES}
DICTIONARY = Schemas(ROOT / "schemas").dictionary


def expressions(node):
    """The scalars of a policy that hold expressions."""
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            if key in ("when", "applies_when") and isinstance(entry, Scalar):
                yield entry
            else:
                yield from expressions(entry)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from expressions(item)


def styled(text, style):
    """A policy with its plain and folded expressions written in another way."""
    document = parse_document(text.encode(), "policy.yaml")
    for scalar in sorted(expressions(document.root), key=lambda one: one.start, reverse=True):
        written = " ".join(scalar.text.split())
        quoted = {
            '"': '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"',
            "'": "'" + written.replace("'", "''") + "'",
        }[style]
        tail = "\n" if scalar.style in ("|", ">") and scalar.style else ""
        text = text[: scalar.start] + quoted + tail + text[scalar.end :]
    return text


def compared(node):
    """The values of enumerations in an expression, each with the type of what it is compared with."""
    match node:
        case Compare(left=Constant() as value, right=other) | Compare(left=other, right=Constant() as value):
            pairs = [(value, other.type)]
        case Contains(element=element, container=ListConstant() as values):
            pairs = [(value, element.type) for value in values.elements]
        case Contains(element=Constant() as value, container=container):
            pairs = [(value, container.type.element)]
        case _:
            pairs = []
    return [(value, type_) for value, type_ in pairs if type_.choices]


@pytest.mark.parametrize("style", ["as it is", '"', "'"])
@pytest.mark.parametrize("name", TEXTS)
def test_every_fact_and_value_is_found_at_its_place(name, style):
    text = TEXTS[name] if style == "as it is" else styled(TEXTS[name], style)
    document = parse_document(text.encode(), "policy.yaml")
    assert document.issues == ()
    seen = 0
    for scalar in expressions(document.root):
        places = offsets(scalar, text)
        for node in walk(check(scalar.text, DICTIONARY)):
            if isinstance(node, FactValue | FieldValue):
                start, end = places[node.span.start], places[node.span.end]
                target = target_at(document, end, FileKind.POLICY, DICTIONARY)
                assert target is not None, text[start:end]
                assert target.field.type == node.type
                assert (target.sort, target.start, target.end) == (Sort.FACT, start, end)
                seen += 1
            for constant, type_ in compared(node):
                inside = places[constant.span.start + 1]
                target = target_at(document, inside, FileKind.POLICY, DICTIONARY)
                assert target is not None, scalar.text
                assert (target.sort, target.value) == (Sort.VALUE, constant.value)
                offered = completions(text, inside, DICTIONARY)
                assert [one.label for one in offered] == [choice.value for choice in type_.choices], (
                    scalar.text
                )
                seen += 1
    assert seen


@given(data=st.data())
def test_no_text_and_no_place_makes_the_server_fail(data):
    """Whatever is deleted, typed or pasted, and wherever the caret stands."""
    text = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))]
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 40))
        text = text[:start] + data.draw(st.text("\"'[]{}:#|>-\\\n\t .aé😀", max_size=6)) + text[end:]
    offset = data.draw(st.integers(0, len(text)))
    for found in completions(text, offset, DICTIONARY):
        assert 0 <= found.start <= offset
        assert "\n" not in text[found.start : offset]
    document = parse_document(text.encode(), "policy.yaml")
    for kind in FileKind:
        target = target_at(document, offset, kind, DICTIONARY)
        assert target is None or 0 <= target.start <= target.end <= len(text)
