"""Read a policy out in plain English: what it supports, each criterion with its reading, and its history.

With `--case`, show instead what the same facts lead to in several places and on several days, and why the
answers differ. The days stand in for the dates of the case that select editions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from imrpolicy.cli.cases import read_case_file
from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.explain_case import answers_data, check_places, place, print_answers
from imrpolicy.cli.options import add_format, add_policies, existing_file, policies_directory
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.paths import CASE_ENDINGS
from imrpolicy.cli.places import answers
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.expression import facts_of, in_english
from imrpolicy.issues import IssuesError
from imrpolicy.policy import Criterion, Effective, Group, Policy, Stance

EXAMPLE = """\
examples:
  imrpolicy explain odg/continuous-flow-cryotherapy
  imrpolicy explain odg/lumbar-medial-branch-block@1.0.0
  imrpolicy explain --case case.yaml --at 2013-12-01 --at tx_workers_compensation:2016-06-01
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "policy", nargs="?", metavar="POLICY[@VERSION]", help="the policy; without a version its newest"
    )
    parser.add_argument(
        "--case", type=Path, metavar="CASE", help="a case file to explain in place of a policy"
    )
    parser.add_argument(
        "--at",
        action="append",
        type=place,
        default=[],
        metavar="[PLACE:]DATE",
        help="with `--case`: a day, with the jurisdiction unless it is the case's; several times to compare",
    )
    parser.add_argument("--include-drafts", action="store_true", help="with `--case`: let drafts govern")
    add_policies(parser)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    _check_call(options)
    try:
        library = PolicyLibrary.load(policies_directory(options.policies))
        if options.case is not None:
            return _explain_case(options, library)
    except IssuesError as error:
        return fail_with(error.issues, options.format)
    try:
        policy = library.policy(options.policy)
    except KeyError as error:
        raise WrongCallError(str(error.args[0])) from error
    versions = [other for other in library.policies if other.id == policy.id]
    if options.format == "json":
        print_json(_data(policy, versions))
    else:
        _print(policy, versions, library, Style.of(sys.stdout))
    return Exit.FINE


def _check_call(options: argparse.Namespace) -> None:
    if (options.policy is None) == (options.case is None):
        raise WrongCallError("name one policy, or a case with `--case`; see `imrpolicy explain --help`")
    if options.case is not None and not options.at:
        raise WrongCallError("`--case` needs a day: `--at 2013-12-01`, several times to compare")
    if options.case is None and (options.at or options.include_drafts):
        raise WrongCallError("`--at` and `--include-drafts` go with `--case`")


def _explain_case(options: argparse.Namespace, library: PolicyLibrary) -> int:
    document = read_case_file(existing_file(options.case, "one case", CASE_ENDINGS))
    jurisdictions = library.loaded.schemas.schema("case")["properties"]["jurisdiction"]["oneOf"]
    check_places(options.at, [choice["const"] for choice in jurisdictions])
    found = answers(document, library, options.at, include_drafts=options.include_drafts)
    if options.format == "json":
        print_json(answers_data(found))
    else:
        print_answers(found, Style.of(sys.stdout))
    return Exit.FINE


_STANCES = {
    Stance.CRITERIA: "Recommended if the criteria hold.",
    Stance.NOT_RECOMMENDED: "Not recommended.",
    Stance.SILENT: "Silent: the guideline does not speak of this.",
}
_GROUPS = {"all": "All of:", "any": "At least one of:"}


def _print(policy: Policy, versions: list[Policy], library: PolicyLibrary, style: Style) -> None:
    source = library.sources[policy.source.guideline]
    print(style.paint(style.wrap(policy.title), "bold"))
    print(style.paint(policy.reference, "cyan"))
    print()
    print(style.wrap(policy.summary))
    print()
    rows = [
        ("Source", f"{source.title}, {policy.source.section}"),
        ("Edition", policy.source.edition),
        ("Status", policy.status.value),
        ("In force", _period(policy.effective)),
        ("Applies when", in_english(policy.scope)),
        ("Stance", _STANCES[policy.stance]),
    ]
    if policy.provenance is not None:
        rows.append(
            ("Read in", f"{_BASIS[policy.provenance.basis]}, confidence {policy.provenance.confidence}")
        )
    rows += [(system.upper(), ", ".join(values)) for system, values in policy.codes]
    for name, text in rows:
        print(style.wrap(text, f"{name:14}", " " * 14))
    if policy.criteria is not None:
        print(f"\n{style.paint('Criteria', 'bold')}")
        _print_group(policy.criteria, style, "  ")
    for heading, leaves in (("Exclusions", policy.exclusions), ("Conditions", policy.conditions)):
        if leaves:
            print(f"\n{style.paint(heading, 'bold')}")
            for leaf in leaves:
                _print_leaf(leaf, style, "  ")
    for heading, texts in (("Notes", policy.notes), ("Changes", (policy.changes,))):
        if any(texts):
            print(f"\n{style.paint(heading, 'bold')}")
            for text in texts:
                print(style.wrap(text.strip(), "  - ", "    "))
    print(f"\n{style.paint('Versions', 'bold')}")
    print(
        style.table(
            [(str(v.version), v.status.value, _period(v.effective), v.content_hash[:19]) for v in versions],
            "  ",
        )
    )


