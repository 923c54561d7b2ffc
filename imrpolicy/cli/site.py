"""Build the site of the policies, or show it while they are written.

`build` makes the newest state of the site, and leaves the releases in it as they are. With `--as`, it makes
a release beside it: the whole site as it is now, in `releases/NAME/`, where it stays. Every page has a menu
of the releases, also where the site is read from a disk.

`serve` shows the site and makes it anew when a file changes. With `--only`, it reads a few policies and is
ready in a moment, however many there are; the pages say that they are a preview.

Both need a `mkdocs.yml`; the page on publishing in the documentation shows one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import one_of
from imrpolicy.extras import missing

EXAMPLE = """\
examples:
  imrpolicy site serve
  imrpolicy site serve --only odg/continuous-flow-cryotherapy
  imrpolicy site build
  imrpolicy site build --as 2026-11
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = ("build", "serve")
    parser.add_argument(
        "action", type=one_of("action", actions), metavar="{build,serve}", help="what to do with the site"
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=Path("mkdocs.yml"),
        metavar="FILE",
        help="what mkdocs is told of the site (default: mkdocs.yml)",
    )
    parser.add_argument("--into", type=Path, metavar="DIR", help="build: the folder (default: site)")
    parser.add_argument("--as", dest="release", metavar="NAME", help="build: the name of a release, to keep")
    parser.add_argument(
        "--only", action="append", metavar="POLICY", help="serve: read this policy only; may be repeated"
    )
    parser.add_argument("--address", metavar="HOST:PORT", help="serve: where (default: 127.0.0.1:8000)")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    _fits(options)
    if not options.config.is_file():
        help = "the page on publishing in the documentation shows one"
        raise WrongCallError(f"there is no file {options.config.as_posix()}; {help}")
    try:
        from imrpolicy.site import publish, releases
    except ModuleNotFoundError as error:
        raise missing(error.name or "mkdocs", "docs") from error
    if options.action == "serve":
        done = publish.serve(options.config, options.only or (), options.address or "")
        return Exit.FINE if done else Exit.FINDINGS
    into = options.into or Path("site")
    try:
        name = releases.checked(options.release) if options.release is not None else ""
        done = publish.build(options.config, into, name)
    except publish.ReleaseExistsError as error:
        raise WrongCallError(f"{error}; take another name, or remove that folder first") from error
    except ValueError as error:
        raise WrongCallError(str(error)) from error
    if not done:
        return Exit.FINDINGS
    where = into / releases.FOLDER / name if name else into
    print(f"built {where.as_posix()}")
    return Exit.FINE


def _fits(options: argparse.Namespace) -> None:
    """Refuse an option of the other action, which would do nothing."""
    other = {
        "build": {"--only": options.only, "--address": options.address},
        "serve": {"--into": options.into, "--as": options.release},
    }[options.action]
    for name, value in other.items():
        if value is not None:
            raise WrongCallError(f"`{name}` is not for `{options.action}`; see `imrpolicy site --help`")
