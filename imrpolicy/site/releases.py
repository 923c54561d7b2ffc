"""Releases of the site beside its newest state: where they lie, and how a page leads from one to the other.

A release is a whole site in `releases/<name>/` below the newest one. Which there are is in `releases.js` at
the top, a script since a page that is opened from a disk can load nothing else. A page of a release reads the
list at the top and not one of its own, so that it knows of what came after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

FOLDER = "releases"
LISTING = "releases.js"
MENU = "releases-menu.js"
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}", re.ASCII)
_DIGITS = re.compile(r"(\d+)")


def checked(name: str) -> str:
    """A name of a release, which becomes the name of a folder and a part of addresses.

    Raises:
        ValueError: It cannot be one.
    """
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise ValueError(
            f"`{name}` cannot be the name of a release; take letters, digits, dots and dashes: 2026-11"
        )
    return name


def found(site: Path) -> tuple[str, ...]:
    """The releases that lie below the newest site, the last one first."""
    below = site / FOLDER
    names = (
        [path.name for path in below.iterdir() if (path / "index.html").is_file()] if below.is_dir() else ()
    )
    return in_order(name for name in names if _NAME.fullmatch(name))


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Names of releases, the last one first: numbers in them are compared as numbers.

    >>> in_order(["v1.9", "v1.10", "v1.2"])
    ('v1.10', 'v1.9', 'v1.2')
    """

    def key(name: str) -> tuple[tuple[bool, int, str], ...]:
        parts = [part for part in _DIGITS.split(name) if part]
        return tuple((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)

    return tuple(sorted(names, key=key, reverse=True))


def listing(names: Iterable[str]) -> str:
    """The script that tells the pages which releases there are."""
    return f"window.imrpolicyReleases={json.dumps(list(names))};\n"


def with_menu(html: str, page: str, release: str, assets: str) -> str:
    """A page that has the menu of releases once its scripts have run.

    Args:
        html: The whole page.
        page: Its path in its own site, such as `policies/odg/knee.html`.
        release: The release that its site is; empty for the newest state.
        assets: The folder of the site with our scripts.
    """
    own = "../" * page.count("/")
    top = own + ("../../" if release else "")
    scripts = Markup(
        '<script src="{top}{listing}" defer></script>\n'
        '<script src="{own}{assets}/{menu}" data-imr-top="{top}" data-imr-release="{release}" defer>'
        "</script>\n"
    ).format(top=top, own=own, listing=LISTING, assets=assets, menu=MENU, release=release)
    before, end, after = html.rpartition("</body>")
    return f"{before}{scripts}{end}{after}"


def notice(page: str, release: str, *, made: bool) -> str:
    """What a page of a release says at its top, so that nobody takes it for the newest.

    Args:
        page: The path of the page in its own site.
        release: The release.
        made: Whether the page is made from the library. Those keep their addresses; any other may have moved,
            and from it the way leads to the first page.
    """
    newest = "../" * page.count("/") + "../../" + (page if made else "index.html")
    text = Markup('This is release {} of these pages, kept as it was. <a href="{}">{}</a>').format(
        release, newest, "The newest state of this page" if made else "The newest state of the site"
    )
    return _banner(text)


def preview_notice(policies: Iterable[str]) -> str:
    """What a page says where only some policies were read, so that nobody takes its lists for complete."""
    names = Markup(", ").join(Markup("<code>{}</code>").format(name) for name in policies)
    text = Markup(
        "A preview of {} only. Lists, the timeline, the search and the form leave out every other guideline, "
        "and no decided case is shown."
    ).format(names)
    return _banner(text)


def _banner(text: Markup) -> str:
    # Plain text from here on: Markup would escape the page that it is put before.
    return str(Markup('<div class="imr-banner imr-open" role="note"><p>{}</p></div>\n').format(text))
