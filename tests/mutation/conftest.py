"""The small directory of policies of the loader's tests, and the command to run on it."""

from pathlib import Path

from cli.conftest import imrpolicy
from policy.directory import directory

__all__ = ["ROOT", "directory", "imrpolicy"]

ROOT = Path(__file__).resolve().parents[2]
