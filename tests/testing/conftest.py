"""The small directory of policies of the loader's tests."""

from policy.directory import directory

__all__ = ["directory"]
