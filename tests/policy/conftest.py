"""A small directory of policies, for every test here."""

from policy.directory import directory

__all__ = ["directory"]
