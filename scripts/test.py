"""Set imrpolicy up and pass every check and test.

    python3 scripts/test.py                 everything, as in continuous integration
    python3 scripts/test.py ruff mypy       only these steps
    python3 scripts/test.py --list          the steps

Needs Python 3.11 or newer, Node.js with npm and, the first time, the network. Everything is installed into
`.venv` in this project, but for the programs that some tests start (a browser, Java for Spark, PostgreSQL):
as root on a Debian system those that are missing are installed, elsewhere their tests are skipped. All steps
run, also after one has failed; the exit code is 0 only if every step has passed.
"""

from __future__ import annotations

import argparse
import sys
import time

from environment import (
    heading,
    prepare,
    prepare_conformance,
    prepare_programs,
    prepare_web,
    require_npm,
    require_python,
    run,
    tool,
)

_STEPS = {
    "ruff": ("the code has no lint", ["ruff", "check", "."]),
    "format": ("the code is formatted", ["ruff", "format", "--check", "."]),
    "mypy": ("the types fit", ["mypy", "--strict", "imrpolicy"]),
    "imports": ("imports point down only", ["lint-imports", "--no-logo"]),
    "policies": ("the policies are sound", ["imrpolicy", "check"]),
    "canonical": ("the authored files are in their canonical form", ["imrpolicy", "fmt", "--check"]),
    "released": ("no released version was altered, added or lost", ["imrpolicy", "verify"]),
    "cases": ("the policies pass their own tests", ["imrpolicy", "test"]),
    "mutation": ("their tests notice every small change", ["imrpolicy", "test", "--mutate"]),
    "pytest": ("the package works, built and installed too", ["pytest", "-n", "auto"]),
    "site": ("the site builds", ["mkdocs", "build", "--strict"]),
}


def main(arguments: list[str] | None = None) -> int:
    """Set up, run the steps, and return 0 if all of them passed."""
    require_python()
    options = _options(arguments)
    if options.list:
        for name, (claim, command) in _STEPS.items():
            print(f"{name:<10}{claim}: {' '.join(command)}")
        return 0
    require_npm()
    prepare_programs()
    prepare("dev")
    prepare_conformance()
    prepare_web()
    return _report([_run(name) for name in options.steps or _STEPS])


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Set imrpolicy up and pass every check and test.")
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"one of {', '.join(_STEPS)} (default: all)")
    parser.add_argument("--list", action="store_true", help="list the steps and stop")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.steps if name not in _STEPS]
    if unknown:
        parser.error(f"there is no step {unknown[0]}; the steps are {', '.join(_STEPS)}")
    return options


def _run(name: str) -> tuple[str, int, float]:
    program, *rest = _STEPS[name][1]
    heading(f"{name}: {program} {' '.join(rest)}")
    start = time.monotonic()
    return name, run([tool(program), *rest]), time.monotonic() - start


def _report(results: list[tuple[str, int, float]]) -> int:
    heading("Summary")
    for name, code, seconds in results:
        outcome = "ok" if code == 0 else f"FAILED with exit code {code}"
        print(f"{name:<10}{seconds:7.1f} s  {_STEPS[name][0]}: {outcome}")
    failed = [name for name, code, _ in results if code != 0]
    if failed:
        print(f"\nFailed: {', '.join(failed)}. Run one again with: python3 scripts/test.py {failed[0]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
