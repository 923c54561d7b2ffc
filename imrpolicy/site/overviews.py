"""The pages that lead to policies: all of them, by source, by service, and by part of the body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup

from imrpolicy.evaluate.compiled import SERVICE
from imrpolicy.facts import Choice, Fact
from imrpolicy.policy import Policy, Source
from imrpolicy.site.model import Content, Page, island
from imrpolicy.site.rendering import render
from imrpolicy.site.text import clean, link, markdown, prose
from imrpolicy.site.timeline import service_timeline
from imrpolicy.site.words import CODE_SYSTEMS, plural, regions, services

_LINKS = """Find one [by source](../sources/index.md), [by service](../services/index.md) or
[by part of the body](../body-parts.md), or see [who governs when](../timeline.md)."""
_REGION = "request.body_region"
# The search finds a policy by its own page, which says more of it than a row of a table.
_TABLE = frozenset({"policies"})


def table(content: Content, page: str, policies: Iterable[Policy], **more: Any) -> Markup:
    """A table of policies for a page."""
    values: dict[str, Any] = {"show_source": True, "filter": "", "summaries": True, **more}
    return render(
        "policies",
        page,
        policies=list(policies),
        today=content.today,
        source=lambda policy: content.source(policy).title,
        **values,
    )


def library_page(content: Content) -> Page:
    """The page of all policies."""
    path = "policies/index.md"
    newest = content.newest
    sources = {policy.source.guideline for policy in newest}
    lead = (
        f"{plural(len(newest), 'guideline topic')} from {plural(len(sources), 'source')}, each with its "
        "criteria, its tests and its history."
    )
    return Page(
        path=path,
        title="All guidelines",
        wide=True,
        markdown=f"# All guidelines\n\n{lead}\n\n{_LINKS}\n\n{island('policies')}\n",
        islands={"policies": table(content, path, newest, filter="Filter the guidelines")},
        quiet=_TABLE,
        description="All guidelines of this library, with what they say and since when.",
    )


def source_pages(content: Content) -> Iterator[Page]:
    """A page for each source, and one of them all."""
    path = "sources/index.md"
    rows = []
    for source in sorted(content.library.sources.values(), key=lambda s: s.title):
        policies = [policy for policy in content.newest if policy.source.guideline == source.id]
        rows.append((link(path, f"sources/{source.id}.md"), source.title, source.publisher, len(policies)))
        yield _source_page(content, source, policies)
    yield Page(
        path=path,
        title="By source",
        wide=True,
        markdown=f"# By source\n\nWho publishes the guidelines.\n\n{island('sources')}\n",
        islands={
            "sources": render("doors", path, rows=[(a, t, p, plural(n, "topic")) for a, t, p, n in rows])
        },
        description="The publishers of the guidelines of this library.",
    )


def _source_page(content: Content, source: Source, policies: list[Policy]) -> Page:
    path = f"sources/{source.id}.md"
    return Page(
        path=path,
        title=source.title,
        wide=True,
        markdown=f"# {markdown(source.title)}\n\n{island('source')}\n\n## Topics\n\n{island('policies')}\n",
        islands={
            "source": render("source", path, source=source),
            "policies": table(content, path, policies, show_source=False),
        },
        quiet=_TABLE,
        description=clean(f"What is encoded of: {source.title}"),
        source=f"{content.library.loaded.root.name}/sources.yaml",
    )


def service_pages(content: Content) -> Iterator[Page]:
    """A page for each service that a policy covers, and one of them all."""
    path = "services/index.md"
    rows = []
    for choice in content.library.dictionary.by_path[SERVICE].type.choices:
        policies = [policy for policy in content.newest if choice.value in services(policy)]
        if policies:
            number = plural(len(policies), "guideline")
            rows.append((link(path, f"services/{choice.value}.md"), choice.label, _codes(choice), number))
            yield _service_page(content, choice, policies)
    yield Page(
        path=path,
        title="By service",
        wide=True,
        markdown=f"# By service\n\nWhat is requested, and who speaks of it.\n\n{island('rows')}\n",
        islands={"rows": render("doors", path, rows=rows)},
        description="The services and items that the guidelines speak of.",
    )


def _codes(choice: Choice) -> str:
    return "; ".join(f"{CODE_SYSTEMS.get(name, name)} {', '.join(codes)}" for name, codes in choice.codes)


def _service_page(content: Content, choice: Choice, policies: list[Policy]) -> Page:
    """All sources on one service side by side."""
    path = f"services/{choice.value}.md"
    spoken = "speak" if len(policies) > 1 else "speaks"
    codes = f"{_codes(choice)}." if choice.codes else ""
    lead = Markup("<p>{} {} of this. {}</p>").format(plural(len(policies), "guideline"), spoken, codes)
    return Page(
        path=path,
        title=choice.label,
        wide=True,
        markdown=f"# {markdown(choice.label)}\n\n{island('lead')}\n\n{island('cards')}\n\n"
        f"## Who governs when {{#timeline}}\n\n{island('timeline')}\n",
        islands={
            "lead": lead,
            "timeline": service_timeline(content, path, choice.value),
            "cards": render(
                "side_by_side",
                path,
                policies=policies,
                today=content.today,
                source=lambda policy: content.source(policy).title,
                points=_points,
            ),
        },
        description=clean(f"What each guideline says of: {choice.label}"),
    )


def _points(policy: Policy) -> list[Markup]:
    """The criteria of a policy in a few lines: the members of its outermost group."""
    if policy.criteria is None:
        return []
    return [prose(member.text) for member in policy.criteria.members if member.text]


def body_page(content: Content) -> Page:
    """The policies by the part of the body that they name."""
    path = "body-parts.md"
    region: Fact | None = content.library.dictionary.by_path.get(_REGION)
    lines = ["# By part of the body", "Where a guideline names the part of the body, or its service does."]
    islands = {}
    spoken_of = [(policy, regions(policy, region)) for policy in content.newest]
    for choice in region.type.choices if region is not None else ():
        found = [policy for policy, named in spoken_of if choice.value in named]
        if found:
            anchor = choice.value.replace("_", "-")
            lines += [f"## {markdown(choice.label)} {{#{anchor}}}", island(choice.value)]
            islands[choice.value] = table(content, path, found)
    return Page(
        path=path,
        title="By part of the body",
        markdown="\n\n".join(lines) + "\n",
        islands=islands,
        quiet=frozenset(islands),
        description="The guidelines by the part of the body that they speak of.",
    )
