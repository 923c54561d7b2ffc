"""Releases of the site: built beside its newest state, listed for its pages, and never changed."""

import re
from pathlib import Path

import pytest

from imrpolicy.cli.main import main
from imrpolicy.site import releases
from imrpolicy.site.releases import checked, found, in_order, listing, notice, preview_notice, with_menu


@pytest.mark.parametrize("name", ["2026-11", "v1.2.0", "a"])
def test_a_name_that_can_be_a_folder(name):
    assert checked(name) == name


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "a b", ".git", "1.", "x" * 41, "é", '"><script>'])
def test_a_name_that_cannot(name):
    with pytest.raises(ValueError, match="cannot be the name of a release"):
        checked(name)


def test_the_last_one_comes_first():
    assert in_order(["2025-12", "2026-2", "2026-11"]) == ("2026-11", "2026-2", "2025-12")


def test_only_whole_sites_are_found(tmp_path):
    for name in ("2026-10", "2026-11", "empty"):
        (tmp_path / "releases" / name).mkdir(parents=True)
    for name in ("2026-10", "2026-11"):
        (tmp_path / "releases" / name / "index.html").write_text("", encoding="utf-8")
    assert found(tmp_path) == ("2026-11", "2026-10")
    assert found(tmp_path / "nothing") == ()
    assert listing(found(tmp_path)) == 'window.imrpolicyReleases=["2026-11", "2026-10"];\n'


@pytest.mark.parametrize(
    ("page", "release", "top", "own"),
    [
        ("index.html", "", "", ""),
        ("policies/odg/knee.html", "", "../../", "../../"),
        ("index.html", "2026-11", "../../", ""),
        ("policies/odg/knee.html", "2026-11", "../../../../", "../../"),
    ],
)
def test_a_page_reads_the_list_at_the_top_and_its_own_program(page, release, top, own):
    made = with_menu("<body>text</body>", page, release, "assets/imrpolicy")
    assert re.findall(r'src="([^"]+)"', made) == [
        f"{top}releases.js",
        f"{own}assets/imrpolicy/releases-menu.js",
    ]
    assert f'data-imr-top="{top}"' in made
    assert made.endswith("</body>")


def test_a_page_of_a_release_leads_to_the_newest_state_of_it():
    assert 'href="../../../../policies/odg/knee.html"' in notice("policies/odg/knee.html", "1", made=True)


def test_a_page_that_may_have_moved_leads_to_the_first_page():
    assert 'href="../../index.html"' in notice("guide.html", "1", made=False)


def test_a_notice_can_be_put_before_a_page():
    """It is plain text: Markup would turn the page after it into text."""
    for made in (notice("index.html", "1", made=True), preview_notice(["odg/knee"])):
        assert made + "<p>" == f"{made}<p>"


@pytest.fixture
def command(project, monkeypatch, capfd):
    """A function that runs `imrpolicy site` in a project, and gives its exit code and what it said."""
    monkeypatch.chdir(project(plugins="search"))

    def run(*arguments):
        code = main(["site", *arguments])
        return code, capfd.readouterr()

    return run


@pytest.mark.slow
def test_a_release_stays_as_it_is(command, tmp_path):
    """A new state comes beside it, and the list of every page has it."""
    site = Path("site")
    assert command("build")[0] == 0
    assert (site / releases.LISTING).read_text(encoding="utf-8") == listing(())
    assert command("build", "--as", "1.0")[0] == 0
    kept = {path: path.read_bytes() for path in site.glob("releases/1.0/**/*") if path.is_file()}
    assert site / "releases/1.0/policies/odg/ice-pack.html" in kept
    policy = Path("policies/odg/ice-pack/policy.yaml")
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("title: Ice packs", "title: Cold packs"), encoding="utf-8")
    assert command("build")[0] == 0
    assert "Cold packs" in (site / "policies/odg/ice-pack.html").read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in kept} == kept
    assert (site / releases.LISTING).read_text(encoding="utf-8") == listing(["1.0"])
    assert [path.name for path in Path.cwd().iterdir() if path.name.startswith(".")] == []
    code, said = command("build", "--as", "1.0")
    assert code == 2
    assert "the release `1.0` is there already: site/releases/1.0; take another name" in said.err


@pytest.mark.slow
def test_a_build_that_fails_leaves_the_site_as_it_was(command):
    assert command("build")[0] == 0
    before = Path("site/index.html").read_bytes()
    Path("policies/odg/ice-pack/policy.yaml").write_text("id: [\n", encoding="utf-8")
    code, said = command("build")
    assert code == 1
    assert "policies/odg/ice-pack/policy.yaml:" in said.err
    assert Path("site/index.html").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "--as", "../x"), "`../x` cannot be the name of a release"),
        (("build", "--only", "odg/ice-pack"), "`--only` is not for `build`"),
        (("serve", "--as", "1.0"), "`--as` is not for `serve`"),
        (("show",), "there is no action `show`"),
        (("build", "--config", "none.yml"), "there is no file none.yml"),
    ],
)
def test_a_wrong_call_says_so(command, arguments, said):
    code, printed = command(*arguments)
    assert code == 2
    assert said in printed.err


def test_a_preview_reads_what_it_is_told_and_says_so(project, monkeypatch):
    """A broken file elsewhere is not read, cases are not decided, and every page says what is left out."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    folder = project(plugins="search")
    (folder / "policies/odg/other").mkdir()
    (folder / "policies/odg/other/policy.yaml").write_text("id: [\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("IMRPOLICY_SITE_ONLY", "odg/ice-pack")
    config = load_config(str(folder / "mkdocs.yml"))
    config.plugins.on_startup(command="serve", dirty=False)
    build_site(config)
    pages = [
        path for path in (folder / "site").rglob("*.html") if path.name not in ("404.html", "1.1.0.html")
    ]
    assert folder / "site/policies/odg/ice-pack.html" in pages
    assert not (folder / "site/policies/odg/other.html").exists()
    for path in pages:
        assert "A preview of <code>odg/ice-pack</code> only." in path.read_text(encoding="utf-8"), path


def test_a_preview_of_what_does_not_exist_is_refused(project, monkeypatch):
    from mkdocs.config import load_config
    from mkdocs.exceptions import PluginError

    folder = project(plugins="search")
    monkeypatch.setenv("IMRPOLICY_SITE_ONLY", "odg/ice-pak")
    config = load_config(str(folder / "mkdocs.yml"))
    with pytest.raises(PluginError, match="did you mean `odg/ice-pack`"):
        config.plugins.on_config(config)
