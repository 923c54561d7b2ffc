"""The versions that a test is about, as a file of tests names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from imrpolicy.policy import Policy, Version

LATER = " and later"
TO = " to "


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The versions that something in a file of tests is about.

    Attributes:
        policies: The versions, the lowest first.
        unknown: What names none: the position in the list, if it is in one, and the number as written.
        is_backwards: Whether a range ends before it starts.
    """

    policies: tuple[Policy, ...]
    unknown: tuple[tuple[tuple[int, ...], str], ...] = ()
    is_backwards: bool = False


def chosen(written: str | Sequence[str], known: Mapping[str, Policy]) -> Chosen:
    """The versions that `version:` names.

    Args:
        written: One version, a list of them, `1.0.0 and later`, or `1.0.0 to 1.2.0`.
        known: The versions of the policy by number.
    """
    if not isinstance(written, str):
        listed: tuple[tuple[tuple[int, ...], str], ...] = tuple(
            ((place,), text) for place, text in enumerate(written) if text not in known
        )
        return Chosen(policies=_in_order(known[text] for text in written if text in known), unknown=listed)
    first, last = ends(written)
    missing = tuple(((), text) for text in dict.fromkeys((first, last)) if text and text not in known)
    if missing:
        return Chosen(policies=(), unknown=missing)
    low, high = known[first].version, known[last].version if last else None
    found = (p for p in known.values() if low <= p.version and (high is None or p.version <= high))
    return Chosen(policies=_in_order(found), is_backwards=high is not None and high < low)


def ends(written: str) -> tuple[str, str]:
    """The first and the last version of a range, the same for one version; an open range has no last.

    >>> ends("1.0.0"), ends("1.0.0 and later"), ends("1.0.0 to 1.2.0")
    (('1.0.0', '1.0.0'), ('1.0.0', ''), ('1.0.0', '1.2.0'))
    """
    if written.endswith(LATER):
        return written.removesuffix(LATER), ""
    first, to, last = written.partition(TO)
    return first, last if to else first


def with_next(written: str | Sequence[str], old: Version, new: Version) -> str:
    """How to name the same versions and a new one, where the newest so far is among them.

    Returns:
        The text to write; empty where nothing has to be written, as the new version is meant already or the
        newest so far is not.

    Example:
        >>> with_next("1.0.0", Version(1, 0, 0), Version(1, 1, 0))
        '1.0.0 and later'
    """
    if not isinstance(written, str):
        return f"[{', '.join([*written, str(new)])}]" if str(old) in written else ""
    first, last = ends(written)
    return f"{first}{LATER}" if last == str(old) else ""


def as_text(policies: Sequence[Policy], newest: Policy | None) -> str:
    """What to write as `version:` for some versions; the newest is meant with what comes after it."""
    numbers = [str(policy.version) for policy in policies]
    if len(policies) == 1:
        return f"{numbers[0]}{LATER}" if policies[0] is newest else numbers[0]
    return f"[{', '.join(numbers)}]"


def _in_order(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    return tuple(sorted(policies, key=lambda policy: policy.version))
