"""The tests beside a policy, held against it: a test that names what does not exist is an issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imrpolicy.authored import Document
from imrpolicy.evaluate import Timing
from imrpolicy.facts import FactDictionary, ValueReader
from imrpolicy.issues import Issue, Place, did_you_mean, has_errors
from imrpolicy.policy import Group, Loaded, Policy, policy_folders, read_valid, shown
from imrpolicy.policy.files import POLICY_FILE, TESTS_FILE, file_issue


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
    """

    __test__ = False  # not a test of pytest's

    name: str
    policy: Policy
    row: tuple[Any, ...]
    strict: bool
    timing: Timing
    expect: Mapping[str, Any]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The tests of one policy.

    Attributes:
        policy: The id of the policy.
        file: Where the tests are, or would be.
        tests: The tests that can be run.
        issues: What is wrong with the file.
    """

    policy: str
    file: str
    tests: tuple[Test, ...] = ()
    issues: tuple[Issue, ...] = ()


def read_suites(loaded: Loaded) -> tuple[Suite, ...]:
    """The tests beside every policy of a directory; a policy without tests gets a suite with an issue."""
    reader = ValueReader(loaded.dictionary)
    return tuple(_suite(folder, loaded, reader) for folder in policy_folders(loaded.root))


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
    versions = {str(p.version): p for p in loaded.policies if p.id == policy}
    newest = next((p for p in versions.values() if p.file == shown(folder / POLICY_FILE)), None)
    reading = _Reading(document, reader, loaded.dictionary, versions, newest)
    tests = tuple(reading.tests(policy))
    issues += reading.issues
    return Suite(
        policy=policy, file=document.path, tests=() if has_errors(issues) else tests, issues=tuple(issues)
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
        base = data.get("base") or {}
        self._row(("base",), base)
        names: set[str] = set()
        for position, entry in enumerate(data["tests"]):
            if entry["name"] in names:
                message = f"another test has the name `{entry['name']}`"
                where = ("tests", position, "name")
                self._report(where, "duplicate-id", message, "give each test its own name")
            names.add(entry["name"])
            test = self._test(("tests", position), entry, base)
            if test is not None:
                yield test

    def _report(
        self, path: tuple[str | int, ...], rule: str, message: str, help: str = "", *, key: bool = False
    ) -> None:
        place = self._document.key_at(path) if key else self._document.node_at(path)
        self.issues.append(self._document.issue(place, rule, message, help))

    def _test(
        self, path: tuple[str | int, ...], entry: Mapping[str, Any], base: Mapping[str, Any]
    ) -> Test | None:
        policy = self._policy(path, entry.get("version"))
        self._row((*path, "facts"), entry.get("facts") or {})
        if policy is None:
            return None
        self._check_expectations((*path, "expect"), entry["expect"], policy)
        return Test(
            name=entry["name"],
            policy=policy,
            row=self._row((), _merge(base, entry.get("facts") or {}), report=False),
            strict=bool(entry.get("strict")),
            timing=Timing(entry.get("timing", "prospective")),
            expect=entry["expect"],
            place=self._document.node_at(path).place,
        )

    def _policy(self, path: tuple[str | int, ...], version: str | None) -> Policy | None:
        if self._newest is None:  # the policy itself has errors, which are reported where they are
            return None
        if version is None:
            return self._newest
        if version not in self._versions:
            self._report((*path, "version"), "unknown-version", f"the policy has no version {version}",
                         "its versions are " + ", ".join(sorted(self._versions)))  # fmt: skip
        return self._versions.get(version)

    def _row(
        self, path: tuple[str | int, ...], groups: Mapping[str, Any], *, report: bool = True
    ) -> tuple[Any, ...]:
        row: list[Any] = [None] * self._reader.width
        problems: list[Any] = []
        for group, values in groups.items():
            if group in self._reader.groups:
                self._reader.read_group(group, values, row, (*path, group), problems, partial=True)
            elif report:
                self._report((*path, group), "unknown-fact", f"there is no group of facts `{group}`",
                             did_you_mean(group, self._reader.groups), key=True)  # fmt: skip
        if report:
            for problem in problems:
                rule = "unknown-fact" if problem.key else "wrong-value"
                self._report(problem.path, rule, problem.message, problem.help, key=problem.key)
        return tuple(row)

    def _check_expectations(
        self, path: tuple[str | int, ...], expect: Mapping[str, Any], policy: Policy
    ) -> None:
        known = {leaf.id for leaf in policy.leaves} | set(group_ids(policy.criteria))
        for name in expect.get("criteria", {}):
            if name not in known:
                message = f"{policy.reference} has no criterion `{name}`"
                where = (*path, "criteria", name)
                self._report(where, "unknown-criterion", message, did_you_mean(name, known), key=True)
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


def group_ids(group: Group | None) -> Iterator[str]:
    """The ids of a group and of the groups in it."""
    if group is None:
        return
    if group.id:
        yield group.id
    for member in group.members:
        if isinstance(member, Group):
            yield from group_ids(member)


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a test: those of the base, with what the test gives instead; null removes a fact."""
    merged = {group: dict(values) for group, values in base.items()}
    for group, values in over.items():
        merged[group] = {**merged.get(group, {}), **values}
    return merged
