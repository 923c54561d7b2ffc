"""Proofs over all cases that the schema admits: what a policy can say, and what a change changes.

Needs the prover z3: `pip install "imrpolicy[prove]"`. Importing this package without it raises
`MissingExtraError`, which is an `ImportError`.
"""

from imrpolicy.prove.alike import Apart, tell_apart
from imrpolicy.prove.compare import compare
from imrpolicy.prove.example import Example, example_of
from imrpolicy.prove.findings import RULES, Finding, Proof, Setting, Weight
from imrpolicy.prove.library import prove
from imrpolicy.prove.model import (
    Bump,
    Comparison,
    Direction,
    QuantityChange,
    Reason,
    Relation,
    Says,
    Transition,
    declared_bump,
)
from imrpolicy.prove.proof import Answer, Situation
from imrpolicy.prove.usual import Usual
from imrpolicy.prove.witness import Span, Witness

__all__ = [
    "RULES",
    "Answer",
    "Apart",
    "Bump",
    "Comparison",
    "Direction",
    "Example",
    "Finding",
    "Proof",
    "QuantityChange",
    "Reason",
    "Relation",
    "Says",
    "Setting",
    "Situation",
    "Span",
    "Transition",
    "Usual",
    "Weight",
    "Witness",
    "compare",
    "declared_bump",
    "example_of",
    "prove",
    "tell_apart",
]
