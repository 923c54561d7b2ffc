"""A small directory of policies without a mistake, for tests to break."""

import textwrap
from pathlib import Path

import pytest

from imrpolicy.policy import Schemas, load_directory

SCHEMAS = Path(__file__).parents[2] / "schemas"

SOURCES = """\
sources:
  odg:
    title: Official Disability Guidelines
    publisher: Work Loss Data Institute
    kind: guideline
  mtus:
    title: Medical Treatment Utilization Schedule
    publisher: California Division of Workers' Compensation
    kind: guideline
"""

SEQUENCE = """\
jurisdiction: ca_workers_compensation
title: Where to look
sequences:
  - id: first
    effective: {from: 2009-01-01, to: 2014-12-31, by: decision}
    citation: Rule 1
    steps:
      - {sources: [mtus], text: The schedule.}
      - {sources: [odg], text: Other guidelines.}
  - id: second
    effective: {from: 2015-01-01, by: decision}
    citation: Rule 2
    steps:
      - {sources: [mtus, odg], text: Both.}
"""

POLICY = """\
# yaml-language-server: $schema=../../../schemas/policy.schema.json
id: odg/unit
version: 1.1.0
status: released
title: A unit
source: {guideline: odg, section: Chapter 1, edition: "2013"}
effective: {from: 2010-01-01, to: 2020-12-31, by: decision}
summary: Supported for up to 7 days.
applies_when: request.service == "continuous_flow_cryotherapy"
stance: criteria
criteria:
  all:
    - id: signs
      text: Either sign is there.
      any:
        - id: after_surgery
          text: It is for use after surgery.
          when: request.postoperative
        - id: weeks
          text: There were four weeks of care.
          when: care.conservative_weeks >= 4
    - id: duration
      text: Use is limited to 7 days.
      when: request.duration_days <= 7
      limit: true
exclusions:
  - id: fusion
    text: There was a fusion.
    when: history.prior_fusion_at_level
    presumed_absent: It would be in the history.
conditions:
  - id: relief
    text: It brings relief.
    when: response.relief_percent >= 70
provenance: {basis: memory, confidence: low}
changes: First version.
"""

TESTS = """\
policy: odg/unit
base:
  request: {service: continuous_flow_cryotherapy, postoperative: true, duration_days: 7}
tests:
  - name: It is supported.
    expect: {applies: true, recommendation: recommended}
"""


class Directory:
    """A directory of policies that a test can change."""

    def __init__(self, root):
        self.root = root
        self.write("sources.yaml", SOURCES)
        self.write("search-sequences/ca.yaml", SEQUENCE)
        self.write("odg/unit/policy.yaml", POLICY)
        self.write("odg/unit/tests.yaml", TESTS)
        self.write(
            "odg/unit/versions/1.0.0.yaml",
            POLICY.replace("1.1.0", "1.0.0").replace("../../..", "../../../.."),
        )

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        return path

    def replace(self, name, old, new):
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"`{old}` is {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def load(self):
        return load_directory(self.root, Schemas(SCHEMAS))

    def issues(self):
        return [said(issue) for issue in self.load().issues]


def said(issue):
    place = issue.place
    text = f"{place.file}:{place.line}:{place.column}: {issue.severity.value}[{issue.rule}]: {issue.message}"
    return text + (f"; help: {issue.help}" if issue.help else "")


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Directory(Path("policies"))
