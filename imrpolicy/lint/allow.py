"""Findings that the editors allow, each with a reason: `lint.yaml` beside the sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.authored import Document
from imrpolicy.evaluate import bundled_directory
from imrpolicy.issues import Issue, Severity, did_you_mean
from imrpolicy.lint.rule import Rule
from imrpolicy.policy import Schemas, read_valid
from imrpolicy.policy.layout import LINT_FILE

KIND = "lint"
"""The name of its schema."""
UNUSED = "unused-allowance"
"""The rule of an allowance that allows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One entry of the file.

    Attributes:
        rule: The rule whose findings are allowed.
        at: What the findings are about, such as a policy, a criterion (`odg/x#id`), a fact or a source;
            empty for all of them.
        reason: Why.
        position: Which entry of the file it is.
    """

    rule: str
    at: str
    reason: str
    position: int

    def covers(self, rule: str, subject: str) -> bool:
        """Whether it allows a finding of a rule on a subject."""
        about = self.at in ("", subject) or subject.startswith(f"{self.at}#")
        return rule == self.rule and about


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What is allowed in a directory of policies.

    Attributes:
        entries: The entries of its file.
        issues: What is wrong with the file.
        document: The file; none where there is none, or it cannot be used.
    """

    entries: tuple[Allowance, ...] = ()
    issues: tuple[Issue, ...] = ()
    document: Document | None = None

    def covering(self, rule: str, subject: str) -> Allowance | None:
        """The first entry that allows a finding, or none."""
        return next((entry for entry in self.entries if entry.covers(rule, subject)), None)

    def unused(self, used: Collection[Allowance], rules: Collection[str]) -> tuple[Issue, ...]:
        """A warning for each entry that allowed nothing.

        Args:
            used: The entries that allowed something.
            rules: The rules that could find something.
        """
        if self.document is None:
            return ()
        return tuple(
            self.document.issue(
                self.document.node_at(("allow", entry.position, "rule")), UNUSED,
                f"nothing is found any more that this allows of `{entry.rule}`",
                "delete the entry", severity=Severity.WARNING,
            )
            for entry in self.entries if entry not in used and entry.rule in rules
        )  # fmt: skip


def read_allowances(root: Path, schemas: Schemas, rules: Iterable[Rule]) -> Allowances:
    """The allowances of a directory of policies; none where it has no file of them.

    Args:
        root: The directory.
        schemas: The schemas of its files; one for allowances that is missing there is that of imrpolicy.
        rules: All rules.

    Raises:
        OSError: The file cannot be read.
    """
    path = root / LINT_FILE
    if not path.is_file():
        return Allowances()
    has_one = (schemas.directory / f"{KIND}.schema.json").is_file()
    issues: list[Issue] = []
    document = read_valid(path, KIND, schemas if has_one else Schemas(bundled_directory("schemas")), issues)
    if document is None:
        return Allowances(issues=tuple(issues))
    entries = tuple(
        Allowance(rule=entry["rule"], at=entry.get("at", ""), reason=entry["reason"], position=position)
        for position, entry in enumerate(document.data()["allow"])
    )
    known = {rule.id: rule.may_be_allowed for rule in rules}
    for entry in entries:
        node = document.node_at(("allow", entry.position, "rule"))
        if entry.rule not in known:
            help = did_you_mean(entry.rule, known) or "`imrpolicy check --list-rules` lists them"
            issues.append(document.issue(node, "unknown-rule", f"there is no rule `{entry.rule}`", help))
        elif not known[entry.rule]:
            message = f"what `{entry.rule}` finds cannot be allowed"
            issues.append(document.issue(node, "not-allowed", message, "delete the entry, and mend it"))
    entries = tuple(entry for entry in entries if known.get(entry.rule))
    return Allowances(entries=entries, issues=tuple(issues), document=document)
