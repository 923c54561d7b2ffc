"""z3, imported only here, and what is said where it is not installed."""

from __future__ import annotations

from typing import Any

from imrpolicy.extras import need

# z3 has no types of its own that a checker could read.
Term = Any


z3: Any = need("z3", "prove")


def both(*parts: Term) -> Term:
    """All of the parts. Plain `True` and `False` are decided here, so that z3 sees less."""
    return _joined(parts, decided=False)


def either(*parts: Term) -> Term:
    """At least one of the parts."""
    return _joined(parts, decided=True)


def no(part: Term) -> Term:
    """The opposite of a part."""
    return not part if isinstance(part, bool) else z3.Not(part)


def choice(condition: Term, then: Term, otherwise: Term) -> Term:
    """One term or another."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    return z3.If(condition, then, otherwise)


def at_least(count: int, parts: tuple[Term, ...]) -> Term:
    """Whether at least so many of the parts hold."""
    sure = sum(part is True for part in parts)
    rest = [part for part in parts if not isinstance(part, bool)]
    needed = count - sure
    if needed <= 0:
        return True
    if needed > len(rest):
        return False
    if needed == len(rest):
        return both(*rest)
    if needed == 1:
        return either(*rest)
    return z3.AtLeast(*rest, needed)


def _joined(parts: tuple[Term, ...], *, decided: bool) -> Term:
    open_ = []
    for part in parts:
        if isinstance(part, bool):
            if part is decided:
                return decided
        else:
            open_.append(part)
    if not open_:
        return not decided
    if len(open_) == 1:
        return open_[0]
    return z3.Or(open_) if decided else z3.And(open_)
