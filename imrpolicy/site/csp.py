"""The content security policy of each page: only scripts that are files of the site, and nothing remote."""

from __future__ import annotations

import base64
import hashlib
import re

_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<text>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_DATA = re.compile(r"""type\s*=\s*["']?application/(ld\+)?json""", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=""", re.IGNORECASE)
_HANDLER = re.compile(r"""<[a-z][^>]*\s(on[a-z]+\s*=|(href|src)\s*=\s*["']?\s*javascript:)""", re.IGNORECASE)


class InlineScriptError(ValueError):
    """The content of a page holds a script, which the policy of the page would forbid."""


def with_policy(html: str, content: str) -> str:
    """A page with its policy in its head.

    Inline scripts of the theme are allowed by their hashes; one in the content of the page never is.

    Args:
        html: The whole page.
        content: The part of it that was made from authored text.

    Raises:
        InlineScriptError: There is a script, or the call of one, in the content.
    """
    if _scripts(content) or _HANDLER.search(content):
        raise InlineScriptError("there is an inline script in the content of a page")
    outside = html.replace(content, "", 1) if content else html
    hashes = "".join(f" '{_hash(text)}'" for text in dict.fromkeys(_scripts(outside)))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self'{hashes}",
            # The theme and the bars of the timeline set widths and places in the elements.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
        ]
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return re.sub(r"<head\b[^>]*>", lambda found: f"{found[0]}\n{meta}", html, count=1)


def _scripts(html: str) -> list[str]:
    """The texts of inline scripts that a browser would run."""
    found = [(match["attributes"], match["text"]) for match in _SCRIPT.finditer(html)]
    return [
        text for attributes, text in found if not _SOURCE.search(attributes) and not _DATA.search(attributes)
    ]


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
