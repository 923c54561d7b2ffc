"""The tests beside a policy, held against it: a test that names what does not exist is an issue."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

from imrpolicy.authored import Document
from imrpolicy.evaluate import Timing
from imrpolicy.facts import DATES, CaseProblem, FactDictionary, ValueReader
from imrpolicy.issues import Issue, Place, did_you_mean, has_errors
from imrpolicy.policy import DatedBy, Loaded, Policy, policy_folders, read_valid, shown
from imrpolicy.policy.files import POLICY_FILE, TESTS_FILE, file_issue
from imrpolicy.testing.chosen import chosen
from imrpolicy.testing.editions import Period
from imrpolicy.testing.stated import Explained, read_explained, read_periods, report_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One case and what is expected of it.

    Attributes:
        name: What it shows.
        policy: The policy in the version to evaluate.
        row: The facts.
        strict: Whether nothing is presumed.
        timing: Whether the service was performed already.
        expect: What the evaluation must give, by aspect.
        place: Where the test is written.
        states_dates: Whether it says something of dates, if only that one is not documented.
        versions: All versions that it is run for, of which `policy` is one.
    """

    __test__ = False  # not a test of pytest's

    name: str
    policy: Policy
    row: tuple[Any, ...]
    strict: bool
    timing: Timing
    expect: Mapping[str, Any]
    place: Place
    states_dates: bool = False
    versions: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The tests of one policy.

    Attributes:
        policy: The id of the policy.
        file: Where the tests are, or would be.
        tests: The tests that can be run.
        issues: What is wrong with the file.
        versions: The versions of the policy that have no errors.
        newest: The one in `policy.yaml`, where it has none.
        usual: The versions that a test is about which names none.
        base: The facts that all tests share.
        periods: When versions are in force, as the file states it.
        explained: The mutants that no test has to notice.
        dated: Where in a row of facts the dates of a case are.
    """

    policy: str
    file: str
    tests: tuple[Test, ...] = ()
    issues: tuple[Issue, ...] = ()
    versions: tuple[Policy, ...] = ()
    newest: Policy | None = None
    usual: tuple[Policy, ...] = ()
    base: tuple[Any, ...] = ()
    periods: tuple[Period, ...] = ()
    explained: tuple[Explained, ...] = ()
    dated: Mapping[DatedBy, int] = field(default_factory=dict)


def read_suites(loaded: Loaded) -> tuple[Suite, ...]:
    """The tests beside every policy of a directory; a policy without tests gets a suite with an issue."""
    reader = ValueReader(loaded.dictionary)
    return tuple(_suite(folder, loaded, reader) for folder in policy_folders(loaded.root, loaded.only))


def _suite(folder: Path, loaded: Loaded, reader: ValueReader) -> Suite:
    policy = folder.relative_to(loaded.root).as_posix()
    path = folder / TESTS_FILE
    if not path.is_file():
        help = "add `tests.yaml` with a test for each criterion: met, not met, not documented"
        issue = file_issue(path, "missing-tests", f"the policy `{policy}` has no tests", help)
        return Suite(policy=policy, file=shown(path), issues=(issue,))
    issues: list[Issue] = []
    document = read_valid(path, "tests", loaded.schemas, issues)
    if document is None:
        return Suite(policy=policy, file=shown(path), issues=tuple(issues))
    return suite_from(document, policy, loaded, reader)


def suite_from(document: Document, policy: str, loaded: Loaded, reader: ValueReader | None = None) -> Suite:
    """The tests in a file that fits its schema.

    Args:
        document: The file.
        policy: The id of the policy that it lies beside.
        loaded: The policies.
        reader: The reader of the facts; without it one is made.
    """
    first, end = (side(loaded.policies, policy, key=attrgetter("id")) for side in (bisect_left, bisect_right))
    versions = {str(p.version): p for p in loaded.policies[first:end]}
    beside = shown(loaded.root / policy / POLICY_FILE)
    newest = next((p for p in versions.values() if p.file == beside), None)
    reading = _Reading(
        document, reader or ValueReader(loaded.dictionary), loaded.dictionary, versions, newest
    )
    tests = tuple(reading.tests(policy))
    issues = [*document.issues, *reading.issues]
    periods: tuple[Period, ...] = ()
    explained: tuple[Explained, ...] = ()
    if newest is not None:
        periods = tuple(read_periods(document, versions, issues))
        explained = tuple(read_explained(document, versions, reading.usual, issues))
    if has_errors(issues):
        tests, periods = (), ()
    facts = loaded.dictionary.by_path
    return Suite(
        policy=policy,
        file=document.path,
        tests=tests,
        issues=tuple(issues),
        versions=tuple(versions.values()),
        newest=newest,
        usual=reading.usual,
        base=reading.base,
        periods=periods,
        explained=explained,
        dated={by: facts[f"{DATES}.{by}"].index for by in DatedBy if f"{DATES}.{by}" in facts},
    )


class _Reading:
    """One file of tests being read."""

    def __init__(
        self,
        document: Document,
        reader: ValueReader,
        dictionary: FactDictionary,
        versions: Mapping[str, Policy],
        newest: Policy | None,
    ) -> None:
        self._dictionary = dictionary
        self._document = document
        self._reader = reader
        self._versions = versions
        self._newest = newest
        self._known: dict[str, frozenset[str]] = {}
        self.usual: tuple[Policy, ...] = (newest,) if newest is not None else ()
        self.base: tuple[Any, ...] = ()
        self.issues: list[Issue] = []

    def tests(self, policy: str) -> Iterator[Test]:
        data = self._document.data()
        if data["policy"] != policy:
            self._report(
                ("policy",),
                "id-and-folder",
                f"these tests lie beside `{policy}`",
                f"write `policy: {policy}`",
            )
        if "version" in data:
            self.usual = self._chosen((), data["version"])
        base = data.get("base") or {}
        self.base = self._row(("base",), base)
        names: set[str] = set()
        for position, entry in enumerate(data["tests"]):
            if entry["name"] in names:
                message = f"another test has the name `{entry['name']}`"
                where = ("tests", position, "name")
                self._report(where, "duplicate-id", message, "give each test its own name")
            names.add(entry["name"])
            yield from self._test(("tests", position), entry, base)

    def _report(
        self, path: tuple[str | int, ...], rule: str, message: str, help: str = "", *, key: bool = False
    ) -> None:
        place = self._document.key_at(path) if key else self._document.node_at(path)
        self.issues.append(self._document.issue(place, rule, message, help))

    def _test(
        self, path: tuple[str | int, ...], entry: Mapping[str, Any], base: Mapping[str, Any]
    ) -> Iterator[Test]:
        """A test, once for each version that it is about."""
        policies = self._chosen(path, entry["version"]) if "version" in entry else self.usual
        own = entry.get("facts") or {}
        row = self._row((*path, "facts"), own, over=self.base)
        place = self._document.node_at(path).place
        if policies:
            self._check_facts((*path, "expect"), entry["expect"])
        for policy in policies:
            self._check_criteria((*path, "expect", "criteria"), entry["expect"], policy, policies)
            yield Test(
                name=entry["name"],
                policy=policy,
                row=row,
                strict=bool(entry.get("strict")),
                timing=Timing(entry.get("timing", "prospective")),
                expect=entry["expect"],
                place=place,
                states_dates=bool(base.get(DATES) or own.get(DATES)),
                versions=policies,
            )

    def _chosen(self, path: tuple[str | int, ...], written: str | Sequence[str]) -> tuple[Policy, ...]:
        if self._newest is None:  # the policy itself has errors, which are reported where they are
            return ()
        found = chosen(written, self._versions)
        report_versions(self._document, (*path, "version"), written, self._versions, self.issues)
        return found.policies

    def _row(
        self, path: tuple[str | int, ...], groups: Mapping[str, Any], over: tuple[Any, ...] = ()
    ) -> tuple[Any, ...]:
        """The facts as a row; what they do not give stays as it is in another row, and null removes it."""
        row: list[Any] = list(over) or [None] * self._reader.width
        problems: list[CaseProblem] = []
        for group, values in groups.items():
            if group in self._reader.groups:
                self._reader.read_group(group, values, row, (*path, group), problems, partial=True)
            else:
                self._report((*path, group), "unknown-fact", f"there is no group of facts `{group}`",
                             did_you_mean(group, self._reader.groups), key=True)  # fmt: skip
        for problem in problems:
            rule = "unknown-fact" if problem.key else "wrong-value"
            self._report(problem.path, rule, problem.message, problem.help, key=problem.key)
        return tuple(row)

    def _check_criteria(
        self,
        path: tuple[str | int, ...],
        expect: Mapping[str, Any],
        policy: Policy,
        policies: Sequence[Policy],
    ) -> None:
        """A test may name what each version that it is about has; of what several lack, one is told."""
        known = self._names(policy)
        for name in expect.get("criteria", {}):
            if name in known or any(name not in self._names(p) for p in policies[: policies.index(policy)]):
                continue
            message = f"{policy.reference} has no criterion `{name}`"
            help = did_you_mean(name, known)
            having = [other for other in policies if name in self._names(other)]
            if having:
                help = (
                    f"version {having[0].version} has it: split the test, as its versions differ here; "
                    + help
                )
            if help.startswith("known"):
                help += "; where a criterion was renamed, its tests name it anew"
            self._report((*path, name), "unknown-criterion", message, help, key=True)

    def _names(self, policy: Policy) -> frozenset[str]:
        """The ids of the criteria and groups of a version."""
        if policy.reference not in self._known:
            ids = [*(leaf.id for leaf in policy.leaves), *(group.id for group in policy.groups if group.id)]
            self._known[policy.reference] = frozenset(ids)
        return self._known[policy.reference]

    def _check_facts(self, path: tuple[str | int, ...], expect: Mapping[str, Any]) -> None:
        facts = [((*path, "open", i), fact, False) for i, fact in enumerate(expect.get("open", ()))]
        facts += [((*path, "supported", fact), fact, True) for fact in expect.get("supported", {})]
        for where, fact, key in facts:
            self._check_fact(where, fact, key=key)

    def _check_fact(self, where: tuple[str | int, ...], path: str, *, key: bool) -> None:
        """A fact, or with `[]` a field of the entries of a list, must be in the dictionary."""
        facts = self._dictionary.by_path
        listed, _, name = path.partition("[].")
        if listed not in facts:
            help = did_you_mean(listed, facts)
            self._report(where, "unknown-fact", f"there is no fact `{listed}`", help, key=key)
            return
        element = facts[listed].type.element
        fields = [field.name for field in element.fields] if element is not None else []
        if name and name not in fields:
            message = f"the entries of `{listed}` have no field `{name}`"
            self._report(where, "unknown-field", message, did_you_mean(name, fields), key=key)
