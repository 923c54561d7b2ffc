"""All pages and files of the site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from imrpolicy.issues import Issue, render
from imrpolicy.policy import Policy
from imrpolicy.site.changes import changes_page, feed
from imrpolicy.site.csp import with_policy
from imrpolicy.site.dictionary import facts_page
from imrpolicy.site.keeping import Memory
from imrpolicy.site.kept_pages import made_from, neighbours
from imrpolicy.site.model import Asset, Content, Page, island, policy_path, version_path
from imrpolicy.site.overviews import body_page, library_page, service_pages, source_pages
from imrpolicy.site.policy_page import Options, policy_page
from imrpolicy.site.rendering import render as render_html
from imrpolicy.site.text import link
from imrpolicy.site.timeline import timeline_page
from imrpolicy.site.trial import library_file, policy_files, trial_page


def pages(content: Content, options: Options, memory: Memory | None = None) -> Iterator[Page]:
    """Every page that is made from the library.

    Args:
        content: Everything that is known.
        options: What the site is told from outside.
        memory: What the builds before have made; without it everything is made now.
    """
    memory = memory or Memory()
    near = neighbours(content) if content.marks else {}
    for versions in content.versions.values():
        for policy in versions:
            key = made_from(content, policy, options, near) if content.marks else None
            make = partial(policy_page, content, policy, options)
            yield memory.get(("page", policy.reference), key, make)
    yield library_page(content)
    yield from source_pages(content)
    yield from service_pages(content)
    yield body_page(content)
    yield timeline_page(content)
    yield facts_page(content)
    yield trial_page()
    yield changes_page(content)


def files(content: Content, site_name: str, site_url: str, memory: Memory | None = None) -> Iterator[Asset]:
    """Every file that is no page: the downloads of each version, its permanent address, and the feed.

    Args:
        content: Everything that is known.
        site_name: The title of the site.
        site_url: Its address; empty where it has none.
        memory: What the builds before have made; without it everything is made now.
    """
    memory = memory or Memory()
    for name, versions in content.versions.items():
        make = partial(_files_of, content, versions)
        yield from memory.get(("files", name), content.marks.get(name), make)
    yield feed(content, site_name, site_url)
    yield library_file(content)


def _files_of(content: Content, versions: tuple[Policy, ...]) -> tuple[Asset, ...]:
    """The files of one policy, which are made from its folder alone and from the facts and sources."""
    made = []
    for policy in versions:
        text = content.texts[policy.reference]
        data = json.dumps(text.data, ensure_ascii=False, indent=2) + "\n"
        made.append(Asset(path=version_path(policy, "json"), text=data))
        made.append(Asset(path=version_path(policy, "yaml"), text=text.yaml))
        made += policy_files(content, policy)
    newest = versions[-1]
    permanent = version_path(newest, "html")
    target = link(permanent, policy_path(newest, versions))
    html = render_html("permanent", permanent, target=target, policy=newest)
    made.append(Asset(path=permanent, text=with_policy(str(html), "") + "\n"))
    return tuple(made)


def problem_pages(issues: tuple[Issue, ...], root: str) -> Iterator[Page]:
    """For each policy with a mistake a page that shows it, in the place of the policy's own."""
    by_policy: dict[str, list[Issue]] = {}
    for issue in issues:
        parts = issue.place.file.split("/")
        below = parts[len(parts) - parts[::-1].index(root) :] if root in parts else parts
        name = "/".join(below[:2]) if len(below) > 2 else "problems"
        by_policy.setdefault(name, []).append(issue)
    for name, found in by_policy.items():
        path = f"policies/{name}.md"
        yield Page(
            path=path,
            title="This cannot be read",
            markdown=f"# This cannot be read\n\n{island('problems')}\n",
            islands={"problems": render_html("problems", path, texts=[render(issue) for issue in found])},
            searchable=False,
        )
