"""What the case schema asks for beside the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imrpolicy.evaluate.notes import NoteRules
from imrpolicy.evaluate.problems import TextRule
from imrpolicy.evaluate.words import Review, Timing

CASE_KEYS = frozenset(
    "id title source jurisdiction review timing dates records facts documented_by conflicting requests "
    "decided".split()
)
REQUEST_KEYS = frozenset("id title facts documented_by conflicting dates".split())
DECISION_KEYS = frozenset("outcome reason final level guideline disagreement".split())
DISAGREEMENT_KEYS = frozenset({"cause", "explanation"})
REVIEWS = {item.value: item for item in Review}
TIMINGS = {item.value: item for item in Timing}
# Ten times what the dictionary holds: beyond that, nobody needs each key explained.
MOST_FACTS = 1_000


class CaseRules:
    """The texts, the lists of words and the sizes that the case schema declares."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        properties: Any = schema.get("properties", {})
        definitions: Any = schema.get("$defs", {})
        request = definitions.get("request", {}).get("properties", {})
        decided = properties.get("decided", {}).get("patternProperties", {})
        decision: Any = next(iter(decided.values()), {"properties": {}})["properties"]
        disagreement: Any = decision.get("disagreement", {}).get("properties", {})
        self.jurisdictions = _constants(properties.get("jurisdiction", {}))
        self.outcomes = _constants(decision.get("outcome", {}))
        self.id = TextRule.of(properties.get("id", {}))
        self.title = TextRule.of(properties.get("title", {}))
        self.source = TextRule.of(properties.get("source", {}))
        self.levels = _constants(decision.get("level", {}))
        self.causes = _constants(disagreement.get("cause", {}))
        self.reason = TextRule.of(decision.get("reason", {}))
        self.guideline = TextRule.of(decision.get("guideline", {}))
        self.explanation = TextRule.of(disagreement.get("explanation", {}))
        self.request_id = TextRule.of(request.get("id", {}))
        self.request_title = TextRule.of(request.get("title", {}))
        self.most_requests: int | None = properties.get("requests", {}).get("maxItems")
        self.notes = NoteRules(schema)


def _constants(definition: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(option["const"] for option in definition.get("oneOf", ()))
