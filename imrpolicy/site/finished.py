"""Finished pages, kept from one build to the next while somebody writes; this part knows mkdocs.

A page that mkdocs has put into its theme is used again as it is where the page itself has not changed, nor
anything around it: the configuration, the pages that were written by hand, the templates. Where a plugin is
used of which it is not known that it leaves such a page alone, nothing is kept.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import get_toc

from imrpolicy.site.keeping import mark
from imrpolicy.site.model import Page

_PLUGINS = frozenset({"imrpolicy", "search", "offline", "mkdocstrings", "autorefs"})
_TEMPLATE = "imrpolicy-finished.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finished:
    """A page of the build before.

    Attributes:
        made: What it was made from.
        anchors: The ids on it.
        entries: What the search has of it.
        output: The whole page.
    """

    made: Page
    anchors: frozenset[str]
    entries: tuple[Any, ...]
    output: str


class _FinishedPage(MkDocsPage):
    """A page that is neither read nor rendered."""

    def __init__(self, finished: _Finished, file: File, config: MkDocsConfig) -> None:
        super().__init__(None, file, config)
        self.finished = finished

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002 - the base class has it
        """Say by which template it is put out; its text is there already."""
        self.markdown = ""
        self.meta = {"template": _TEMPLATE}

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 - the base class has them
        """Tell its anchors, to which other pages may lead."""
        self.content = ""
        self.toc = get_toc([])
        self.present_anchor_ids = set(self.finished.anchors)


class FinishedPages:
    """The finished pages of the build before, and those of the build that goes on."""

    def __init__(self) -> None:
        self._around: Hashable = None
        self._before: dict[str, _Finished] = {}
        self._now: dict[str, _Finished] = {}
        self._entries: list[Any] = []
        self._seen = 0
        self._on = False

    def begin(self, config: MkDocsConfig, *also: Hashable) -> None:
        """Begin a build.

        Args:
            config: The configuration.
            also: What else the pages are made from.
        """
        names = {name.rpartition("/")[2] for name in config.plugins}
        index = next((p for n, p in config.plugins.items() if n.rpartition("/")[2] == "search"), None)
        entries = getattr(getattr(index, "search_index", None), "entries", None)
        self._on = names <= _PLUGINS and not config.hooks and (index is None or isinstance(entries, list))
        self._entries = entries if entries is not None else []
        custom = [Path(config.theme.custom_dir)] if config.theme.custom_dir else []
        written = [Path(config.docs_dir), Path(config.config_file_path or config.docs_dir), *custom]
        around = (mark(written), *also)
        self._before = self._now if around == self._around and self._on else {}
        self._around, self._now = around, {}

    def use(self, made: Page, file: File, config: MkDocsConfig) -> None:
        """Use the finished page for a file, if there is one."""
        known = self._before.get(made.path)
        if known is not None and known.made == made:
            _FinishedPage(known, file, config)  # mkdocs: a page makes itself known to its file

    @staticmethod
    def is_finished(page: MkDocsPage) -> bool:
        """Whether a page needs nothing any more."""
        return isinstance(page, _FinishedPage)

    @staticmethod
    def prepare(env: Environment) -> None:
        """Add the template of finished pages, which says nothing: the page takes its place."""
        loaders = [DictLoader({_TEMPLATE: "finished"}), *([env.loader] if env.loader else [])]
        env.loader = ChoiceLoader(loaders)

    def before_search(self, page: MkDocsPage) -> None:
        """Keep the search from reading a finished page."""
        self._seen = len(self._entries)
        if isinstance(page, _FinishedPage):
            page.meta["search"] = {"exclude": True}

    def after_search(self, page: MkDocsPage) -> None:
        """Give the search what it had of a finished page."""
        if isinstance(page, _FinishedPage):
            self._entries.extend(page.finished.entries)

    def finish(self, page: MkDocsPage, made: Page | None, output: str) -> str:
        """The whole page: as it was, or as it is now, which is kept."""
        if isinstance(page, _FinishedPage):
            self._now[page.finished.made.path] = page.finished
            return page.finished.output
        if made is not None and self._on:
            self._now[made.path] = _Finished(
                made=made,
                anchors=frozenset(page.present_anchor_ids or ()),
                entries=tuple(self._entries[self._seen :]),
                output=output,
            )
        return output
