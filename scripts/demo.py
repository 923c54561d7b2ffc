"""Set imrpolicy up and determine the reference case.

    python3 scripts/demo.py

Needs Python 3.11 or newer and, the first time, the network. Everything is installed into `.venv` in this
project.
"""

from __future__ import annotations

import sys

from environment import heading, prepare, require_python, run, tool

_CASE = "cases/imr-2013-lumbar-block-and-cryotherapy.yaml"
_ARGUMENTS = ["evaluate", _CASE, "--as-of", "2013-12-01"]


def main() -> int:
    """Set up, evaluate, and return the exit code of the evaluation."""
    require_python()
    prepare("core")
    heading(f"imrpolicy {' '.join(_ARGUMENTS)}")
    return run([tool("imrpolicy"), *_ARGUMENTS])


if __name__ == "__main__":
    sys.exit(main())
