"""Hostile text in a policy is on the pages as text, and as nothing else."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
import yaml

from imrpolicy.site.csp import InlineScriptError, with_policy
from imrpolicy.site.model import policy_path
from imrpolicy.site.policy_page import Options, policy_page
from imrpolicy.site.text import web_address

EVIL = (
    '</li></ul></div><script>alert(1)</script><img src=x onerror="alert(2)"> '
    "[a](javascript:alert(3)) "
    "![b](https://evil.example/b.png) {: onclick=alert(4) } {#x onload=alert(5) } `c` <p onclick=d> "
    "::: os {{ config.site_name }} {% raw %} &lt;script&gt; *e* __f__ ## g | h | <!-- i --> &#x3c;script>"
)


class Elements(HTMLParser):
    """What a browser would make elements of, and the text between them."""

    def __init__(self, html):
        super().__init__()
        self.found, self.text, self._skip = [], "", 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._skip += tag in ("script", "style")

    def handle_endtag(self, tag):
        self._skip -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._skip:
            self.text += data


@pytest.fixture(scope="module")
def hostile(project, build):
    """A site of a library that is hostile wherever it can be."""
    folder = project()
    for file in (folder / "policies").rglob("*.yaml"):
        data = _poisoned(yaml.safe_load(file.read_text(encoding="utf-8")), ())
        file.write_text(yaml.safe_dump(data), encoding="utf-8")
    ran = build(cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return folder / "site"


# The keys of free text, with as many characters as the shortest schema allows them.
FREE = {
    "title": 160, "section": 300, "edition": 120, "summary": 600, "text": 300, "evidence": 400, "note": 400,
    "changes": 400, "presumed_absent": 400, "publisher": 120, "citation": 200, "name": 150,
}  # fmt: skip


def _poisoned(data, path):
    """The data with hostile text wherever text is free."""
    if isinstance(data, dict):
        return {key: _poisoned(value, (*path, key)) for key, value in data.items()}
    if isinstance(data, list):
        return [_poisoned(value, (*path, i)) for i, value in enumerate(data)]
    key = path[-1] if isinstance(path[-1], str) else path[-2]
    if key == "notes":
        return EVIL
    if key in FREE and isinstance(data, str):
        return f"{data} {EVIL}"[: FREE[key]].strip()
    return data.isoformat() if hasattr(data, "isoformat") else data


def test_nothing_of_it_becomes_an_element(hostile):
    pages = [path for path in hostile.rglob("*.html") if "assets" not in path.parts]
    assert len(pages) > 10
    for path in pages:
        made = Elements(path.read_text(encoding="utf-8"))
        for tag, attributes in made.found:
            assert not [name for name in attributes if name.startswith("on")], (path, tag, attributes)
            for name in ("href", "src", "action", "data", "srcset"):
                value = (attributes.get(name) or "").strip().lower()
                assert not value.startswith(("javascript:", "data:", "vbscript:")), (path, tag, value)
                assert "evil.example" not in value, (path, tag, value)


def test_it_is_there_as_text(hostile):
    text = Elements((hostile / "policies/odg/ice-pack.html").read_text(encoding="utf-8")).text
    for part in (
        "<script>alert(1)</script>",
        "[a](javascript:alert(3))",
        "{: onclick=alert(4) }",
        "{{ config.site_name }}",
    ):
        assert part in text


def test_no_page_may_run_it_either(hostile):
    """Were it to become a script after all, the policy of the page has no hash for it."""
    page = (hostile / "policies/odg/ice-pack.html").read_text(encoding="utf-8")
    policy = next(a["content"] for t, a in Elements(page).found if t == "meta" and a.get("http-equiv"))
    assert "script-src 'self' 'sha256-" in policy
    scripts = policy.partition("script-src")[2].partition(";")[0]
    assert "unsafe" not in scripts
    assert "http" not in policy


def test_a_title_that_is_hostile_is_a_title(hostile):
    for name in ("policies/odg/ice-pack.html", "sources/odg.html"):
        page = (hostile / name).read_text(encoding="utf-8")
        head = page.partition("<title>")[2].partition("</title>")[0]
        assert "&lt;script&gt;" in head


@pytest.mark.parametrize("name", ["../../index", "odg/../x", "/etc/passwd", "odg/a b", "odg/a\n", "odg/<b>"])
def test_an_id_that_is_a_path_is_refused(content, name):
    versions = (replace(content.versions["odg/ice-pack"][-1], id=name),)
    with pytest.raises(ValueError, match="no id of a policy"):
        policy_path(versions[0], versions)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt://x", "data:text/html,x", "//evil.example", "https://", "https://a\"onclick=x",
     "https://a b", "http://[", "ftp://a", "", " javascript:x", "https://a/<b>", "https:a"],
)  # fmt: skip
def test_an_address_that_is_none_becomes_no_link(url):
    assert web_address(url) == ""


def test_an_edit_address_that_is_a_script_becomes_no_link(content):
    policy = content.versions["odg/ice-pack"][-1]
    page = policy_page(content, policy, Options(edit="javascript:alert('{file}')"))
    assert "javascript:" not in page.islands["cite-and-download"]


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        "<SCRIPT >x</SCRIPT >",
        '<p onclick="x">',
        "<a href='javascript:x'>",
        "<svg onload=x>",
    ],
)
def test_content_with_a_script_ends_the_build(content):
    with pytest.raises(InlineScriptError):
        with_policy(f"<html><head></head><body>{content}</body></html>", content)


def test_data_in_the_content_is_no_script():
    content = '<script type="application/json" id="data">{"a": 1}</script>'
    assert "sha256" not in with_policy(f"<html><head></head>{content}</html>", content)
