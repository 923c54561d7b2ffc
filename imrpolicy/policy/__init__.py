"""Policies, sources and search sequences: what they are, and how they are read."""

from imrpolicy.policy.loader import Loaded, Schemas, load_directory, policy_folders, read_valid, shown
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
