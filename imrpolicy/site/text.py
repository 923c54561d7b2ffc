"""The gates of the site: every authored text and address passes one of these before it is on a page."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from imrpolicy.letter import text as letter_text

_CODE = re.compile(r"`([^`]+)`")
# What Markdown takes as it is wherever it stands; every other character becomes an entity.
_PLAIN = re.compile(r"[^A-Za-z0-9 ,\u00c0-\uffff]")


def clean(text: str) -> str:
    """A text on one line, without characters that nobody sees."""
    line = " ".join(text.split())
    # Most texts are plain, and there are many.
    return line if line.isascii() and line.isprintable() else letter_text.clean(text)


def markdown(text: str) -> str:
    """A text of which neither Markdown nor HTML takes any character for markup.

    >>> markdown("*Use* of <b>")
    '&#42;Use&#42; of &#60;b&#62;'
    """
    return _PLAIN.sub(lambda found: f"&#{ord(found[0])};", clean(text))


def html(text: str) -> Markup:
    """A text on one line, for an element or an attribute of HTML.

    >>> str(html('a "b" <i>'))
    'a &#34;b&#34; &lt;i&gt;'
    """
    return escape(clean(text))


def prose(text: str) -> Markup:
    """As `html`, with what stands between backticks as code.

    >>> str(prose("`pain.radicular` is <none>"))
    '<code>pain.radicular</code> is &lt;none&gt;'
    """
    parts = _CODE.split(clean(text))
    made = [Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts)]
    return Markup("").join(made)


def code(text: str) -> Markup:
    """An expression with its line breaks, without characters that nobody sees."""
    return escape("\n".join(line for line in map(_trimmed, text.strip().splitlines()) if line.strip()))


def _trimmed(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return " " * indent + clean(line)


def web_address(url: str) -> str:
    """An address that may become a link: `http` or `https` with a host; empty for anything else.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and parts.netloc and not re.search(r"[\s<>\"'`\\]", url.strip())
    return url.strip() if good else ""


def link(page: str, target: str) -> str:
    """The relative address of a page or file of the site, from a page of it; both as paths of the site.

    >>> link("policies/odg/knee.md", "facts.md#pain.radicular")
    '../../facts.html#pain.radicular'
    """
    path, _, fragment = target.partition("#")
    if path.endswith(".md"):
        path = path[:-3] + ".html"
    relative = posixpath.relpath(path, posixpath.dirname(page) or ".")
    return f"{relative}#{fragment}" if fragment else relative
