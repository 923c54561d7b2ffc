"""What a new version means for cases: who gains, who loses, proven over every case that the schema admits.

The proof needs the extra `prove`. Without it the history says what was edited, and not what it means.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from imrpolicy.facts import FactDictionary
from imrpolicy.policy import Policy, PolicyStatus
from imrpolicy.site.model import Content
from imrpolicy.site.rendering import render


class Meanings:
    """The meanings of all steps from one version to the next, each proven once for all builds."""

    def __init__(self) -> None:
        self._proven: dict[tuple[str, str], Any] = {}

    def of(self, content: Content, old: Policy, new: Policy) -> Markup:
        """The meaning of one step as HTML; nothing where it cannot be proven here.

        Args:
            content: Everything that is known: its cases tell what a usual case looks like.
            old: The older version.
            new: The newer version.
        """
        key = (old.content_hash, new.content_hash)
        if key not in self._proven:
            self._proven[key] = _compare(content, old, new)
        found = self._proven[key]
        if found is None:
            return Markup()
        draft = old.status is PolicyStatus.DRAFT
        return render("meaning", f"policies/{new.id}.md", found=found, draft=draft)


def _compare(content: Content, old: Policy, new: Policy) -> dict[str, Any] | None:
    try:
        # The prover takes a while to load, and is an extra.
        from imrpolicy.diff import wording
        from imrpolicy.prove import Usual, compare
    except ImportError:
        return None
    cases = {case.determination.case.id: case.determination.case for case in content.cases}
    dictionary: FactDictionary = content.library.dictionary
    found = compare(old, new, dictionary=dictionary, usual=Usual.of(cases.values()))
    moves = [(wording.transition_in_words(move), move.witness.in_words()) for move in found.transitions]
    moves += [(wording.quantity_in_words(part), part.witness.in_words()) for part in found.quantities]
    if found.applicability is not None:
        moves.append(("covered by one version, and perhaps not by the other", found.applicability.in_words()))
    return {
        "relation": wording.relation_in_words(found),
        "moves": [(what.replace("->", "→"), example) for what, example in moves],
        "limits": wording.up_to(found) if found.cut_short else "",
    }
