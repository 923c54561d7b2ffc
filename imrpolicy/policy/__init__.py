"""Policies, sources and search sequences: what they are, and how they are read."""

from imrpolicy.policy.files import read_valid, shown
from imrpolicy.policy.loader import Loaded, load_directory, policy_folders
from imrpolicy.policy.model import (
    Criterion,
    DatedBy,
    Effective,
    Group,
    GuidelineReference,
    Limit,
    Policy,
    PolicyStatus,
    Provenance,
    Stance,
)
from imrpolicy.policy.schemas import Schemas
from imrpolicy.policy.sources import SearchSequence, Source, Step, sequence_for
from imrpolicy.policy.version import Version

__all__ = [
    "Criterion",
    "DatedBy",
    "Effective",
    "Group",
    "GuidelineReference",
    "Limit",
    "Loaded",
    "Policy",
    "PolicyStatus",
    "Provenance",
    "Schemas",
    "SearchSequence",
    "Source",
    "Stance",
    "Step",
    "Version",
    "load_directory",
    "policy_folders",
    "read_valid",
    "sequence_for",
    "shown",
]
