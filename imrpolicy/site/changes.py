"""What changed lately: every version of every policy, the latest first, as a page and as a feed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from imrpolicy.policy import Policy, PolicyStatus
from imrpolicy.site.difference import Difference, differences
from imrpolicy.site.model import Asset, Content, Page, island, policy_path
from imrpolicy.site.rendering import render
from imrpolicy.site.text import clean

FEED = "feed.xml"
_MOST = 200
_LEAD = """Every version of every guideline, the latest first: by the day of its release here where that is on
record, else by the first day on which the guideline was in force. Drafts are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One version: the day by which it is sorted, whether that is the day of a release, and what changed."""

    policy: Policy
    target: str
    day: dt.date
    is_release: bool
    differences: tuple[Difference, ...]


def changes(content: Content) -> tuple[Change, ...]:
    """All released versions, the latest first: by their release if it is on record, else their first day."""
    found = []
    for versions in content.versions.values():
        for before, policy in zip((None, *versions), versions, strict=False):
            if policy.status is PolicyStatus.DRAFT:
                continue
            released = content.released.get((policy.id, policy.version))
            found.append(
                Change(
                    policy=policy,
                    target=policy_path(policy, versions),
                    day=released or policy.effective.start,
                    is_release=released is not None,
                    differences=differences(before, policy) if before is not None else (),
                )
            )
    return tuple(sorted(found, key=lambda c: (c.day, c.policy.reference), reverse=True))


def changes_page(content: Content) -> Page:
    """The page of what changed lately."""
    path = "changes.md"
    years = [(year, list(items)) for year, items in groupby(changes(content)[:_MOST], lambda c: c.day.year)]
    lines = ["# What changed", _LEAD, island("feed")]
    islands = {"feed": render("feed_link", path, feed=FEED)}
    for year, items in years:
        lines += [f"## {year} {{#year-{year}}}", island(f"year-{year}")]
        islands[f"year-{year}"] = render("changes", path, changes=items)
    return Page(
        path=path,
        title="What changed",
        markdown="\n\n".join(lines) + "\n",
        islands=islands,
        quiet=frozenset(islands),
        description="Every version of every guideline, the latest first.",
    )


def feed(content: Content, site_name: str, site_url: str) -> Asset:
    """The changes as an Atom feed.

    Args:
        content: Everything that is known.
        site_name: The title of the site.
        site_url: Its address; without one the links are relative to the feed.
    """
    entries = changes(content)[:_MOST]
    updated = entries[0].day if entries else content.today
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{escape(clean(site_name))}: what changed</title>",
        f"<id>{escape(site_url or 'urn:imrpolicy:changes')}</id>",
        f"<updated>{updated}T00:00:00Z</updated>",
        f"<author><name>{escape(clean(site_name))}</name></author>",
        *(line for change in entries for line in _entry(change, site_url)),
        "</feed>",
        "",
    ]
    return Asset(path=FEED, text="\n".join(lines))


def _entry(change: Change, site_url: str) -> list[str]:
    policy = change.policy
    address = site_url.rstrip("/") + "/" if site_url else ""
    address += change.target.removesuffix(".md") + ".html"
    told = [clean(policy.changes), *(f"{d.what}: {clean(d.after or d.before)}" for d in change.differences)]
    return [
        "<entry>",
        f"<title>{escape(clean(policy.title))}, version {policy.version}</title>",
        f"<id>urn:imrpolicy:policy:{escape(policy.reference)}</id>",
        f"<link href={quoteattr(address)}/>",
        f"<updated>{change.day}T00:00:00Z</updated>",
        f"<summary>{escape(' '.join(part for part in told if part))}</summary>",
        "</entry>",
    ]
