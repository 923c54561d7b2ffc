"""What a change of policies does, as a Markdown comment for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from imrpolicy.diff.guidelines import Pair, Separation, headline, source_name
from imrpolicy.diff.impact import Impact
from imrpolicy.diff.model import LibraryDiff, PolicyDiff
from imrpolicy.diff.wording import (
    edit_in_words,
    quantity_in_words,
    relation_in_words,
    transition_in_words,
    up_to,
    version_in_words,
)
from imrpolicy.policy import Source

_MOST_CASES = 20
_KNOWN = "Known cases"


def as_markdown(found: LibraryDiff) -> str:
    """The difference as a comment; its first line names the patient."""
    lines = [f"**{_text(found.headline)}**", ""]
    for diff in found.policies:
        lines += [*_policy(diff), ""]
    if found.sequences:
        lines += ["### Search sequences", "", *(f"- {_text(text)}" for text in found.sequences), ""]
    for title, impact in ((_KNOWN, found.impact), (found.tried, found.population)):
        if impact is not None:
            lines += [*_impact(title, impact), ""]
    if found.unread:
        names = _text(", ".join(found.unread))
        lines += [f"Not compared, since these files of {_text(found.base)} have errors: {names}", ""]
    lines.append(f"<sub>{_text(found.base)} against {_text(found.head)}, by `imrpolicy diff`</sub>")
    return "\n".join(lines) + "\n"


def _policy(diff: PolicyDiff) -> Iterator[str]:
    old = diff.old.version if diff.old else None
    new = diff.new.version if diff.new else None
    step = f"{old} → {new}" if old and new else f"{new}, new" if new else "gone, or withdrawn"
    yield f"### `{diff.id}` {step}"
    yield ""
    for error in diff.errors:
        yield f"> ❌ {_text(error)}"
    if diff.errors:
        yield ""
    if diff.governs_no_more:
        yield "It is a draft now, and governs nobody unless drafts are asked for."
        yield ""
    found = diff.comparison
    if found is not None:
        yield f"{relation_in_words(found)} {version_in_words(found)}"
        yield ""
    if diff.parts:
        yield "<details><summary>What was edited</summary>"
        yield ""
        for part in diff.parts:
            first, *rest = edit_in_words(part)
            yield f"- {_text(first)}" + "".join(f"<br>{_text(line)}" for line in rest)
        yield ""
        yield "</details>"
        yield ""
    yield from _moves(diff)


def _moves(diff: PolicyDiff) -> Iterator[str]:
    """Who is affected."""
    found = diff.comparison
    for days in diff.periods:
        yield f"- {_text(days.in_words())}"
    if diff.periods:
        yield ""
    if found is not None and (found.transitions or found.quantities or found.applicability):
        yield "| what changes | for example |"
        yield "| --- | --- |"
        for move in found.transitions:
            yield f"| {_cell(transition_in_words(move))} | {_cell(move.witness.in_words())} |"
        for quantity in found.quantities:
            yield f"| {_cell(quantity_in_words(quantity))} | {_cell(quantity.witness.in_words())} |"
        if found.applicability is not None:
            example = _cell(found.applicability.in_words())
            yield f"| surely covered by one version, perhaps by the other | {example} |"
        if found.cut_short:
            yield ""
            yield up_to(found)


def _impact(title: str, found: Impact) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    share = f" ({found.share:.1%})" if found.changed else ""
    yield f"{len(found.changed)} of {found.requests} requests would be determined otherwise{share}."
    yield from (f"- {count} of: {_text(change)}" for change, count in found.kinds() if title != _KNOWN)
    if found.changed and title == _KNOWN:
        yield ""
        yield "| case | request | before | after |"
        yield "| --- | --- | --- | --- |"
        for one in found.changed[:_MOST_CASES]:
            cells = (one.case, one.title or one.request, one.before, one.after)
            yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
    if len(found.changed) > _MOST_CASES and title == _KNOWN:
        yield f"\nand {len(found.changed) - _MOST_CASES} more"
    if found.unread:
        yield f"\nNot read by both sides: {_text(', '.join(found.unread))}."


def guidelines_as_markdown(pairs: Sequence[Pair], sources: Mapping[str, Source]) -> str:
    """Guidelines held against each other, as a page to print."""
    lines = [f"**{_text(headline(pairs, sources))}**", ""]
    for pair in pairs:
        for part in pair.separations:
            lines += [*_separation(part, pair, sources), ""]
    return "\n".join(lines)


def _separation(part: Separation, pair: Pair, sources: Mapping[str, Source]) -> Iterator[str]:
    supports, withholds = source_name(part.supports, sources), source_name(part.withholds, sources)
    yield f"### Supported by {_text(supports)}, not by {_text(withholds)}"
    yield ""
    yield f"`{part.supports.reference}` against `{part.withholds.reference}`"
    yield ""
    cases = [case for case in (part.against, part.open) if case is not None]
    if not cases:
        yield "No patient." if not pair.comparison.unknown else "Not known: the prover gave up."
    for case in cases:
        word = "Not recommended" if case is part.against else "Left open"
        yield f"- {word}, for example: {_text(case.witness.in_words())}"
    if part.reasons:
        yield ""
        yield f"| alone in the way under {_cell(withholds)} | for example |"
        yield "| --- | --- |"
        for reason in part.reasons:
            yield f"| {_cell(reason.text)} | {_cell(reason.in_words())} |"
    if pair.comparison.cut_short:
        yield ""
        yield up_to(pair.comparison)


_MARKUP = {ord(sign): f"\\{sign}" for sign in "\\*_#[]"} | {ord(sign): f"&#{ord(sign)};" for sign in "<>|&"}


def _text(text: str) -> str:
    """Authored text: whatever could be markup is shown as it is."""
    return " ".join(text.translate(_MARKUP).replace("-&#62;", "→").split())


def _cell(text: str) -> str:
    return _text(text)
