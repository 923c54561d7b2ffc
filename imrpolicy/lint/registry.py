"""The catalogue: every rule, by hand. What is not in this list is no rule."""

from __future__ import annotations

from imrpolicy.lint.rule import Rule
from imrpolicy.lint.rules import (
    missing_evidence,
    overlapping_fact,
    period_gap,
    period_overlap,
    release_not_recorded,
    released_file_altered,
    released_file_lost,
    repeated_changes,
    repeated_expression,
    retired_source,
    stale_source,
    summary_number,
    text_bound,
    text_number,
    uncited_number,
    unitless_number,
    unknown_strength,
    untested_status,
    unused_allowance,
    unused_value,
    vague_wording,
    weak_confidence,
)

RULES: tuple[Rule, ...] = (
    missing_evidence.RULE,
    overlapping_fact.RULE,
    period_gap.RULE,
    period_overlap.RULE,
    release_not_recorded.RULE,
    released_file_altered.RULE,
    released_file_lost.RULE,
    repeated_changes.RULE,
    repeated_expression.RULE,
    retired_source.RULE,
    stale_source.RULE,
    summary_number.RULE,
    text_bound.RULE,
    text_number.RULE,
    uncited_number.RULE,
    unitless_number.RULE,
    unknown_strength.RULE,
    untested_status.RULE,
    unused_allowance.RULE,
    unused_value.RULE,
    vague_wording.RULE,
    weak_confidence.RULE,
)
"""Every rule, by id."""


def rule_named(name: str) -> Rule | None:
    """The rule with an id, or none."""
    return next((rule for rule in RULES if rule.id == name), None)