_BASIS = {
    "source": "the source itself",
    "secondary": "a secondary text",
    "memory": "nothing: written from memory",
}


def _period(effective: Effective) -> str:
    end = f" to {effective.end}" if effective.end else " on"
    return f"from {effective.start}{end}, by the date of the {effective.by.value}"


def _print_group(group: Group, style: Style, indent: str) -> None:
    heading = _GROUPS.get(group.kind, f"At least {group.count} of:")
    print(style.wrap(f"{heading} {group.text}".rstrip(), indent))
    for member in group.members:
        if isinstance(member, Group):
            _print_group(member, style, indent + "    ")
        else:
            _print_leaf(member, style, indent + "  ")


def _print_leaf(leaf: Criterion, style: Style, indent: str) -> None:
    deeper = indent + "    "
    print(style.wrap(f"{leaf.text} [{leaf.id}]", f"{indent}- ", f"{indent}  "))
    for name, text in _details(leaf):
        print(style.paint(style.wrap(f"{name}: {text}", deeper, deeper + "  "), "dim"))


def _details(leaf: Criterion) -> Iterator[tuple[str, str]]:
    yield "Holds when", in_english(leaf.node)
    yield "CEL", " ".join(leaf.when.split())
    if leaf.limit is not None:
        yield "Limit", "what goes beyond it is not supported, the rest may be"
    for name in ("evidence", "citation", "strength", "note"):
        if getattr(leaf, name):
            yield name.capitalize(), getattr(leaf, name).strip()
    if leaf.presumed_absent:
        yield "Presumed absent where not documented", leaf.presumed_absent.strip()


def _data(policy: Policy, versions: list[Policy]) -> dict[str, Any]:
    return {
        "policy": policy.id,
        "version": str(policy.version),
        "content_hash": policy.content_hash,
        "status": policy.status.value,
        "title": policy.title,
        "summary": policy.summary,
        "guideline": policy.source.guideline,
        "section": policy.source.section,
        "edition": policy.source.edition,
        "effective": _effective(policy.effective),
        "applies_when": {"cel": policy.applies_when, "english": in_english(policy.scope)},
        "stance": policy.stance.value,
        "criteria": _group(policy.criteria) if policy.criteria is not None else None,
        "exclusions": [_leaf(leaf) for leaf in policy.exclusions],
        "conditions": [_leaf(leaf) for leaf in policy.conditions],
        "provenance": _provenance(policy),
        "codes": {system: list(values) for system, values in policy.codes},
        "notes": list(policy.notes),
        "changes": policy.changes,
        "versions": [
            {"version": str(v.version), "status": v.status.value, "effective": _effective(v.effective),
             "content_hash": v.content_hash, "changes": v.changes}
            for v in versions
        ],
    }  # fmt: skip


def _provenance(policy: Policy) -> dict[str, str] | None:
    found = policy.provenance
    return (
        None if found is None else {"basis": found.basis, "confidence": found.confidence, "note": found.note}
    )


def _effective(effective: Effective) -> dict[str, str | None]:
    end = effective.end.isoformat() if effective.end else None
    return {"from": effective.start.isoformat(), "to": end, "by": effective.by.value}


def _group(group: Group) -> dict[str, Any]:
    members = [_group(member) if isinstance(member, Group) else _leaf(member) for member in group.members]
    data: dict[str, Any] = {"group": group.kind, "of": members}
    if group.kind == "at_least":
        data["count"] = group.count
    return {**data, **({"id": group.id} if group.id else {}), **({"text": group.text} if group.text else {})}


def _leaf(leaf: Criterion) -> dict[str, Any]:
    names = ("id", "text", "when", "citation", "evidence", "strength", "note", "presumed_absent")
    data = {name: getattr(leaf, name) for name in names if getattr(leaf, name)}
    data["english"] = in_english(leaf.node)
    data["facts"] = [fact.path for fact in facts_of(leaf.node)]
    if leaf.limit is not None:
        data["limit"] = {"fact": leaf.limit.fact.path, "supported": leaf.limit.supported}
    return data
