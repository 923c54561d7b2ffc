"""The page itself: whole, self-contained, readable for everyone, and printable."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from imrpolicy.letter import as_html

VOID = {"meta", "br"}
NAMES = [
    "reference",
    "texas",
    "modify",
    "records-in-conflict",
    "guidelines-in-conflict",
    "not-encoded",
    "approve",
]


class Balance(HTMLParser):
    """Follows the elements of a page, which must be closed in the order that they were opened in."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.open, self.wrong, self.seen, self.headings = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if len(dict(attrs)) != len(attrs):
            self.wrong.append(f"an attribute twice in <{tag}>")
        if tag == "p" and "p" in self.open:
            self.wrong.append("a paragraph in a paragraph")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> out of place")


@pytest.fixture(params=NAMES)
def page(request, letters):
    return as_html(letters(request.param))


def follow(page):
    balance = Balance()
    balance.feed(page)
    balance.close()
    return balance


def style_of(page):
    return re.search(r"<style>(.*)</style>", page, flags=re.DOTALL)[1]


def test_tags_are_balanced(page):
    balance = follow(page)
    assert balance.wrong == []
    assert balance.open == []


def test_page_is_self_contained(page):
    balance = follow(page)
    tags = {tag for tag, _ in balance.seen}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "input", "a", "base"}
    attributes = {name for _, found in balance.seen for name in found}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {"style", "src", "href"}
    assert not re.search(r"url\(|@import|@font-face", style_of(page))


def test_policy_of_the_page_allows_its_style_and_nothing_else(page):
    digest = base64.b64encode(hashlib.sha256(style_of(page).encode()).digest()).decode()
    expected = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    policies = [
        found["content"] for _, found in follow(page).seen if "Content-Security-Policy" in found.values()
    ]
    assert policies == [expected]
    # The policy has to come before what it governs.
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_page_has_language_title_and_one_main_heading(page):
    balance = follow(page)
    assert ("html", {"lang": "en"}) in balance.seen
    assert re.search(r"<title>.*determination: .+</title>", page)
    assert balance.headings.count(1) == 1


def test_headings_skip_no_level(page):
    headings = follow(page).headings
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_tables_have_captions_and_column_headings(page):
    seen = follow(page).seen
    tables = [tag for tag, _ in seen if tag == "table"]
    assert (
        len(tables)
        == len([tag for tag, _ in seen if tag == "caption"])
        == len([t for t, _ in seen if t == "thead"])
    )
    assert all(found.get("scope") == "col" for tag, found in seen if tag == "th")


def test_paper_is_the_printers_own_and_an_issue_is_not_broken(page):
    style = style_of(page)
    assert not re.search(r"(?<![-\w])size:", style), "a fixed size would break A4 or Letter"
    paper = style[style.index("@media print") :]
    assert re.search(r"article \{[^}]*break-inside: avoid", paper)
    assert "break-before: page" in paper


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colors_have_enough_contrast(letters, scheme):
    """WCAG 2.2 AA: 4.5 for text, 3 for what is drawn, such as boxes."""
    roots = re.findall(r":root \{([^}]*)\}", style_of(as_html(letters("reference"))))
    colors = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", roots[0] if scheme == "light" else roots[1]))
    texts = [(name, "paper") for name in ("ink", "quiet", "accent", "for", "against", "open", "plain")]
    texts += [(name, f"{name}-ground") for name in ("for", "against", "open", "plain")]
    texts += [("ink", f"{name}-ground") for name in ("for", "against", "open", "plain")]
    texts += [("quiet", "plain-ground")]
    weak = {pair: contrast(*(colors[name] for name in pair)) for pair in texts}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    assert contrast(colors["strong-line"], colors["paper"]) >= 3


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
