"""The page of one version of a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from imrpolicy.expression import facts_of
from imrpolicy.facts import Fact
from imrpolicy.policy import Criterion, Group, Policy, PolicyStatus
from imrpolicy.site.difference import differences
from imrpolicy.site.examples import decided_cases, examples
from imrpolicy.site.model import Content, Page, island, policy_path, version_path
from imrpolicy.site.rendering import render
from imrpolicy.site.text import clean, link, markdown, web_address
from imrpolicy.site.words import CODE_SYSTEMS, Chip, services, stance_chip, standing

Meaning = Callable[[Policy, Policy], Markup]
"""What the step from one version to the next means for cases, as HTML; the semantic difference goes here."""

Form = Callable[[Policy, str], Markup]
"""The form on which a case is tried, for a policy and the path of its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the site is told from outside.

    Attributes:
        edit: The address at which a file is edited, with `{file}` for its path; empty where there is none.
        guide: The page of the project on how a policy is edited; empty where there is none.
        meaning: What a new version means for cases.
        form: The form on which a case is tried; none where the program for it has not been built.
    """

    edit: str = ""
    guide: str = ""
    meaning: Meaning = lambda _old, _new: Markup()
    form: Form | None = None


_SCREEN = frozenset({"try-a-case", "examples", "cases", "others"})
"""The sections that are not printed."""


@dataclass(slots=True)
class _Parts:
    """The sections of a page as they are collected."""

    path: str
    lines: list[str] = field(default_factory=list)
    islands: dict[str, Markup] = field(default_factory=dict)

    def add(self, name: str, heading: str, content: Markup) -> None:
        if not content:
            return
        on_screen = name in _SCREEN
        if heading:
            self.lines.append(f"## {heading} {{#{name}{' .imr-screen' if on_screen else ''}}}")
        self.lines.append(island(name))
        self.islands[name] = (
            Markup('<div class="imr-screen">{}</div>').format(content) if on_screen else content
        )

    def render(self, name: str, heading: str, template: str, **values: Any) -> None:
        self.add(name, heading, render(template, self.path, **values))


def policy_page(content: Content, policy: Policy, options: Options) -> Page:
    """The page of one version.

    Args:
        content: Everything that is known.
        policy: The version.
        options: What the site is told from outside.
    """
    versions = content.versions[policy.id]
    parts = _Parts(policy_path(policy, versions))
    _head(parts, content, policy, can_try=options.form is not None and bool(policy.leaves))
    _criteria(parts, policy)
    _evidence(parts, policy)
    if options.form is not None and policy.leaves:
        parts.add("try-a-case", "Try a case", options.form(policy, parts.path))
    parts.add("examples", "Worked examples", examples(content, policy, parts.path))
    parts.add("cases", "Decided cases", decided_cases(content, policy, parts.path))
    _others(parts, content, policy)
    _codes(parts, content, policy)
    if policy.notes:
        parts.render("notes", "Notes", "notes", notes=policy.notes)
    parts.render("history", "History", "history", entries=_history(content, policy, options))
    _cite(parts, content, policy, options)
    is_newest = policy is versions[-1]
    title = policy.title if is_newest else f"{policy.title} ({policy.version})"
    return Page(
        path=parts.path,
        title=title,
        markdown="\n\n".join([f"# {markdown(title)}", *parts.lines]) + "\n",
        islands=parts.islands,
        anchors=tuple(_anchors(policy, versions)),
        description=clean(policy.summary),
        source=content.texts[policy.reference].file,
        searchable=is_newest,
        quiet=frozenset(parts.islands) - _SEARCHED,
    )


_SEARCHED = frozenset({"head", "criteria", "exclusions", "conditions", "codes", "notes"})


def _anchors(policy: Policy, versions: Iterable[Policy]) -> Iterator[str]:
    for kind, leaves in (("exclusion", policy.exclusions), ("condition", policy.conditions)):
        yield from (f"{kind}-{leaf.id}" for leaf in leaves)
    if policy.criteria is not None:
        yield from (f"criterion-{leaf.id}" for leaf in policy.criteria.criteria())
        yield from (f"criterion-{group.id}" for group in _groups(policy.criteria) if group.id)
    yield from (f"version-{version.version}" for version in versions)


def _groups(group: Group) -> Iterator[Group]:
    yield group
    for member in group.members:
        if isinstance(member, Group):
            yield from _groups(member)


def _head(parts: _Parts, content: Content, policy: Policy, *, can_try: bool) -> None:
    parts.render(
        "head",
        "",
        "head",
        policy=policy,
        source=content.source(policy),
        banners=list(_banners(content, policy)),
        stance=stance_chip(policy),
        standing=standing(policy, content.today),
        can_try=can_try,
    )


def _banners(content: Content, policy: Policy) -> Iterator[tuple[str, str, str, str]]:
    """What a reader must know first: tone, message, and a page with its name."""
    newest = content.versions[policy.id][-1]
    if policy is not newest:
        yield ("open", f"This is version {policy.version}. A newer one is there:",
               policy_path(newest, content.versions[policy.id]), f"version {newest.version}")  # fmt: skip
    if policy.status is PolicyStatus.DRAFT:
        yield "open", "This is a draft. It governs nothing until it has been reviewed and released.", "", ""
    if policy.status is PolicyStatus.WITHDRAWN:
        yield "against", "This policy has been withdrawn. It must not be used.", "", ""
    if policy.provenance is not None and policy.provenance.basis == "memory":
        yield (
            "open",
            "It was written from memory and is not checked against the guideline yet.",
            "",
            "",
        )


_EXCLUSIONS = "Each of these speaks against the service."
_CONDITIONS = (
    "These cannot decide a request beforehand: an approval carries them. A review afterwards checks them."
)


def _criteria(parts: _Parts, policy: Policy) -> None:
    if policy.criteria is not None:
        parts.render("criteria", "Criteria", "criteria", root=policy.criteria, leaves=(), kind="criterion")
    for name, heading, leaves, lead in (
        ("exclusions", "Exclusions", policy.exclusions, _EXCLUSIONS),
        ("conditions", "Conditions", policy.conditions, _CONDITIONS),
    ):
        if leaves:
            tree = render("criteria", parts.path, root=None, leaves=leaves, kind=name[:-1])
            parts.add(name, heading, Markup("<p>{}</p>").format(lead) + tree)
    limits = [leaf for leaf in policy.leaves if leaf.limit is not None]
    if limits:
        parts.render("limits", "Quantity limits", "limits", leaves=limits)


def _evidence(parts: _Parts, policy: Policy) -> None:
    """What to document: the records, each with the criteria that it shows."""
    entries: dict[str, list[Criterion]] = {}
    for leaf in policy.leaves:
        entries.setdefault(clean(leaf.evidence) or f"\0{leaf.id}", []).append(leaf)
    if entries:
        shown = [("" if name.startswith("\0") else name, items) for name, items in entries.items()]
        parts.render("what-to-document", "What to document", "document", entries=shown, facts_in=_facts_in)


def _facts_in(leaves: Iterable[Criterion]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(fact for leaf in leaves for fact in facts_of(leaf.node)))


_MOST_OTHERS = 20
"""The page of the service has them all."""


def _others(parts: _Parts, content: Content, policy: Policy) -> None:
    """What other guidelines say of the same service."""
    own = set(services(policy))
    others = [p for p in content.newest if p.id != policy.id and own & set(services(p))]
    if not others:
        return
    table = render(
        "policies",
        parts.path,
        policies=others[:_MOST_OTHERS],
        today=content.today,
        show_source=True,
        source=lambda p: content.source(p).title,
        filter="",
        summaries=False,
    )
    service = content.library.dictionary.by_path["request.service"]
    links = [
        Markup('<a href="{}">{}</a>').format(link(parts.path, f"services/{name}.md"), service.label(name))
        for name in sorted(own)
    ]
    lead = Markup("<p>All of them side by side: {}.</p>").format(Markup(", ").join(links))
    parts.add("others", "Other guidelines on this", lead + table)


def _codes(parts: _Parts, content: Content, policy: Policy) -> None:
    rows = [(system, codes, "this policy") for system, codes in policy.codes]
    for choice in content.library.dictionary.by_path["request.service"].type.choices:
        if choice.value in services(policy):
            known = {code for _, codes, _ in rows for code in codes}
            rows += [
                (system, codes, choice.label) for system, codes in choice.codes if not known.issuperset(codes)
            ]
    rows = [(CODE_SYSTEMS.get(system, system), codes, origin) for system, codes, origin in rows]
    if rows:
        parts.render("codes", "Codes", "codes", rows=rows)


def _history(content: Content, policy: Policy, options: Options) -> list[dict[str, Any]]:
    versions = content.versions[policy.id]
    entries = []
    for position in range(len(versions) - 1, -1, -1):
        this, before = versions[position], versions[position - 1] if position else None
        entries.append(
            {
                "policy": this,
                "target": "" if this is policy else policy_path(this, versions),
                "standing": Chip("plain", "this page") if this is policy else standing(this, content.today),
                "released": content.released.get((this.id, this.version)),
                "before": before.version if before is not None else None,
                "differences": differences(before, this) if before is not None else (),
                "meaning": options.meaning(before, this) if before is not None else Markup(),
            }
        )
    return entries


def _cite(parts: _Parts, content: Content, policy: Policy, options: Options) -> None:
    source = content.source(policy)
    text = content.texts[policy.reference]
    parts.render(
        "cite-and-download",
        "Cite and download",
        "cite",
        policy=policy,
        citation=f"{policy.title}. After {source.title}, {policy.source.section}, {policy.source.edition}. "
        f"imrpolicy {policy.reference}, {policy.content_hash}.",
        json=version_path(policy, "json"),
        yaml=version_path(policy, "yaml"),
        permanent=version_path(policy, "html"),
        file=text.file,
        edit=web_address(options.edit.replace("{file}", text.file)),
        guide=options.guide,
    )
