"""Findings in authored files, with their place. Every layer reports through these types."""

from imrpolicy.issues.issue import Issue, IssuesError, Place, Severity, has_errors, in_order
from imrpolicy.issues.render import Rendered, render, rendered
from imrpolicy.issues.suggest import did_you_mean, nearest

__all__ = [
    "Issue",
    "IssuesError",
    "Place",
    "Rendered",
    "Severity",
    "did_you_mean",
    "has_errors",
    "in_order",
    "nearest",
    "render",
    "rendered",
]
