"""What a comparison found, in the words of every report."""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.diff.criteria import Edit, PartChange
from imrpolicy.prove import Bump, Comparison, QuantityChange, Relation, Says, Transition

_RELATIONS = {
    Relation.EQUIVALENT: "Proven: no case has another outcome.",
    Relation.ONLY_STRICTER: "Proven: only stricter. Some cases lose, none gains.",
    Relation.ONLY_LOOSER: "Proven: only looser. Some cases gain, none loses.",
    Relation.BOTH: "Proven: stricter for some cases, looser for others.",
    Relation.SHIFTED: "Proven: no case gains or loses, but what is left open, or covered, changes.",
}
_SAID = {
    Says.RECOMMENDED: "recommended",
    Says.NOT_RECOMMENDED: "not recommended",
    Says.UNDETERMINED: "left open",
    Says.NOTHING: "not covered",
}


def relation_in_words(found: Comparison) -> str:
    """How the newer policy stands to the older."""
    if found.relation is Relation.UNKNOWN:
        return f"Unknown: the prover gave up on {', '.join(found.unknown)}. What is listed is not all."
    return _RELATIONS[found.relation]


def version_in_words(found: Comparison) -> str:
    """The step of the version that is asked for, and the one that was made."""
    declared = "the version stays" if found.declared is Bump.NONE else f"declared is {found.declared.name}"
    least = " at least" if found.relation is Relation.UNKNOWN else ""
    return f"Version: the change asks for {found.asked.name}{least}, {declared}."


def transition_in_words(part: Transition) -> str:
    """What changes for a case."""
    return f"{_SAID[part.before]} -> {_SAID[part.after]}"


def quantity_in_words(part: QuantityChange) -> str:
    """What is supported of a request that goes beyond a limit."""
    facts = {fact.path: fact for fact, _ in part.witness.facts}

    def amounts(found: tuple[tuple[str, float], ...]) -> str:
        return ", ".join(f"{facts[path].title.lower()} {facts[path].label(most)}" for path, most in found)

    before, after = amounts(part.before) or "nothing", amounts(part.after) or "nothing"
    return f"supported of a request beyond a limit: {before} -> {after}"


def edit_in_words(part: PartChange) -> Iterator[str]:
    """What was edited, in one line or three."""
    if part.edit is Edit.ADDED:
        yield f"added {part.what}: {part.after}"
    elif part.edit is Edit.REMOVED:
        yield f"removed {part.what}: {part.before}"
    else:
        yield f"{part.edit.value} {part.what}"
        yield f"was: {part.before}"
        yield f"now: {part.after}"


def up_to(found: Comparison) -> str:
    """How many elements of lists were considered."""
    return (
        "Considered "
        + ", ".join(f"up to {most} of `{path}`" for path, most in found.cut_short)
        + ". Longer lists were not looked at."
    )
