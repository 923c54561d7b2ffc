"""A new policy with blanks, and its tests."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from imrpolicy.authored import read_document
from imrpolicy.issues import did_you_mean
from imrpolicy.policy.loader import POLICY_FILE, SOURCES_FILE, TESTS_FILE

# As the schema of policies has it.
_LONGEST = 120
_ID = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)/([a-z0-9]+(?:-[a-z0-9]+)*)", re.ASCII)

FIRST_VERSION = "0.1.0"
_POLICY = """\
# yaml-language-server: $schema=../../../schemas/policy.schema.json
id: {id}
version: {version}
status: draft
title: <what the policy is about, in a few words>
source:
  guideline: {source}
  section: <chapter and entry of the guideline>
  edition: "<year or edition>"
effective: {{from: {today}, by: decision}}
summary: <what the guideline supports, in one paragraph and your own words>
applies_when: >-
  request.service == "other"
stance: criteria
criteria:
  all:
    - id: duration
      text: <what must hold, as a sentence that a reader can check against the record>
      when: >-
        request.duration_days <= 7
      evidence: <which record shows it>
provenance:
  basis: memory
  confidence: low
  note: <where the facts were read, and what is still to be checked>
changes: First version.
"""

_TESTS = """\
# yaml-language-server: $schema=../../../schemas/tests.schema.json
policy: {id}
base:
  request:
    service: other
    duration_days: 7
tests:
  - name: Everything is met.
    expect:
      applies: true
      recommendation: recommended
      criteria: {{duration: met}}
  - name: One day more is too long.
    facts:
      request: {{duration_days: 8}}
    expect:
      recommendation: not_recommended
      criteria: {{duration: not_met}}
  - name: The duration is not documented.
    facts:
      request: {{duration_days: null}}
    expect:
      recommendation: undetermined
      criteria: {{duration: not_documented}}
      open: [request.duration_days]
"""


class NewPolicyError(ValueError):
    """A policy cannot be started; the message says why and what to do next."""


def new_policy(root: Path, name: str) -> tuple[Path, ...]:
    """Write the files of a new policy.

    Args:
        root: The directory of policies.
        name: The id of the policy, `source/topic`.

    Returns:
        The files written.

    Raises:
        NewPolicyError: The id is none, names no declared source, or exists already.
        OSError: The files cannot be written; nothing is left behind then.
    """
    found = _ID.fullmatch(name)
    if found is None or len(name) > _LONGEST:
        form = "write `source/topic` in small letters, such as `odg/knee-cryotherapy`"
        raise NewPolicyError(f"`{name[:_LONGEST]}` is no id: {form}")
    source = found.group(1)
    declared = _declared(root)
    if source not in declared:
        help = did_you_mean(source, declared)
        raise NewPolicyError(f"there is no source `{source}`; {help or 'declare it'} (see {SOURCES_FILE})")
    folder = root / source / found.group(2)
    if folder.exists():
        raise NewPolicyError(f"the policy `{name}` exists already")
    values = {
        "id": name,
        "version": FIRST_VERSION,
        "source": source,
        "today": dt.datetime.now(tz=dt.UTC).date().isoformat(),
    }
    _write_whole(folder, {POLICY_FILE: _POLICY.format(**values), TESTS_FILE: _TESTS.format(**values)})
    return folder / POLICY_FILE, folder / TESTS_FILE


def _write_whole(folder: Path, files: Mapping[str, str]) -> None:
    """Write a folder beside its place and then rename it: either all of it appears, or nothing."""
    is_first = not folder.parent.exists()
    folder.parent.mkdir(exist_ok=True)
    temporary = folder.parent
    try:
        temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        for file, text in files.items():
            (temporary / file).write_text(text, encoding="utf-8", newline="\n")
        temporary.chmod(0o755)
        temporary.rename(folder)
    except BaseException:
        if temporary != folder.parent:
            shutil.rmtree(temporary, ignore_errors=True)
        if is_first:
            folder.parent.rmdir()
        raise


def _declared(root: Path) -> tuple[str, ...]:
    data = read_document(root / SOURCES_FILE).data()
    sources = data.get("sources") if isinstance(data, dict) else None
    return tuple(sources) if isinstance(sources, dict) else ()
