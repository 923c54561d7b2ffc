"""How long the site of many policies takes to build, and to build again after one has been edited.

    python benchmarks/published_site.py [--policies 1000]

The policies are copies of one with eleven criteria and its tests, under ids of their own, so the site has the
pages, forms and downloads of a real library of that size.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import time
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from imrpolicy.evaluate import read_directory
from imrpolicy.site.plugin import ONLY

ROOT = Path(__file__).resolve().parent.parent
MODEL = "colorado-dowc/lumbar-medial-branch-block"
SERVICE = "lumbar_medial_branch_block"
CONFIG = """\
site_name: Many policies
use_directory_urls: false
theme: {name: material, font: false, features: [navigation.tabs]}
plugins: [{imrpolicy: {policies: policies}}, search, offline]
"""


def main() -> None:
    """Build, edit, build again, and print how long each took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--policies", type=int, default=1000, help="how many (default: 1000)")
    number = parser.parse_args().policies
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        _write(project, number)
        file = str(project / "mkdocs.yml")
        load_config(file).plugins.on_startup(command="serve", dirty=False)
        print(f"{number} policies: {_timed(file):.1f} s")
        edited = project / f"policies/{MODEL.partition('/')[0]}/copy-0/policy.yaml"
        edited.write_text(
            edited.read_text(encoding="utf-8").replace("title: ", "title: Edited ", 1), encoding="utf-8"
        )
        print(f"again after an edit: {_timed(file):.1f} s")
        size = sum(path.stat().st_size for path in (project / "site").rglob("*") if path.is_file())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size / 1e6:.0f} MB of site, {peak:.0f} MB of memory at most")
        # As `imrpolicy site serve --only` does, for the first time and after an edit.
        os.environ[ONLY] = edited.parent.relative_to(project / "policies").as_posix()
        load_config(file).plugins.on_startup(command="serve", dirty=False)
        print(f"that policy only: {_timed(file):.1f} s, and again {_timed(file):.1f} s")


def _timed(file: str) -> float:
    """The seconds of computing: those of the clock say more about what else the machine does.

    The configuration is read anew each time, as `mkdocs serve` does; the plugin stays.
    """
    start = time.process_time()
    build(load_config(file))
    return time.process_time() - start


def _write(project: Path, number: int) -> None:
    policies = project / "policies"
    policies.mkdir()
    shutil.copy(ROOT / "policies/sources.yaml", policies)
    shutil.copytree(ROOT / "policies/search-sequences", policies / "search-sequences")
    services = _services()
    for i in range(number):
        name = f"{MODEL.partition('/')[0]}/copy-{i}"
        (policies / name).mkdir(parents=True)
        for file in ("policy.yaml", "tests.yaml"):
            text = (ROOT / "policies" / MODEL / file).read_text(encoding="utf-8")
            text = text.replace(MODEL, name).replace(SERVICE, services[i % len(services)])
            (policies / name / file).write_text(text, encoding="utf-8")
    (project / "docs").mkdir()
    (project / "docs/index.md").write_text("# Home\n", encoding="utf-8")
    (project / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")


def _services() -> list[str]:
    """The services of the dictionary, so that not all policies are about one."""
    fact = read_directory(ROOT / "policies").dictionary.by_path["request.service"]
    return [choice.value for choice in fact.type.choices if choice.value != "other"]


if __name__ == "__main__":
    main()
