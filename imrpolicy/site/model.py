"""What the site is made of: pages, files, and the content that they are rendered from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from imrpolicy.evaluate import Determination, PolicyLibrary, PolicyTrace
from imrpolicy.issues import Issue
from imrpolicy.policy import Policy, Source, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: Markdown with headings, and HTML that is put into it after Markdown has been rendered.

    Attributes:
        path: Its path in the site, ending in `.md`.
        title: Its title, as plain text.
        markdown: The Markdown; `island(name)` gives the line that an island replaces.
        islands: HTML by name.
        anchors: The ids in the islands that other pages may point to.
        description: One sentence for search engines, as plain text.
        source: The authored file behind it, relative to the project; empty where there is none.
        searchable: Whether the search finds it.
        quiet: The islands that the search does not read: they are long, and say nothing that is looked for.
        wide: Whether it takes the width of the table of contents as well.
    """

    path: str
    title: str
    markdown: str
    islands: Mapping[str, Markup] = field(default_factory=dict)
    anchors: tuple[str, ...] = ()
    description: str = ""
    source: str = ""
    searchable: bool = True
    wide: bool = False
    quiet: frozenset[str] = frozenset()

    def html(self, rendered: str, names: Iterable[str] | None = None) -> str:
        """Its HTML: rendered Markdown with the islands in their places, all or those that are named."""
        for name in self.islands if names is None else names:
            rendered = rendered.replace(island(name), str(self.islands[name]))
        return rendered


def island(name: str) -> str:
    """The line of Markdown that an island replaces."""
    return f'<div data-imr-island="{name}"></div>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file of the site that is no page: its path, and its text."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The file of one version of a policy: its path below the project, its text, and what it says as data."""

    file: str
    yaml: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One test of a policy, evaluated.

    Attributes:
        name: What it shows.
        policy: The policy in the tested version.
        row: The facts.
        trace: What the policy says; none where it does not apply.
        strict: Whether nothing is presumed.
        retrospective: Whether the service was performed.
        supported: What would be supported where only limits stand in the way, by fact.
    """

    name: str
    policy: Policy
    row: tuple[Any, ...]
    trace: PolicyTrace | None
    strict: bool = False
    retrospective: bool = False
    supported: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RealCase:
    """One request of a published case: what was decided, and what follows from the policies."""

    determination: Determination
    decided: str
    reason: str
    citation: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that the pages are rendered from.

    Attributes:
        library: The policies, sources, search sequences and facts.
        versions: The versions of each policy, the oldest first.
        texts: The file of each version, by `id@version`.
        examples: The tests of each version, by `id@version`.
        cases: The requests of published cases.
        released: The day of each release, where it is on record.
        issues: What is wrong in the files.
        today: The day for which the site is built.
        marks: By id of a policy a text that stands for its folder and for all that every page is made from;
            empty where nothing is kept from one build to the next.
    """

    library: PolicyLibrary
    versions: Mapping[str, tuple[Policy, ...]]
    texts: Mapping[str, Text]
    examples: Mapping[str, tuple[Example, ...]]
    cases: tuple[RealCase, ...] = ()
    released: Mapping[tuple[str, Version], dt.date] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    today: dt.date
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def newest(self) -> tuple[Policy, ...]:
        """The newest version of every policy, by id."""
        return tuple(versions[-1] for versions in self.versions.values())

    def source(self, policy: Policy) -> Source:
        """The source of a policy."""
        known = self.library.sources
        name = policy.source.guideline
        return known[name] if name in known else Source(id=name, title=name)


_ID = re.compile(r"[a-z0-9-]+/[a-z0-9-]+", re.ASCII)


def policy_path(policy: Policy, versions: tuple[Policy, ...]) -> str:
    """The address of the page of a version: that of the policy for the newest, and its own for the others."""
    if policy is versions[-1]:
        return f"policies/{_checked(policy.id)}.md"
    return version_path(policy)


def version_path(policy: Policy, ending: str = "md") -> str:
    """The address under which one version stays, whatever comes after it."""
    return f"policies/{_checked(policy.id)}/{policy.version}.{ending}"


def _checked(name: str) -> str:
    """An id that becomes a path; the schema has refused any other, and nobody may write beside the site.

    Raises:
        ValueError: It is none.
    """
    if not _ID.fullmatch(name):
        raise ValueError(f"{name!r} is no id of a policy")
    return name
