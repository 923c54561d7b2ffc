"""From an authored file that fits its schema to a policy: expressions checked, the other rules kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from imrpolicy.authored import Document, Scalar
from imrpolicy.expression import ExpressionError, Node, check
from imrpolicy.expression.nodes import Compare, Constant, FactValue
from imrpolicy.facts import FactDictionary
from imrpolicy.issues import Issue, did_you_mean
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
from imrpolicy.policy.sources import Source
from imrpolicy.policy.version import Version

Path = tuple[str | int, ...]

# A blank of a scaffold, such as `<which record shows it>`.
_BLANK = re.compile(r"\s*<[^<>]*>\s*")
_MODELINE = re.compile(r"\A# yaml-language-server:[^\n]*\n")


def build_policy(
    document: Document, dictionary: FactDictionary, sources: Mapping[str, Source]
) -> tuple[Policy | None, tuple[Issue, ...]]:
    """Build the policy of a file that fits the policy schema.

    Args:
        document: The file.
        dictionary: The facts that its expressions may name.
        sources: The declared sources by id; empty where they could not be read.

    Returns:
        The policy, or None where an error stands in the way; and everything that was found.
    """
    builder = _Builder(document, dictionary)
    policy = builder.policy(document.data(), sources)
    return (None if builder.issues else policy), tuple(builder.issues)


def effective(data: Mapping[str, Any]) -> Effective:
    """The period of an `effective` mapping that fits the schema."""
    end = data.get("to")
    return Effective(
        start=dt.date.fromisoformat(data["from"]),
        end=dt.date.fromisoformat(end) if end else None,
        by=DatedBy(data.get("by", DatedBy.DECISION)),
    )


def codes(data: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Codes by code system."""
    return tuple((system, tuple(values)) for system, values in data.items())


def content_hash(document: Document) -> str:
    """The hash of a policy's text, comments included, whichever line ends the file has.

    The comment that names the schema for editors is left out: a file that becomes an older version moves to
    another folder, where the path to the schema is another one, and is the same policy still.
    """
    text = _MODELINE.sub("", document.text)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


