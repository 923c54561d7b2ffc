"""Whether the prover is installed, which only the extra `prove` brings."""

from __future__ import annotations

from importlib.util import find_spec

from imrpolicy.extras import missing


def has_prover() -> bool:
    """Whether it is installed; looking costs next to nothing, loading it would."""
    return find_spec("z3") is not None


def need_prover() -> None:
    """Stop a command that cannot do without it.

    Raises:
        MissingExtraError: It is not installed; the message says how to install it.
    """
    if not has_prover():
        raise missing("z3", "prove")
