"""Agreement: what the policies say of published cases, held against what the reviewers decided."""

from imrpolicy.agreement.compare import compare
from imrpolicy.agreement.markdown import as_markdown
from imrpolicy.agreement.model import (
    Agreement,
    Cause,
    Comparison,
    Disagreement,
    Finding,
    Label,
    Level,
    Tally,
    Verdict,
)

__all__ = [
    "Agreement",
    "Cause",
    "Comparison",
    "Disagreement",
    "Finding",
    "Label",
    "Level",
    "Tally",
    "Verdict",
    "as_markdown",
    "compare",
]