class _Builder:
    def __init__(self, document: Document, dictionary: FactDictionary) -> None:
        self._document = document
        self._dictionary = dictionary
        self._ids: dict[str, Path] = {}
        self.issues: list[Issue] = []

    def policy(self, data: Mapping[str, Any], sources: Mapping[str, Source]) -> Policy | None:
        scope = self._expression(("applies_when",), data["applies_when"])
        criteria = self._group(("criteria",), data["criteria"]) if "criteria" in data else None
        exclusions = self._criteria("exclusions", data)
        conditions = self._criteria("conditions", data)
        self._check_source(data, sources)
        self._check_blanks((), data)
        self._check_period(("effective",), data["effective"])
        version = self._version(data["version"])
        if scope is None or version is None or self.issues:
            return None
        return Policy(
            id=data["id"],
            version=version,
            status=PolicyStatus(data["status"]),
            title=data["title"],
            source=GuidelineReference(**data["source"]),
            effective=effective(data["effective"]),
            summary=data["summary"],
            applies_when=data["applies_when"],
            scope=scope,
            stance=Stance(data["stance"]),
            criteria=criteria if isinstance(criteria, Group) else None,
            exclusions=exclusions,
            conditions=conditions,
            changes=data.get("changes", ""),
            provenance=Provenance(**data["provenance"]) if "provenance" in data else None,
            notes=tuple(data.get("notes", ())),
            codes=codes(data.get("codes", {})),
            content_hash=content_hash(self._document),
            file=self._document.path,
        )

    def _version(self, text: str) -> Version | None:
        try:
            return Version.parse(text)
        except ValueError as error:
            self._report(("version",), "wrong-form", str(error), "a part has at most six digits")
            return None

    def _report(self, path: Path, rule: str, message: str, help: str = "") -> None:
        self.issues.append(self._document.issue(self._document.node_at(path), rule, message, help))

    def _expression(self, path: Path, text: str) -> Node | None:
        try:
            return check(text, self._dictionary)
        except ExpressionError as error:
            scalar = self._document.node_at(path)
            assert isinstance(scalar, Scalar)  # noqa: S101 - the schema says that it is text
            for problem in error.problems:
                span = problem.span
                self.issues.append(
                    self._document.issue_in(
                        scalar, span.start, span.end, problem.rule, problem.message, problem.help
                    )
                )
            return None

    def _criteria(self, name: str, data: Mapping[str, Any]) -> tuple[Criterion, ...]:
        read = [self._criterion((name, position), leaf) for position, leaf in enumerate(data.get(name, ()))]
        return tuple(leaf for leaf in read if leaf is not None)

    def _member(self, path: Path, data: Mapping[str, Any]) -> Criterion | Group | None:
        return self._criterion(path, data) if "when" in data else self._group(path, data)

    def _group(self, path: Path, data: Mapping[str, Any]) -> Group | None:
        kind: Literal["all", "any", "at_least"]
        kind = "at_least" if "at_least" in data else "any" if "any" in data else "all"
        below = (*path, kind) if kind != "at_least" else (*path, kind, "of")
        members = data["at_least"]["of"] if kind == "at_least" else data[kind]
        count = int(data["at_least"]["count"]) if kind == "at_least" else 0
        if count > len(members):
            self._report((*path, "at_least", "count"), "count-too-large",
                         f"{count} must be met, but the group has only {len(members)}",
                         "lower `count`, or add criteria to `of`")  # fmt: skip
        if "id" in data:
            self._unique(path, data["id"])
        read = [self._member((*below, position), member) for position, member in enumerate(members)]
        known = tuple(member for member in read if member is not None)
        return Group(kind=kind, members=known, count=count, id=data.get("id", ""), text=data.get("text", ""))

    def _criterion(self, path: Path, data: Mapping[str, Any]) -> Criterion | None:
        self._unique(path, data["id"])
        node = self._expression((*path, "when"), data["when"])
        if node is None:
            return None
        limit = self._limit(path, node) if data.get("limit") else None
        texts = {
            name: data.get(name, "")
            for name in ("citation", "evidence", "strength", "note", "presumed_absent")
        }
        return Criterion(
            id=data["id"],
            text=data["text"],
            when=data["when"],
            node=node,
            limit=limit,
            place=self._document.node_at((*path, "when")).place,
            **texts,
        )

    def _limit(self, path: Path, node: Node) -> Limit | None:
        match node:
            case Compare(operator="<=" | "<", left=FactValue() as fact, right=Constant() as number):
                inclusive = node.operator == "<="
            case Compare(operator=">=" | ">", left=Constant() as number, right=FactValue() as fact):
                inclusive = node.operator == ">="
            case _:
                self._report((*path, "when"), "limit-form",
                             "a limit must compare one fact with one number",
                             "write it as `request.duration_days <= 7`, or remove `limit: true`")  # fmt: skip
                return None
        if not fact.type.is_number or not isinstance(number.value, int | float):
            self._report((*path, "when"), "limit-form", "a limit must cap a number", "remove `limit: true`")
            return None
        return Limit(fact=fact.fact, most=number.value, inclusive=inclusive)

    def _unique(self, path: Path, name: str) -> None:
        if name in self._ids:
            first = self._document.node_at((*self._ids[name], "id")).place
            help = "give each criterion, exclusion, condition and group its own id"
            message = f"the id `{name}` is already used in line {first.line}"
            self._report((*path, "id"), "duplicate-id", message, help)
        self._ids.setdefault(name, path)

    def _check_source(self, data: Mapping[str, Any], sources: Mapping[str, Source]) -> None:
        guideline = data["source"]["guideline"]
        if sources and guideline not in sources:
            help = did_you_mean(guideline, sources) or "declare it in `policies/sources.yaml`"
            self._report(("source", "guideline"), "unknown-source", f"there is no source `{guideline}`", help)
        elif data["id"].partition("/")[0] != guideline:
            message = f"the id `{data['id']}` does not start with the source `{guideline}`"
            help = f"an id is `source/topic`, so write `{guideline}/...`, or correct `source.guideline`"
            self._report(("id",), "id-and-source", message, help)

    def _check_blanks(self, path: Path, data: Any) -> None:
        """A blank of a scaffold, such as `<which record shows it>`, must be filled in."""
        if isinstance(data, Mapping):
            for key, value in data.items():
                self._check_blanks((*path, key), value)
        elif isinstance(data, list):
            for position, value in enumerate(data):
                self._check_blanks((*path, position), value)
        elif isinstance(data, str) and _BLANK.fullmatch(data):
            self._report(
                path, "blank", f"`{path[-1]}` is still a blank", "write the text in place of `<...>`"
            )

    def _check_period(self, path: Path, period: Mapping[str, Any]) -> None:
        if period.get("to") and period["to"] < period["from"]:
            self._report((*path, "to"), "period", f"the period ends on {period['to']}, before it starts",
                         "correct `from` or `to`")  # fmt: skip
