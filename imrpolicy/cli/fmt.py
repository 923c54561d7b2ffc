"""Bring policies, tests, sources, search sequences and cases into their one canonical form.

PATHS may be directories of policies, single policies, their files, or case files. Without them, `policies`
and `cases` here are formatted. Comments, quotes and the line breaks of texts stay, and a file says the same
afterwards. A released version never changes, so it is left alone.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imrpolicy.authored import Document, read_document
from imrpolicy.authoring.canonical import NotCanonicalError, canonical, key_order
from imrpolicy.authoring.intact import held_versions
from imrpolicy.authoring.ledger import read_ledger
from imrpolicy.cli.exits import Exit, WrongCallError
from imrpolicy.cli.options import add_format, existing, policies_directory
from imrpolicy.cli.output import Style, count, print_json
from imrpolicy.cli.paths import below, case_files, is_schema, names, policy_files, root_of
from imrpolicy.cli.report import print_issues, summary
from imrpolicy.cli.write import write_whole
from imrpolicy.evaluate import bundled_directory
from imrpolicy.issues import Issue, Place, has_errors, in_order
from imrpolicy.policy import Schemas, shown
from imrpolicy.policy.files import RELEASES_FILE, SEQUENCES, SOURCES_FILE, TESTS_FILE, VERSIONS
from imrpolicy.policy.layout import LINT_FILE

EXAMPLE = """\
examples:
  imrpolicy fmt
  imrpolicy fmt policies/odg/continuous-flow-cryotherapy --diff
  imrpolicy fmt --check
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATHS", help="what to format")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; end with 1 if a file would change"
    )
    parser.add_argument("--diff", action="store_true", help="as `--check`, and show what would change")
    add_format(parser)


@dataclass(frozen=True, slots=True)
class _Form:
    """One file, and its canonical text; none where it has no such form."""

    path: Path
    document: Document
    text: str | None
    issues: tuple[Issue, ...]

    @property
    def changes(self) -> bool:
        return self.text is not None and self.text.encode() != self.path.read_bytes()

    @property
    def diff(self) -> str:
        before, after = self.document.text.splitlines(), (self.text or "").splitlines()
        name = self.document.path
        return "\n".join(difflib.unified_diff(before, after, name, name, lineterm=""))


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    forms = [_form(path, kind, schemas) for path, kind, schemas in _chosen(options.paths or _default_paths())]
    changed = [form for form in forms if form.changes]
    issues = in_order(issue for form in forms for issue in form.issues)
    only_look = options.check or options.diff
    if not only_look:
        for form in changed:
            write_whole(form.path, form.text or "")
    if options.format == "json":
        found = [{"file": form.document.path, "diff": form.diff} for form in changed]
        print_json({"files": len(forms), "changed": found, "issues": [issue.to_dict() for issue in issues]})
    else:
        _print(forms, changed, issues, options)
    return Exit.FINDINGS if issues or (changed and only_look) else Exit.FINE


def _print(
    forms: list[_Form], changed: list[_Form], issues: tuple[Issue, ...], options: argparse.Namespace
) -> None:
    only_look = options.check or options.diff
    for form in changed:
        if options.diff:
            print(form.diff or f"{form.document.path}: only its line ends would change", end="\n\n")
        else:
            print(f"{'would format' if only_look else 'formatted'} {form.document.path}")
    if changed and not options.diff:
        print()
    print_issues(issues)
    verdict = f"{len(changed)} {'would change' if only_look else 'changed'}" if changed else "nothing to do"
    parts = [verdict] + ([summary(issues)] if issues else [])
    well = not issues and not (changed and only_look)
    style = Style.of(sys.stdout)
    print(f"{count(len(forms), 'file')} read: {style.paint(', '.join(parts), 'green' if well else 'red')}")


def _default_paths() -> list[Path]:
    root = policies_directory(None)
    if root is None:
        raise WrongCallError("there is no directory `policies` here; name what to format")
    cases = Path("cases")
    return [root, *([cases] if cases.is_dir() and any(cases.iterdir()) else [])]


def _chosen(paths: list[Path]) -> Iterator[tuple[Path, str, Schemas]]:
    """The files to format, each with its kind and schemas."""
    done: set[Path] = set()
    for path in paths:
        root = root_of(existing(path))
        found = _of_cases(path) if root is None else _of_policies(root, path)
        for file, kind, schemas in found:
            if file.absolute() not in done:
                done.add(file.absolute())
                yield file, kind, schemas


def _of_cases(path: Path) -> Iterator[tuple[Path, str, Schemas]]:
    root = policies_directory(None) or bundled_directory("policies")
    for file in case_files(path):
        if file.suffix != ".json":
            yield file, "case", _schemas(root)


def _of_policies(root: Path, path: Path) -> Iterator[tuple[Path, str, Schemas]]:
    schemas = _schemas(root)
    releases = read_ledger(root, schemas).releases
    frozen = {held.path for held in held_versions(root)
              if held.version and (held.policy, held.version) in releases}  # fmt: skip
    for file in policy_files(root):
        is_left_alone = file in frozen or file.parent.name == VERSIONS or file.name == RELEASES_FILE
        if not is_left_alone and below(shown(file), names([path])):
            yield file, _kind(file), schemas


def _schemas(root: Path) -> Schemas:
    beside = root.parent / "schemas"
    return Schemas(beside if is_schema(beside) else bundled_directory("schemas"))


def _kind(file: Path) -> str:
    if file.parent.name == SEQUENCES:
        return "search-sequence"
    return {SOURCES_FILE: "sources", TESTS_FILE: "tests", LINT_FILE: "lint"}.get(file.name, "policy")


def _form(path: Path, kind: str, schemas: Schemas) -> _Form:
    document = read_document(path, shown=shown(path))
    if has_errors(document.issues):
        errors = tuple(issue for issue in document.issues if has_errors([issue]))
        return _Form(path, document, None, errors)
    try:
        return _Form(path, document, canonical(document, key_order(schemas, kind)), ())
    except NotCanonicalError as error:
        message = str(error).removeprefix(f"{shown(path)} ")
        help = "write what is unusual in its layout in another way, and format it again"
        issue = Issue(place=Place(shown(path)), rule="form", message=message, help=help)
        return _Form(path, document, None, (issue,))
