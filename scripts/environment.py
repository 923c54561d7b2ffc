"""The project's own virtual environment, `.venv`: made once, renewed when what it was made from has changed.

Only the standard library is used, because this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "ci.txt"
CONFORMANCE = ROOT / "tests" / "conformance"
WEB = ROOT / "web"

_OLDEST = (3, 11)
_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
_STAMP = VENV / "imrpolicy.json"
_INSTALL = {
    # What a user gets, in the versions that the tests have passed with.
    "core": [["--constraint", str(LOCK), "--editable", "."]],
    # Build tools come from the lock too, so nothing is chosen at install time.
    "dev": [["--requirement", str(LOCK)], ["--no-deps", "--no-build-isolation", "--editable", "."]],
}


# Debian's packages of the programs that tests start, and how to see that one is there.
_PROGRAMS: dict[str, Callable[[], bool]] = {
    "chromium": lambda: bool(shutil.which("chromium") or shutil.which("chromium-browser")),
    "default-jre-headless": lambda: shutil.which("java") is not None,
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
}


def require_python() -> None:
    """Stop with a clear word when this Python is too old."""
    if sys.version_info < _OLDEST:
        stop(
            f"imrpolicy needs Python {_OLDEST[0]}.{_OLDEST[1]} or newer, and {sys.executable} is "
            f"{platform.python_version()}. Use a newer one, such as `python3.12 {sys.argv[0]}`."
        )


def prepare(level: str) -> None:
    """Make `.venv` ready.

    Args:
        level: `core` for the package alone, `dev` for everything that the tests need.
    """
    usable = _usable()
    if usable and _stamp() in (_made_from(level), _made_from("dev")):
        return
    if not usable:
        heading(f"Making .venv with Python {platform.python_version()}")
        call([sys.executable, "-m", "venv", "--clear", str(VENV)])
    heading("Installing what imrpolicy needs into .venv (a minute or two the first time)")
    # No stamp while it is half done: an interrupted installation starts again.
    _STAMP.unlink(missing_ok=True)
    for arguments in _INSTALL[level]:
        call([*pip_install(tool("python")), *arguments])
    _STAMP.write_text(json.dumps(_made_from(level), indent=2), encoding="utf-8")


def require_npm() -> None:
    """Stop with a clear word when the conformance data cannot be installed."""
    if _conformance_wanted() and shutil.which("npm") is None:
        stop(
            "npm was not found. The tests compare imrpolicy with the CEL conformance data, which comes as an "
            "npm package: install Node.js 20 or newer (npm comes with it), and run this again."
        )


def prepare_conformance() -> None:
    """Install the npm packages of the conformance tests, unless they are there already."""
    lock = CONFORMANCE / "package-lock.json"
    stamp = CONFORMANCE / "node_modules" / ".imrpolicy"
    if not _conformance_wanted() or (stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest(lock)):
        return
    heading("Installing the CEL conformance data with npm")
    # No install scripts: the data needs none, and a compromised package gets no chance to run one.
    call([shutil.which("npm") or "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=CONFORMANCE)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(_digest(lock), encoding="utf-8")


def prepare_web() -> None:
    """Build the program of the site that runs in the browser, unless it was built from the same sources."""
    sources = [WEB / name for name in ("package.json", "package-lock.json", "build.js")]
    sources += sorted((WEB / "src").glob("*.js"))
    stamp, built = WEB / "node_modules" / ".imrpolicy", ROOT / "imrpolicy" / "site" / "assets" / "trial.js"
    if built.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest(*sources):
        return
    heading("Building the site's program for the browser with npm")
    npm = shutil.which("npm") or "npm"
    call([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=WEB)
    call([npm, "run", "--silent", "build"], cwd=WEB)
    stamp.write_text(_digest(*sources), encoding="utf-8")


def prepare_programs() -> None:
    """Install the programs that the tests start, where that takes no person: as root on a Debian system.

    Elsewhere nothing is installed: the tests that need one are skipped and say which.
    """
    missing = [package for package, is_there in _PROGRAMS.items() if not is_there()]
    if not missing:
        return
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        heading(f"Not installed, so the tests that need them are skipped: {', '.join(missing)}")
        return
    heading(f"Installing {', '.join(missing)} for the tests")
    call(["apt-get", "update", "-qq"])
    call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing])


def tool(name: str) -> str:
    """The path of a program in `.venv`."""
    return str(_BIN / (f"{name}.exe" if os.name == "nt" else name))


def pip_install(python: str) -> list[str]:
    """The command that installs packages for a Python, up to the packages."""
    return [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def run(command: list[str], cwd: Path = ROOT) -> int:
    """Run a command as in the activated environment, and return its exit code."""
    variables = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH"):
        variables.pop(name, None)
    variables["VIRTUAL_ENV"] = str(VENV)
    variables["NO_MKDOCS_2_WARNING"] = "1"  # a banner of the theme, about a version that is not used here
    variables["PATH"] = f"{_BIN}{os.pathsep}{variables.get('PATH', '')}"
    try:
        return subprocess.run(command, cwd=cwd, env=variables, check=False).returncode
    except OSError as error:
        print(f"{command[0]} cannot be run: {error}", file=sys.stderr)
        return 127


def call(command: list[str], cwd: Path = ROOT) -> None:
    """Run a command that has to succeed, and stop when it does not."""
    code = run(command, cwd)
    if code != 0:
        stop(f"failed with exit code {code}: {' '.join(command)}")


def heading(text: str) -> None:
    """Print a heading ahead of what the next command prints."""
    print(f"\n=== {text}", flush=True)


def stop(message: str) -> None:
    """End the program as failed, with the reason."""
    sys.stdout.flush()
    raise SystemExit(f"error: {message}")


def _conformance_wanted() -> bool:
    return (CONFORMANCE / "package-lock.json").is_file()


def _made_from(level: str) -> dict[str, str]:
    """What a finished `.venv` was made from; where any of it differs, it has to be made or renewed."""
    return {
        "level": level,
        "python": platform.python_version(),
        "root": str(ROOT),
        "files": _digest(ROOT / "pyproject.toml", LOCK),
    }


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def _stamp() -> object:
    try:
        return json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _usable() -> bool:
    """Whether `.venv` runs, and with the Python that runs this script."""
    asked = [tool("python"), "-c", "import pip, platform; print(platform.python_version())"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == platform.python_version()
