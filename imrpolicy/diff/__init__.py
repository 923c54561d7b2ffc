"""Which patients a change of policies touches: two revisions, two directories, or two guidelines."""

from imrpolicy.diff.criteria import Edit, PartChange, changed_parts
from imrpolicy.diff.impact import Changed, Impact, impact
from imrpolicy.diff.library import compare_sides, newest
from imrpolicy.diff.model import LibraryDiff, PolicyDiff
from imrpolicy.diff.revisions import RevisionError, Side, revision, working_tree

__all__ = [
    "Changed",
    "Edit",
    "Impact",
    "LibraryDiff",
    "PartChange",
    "PolicyDiff",
    "RevisionError",
    "Side",
    "changed_parts",
    "compare_sides",
    "impact",
    "newest",
    "revision",
    "working_tree",
]
