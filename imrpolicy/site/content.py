"""Reads what the site is rendered from: policies with their tests, cases, and the ledger of releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from imrpolicy.authored import read_document
from imrpolicy.authoring.ledger import read_ledger
from imrpolicy.evaluate import (
    CaseError,
    CompiledPolicy,
    PolicyLibrary,
    Recommendation,
    Timing,
    bundled_directory,
    read_directory,
)
from imrpolicy.evaluate.compiled import SERVICE
from imrpolicy.evaluate.supported import supported_quantities
from imrpolicy.facts import DATES
from imrpolicy.issues import Issue, has_errors, in_order
from imrpolicy.policy import DatedBy, Loaded, Policy, policy_folders, shown
from imrpolicy.policy.files import POLICY_FILE, VERSIONS
from imrpolicy.site.keeping import Memory, mark
from imrpolicy.site.model import Content, Example, RealCase, Text
from imrpolicy.testing import Suite, Test, read_suites

_CASE_ENDINGS = (".yaml", ".yml", ".json")


def read_content(
    policies: Path,
    cases: Path | None,
    today: dt.date,
    *,
    only: Collection[str] | None = None,
    memory: Memory | None = None,
) -> Content:
    """Read everything; what has an error is left out and reported.

    Args:
        policies: The directory of policies.
        cases: The directory of published cases, where there is one.
        today: The day for which the site is built.
        only: The ids of the policies to read; without it all are read.
        memory: What the builds before have made; without it everything is made now.

    Raises:
        OSError: A file cannot be read.
    """
    # Taken first: a file that is saved meanwhile has another mark at the next build, and is read again.
    marks = _marks(policies, cases, today, only) if memory is not None else {}
    loaded = read_directory(policies, only=only)
    library = PolicyLibrary(loaded)
    versions: dict[str, tuple[Policy, ...]] = {}
    for policy in loaded.policies:
        versions[policy.id] = (*versions.get(policy.id, ()), policy)
    told = _told(loaded, versions, marks, memory or Memory())
    ledger = read_ledger(loaded.root, loaded.schemas)
    found = tuple(_cases(cases, library)) if cases is not None else ()
    issues = [*loaded.issues, *(issue for one in told for issue in one.issues), *ledger.issues]
    issues += (item for item in found if isinstance(item, Issue))
    return Content(
        library=library,
        versions=versions,
        texts={name: text for one in told for name, text in one.texts.items()},
        examples={name: found for one in told for name, found in one.examples.items()},
        cases=tuple(item for item in found if isinstance(item, RealCase)),
        released={key: release.released for key, release in ledger.releases.items()},
        issues=in_order(issues),
        today=today,
        marks=marks,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the folder of one policy holds beside it, by `id@version`, and what is wrong with its tests."""

    texts: Mapping[str, Text]
    examples: Mapping[str, tuple[Example, ...]]
    issues: tuple[Issue, ...]


def _marks(
    policies: Path, cases: Path | None, today: dt.date, only: Collection[str] | None
) -> dict[str, str]:
    """The mark of each policy: of its folder, and of everything that is not in the folder of a policy."""
    beside = policies.parent / "schemas"
    schemas = beside if beside.is_dir() else bundled_directory("schemas")
    folders = policy_folders(policies, only)
    homes = {folder.parent for folder in policy_folders(policies)}
    around = [path for path in sorted(policies.iterdir()) if path not in homes]
    shared = mark([schemas, *around, *([cases] if cases is not None else [])])
    return {
        folder.relative_to(policies).as_posix(): f"{today} {shared} {mark([folder])}" for folder in folders
    }


def _told(
    loaded: Loaded, versions: Mapping[str, tuple[Policy, ...]], marks: Mapping[str, str], memory: Memory
) -> list[_Told]:
    """What is told of each policy; kept where neither its folder nor what is around has changed."""

    def make(name: str) -> _Told:
        suites = read_suites(replace(loaded, only=frozenset([name])))
        return _Told(
            texts={policy.reference: _text(policy, loaded) for policy in versions.get(name, ())},
            examples=_examples(suites),
            issues=tuple(issue for suite in suites for issue in suite.issues),
        )

    names = [
        folder.relative_to(loaded.root).as_posix() for folder in policy_folders(loaded.root, loaded.only)
    ]
    return [memory.get(("told", name), marks.get(name), partial(make, name)) for name in names]


def _text(policy: Policy, loaded: Loaded) -> Text:
    is_newest = Path(policy.file).name == POLICY_FILE
    below = POLICY_FILE if is_newest else f"{VERSIONS}/{policy.version}.yaml"
    document = read_document(loaded.root / policy.id / below, shown=policy.file)
    return Text(file=f"{loaded.root.name}/{policy.id}/{below}", yaml=document.text, data=document.data())


def _examples(suites: tuple[Suite, ...]) -> dict[str, tuple[Example, ...]]:
    examples: dict[str, tuple[Example, ...]] = {}
    for suite in suites:
        compiled: dict[str, CompiledPolicy] = {}
        for test in suite.tests:
            policy = compiled.setdefault(test.policy.reference, CompiledPolicy(test.policy))
            name = test.policy.reference
            examples[name] = (*examples.get(name, ()), _example(test, policy))
    return examples


def _example(test: Test, policy: CompiledPolicy) -> Example:
    manner: dict[str, Any] = {
        "strict": test.strict,
        "retrospective": test.timing is Timing.RETROSPECTIVE,
        "in_conflict": frozenset[str](),
    }
    trace = policy.evaluate(test.row, **manner)
    supported = {}
    if trace is not None and trace.recommendation is Recommendation.NOT_RECOMMENDED:
        quantities = supported_quantities([(policy, trace)], test.row, **manner)
        supported = {quantity.fact.path: quantity.supported for quantity in quantities}
    return Example(
        name=test.name,
        policy=test.policy,
        row=test.row,
        trace=trace,
        strict=test.strict,
        retrospective=manner["retrospective"],
        supported=supported,
    )


def _cases(folder: Path, library: PolicyLibrary) -> Iterator[RealCase | Issue]:
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _CASE_ENDINGS or not path.is_file():
            continue
        document = read_document(path, shown=shown(path))
        if document.root is None or has_errors(document.issues):
            yield from document.issues
            continue
        try:
            yield from _requests(document.data(), library)
        except CaseError as error:
            for problem in error.problems:
                where = document.key_at(problem.path) if problem.key else document.node_at(problem.path)
                yield document.issue(where, "wrong-value", problem.message, problem.help)


def _requests(data: Any, library: PolicyLibrary) -> Iterator[RealCase]:
    case = library.read_case(data)
    facts = library.dictionary.by_path
    dated = [facts[f"{DATES}.{by.value}"].index for by in DatedBy]
    days = [request.row[index] for request in case.requests for index in dated]
    latest = max((day for day in days if day is not None), default=None)
    if latest is None:
        return
    decided = case.header.get("decided") or {}
    for determination in library.evaluate(case, as_of=latest):
        decision = decided.get(determination.request.id) or {}
        yield RealCase(
            determination=determination,
            decided=str(decision.get("outcome", "")),
            reason=str(decision.get("reason", "")),
            citation=str(case.header.get("source", "")),
            url=str(case.header.get("url", "")),
        )


def service_of(row: tuple[Any, ...], library: PolicyLibrary) -> str:
    """The service that a row of facts asks for; empty where it names none."""
    return str(row[library.dictionary.by_path[SERVICE].index] or "")
