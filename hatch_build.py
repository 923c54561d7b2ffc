"""Builds what the site runs in the browser, before a wheel or an sdist is packed.

`pip install` from an index needs no Node.js: the wheel carries the built file, and so does the sdist.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = ("imrpolicy/site/assets/trial.js", "imrpolicy/site/assets/trial-licences.txt")
COMMANDS = (["ci", "--ignore-scripts", "--no-audit", "--no-fund"], ["run", "build"])


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs npm in `web/`, unless the files are there or the installation is an editable one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch passes it
        """Build the files; `artifacts` in pyproject.toml has them packed although git ignores them.

        Raises:
            RuntimeError: They are not there, and npm is not either.
        """
        root = Path(self.root)
        # In an editable installation the files of the clone are used, whenever they are built.
        if version == "editable" or all((root / name).is_file() for name in ASSETS):
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "the part of the site that runs in the browser is not built, and npm was not found: install "
                "Node.js 20 or newer, or build from an sdist, which carries it"
            )
        for arguments in COMMANDS:
            subprocess.run([npm, *arguments], cwd=root / "web", check=True)  # noqa: S603 - the arguments are ours
