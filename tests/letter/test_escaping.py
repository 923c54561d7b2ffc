"""Nothing that a case or a policy says can become markup, hide, or turn the text around."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imrpolicy.letter import as_html, as_markdown
from imrpolicy.letter.content import letter_of
from imrpolicy.letter.html import render_html
from imrpolicy.letter.markdown import render_markdown
from imrpolicy.letter.model import (
    Cell,
    Items,
    Letter,
    Line,
    Mark,
    Pair,
    Pairs,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from imrpolicy.letter.text import clean

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</style><style>*{display:none}</style>",
    "<!-- hidden",
    "&lt;b&gt; &amp; &#60;",
    "[click](javascript:alert(1)) ![x](http://x/y.png)",
    "`code` ``` fence",
    "a | b | c || \\| d",
    "line\nbreak\r\n\r\n# heading\n- item\n1. number\n> quote",
    "**bold** _it_ ~~gone~~ $x$ {: .class}",
    "---",
    "1. first",
    "+ plus",
    "# heading",
    "https://evil.example/x www.evil.example",
    "<https://evil.example>",
    "approved \u202edeined\u202c \u2066x\u2069 \u200f \u061c \ufeff\u00ad\u200b",
    "null \x00 bell \x07 escape \x1b[31m \x85 \u2028 \u2029",
    "\ud800 half",
    "\U000e0041\U000e0042 tags",
    "***",
    "|---|---|",
    "[1]: http://evil.example",
    "= underline =",
    "&",
    "\\",
]
BIDI = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\u00ad]")

TEXTS = st.text(st.characters(exclude_categories=()), max_size=60) | st.text(
    "<>&\"'`*_[]()|#-+.:!\\~$ \n1a/", max_size=30
)


def letter(text):
    """A letter that has a text in every place that takes one."""
    line = Line(text, text, code=True)
    table = Table(
        name=text, columns=(text, text), rows=(Row((Cell((line, line)), Cell(mark=Mark(text, Tone.OPEN)))),)
    )
    inner = Section(
        title=text,
        mark=Mark(text, Tone.FOR),
        number=1,
        blocks=(
            Paragraph(text),
            Items((line,)),
            Pairs((Pair(text, (line,)), Pair(text, (line, line)))),
            table,
        ),
    )
    return Letter(heading=text, kicker=text, subject=text, draft=True, blocks=(inner,), language=text)


class Reader(HTMLParser):
    """The tags, the attributes and the text of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts, self.comments = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data):
        self.texts.append(data)

    def handle_comment(self, data):
        self.comments.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def assert_only_our_markup(page, expected):
    reader, ours = read(page), read(expected)
    assert reader.tags == ours.tags
    assert reader.comments == []
    assert [found[:2] for found in reader.attributes] == [found[:2] for found in ours.attributes]


@pytest.mark.parametrize("text", HOSTILE)
def test_html_takes_every_text_as_it_is(text):
    page = render_html(letter(text))
    assert_only_our_markup(page, render_html(letter("harmless")))
    shown = [found for found in read(page).texts if found.strip()]
    assert not clean(text) or clean(text) in shown
    assert not BIDI.search(page)


@given(TEXTS)
def test_html_takes_any_text(text):
    page = render_html(letter(text))
    # An empty text leaves its span out, so the letter to compare with is as empty.
    assert_only_our_markup(page, render_html(letter("x" if clean(text) else "")))


def as_page(markdown):
    """Markdown as a page, by a parser of CommonMark with tables, which lets HTML through."""
    parser = pytest.importorskip("markdown_it")
    return parser.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_takes_every_text_as_it_is(text):
    page = as_page(render_markdown(letter(text)))
    reader, ours = read(page), read(as_page(render_markdown(letter("harm ess"))))
    assert reader.tags == ours.tags
    assert reader.attributes == ours.attributes
    assert clean(text) in "".join(reader.texts)
    assert not BIDI.search(page)


@given(TEXTS)
def test_markdown_takes_any_text(text):
    page = as_page(render_markdown(letter(f"x{text}")))
    reader = read(page)
    assert set(reader.tags) <= {
        "h1",
        "h2",
        "p",
        "ol",
        "ul",
        "li",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "br",
        "code",
    }
    assert clean(f"x{text}") in "".join(reader.texts)


@given(TEXTS)
def test_markdown_keeps_a_text_in_its_cell(text):
    table = Table(name="x", columns=("a", "b"), rows=(Row((Cell((Line(text),)), Cell((Line("end"),)))),))
    page = as_page(
        render_markdown(Letter(heading="h", kicker="k", subject="s", draft=False, blocks=(table,)))
    )
    cells = re.findall(r"<td>(.*?)</td>", page, flags=re.DOTALL)
    assert [html.unescape(cell) for cell in cells] == [clean(text), "end"]


@pytest.mark.parametrize("as_letter", [as_html, as_markdown])
def test_hostile_case_stays_harmless(library, reference, as_letter):
    script = "<script>alert(1)</script> | ![x](y) \u202e\n\n# x"
    reference["title"] = reference["source"] = script
    for record in reference["records"].values():
        record["title"] = record["author"] = script
    for request in reference["requests"]:
        request["title"] = script
    text = as_letter(library.evaluate(reference, as_of="2013-12-01"))
    page = text if as_letter is as_html else as_page(text)
    reader = read(page)
    assert not {"script", "img", "iframe", "a", "form", "input", "link"} & set(reader.tags)
    assert not BIDI.search(page)
    assert "<script>alert(1)</script> | ![x](y) # x" in " ".join(reader.texts)


def test_title_of_nothing_visible_is_not_a_crash(library, reference):
    reference["title"] = reference["requests"][0]["title"] = "\u202e\x00"
    determinations = library.evaluate(reference, as_of="2013-12-01")
    assert as_html(determinations)
    assert as_markdown(determinations)
    assert letter_of(determinations).subject == reference["id"]
    assert issue_titles(determinations)[0] == "medial-branch-blocks"


def issue_titles(determinations):
    issues = next(
        block for block in letter_of(determinations).blocks if getattr(block, "title", "")[:6] == "Issues"
    )
    return [issue.title for issue in issues.blocks]


def test_joiners_of_letters_stay():
    assert clean("a\u200cb\u200dc") == "a\u200cb\u200dc"
