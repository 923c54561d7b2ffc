"""The small directory of policies of the loader's tests, and the command to run on it."""

from cli.conftest import imrpolicy
from policy.directory import directory

__all__ = ["directory", "imrpolicy"]
