"""What is kept from one build to the next while somebody writes is what a new build would make."""

import shutil

import pytest
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config

from imrpolicy.site.finished import FinishedPages
from imrpolicy.site.keeping import Memory, mark

OTHER = "policies/odg/cold-pack"


def test_a_thing_is_made_anew_when_its_key_is_another():
    memory, made = Memory(), []

    def make():
        made.append(len(made))
        return made[-1]

    assert [memory.get("a", key, make) for key in (1, 1, 2, 2, 1)] == [0, 0, 1, 1, 2]


def test_without_a_key_nothing_is_kept():
    memory = Memory()
    assert memory.get("a", None, object) is not memory.get("a", None, object)


def test_a_mark_is_of_what_is_in_the_files_and_how_they_are_named(tmp_path):
    file = tmp_path / "a/b.yaml"
    file.parent.mkdir()
    file.write_text("one", encoding="utf-8")
    first = mark([tmp_path])
    file.touch()
    assert mark([tmp_path]) == first
    file.write_text("two", encoding="utf-8")
    second = mark([tmp_path])
    assert second != first
    file.rename(tmp_path / "a/c.yaml")
    assert mark([tmp_path]) not in (first, second)


def edited(folder, name, old, new):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def add_a_policy(folder):
    shutil.copytree(folder / "policies/odg/ice-pack", folder / OTHER)
    for file in (folder / OTHER).rglob("*.yaml"):
        edited(folder, file.relative_to(folder), "odg/ice-pack", "odg/cold-pack")


STEPS = {
    "nothing": lambda _folder: None,
    "a policy comes": add_a_policy,
    "its title, which the other page shows": lambda folder: edited(
        folder, f"{OTHER}/policy.yaml", "title: Ice packs", "title: Cold packs"
    ),
    "a sentence": lambda folder: edited(
        folder, "policies/odg/ice-pack/policy.yaml", "No sedation is given.", "There is no sedation."
    ),
    "a test": lambda folder: edited(folder, f"{OTHER}/tests.yaml", "name: ", "name: Again, "),
    "the name of a source": lambda folder: edited(folder, "policies/sources.yaml", "Official", "Official US"),
    "a guide, whose title is in the navigation": lambda folder: edited(
        folder, "docs/guide.md", "# Guide", "# Reader's guide"
    ),
    "the configuration": lambda folder: edited(folder, "mkdocs.yml", "site_name: Site", "site_name: Pages"),
    "an older version goes": lambda folder: (folder / OTHER / "versions/1.0.0.yaml").unlink(),
    "a policy goes": lambda folder: shutil.rmtree(folder / OTHER),
}


@pytest.mark.slow
def test_after_any_edit_every_file_is_that_of_a_new_build(project, build, monkeypatch, tmp_path):
    folder = project()
    (folder / "docs/guide.md").write_text("# Guide\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767312000")
    plugins = load_config("mkdocs.yml").plugins
    plugins.on_startup(command="serve", dirty=False)
    # mkdocs keeps plugins for as long as the process runs, and this one what a dirty build has left in it.
    plugins["material/search"].search_index_prev = None
    used = []
    use = FinishedPages.after_search
    monkeypatch.setattr(
        FinishedPages,
        "after_search",
        lambda self, page: (used.append(self.is_finished(page)), use(self, page)),
    )
    for step, edit in STEPS.items():
        edit(folder)
        used.clear()
        build_site(load_config("mkdocs.yml"))
        if step == "nothing":
            used.clear()
            build_site(load_config("mkdocs.yml"))
            assert used.count(True) > 5
        ran = build("--site-dir", str(tmp_path / "new"), cwd=folder)
        assert ran.returncode == 0, ran.stderr
        kept, new = contents(folder / "site"), contents(tmp_path / "new")
        assert kept.keys() == new.keys(), step
        assert [name for name in new if kept[name] != new[name]] == [], step


def contents(site):
    files = [path for path in site.rglob("*") if path.is_file() and path.suffix != ".gz"]
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def test_with_a_plugin_that_is_not_known_no_page_is_kept(project, monkeypatch):
    folder = project(plugins="search, tags")
    monkeypatch.chdir(folder)
    finished, config = FinishedPages(), load_config("mkdocs.yml")
    config.plugins.on_config(config)
    for _ in range(2):
        finished.begin(config)
        assert finished._on is False
