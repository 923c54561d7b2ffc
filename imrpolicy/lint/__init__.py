"""The checks of a project of policies, and the catalogue of lint rules.

`check_project` finds everything that is wrong in a directory of policies, with its tests, schemas and cases;
`check_text` does so for one file as an editor has it open. A rule is one module of `imrpolicy.lint.rules`,
and its docstring is its page in the documentation; `RULES` lists them all.
"""

from imrpolicy.lint.registry import RULES, rule_named
from imrpolicy.lint.rule import Finding, Rule
from imrpolicy.lint.run import (
    Allowed,
    Found,
    check_case_files,
    check_project,
    check_schema_files,
    combined,
    schemas_of,
)
from imrpolicy.lint.text import check_text

__all__ = [
    "RULES",
    "Allowed",
    "Finding",
    "Found",
    "Rule",
    "check_case_files",
    "check_project",
    "check_schema_files",
    "check_text",
    "combined",
    "rule_named",
    "schemas_of",
]
