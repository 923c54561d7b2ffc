"""The plugin of mkdocs: it gives the pages of the library to mkdocs, and watches the files behind them.

It is thin on purpose. What a page says is decided elsewhere, without mkdocs.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage

from imrpolicy.evaluate import bundled_directory
from imrpolicy.facts import SchemaError
from imrpolicy.issues import did_you_mean, has_errors, render
from imrpolicy.policy import policy_folders
from imrpolicy.site import releases
from imrpolicy.site.content import read_content
from imrpolicy.site.csp import InlineScriptError, with_policy
from imrpolicy.site.finished import FinishedPages
from imrpolicy.site.keeping import Memory
from imrpolicy.site.meaning import Meanings
from imrpolicy.site.model import Content, Page
from imrpolicy.site.pages import files as all_files
from imrpolicy.site.pages import pages as all_pages
from imrpolicy.site.pages import problem_pages
from imrpolicy.site.policy_page import Options
from imrpolicy.site.text import html, web_address
from imrpolicy.site.trial import BUILD, form, is_built

_log = get_plugin_logger("imrpolicy")
_ASSETS = "assets/imrpolicy"
_GUIDE = "editing.md"
RELEASE, ONLY = "IMRPOLICY_SITE_RELEASE", "IMRPOLICY_SITE_ONLY"
_EXTENSIONS = ("attr_list", "md_in_html")
# What the search of Material needs where a page is opened from a disk; the name tells Material so.
_WORKER = f"{_ASSETS}/iframe-worker.js"


class _File(File):
    """A file that was made: `mkdocs serve --dirty` writes it again only where it has changed."""

    changed = True

    def is_modified(self) -> bool:
        """Whether it differs from that of the build before."""
        return self.changed


class SiteConfig(Config):  # type: ignore[no-untyped-call]
    """What `mkdocs.yml` may say below `imrpolicy`."""

    policies = config_options.Optional(config_options.Dir(exists=True))
    cases = config_options.Optional(config_options.Dir(exists=True))
    edit = config_options.Type(str, default="")
    release = config_options.Type(str, default="")
    only = config_options.ListOfItems(config_options.Type(str), default=[])


class SitePlugin(BasePlugin[SiteConfig]):  # type: ignore[no-untyped-call]
    """Makes the pages of the library while mkdocs builds or serves a site."""

    def __init__(self) -> None:
        self._serving = False
        self._pages: dict[str, Page] = {}
        self._made: dict[str, object] = {}
        self._meanings = Meanings()
        self._memory: Memory | None = None
        self._finished: FinishedPages | None = None
        self._release = ""
        self._only: tuple[str, ...] = ()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember what mkdocs was started for; that this exists keeps the plugin over rebuilds."""
        self._serving = command == "serve"
        self._memory = Memory() if self._serving else None
        self._finished = FinishedPages() if self._serving and not dirty else None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Name the files to watch, the styles and the scripts."""
        for name in _EXTENSIONS:
            if name not in config.markdown_extensions:
                config.markdown_extensions.append(name)
        config.extra_css.append(f"{_ASSETS}/imrpolicy.css")
        config.extra_javascript.append(f"{_ASSETS}/imrpolicy.js")
        if "offline" in " ".join(config.plugins):
            config.extra.setdefault("polyfills", []).append(_WORKER)
        self._release, self._only = self._asked()
        policies = self._policies()
        watched = [policies, policies.parent / "schemas", *([self._cases()] if self._cases() else [])]
        config.watch.extend(str(path) for path in watched if path is not None and path.is_dir())
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages and the files that are made from the library."""
        content = self._content()
        if not is_built():
            _log.warning("the form on which a case is tried is not built: %s", BUILD)
        options = Options(
            edit=self.config.edit,
            guide=_GUIDE if files.get_file_from_path(_GUIDE) else "",
            form=form,
            meaning=partial(self._meanings.of, content),
        )
        self._pages = {page.path: page for page in all_pages(content, options, self._memory)}
        if has_errors(content.issues):
            root = content.library.loaded.root.name
            self._pages |= {page.path: page for page in problem_pages(content.issues, root)}
        if self._finished:
            self._finished.begin(config, self._only, self._release)
        for page in self._pages.values():
            file = self._generated(config, page.path, page.markdown, page)
            files.append(file)
            if self._finished:
                self._finished.use(page, file, config)
        for asset in all_files(content, config.site_name, config.site_url or "", self._memory):
            files.append(self._generated(config, asset.path, asset.text, asset))
        if not self._release:
            none = releases.listing(())
            files.append(self._generated(config, releases.LISTING, none, none))
        for entry in resources.files("imrpolicy.site").joinpath("assets").iterdir():
            text = entry.read_bytes()
            files.append(self._generated(config, f"{_ASSETS}/{entry.name}", text, text))
        return files

    def _generated(self, config: MkDocsConfig, path: str, text: str | bytes, made: object) -> File:
        """A file of the site that lies on no disk, and whether it differs from that of the build before."""
        file = _File.generated(config, path, content=text, inclusion=InclusionLevel.NOT_IN_NAV)
        file.changed = self._made.get(path) != made  # type: ignore[attr-defined]
        self._made[path] = made
        return file

    def _content(self) -> Content:
        """Everything, or an end of the build with everything that is wrong.

        Raises:
            PluginError: A file has an error, and nobody is watching.
        """
        try:
            # What is not read cannot govern, so a case would be decided wrongly.
            cases = self._cases() if not self._only else None
            content = read_content(
                self._policies(), cases, _today(), only=self._only or None, memory=self._memory
            )
        except (SchemaError, OSError) as error:
            raise PluginError(f"the policies cannot be read: {error}") from error
        if has_errors(content.issues) and not self._serving:
            raise PluginError("\n" + "\n".join(render(issue) for issue in content.issues))
        for issue in content.issues:
            _log.warning(render(issue))
        return content

    def _asked(self) -> tuple[str, tuple[str, ...]]:
        """The release that is built and the policies that are read; `imrpolicy site` tells by its variables.

        Raises:
            PluginError: The name of the release cannot be one, or there is no such policy.
        """
        release = os.environ.get(RELEASE) or self.config.release
        only = tuple(os.environ.get(ONLY, "").split()) or tuple(self.config.only)
        known = [f.relative_to(self._policies()).as_posix() for f in policy_folders(self._policies())]
        for name in only:
            if name not in known:
                help = did_you_mean(name, known) or "a policy is called as its folder is, `source/topic`"
                raise PluginError(f"there is no policy `{name}`; {help}")
        try:
            return releases.checked(release) if release else "", only
        except ValueError as error:
            raise PluginError(str(error)) from error

    def _policies(self) -> Path:
        return Path(self.config.policies) if self.config.policies else bundled_directory("policies")

    def _cases(self) -> Path | None:
        if self.config.cases:
            return Path(self.config.cases)
        return bundled_directory("cases") if not self.config.policies else None

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, **_: Any) -> str:
        """Give a page its title and description; templates put both into HTML as they are."""
        made = self._pages.get(page.file.src_uri)
        if made is not None:
            page.meta["title"] = str(html(made.title))
            page.meta["hide"] = ["navigation", "toc"] if made.wide else ["navigation"]
            if made.description:
                page.meta["description"] = str(html(made.description))
            if not made.searchable:
                page.meta["search"] = {"exclude": True}
            edit = self.config.edit.replace("{file}", made.source) if made.source else ""
            page.edit_url = web_address(edit) or None
        return markdown

    def on_page_content(self, content: str, *, page: MkDocsPage, **_: Any) -> str:
        """Put the islands in, and tell mkdocs which anchors they bring."""
        made = self._pages.get(page.file.src_uri)
        if made is None:
            return content
        page.present_anchor_ids = (page.present_anchor_ids or set()) | set(made.anchors)
        return made.html(content, made.islands.keys() - made.quiet)

    def on_env(self, env: Environment, **_: Any) -> Environment:
        """Add the template of pages that are finished already."""
        if self._finished:
            self._finished.prepare(env)
        return env

    @event_priority(100)
    def _before_search(self, /, context: Any, *, page: MkDocsPage, **_: Any) -> Any:
        if self._finished:
            self._finished.before_search(page)
        return context

    @event_priority(-100)
    def _after_search(self, /, context: Any, *, page: MkDocsPage, **_: Any) -> Any:
        """Put the other islands in, and what holds of the whole site, after the search has read the page."""
        if self._finished:
            self._finished.after_search(page)
            if self._finished.is_finished(page):
                return context
        made = self._pages.get(page.file.src_uri)
        if made is not None:
            page.content = made.html(page.content or "", made.quiet)
        if self._only:
            page.content = releases.preview_notice(self._only) + (page.content or "")
        if self._release:
            notice = releases.notice(page.file.dest_uri, self._release, made=made is not None)
            page.content = notice + (page.content or "")
        return context

    on_page_context = CombinedEvent(_before_search, _after_search)

    def on_post_page(self, output: str, *, page: MkDocsPage, **_: Any) -> str:
        """Give the page its content security policy.

        Raises:
            PluginError: Its content holds a script.
        """
        try:
            whole = with_policy(_accessible(output), page.content or "")
        except InlineScriptError as error:
            raise PluginError(f"{page.file.src_uri}: {error}") from error
        whole = releases.with_menu(whole, page.file.dest_uri, self._release, _ASSETS)
        made = self._pages.get(page.file.src_uri)
        return self._finished.finish(page, made, whole) if self._finished else whole

    def on_post_template(self, output_content: str, *, template_name: str, **_: Any) -> str:
        """Give the page for what is not found its policy too."""
        if template_name.endswith(".html"):
            return with_policy(_accessible(output_content), "")
        return output_content


def _accessible(page: str) -> str:
    """What the theme lacks for a screen reader: a name for the dialog of the search."""
    return page.replace('data-md-component="search" role="dialog"',
                        'data-md-component="search" role="dialog" aria-label="Search"')  # fmt: skip


def _today() -> dt.date:
    """The day of the build; SOURCE_DATE_EPOCH sets it, so that a build can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now(dt.UTC)
    return now.date()
