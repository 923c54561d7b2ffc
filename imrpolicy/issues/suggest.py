"""Did you mean: the known name nearest to one that is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most likely stands for, or none.

    >>> nearest("cryotherpy", ["cryotherapy", "neurotomy"])
    'cryotherapy'
    >>> nearest("xyz", ["cryotherapy"]) is None
    True
    """
    candidates = sorted(set(known))
    found = get_close_matches(word, candidates, n=1, cutoff=0.6)
    if found:
        return found[0]
    # An author often forgets the group in front of a fact, or gives another one.
    tail = word.rpartition(".")[2]
    same_tail = [name for name in candidates if name.rpartition(".")[2] == tail]
    return same_tail[0] if len(same_tail) == 1 else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, or the known words where they are few."""
    names = sorted(set(known))
    best = nearest(word, names)
    if best is not None:
        return f"did you mean `{best}`?"
    if 0 < len(names) <= 8:
        return "known are " + ", ".join(f"`{name}`" for name in names)
    return ""
