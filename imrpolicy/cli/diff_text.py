"""What a change of policies does, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from imrpolicy.cli.output import Style, count
from imrpolicy.diff import Impact, LibraryDiff, PartChange, PolicyDiff
from imrpolicy.diff.guidelines import Pair, Separation, headline, source_name
from imrpolicy.diff.wording import (
    edit_in_words,
    quantity_in_words,
    relation_in_words,
    transition_in_words,
    up_to,
    version_in_words,
)
from imrpolicy.policy import Source
from imrpolicy.prove import Comparison

_MOST_CASES = 10
_KNOWN = "Known cases"


def print_diff(found: LibraryDiff, style: Style) -> None:
    """The whole difference: the patient first, then each policy, then the cases."""
    print(style.wrap(style.paint(found.headline, "bold"), "", "  "))
    for diff in found.policies:
        print()
        _print_policy(diff, style)
    if found.sequences:
        print(f"\n{style.paint('Search sequences', 'bold')}")
        for text in found.sequences:
            print(style.wrap(text, "  - ", "    "))
    for title, impact in ((_KNOWN, found.impact), (found.tried, found.population)):
        if impact is not None:
            print()
            _print_impact(title, impact, style)
    if found.unread:
        text = f"not compared, since these files of {found.base} have errors: {', '.join(found.unread)}"
        print("\n" + style.wrap(text, "", "  "))
    errors = len(found.errors)
    if errors:
        print(f"\n{count(errors, 'error')}")


def _print_policy(diff: PolicyDiff, style: Style) -> None:
    print(style.paint(_title(diff), "bold"))
    for error in diff.errors:
        print(style.wrap(f"{style.paint('error', 'red')}: {error}", "  ", "    "))
    if diff.governs_no_more:
        print(style.wrap("It is a draft now, and governs nobody unless drafts are asked for.", "  ", "    "))
    if diff.comparison is not None:
        print(style.wrap(relation_in_words(diff.comparison), "  ", "    "))
        print(style.wrap(version_in_words(diff.comparison), "  ", "    "))
    if diff.parts:
        print("\n  Edited")
        for part in diff.parts:
            _print_part(part, style)
    if diff.periods:
        print("\n  Days that are covered on one side only")
        for days in diff.periods:
            print(style.wrap(days.in_words(), "    - ", "      "))
    if diff.comparison is not None:
        _print_moves(diff.comparison, style)


def _title(diff: PolicyDiff) -> str:
    if diff.old is None and diff.new is not None:
        return f"{diff.new.reference} is new"
    if diff.new is None:
        return f"{diff.id} is gone, or withdrawn"
    old = diff.old.version if diff.old else "?"
    return f"{diff.id} {old} -> {diff.new.version}"


def _print_part(part: PartChange, style: Style) -> None:
    for line in edit_in_words(part):
        print(style.wrap(line, "    - " if not line.startswith(("was", "now")) else "        ", "        "))


def _print_moves(found: Comparison, style: Style) -> None:
    if not (found.transitions or found.quantities or found.applicability):
        return
    print("\n  Who is affected, each with a smallest case")
    for part in found.transitions:
        print(style.wrap(transition_in_words(part), "    - ", "      "))
        print(style.wrap(part.witness.in_words(), "        ", "        "))
    for quantity in found.quantities:
        print(style.wrap(quantity_in_words(quantity), "    - ", "      "))
        print(style.wrap(quantity.witness.in_words(), "        ", "        "))
    if found.applicability is not None:
        print("    - surely covered by one version, and perhaps by the other")
        print(style.wrap(found.applicability.in_words(), "        ", "        "))
    if found.cut_short:
        print(style.wrap(up_to(found), "    ", "    "))


def _print_impact(title: str, found: Impact, style: Style) -> None:
    print(style.paint(title, "bold"))
    changed = len(found.changed)
    share = f" ({found.share:.1%})" if changed else ""
    print(f"  {changed} of {count(found.requests, 'request')} would be determined otherwise{share}")
    if title == _KNOWN:
        for one in found.changed[:_MOST_CASES]:
            what = f"{one.case}, {one.title or one.request}: {one.before} -> {one.after}"
            print(style.wrap(what, "    - ", "      "))
        if changed > _MOST_CASES:
            print(f"    and {changed - _MOST_CASES} more")
    else:
        for what, times in found.kinds():
            print(style.wrap(f"{times} x {what}", "    - ", "      "))
    if found.unread:
        print(style.wrap(f"not read by both sides: {', '.join(found.unread)}", "  ", "    "))


# --- guidelines against each other ---------------------------------------------------------------------


def print_guidelines(pairs: Sequence[Pair], sources: Mapping[str, Source], style: Style) -> None:
    """Whom one guideline supports and another does not."""
    print(style.wrap(style.paint(headline(pairs, sources), "bold"), "", "  "))
    for pair in pairs:
        for part in pair.separations:
            print()
            _print_separation(part, pair, sources, style)
        if pair.comparison.cut_short:
            print(style.wrap(up_to(pair.comparison), "  ", "  "))


def _print_separation(part: Separation, pair: Pair, sources: Mapping[str, Source], style: Style) -> None:
    supports, withholds = source_name(part.supports, sources), source_name(part.withholds, sources)
    print(style.wrap(style.paint(f"Supported by {supports}, not by {withholds}", "bold"), "", "  "))
    print(style.paint(f"  {part.supports.reference} against {part.withholds.reference}", "dim"))
    cases = [case for case in (part.against, part.open) if case is not None]
    if not cases:
        print("  No patient." if not pair.comparison.unknown else "  Not known: the prover gave up.")
    for case in cases:
        word = "Not recommended" if case is part.against else "Left open"
        print(style.wrap(f"{word}, for example: {case.witness.in_words()}", "  ", "    "))
    if part.reasons:
        print("  Each of these alone stands in the way, all else being in order:")
    for reason in part.reasons:
        print(style.wrap(f"{reason.text} [{reason.id}]", "    - ", "      "))
        print(style.wrap(f"for example {reason.in_words()}", "        ", "        "))
