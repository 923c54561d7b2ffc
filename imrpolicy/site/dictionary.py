"""The fact dictionary as a page: what a case can say, and which policies ask for it."""

from __future__ import annotations

from typing import Any

from imrpolicy.expression import facts_of
from imrpolicy.facts import Fact
from imrpolicy.policy import Policy
from imrpolicy.site.model import Content, Page, island
from imrpolicy.site.rendering import render
from imrpolicy.site.text import markdown

_LEAD = """What a case can say, in one list: the checker, the forms and the batch engine all read it. Each
fact has a name, a type and a question. A fact that a case does not give is *not documented*, which is never a
no."""
_OWN = {
    "request": ("The request", "What is asked for. Each request of a case has its own."),
    "dates": ("Dates", "The days that select the edition of a guideline."),
}


def facts_page(content: Content) -> Page:
    """The page of all facts, by group."""
    path = "facts.md"
    users = _users(content)
    groups = _groups(content)
    lines = [
        "# Fact dictionary",
        _LEAD,
    ]
    islands = {}
    # The request comes first: it is what every case starts with.
    for name, members in sorted(content.library.dictionary.groups.items(), key=lambda g: g[0] != "request"):
        title, description = groups.get(name, (name.replace("_", " ").capitalize(), ""))
        lines += [f"## {markdown(title)} {{#group-{name.replace('_', '-')}}}"]
        lines += [markdown(description)] if description else []
        lines.append(island(name))
        islands[name] = render("facts", path, facts=list(members.values()), users=users)
    return Page(
        path=path,
        title="Fact dictionary",
        markdown="\n\n".join(lines) + "\n",
        islands=islands,
        anchors=tuple(fact.path for fact in content.library.dictionary.facts),
        description="Every fact that a case can state: its name, type, unit, values and question.",
        source="schemas/case.schema.json",
    )


def _groups(content: Content) -> dict[str, tuple[str, str]]:
    schema: Any = content.library.dictionary.schema
    found = schema.get("$defs", {}).get("facts", {}).get("properties", {})
    named = {n: (g.get("title", n), g.get("description", "")) for n, g in found.items()}
    return {**named, **_OWN}


def _users(content: Content) -> dict[Fact, list[Policy]]:
    """The newest policies that read a fact."""
    users: dict[Fact, list[Policy]] = {}
    for policy in content.newest:
        nodes = [policy.scope, *(leaf.node for leaf in policy.leaves)]
        for fact in dict.fromkeys(fact for node in nodes for fact in facts_of(node)):
            users.setdefault(fact, []).append(policy)
    return users
