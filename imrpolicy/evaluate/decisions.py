"""Reads what a case says of the real decision on each of its requests, which nothing evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imrpolicy.evaluate.problems import Path, Problems, shown
from imrpolicy.evaluate.rules import DECISION_KEYS, DISAGREEMENT_KEYS, CaseRules

DECIDED = "decided"


class DecisionReader:
    """Reads the decisions of one case."""

    def __init__(self, rules: CaseRules, problems: Problems) -> None:
        self._rules = rules
        self._problems = problems

    def read(self, data: Any, requests: set[str]) -> dict[str, dict[str, Any]]:
        """The decisions by the request that they are on."""
        decided = self._problems.mapping(data, (DECIDED,), what=" of requests to decisions")
        for name in decided:
            if name not in requests:
                self._problems.unknown(
                    (DECIDED,), name, f"there is no request {shown(name)} in this case", requests
                )
        return {name: self._decision(entry, (DECIDED, name)) for name, entry in decided.items()}

    def _decision(self, entry: Any, path: Path) -> dict[str, Any]:
        rules, problems = self._rules, self._problems
        if not isinstance(entry, Mapping):
            problems.add(path, "a decision must be a mapping with an `outcome`")
            return {}
        entry = problems.mapping(entry, path, what="")
        problems.check_keys(entry, DECISION_KEYS, path)
        given = {key for key, value in entry.items() if value is not None}
        decision: dict[str, Any] = {
            "outcome": self._word(entry, "outcome", rules.outcomes, path, "no outcome of a decision")
        }
        if "reason" in given:
            decision["reason"] = problems.text(entry["reason"], rules.reason, (*path, "reason"))
        if "final" in given:
            decision["final"] = self._truth(entry["final"], (*path, "final"))
        if "level" in given:
            decision["level"] = self._word(entry, "level", rules.levels, path, "no level of a decision")
        if "guideline" in given:
            decision["guideline"] = problems.text(entry["guideline"], rules.guideline, (*path, "guideline"))
        if "disagreement" in given:
            decision["disagreement"] = self._disagreement(entry["disagreement"], (*path, "disagreement"))
        return decision

    def _disagreement(self, entry: Any, path: Path) -> dict[str, str]:
        if not isinstance(entry, Mapping):
            self._problems.add(path, "a disagreement must be a mapping with `cause` and `explanation`")
            return {}
        entry = self._problems.mapping(entry, path, what="")
        self._problems.check_keys(entry, DISAGREEMENT_KEYS, path)
        return {
            "cause": self._word(entry, "cause", self._rules.causes, path, "no cause of a disagreement"),
            "explanation": self._problems.name(
                entry.get("explanation"),
                self._rules.explanation,
                (*path, "explanation"),
                lacking="a disagreement needs an `explanation`, as text",
            ),
        }

    def _word(self, entry: Mapping[str, Any], key: str, known: frozenset[str], path: Path, what: str) -> str:
        """One of some words; any text, where the case schema does not say which."""
        word = entry.get(key)
        if not isinstance(word, str) or (known and word not in known):
            help = "it is one of " + ", ".join(f"`{name}`" for name in sorted(known))
            self._problems.add((*path, key), f"{shown(word)} is {what}", help)
        return str(word)

    def _truth(self, value: Any, path: Path) -> bool:
        if not isinstance(value, bool):
            self._problems.add(path, f"{shown(value)} must be `true` or `false`")
        return bool(value)
