"""What stops a batch."""

from __future__ import annotations


class BatchError(Exception):
    """A batch could not be run; the message says why, and what to do next. Nothing was half written."""
