"""The real site: it builds, its links lead somewhere, and it asks nobody for anything."""

import posixpath
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = pytest.mark.slow


class Links(HTMLParser):
    """The addresses and the ids of a page."""

    def __init__(self, html):
        super().__init__()
        self.links, self.loads, self.ids = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if given.get("src"):
            self.loads.append(given["src"])
        if tag == "link" and given.get("href"):
            self.loads.append(given["href"])


@pytest.fixture(scope="module")
def read(site):
    """The pages of the site, by path."""
    found = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): Links(path.read_text(encoding="utf-8")) for path in found}


def test_there_is_a_page_for_every_policy_and_version(site):
    from imrpolicy.evaluate import PolicyLibrary

    for policy in PolicyLibrary.load().policies:
        assert (site / f"policies/{policy.id}.html").is_file()
        for ending in ("html", "json", "yaml"):
            assert (site / f"policies/{policy.id}/{policy.version}.{ending}").is_file()


def _joined(page, path):
    """The path that a relative address on a page leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))


def test_every_link_leads_somewhere(site, read):
    broken = []
    for name, page in read.items():
        for link in {*page.links, *page.loads}:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or name == "404.html":
                continue
            target = _joined(name, parts.path) if parts.path else name
            if not (site / target).is_file() or (
                parts.fragment and target in read and unquote(parts.fragment) not in read[target].ids
            ):
                broken.append((name, link))
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(read):
    remote = [(name, load) for name, page in read.items() for load in page.loads if urlsplit(load).netloc]
    assert remote == []


def test_no_id_is_there_twice(read):
    for name, page in read.items():
        assert len(page.ids) == len(set(page.ids)), (name, [i for i in page.ids if page.ids.count(i) > 1])


def test_every_page_can_be_reached(read):
    reached, ahead = set(), ["index.html"]
    while ahead:
        name = ahead.pop()
        if name in reached or name not in read:
            continue
        reached.add(name)
        for link in read[name].links:
            parts = urlsplit(link)
            if not parts.netloc and parts.path:
                ahead.append(_joined(name, parts.path))
    assert set(read) - reached - {"404.html"} == set()


def test_every_page_has_its_policy(site):
    for path in site.rglob("*.html"):
        head = path.read_text(encoding="utf-8").partition("</head>")[0]
        assert "Content-Security-Policy" in head, path


@pytest.fixture
def broken(project):
    """A site with a policy that names a fact which does not exist."""
    folder = project()
    file = folder / "policies/odg/ice-pack/policy.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("request.duration_days", "request.duration_dys"), encoding="utf-8")
    return folder


def test_a_broken_policy_ends_the_build_with_what_check_says(broken, build):
    ran = build(cwd=broken)
    assert ran.returncode != 0
    lines = (broken / "policies/odg/ice-pack/policy.yaml").read_text(encoding="utf-8").splitlines()
    line = next(i for i, text in enumerate(lines, start=1) if "duration_dys" in text)
    assert f"policies/odg/ice-pack/policy.yaml:{line}:13: error[unknown-fact]: there is no fact" in ran.stderr
    assert "^^^^" in ran.stderr
    assert "did you mean `request.duration_days`?" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_broken_policy_is_a_page_while_somebody_is_editing(broken, monkeypatch):
    """`mkdocs serve` goes on: the page of the policy shows what is wrong."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    monkeypatch.chdir(broken)
    config = load_config(str(broken / "mkdocs.yml"))
    config.plugins.on_startup(command="serve", dirty=False)
    build_site(config)
    page = (broken / "site/policies/odg/ice-pack.html").read_text(encoding="utf-8")
    assert "This cannot be read" in page
    assert "there is no fact `request.duration_dys`" in page
    assert str(broken / "policies") in config.watch


def test_only_what_changed_is_made_anew(project, monkeypatch):
    """`mkdocs serve --dirty` is quick: the page of another topic is not written again."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    folder = project(plugins="search")
    monkeypatch.chdir(folder)
    config = load_config(str(folder / "mkdocs.yml"))
    config.plugins.on_startup(command="serve", dirty=True)
    build_site(config, dirty=True)
    page, facts = (folder / "site/policies/odg/ice-pack.html", folder / "site/facts.html")
    facts.write_text("as it was", encoding="utf-8")
    file = folder / "policies/odg/ice-pack/policy.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("No sedation is given.", "There is no sedation."), encoding="utf-8")
    build_site(config, dirty=True)
    assert "There is no sedation." in page.read_text(encoding="utf-8")
    assert facts.read_text(encoding="utf-8") == "as it was"


def test_the_same_sources_give_the_same_site(project, build):
    folder = project()
    kept = []
    for _ in range(2):
        assert build(cwd=folder).returncode == 0
        files = sorted(
            path for path in (folder / "site").rglob("*") if path.is_file() and path.suffix != ".gz"
        )
        kept.append({path.name: path.read_bytes() for path in files})
    assert kept[0] == kept[1]


def test_the_pages_do_not_need_the_theme(project, build):
    """The built-in theme of mkdocs is the way out, should the other one end."""
    ran = build("--strict", cwd=project("{name: mkdocs, highlightjs: false}", "search"))
    assert ran.returncode == 0, ran.stderr
