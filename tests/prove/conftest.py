"""Proofs need the prover, which only the extra `prove` brings."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("z3") else ["test_*.py"]
