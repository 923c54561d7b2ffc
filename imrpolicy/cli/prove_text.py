"""What was proven of the policies, on a terminal and as case files."""

from __future__ import annotations

from pathlib import Path

import yaml

from imrpolicy.cli.output import Style, count
from imrpolicy.cli.write import write_whole
from imrpolicy.policy import shown
from imrpolicy.prove import Finding, Proof, Weight

_COLORS = {Weight.FINDING: "yellow", Weight.NOTE: "cyan", Weight.UNKNOWN: "red"}


def print_proof(proof: Proof, style: Style, *, notes: bool, written: tuple[Path, ...] = ()) -> None:
    """The findings, each with its case, and what they come to."""
    told = [found for found in proof.findings if notes or found.weight is not Weight.NOTE]
    for found in told:
        _print_finding(found, style)
        print()
    for path in written:
        print(f"wrote {shown(path)}")
    findings, silent = len(proof.of(Weight.FINDING)), len(proof.of(Weight.NOTE))
    unknown = len(proof.of(Weight.UNKNOWN))
    parts = [count(findings, "finding") if findings else "no findings"]
    parts += [f"{unknown} not known"] if unknown else []
    hint = "" if notes or not silent else ", which `--notes` lists"
    parts += [f"{count(silent, 'note')}{hint}"] if silent else []
    versions = count(proof.policies, "version") + " of policies"
    print(style.wrap(f"{versions} proven: {'; '.join(parts)}", "", "  "))
    if proof.cut_short:
        lists = ", ".join(f"up to {most} of `{path}`" for path, most in proof.cut_short)
        print(style.wrap(f"Considered {lists}; longer lists were not looked at.", "", "  "))


def _print_finding(found: Finding, style: Style) -> None:
    kind = style.paint(f"{found.weight.value}[{found.rule}]", "bold", _COLORS[found.weight])
    print(style.wrap(f"{style.paint(str(found.place), 'bold')}: {kind}: {found.message}", "", "  "))
    if found.witness is not None:
        print(style.wrap(f"case: {found.witness.in_words()}", "  ", "    "))
    if found.setting is not None and found.witness is not None:
        drafts = ", with drafts" if found.setting.drafts else ""
        print(f"  under: {found.setting.jurisdiction}, as of {found.setting.day}{drafts}")
    if found.help:
        print(style.wrap(f"help: {found.help}", "  ", "    "))


def write_cases(proof: Proof, folder: Path, *, notes: bool) -> tuple[Path, ...]:
    """Write the cases of the findings, each with the call that shows it; the files by name.

    Args:
        proof: The findings.
        folder: Where to; made if it is not there.
        notes: Whether the cases of notes are written as well.

    Raises:
        OSError: A file cannot be written.
    """
    files: dict[Path, str] = {}
    for found in proof.findings:
        case = found.to_case()
        if case is None or found.setting is None or (found.weight is Weight.NOTE and not notes):
            continue
        path = folder / f"{case['id']}.yaml"
        if path in files:
            case["id"] += f"-{len(files)}"
            path = folder / f"{case['id']}.yaml"
        drafts = " --include-drafts" if found.setting.drafts else ""
        head = f"# imrpolicy evaluate {path.name} --as-of {found.setting.day}{drafts}\n"
        files[path] = head + yaml.safe_dump(case, sort_keys=False, allow_unicode=True, width=100)
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        write_whole(path, text)
    return tuple(files)
