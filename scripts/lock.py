"""Write `requirements/ci.txt`: the version of every package that the tests run with.

    python3 scripts/lock.py                 newest versions of everything
    python3 scripts/lock.py --keep          only what `pyproject.toml` forces to change

The lock is good for every supported Python and system: where they differ, a line carries a marker. uv
resolves it, in an environment of its own that is thrown away.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from environment import LOCK, ROOT, call, pip_install, require_python

_COMPILE = [
    "--universal",
    "--python-version=3.11",
    "--extra=dev",
    "--quiet",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--custom-compile-command=python3 scripts/lock.py",
]


def main() -> int:
    """Resolve and write the lock."""
    require_python()
    parser = argparse.ArgumentParser(description="Write requirements/ci.txt.")
    parser.add_argument("--keep", action="store_true", help="keep every locked version that still fits")
    upgrade = [] if parser.parse_args().keep else ["--upgrade"]
    with tempfile.TemporaryDirectory() as folder:
        call([sys.executable, "-m", "venv", folder])
        programs = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin")
        call([*pip_install(str(programs / "python")), "uv"])
        output = f"--output-file={LOCK.relative_to(ROOT).as_posix()}"
        call([str(programs / "uv"), "pip", "compile", "pyproject.toml", *_COMPILE, *upgrade, output])
    return 0


if __name__ == "__main__":
    sys.exit(main())
