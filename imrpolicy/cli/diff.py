"""Say which patients a change of policies touches, proven over all cases that the case schema admits.

BASE and HEAD are git revisions, directories of policies, or single policy files. Without HEAD it is the
policies as they lie here. Two files of one policy are two versions of it; files of different policies are
guidelines held against each other, and may be more than two.

For each changed policy it is proven whether some case loses a recommendation or gains one, with a smallest
such case. A version that promises less than is proven is an error, and so are `changes` that say otherwise.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imrpolicy.cli.exits import CouldNotRunError, Exit, WrongCallError
from imrpolicy.cli.known_cases import known_cases, readable_cases
from imrpolicy.cli.options import add_format, add_policies, editable_policies, policies_directory
from imrpolicy.cli.output import Style, print_json
from imrpolicy.cli.paths import is_root, root_of
from imrpolicy.cli.prover import need_prover
from imrpolicy.cli.report import fail_with
from imrpolicy.evaluate import bundled_directory, read_directory
from imrpolicy.issues import IssuesError, has_errors
from imrpolicy.policy import Loaded, Policy
from imrpolicy.policy.build import build_policy
from imrpolicy.policy.files import read_valid

if TYPE_CHECKING:  # the prover takes a while to load, and may not be installed
    from imrpolicy.diff import LibraryDiff

EXAMPLE = """\
examples:
  imrpolicy diff main
  imrpolicy diff v1.2 HEAD --format markdown
  imrpolicy diff policies/odg/lumbar-medial-branch-block/versions/1.0.0.yaml \\
      policies/odg/lumbar-medial-branch-block/policy.yaml
"""
_TWO = 2
_MOST_MADE_UP = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "base", metavar="BASE", help="the older side: a revision, a directory or a policy file"
    )
    parser.add_argument("head", nargs="*", metavar="HEAD", help="the newer side (default: the policies here)")
    parser.add_argument(
        "--population",
        type=_population,
        default=0,
        metavar="N|FILE",
        help="requests to try besides: how many made-up ones, or a table of them (see `batch`)",
    )
    parser.add_argument("--cases", type=Path, metavar="DIR", help="cases to try (default: `cases` here)")
    add_policies(parser)
    add_format(parser, ("text", "json", "markdown"))


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    need_prover()
    names = [options.base, *options.head]
    files = [Path(name) for name in names if Path(name).is_file()]
    try:
        if not files:
            return _sides(options, names)
        if len(files) < len(names):
            missing = next(name for name in names if not Path(name).is_file())
            raise WrongCallError(f"`{missing}` is no file, and files are compared with files")
        if len(files) < _TWO:
            raise WrongCallError("one file alone cannot be compared; name a second one")
        return _files(options, files)
    except IssuesError as error:
        return fail_with(error.issues, "json" if options.format == "json" else "text")


def _show(found: LibraryDiff, format: str) -> int:
    """Print a difference, and give the exit code."""
    if format == "json":
        print_json(found.to_dict())
    elif format == "markdown":
        from imrpolicy.diff.markdown import as_markdown

        print(as_markdown(found), end="")
    else:
        from imrpolicy.cli.diff_text import print_diff

        print_diff(found, Style.of(sys.stdout))
    return Exit.FINDINGS if found.errors else Exit.FINE


# --- revisions and directories -------------------------------------------------------------------------


def _sides(options: argparse.Namespace, names: list[str]) -> int:
    from imrpolicy.batches.errors import BatchError
    from imrpolicy.diff import Side, compare_sides, revision, working_tree

    if len(names) > _TWO:
        raise WrongCallError(f"`{names[_TWO]}` is one argument too many; see `imrpolicy diff --help`")
    with ExitStack() as stack:

        def side(name: str) -> Side:
            path = Path(name)
            if path.is_dir() and is_root(path):
                return working_tree(path, name)
            if ("/" in name or "\\" in name) and path.is_dir():
                raise WrongCallError(
                    f"{path.as_posix()} is no directory of policies: it has no `sources.yaml`"
                )
            return stack.enter_context(revision(name, editable_policies(options.policies)))

        base = side(names[0])
        head = side(names[1]) if len(names) == _TWO else working_tree(policies_directory(options.policies))
        if has_errors(head.issues):
            return fail_with(head.issues, "json" if options.format == "json" else "text")
        try:
            found = compare_sides(
                base,
                head,
                known_cases(options.cases),
                usual=_usual(head.loaded),
                population=options.population,
            )
        except BatchError as error:
            raise CouldNotRunError(str(error)) from error
    return _show(found, options.format)


def _population(text: str) -> int | Path:
    if text.isdecimal() and int(text) <= _MOST_MADE_UP:
        return int(text)
    if Path(text).is_file():
        return Path(text)
    message = f"`{text}` is not a whole number from 0 to {_MOST_MADE_UP}, and no file"
    raise argparse.ArgumentTypeError(message)


def _usual(loaded: Loaded) -> Any:
    from imrpolicy.prove import Usual

    return Usual.of(readable_cases(loaded.dictionary))


# --- files ---------------------------------------------------------------------------------------------


def _files(options: argparse.Namespace, files: list[Path]) -> int:
    root = policies_directory(options.policies) or root_of(files[-1]) or bundled_directory("policies")
    loaded = read_directory(root)
    policies = [_policy(path, loaded) for path in files]
    if len(policies) == _TWO and policies[0].id == policies[1].id:
        return _versions(options, policies, loaded)
    from imrpolicy.diff.guidelines import compare_guidelines, headline

    pairs = compare_guidelines(policies, loaded.dictionary, _usual(loaded))
    if options.format == "json":
        print_json({"headline": headline(pairs, loaded.sources), "pairs": [pair.to_dict() for pair in pairs]})
    elif options.format == "markdown":
        from imrpolicy.diff.markdown import guidelines_as_markdown

        print(guidelines_as_markdown(pairs, loaded.sources), end="")
    else:
        from imrpolicy.cli.diff_text import print_guidelines

        print_guidelines(pairs, loaded.sources, Style.of(sys.stdout))
    return Exit.FINE


def _versions(options: argparse.Namespace, policies: list[Policy], loaded: Loaded) -> int:
    from imrpolicy.diff import LibraryDiff, PolicyDiff, changed_parts
    from imrpolicy.prove import compare

    old, new = policies
    one = PolicyDiff(
        id=new.id,
        old=old,
        new=new,
        parts=changed_parts(old, new),
        comparison=compare(old, new, dictionary=loaded.dictionary, usual=_usual(loaded)),
    )
    found = LibraryDiff(base=old.reference, head=new.reference, policies=(one,))
    return _show(found, options.format)


def _policy(path: Path, loaded: Loaded) -> Policy:
    issues: list[Any] = []
    document = read_valid(path, "policy", loaded.schemas, issues)
    if document is None:
        raise IssuesError(issues)
    policy, found = build_policy(document, loaded.dictionary, loaded.sources)
    if policy is None:
        raise IssuesError(found)
    return policy
