"""Evaluation: a library of policies, the facts of a case, and the determinations that follow."""

from imrpolicy.evaluate.bundled import bundled_directory
from imrpolicy.evaluate.case import Case, CaseError, Record, Request, Statement
from imrpolicy.evaluate.compiled import CompiledPolicy, CriterionTrace, PolicyTrace, Role
from imrpolicy.evaluate.determination import Determination, FactUse, Options
from imrpolicy.evaluate.library import PolicyLibrary, read_directory
from imrpolicy.evaluate.missing import Missing
from imrpolicy.evaluate.rationale import record_title, sentences
from imrpolicy.evaluate.replay import RecordError, Replay, replay
from imrpolicy.evaluate.resolve import SourceTrace
from imrpolicy.evaluate.supported import SupportedQuantity
from imrpolicy.evaluate.words import Outcome, Reason, Recommendation, Review, SourceState, Status, Timing

__all__ = [
    "Case",
    "CaseError",
    "CompiledPolicy",
    "CriterionTrace",
    "Determination",
    "FactUse",
    "Missing",
    "Options",
    "Outcome",
    "PolicyLibrary",
    "PolicyTrace",
    "Reason",
    "Recommendation",
    "Record",
    "RecordError",
    "Replay",
    "Request",
    "Review",
    "Role",
    "SourceState",
    "SourceTrace",
    "Statement",
    "Status",
    "SupportedQuantity",
    "Timing",
    "bundled_directory",
    "read_directory",
    "record_title",
    "replay",
    "sentences",
]
