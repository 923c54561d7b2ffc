"""PyYAML's two parsers give the same trees, places and issues."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imrpolicy.authored import Mapping, Scalar, parse_document
from imrpolicy.authored.compose import compose
from imrpolicy.authored.decode import decode
from imrpolicy.issues import has_errors

needs_libyaml = pytest.mark.skipif(
    not hasattr(yaml, "CSafeLoader"), reason="PyYAML was built without libyaml"
)

POLICY = """\
# yaml-language-server: $schema=../../../schemas/policy.schema.json
id: odg/continuous-flow-cryotherapy
title: "Cryotherapy — après 😀 surgery"   # a comment
effective: {from: 2009-01-01, by: decision}
applies_when: request.service == "continuous_flow_cryotherapy"
criteria:
  all:
    - id: duration
      text: 'It''s limited
        to 7 days.'
      when: >-
        request.duration_days <= 7
          && 😀

      limit: true
    - id: site
      when: |2-
          request.body_region in ["shoulder"]
      evidence:
"""

# `_` stands for a space, so that a list of pieces is easy to read.
WORDS = """
    a b:_ -_ ' " | >_ >- _#_ [ ] { } ,_ _ ?_ : ! &a_ *a_ <<:_ % @ ` \\ \\x41 \\ud800 010 yes ~ é 😀
    k:_v x_==_"y"
"""
LINES = [
    "\n",
    "\n  ",
    "\n    ",
    "\nk: ",
    "\n- ",
    "---\n",
    "...\n",
    "\t",
    "\u00a0",
    "\u2028",
    "\x85",
    "\x00",
    "\ufeff",
]
PIECES = st.sampled_from([word.replace("_", " ") for word in WORDS.split()] + LINES)


def spelled_out(node):
    """Everything that a tree knows, so that two of them can be compared."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return node.place, node.value, type(node.value), node.text, node.style, node.start, node.end
    if isinstance(node, Mapping):
        entries = [(key, spelled_out(entry)) for key, entry in node.entries.items()]
        return node.place, entries, [spelled_out(key) for key in node.keys.values()]
    return node.place, [spelled_out(item) for item in node.items]


@needs_libyaml
def test_a_policy_reads_the_same(composed):
    by_python, by_c = (composed(POLICY.encode(), loader) for loader in (yaml.SafeLoader, yaml.CSafeLoader))
    assert spelled_out(by_python[0]) == spelled_out(by_c[0])
    assert by_c[0] is not None
    assert not by_python[1]
    assert not by_c[1]


@needs_libyaml
@settings(max_examples=300)
@given(pieces=st.lists(PIECES, max_size=14))
def test_any_text_reads_the_same(pieces):
    text = "".join(pieces)
    # Inside brackets PyYAML's own parser takes `?` for a sign, and places an empty value elsewhere.
    assume(not set("[{") & set(text))
    decoded = decode(text.encode(), "f.yaml")
    assume(decoded.readable)
    by_python, by_c = (compose(decoded.text, loader) for loader in (yaml.SafeLoader, yaml.CSafeLoader))
    wrong = [root is None or has_errors(issues) for root, issues in (by_python, by_c)]
    assert wrong[0] == wrong[1]
    if not wrong[0]:
        assert spelled_out(by_python[0]) == spelled_out(by_c[0])
        assert by_python[1] == by_c[1]


@given(raw=st.binary(max_size=200))
def test_arbitrary_bytes_are_read_without_a_crash(raw):
    document = parse_document(raw, "f.yaml")
    assert document.root is not None or document.issues
    assert all(1 <= issue.place.line <= len(document.lines) + 1 for issue in document.issues)


@given(pieces=st.lists(PIECES, max_size=30))
def test_arbitrary_yaml_is_read_without_a_crash(pieces):
    document = parse_document("".join(pieces).encode(), "f.yaml")
    assert document.root is not None or document.issues
