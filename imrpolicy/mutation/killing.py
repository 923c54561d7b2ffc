"""The test that would notice a mutant."""

from __future__ import annotations

from dataclasses import replace

from imrpolicy.facts import FactDictionary
from imrpolicy.mutation.draft import Draft, difference_in_words
from imrpolicy.mutation.observe import Row
from imrpolicy.mutation.search import Telling
from imrpolicy.policy import Policy
from imrpolicy.testing import Suite

_SAID = {
    "recommended": "recommended",
    "not_recommended": "not recommended",
    "undetermined": "left open",
    "none": "outside of the scope",
}
_LONGEST = 180


def draft_for(policy: Policy, telling: Telling, suite: Suite, dictionary: FactDictionary) -> Draft:
    """The test that a case which tells a mutant from its policy makes.

    Args:
        policy: The policy as it is.
        telling: The case.
        suite: The tests that the policy has.
        dictionary: The facts.
    """
    before, after = telling.expected.statuses, telling.found.statuses
    draft = Draft(
        name="",
        row=telling.row,
        manner=telling.manner,
        observation=telling.expected,
        named=tuple(name for name in before if after.get(name, before[name]) != before[name]),
        version="" if suite.usual == (policy,) else str(policy.version),
    )
    return replace(draft, name=name_for(draft, suite.base, dictionary))


def name_for(draft: Draft, base: Row, dictionary: FactDictionary) -> str:
    """A name that says how a case differs from the base, what follows, and by which criterion."""
    how = [f"in version {draft.version}"] if draft.version else []
    how += ["after the service"] if draft.manner.retrospective else []
    how += ["with nothing presumed"] if draft.manner.strict else []
    seen = draft.observation
    why = [
        f"`{name}` {seen.statuses[name].replace('_', ' ')}" for name in draft.named if name in seen.statuses
    ]
    end = f"{''.join(', ' + word for word in how)}: {', '.join([_SAID[seen.recommendation], *why[:2]])}."
    words = difference_in_words(draft.row, base, dictionary) or "As in the base"
    if len(words) + len(end) > _LONGEST:
        words = words[: _LONGEST - len(end) - 4].rstrip() + " ..."
    return words[:1].upper() + words[1:] + end
