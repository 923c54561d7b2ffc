"""The ledger as a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from imrpolicy.authored import parse_document
from imrpolicy.authoring.canonical import canonical, key_order
from imrpolicy.authoring.ledger import Ledger, Release, parse_ledger, read_ledger
from imrpolicy.policy import Schemas, Version

SCHEMAS = Schemas(Path(__file__).resolve().parents[2] / "schemas")
DAY = dt.date(2026, 1, 31)


def release(policy, version, digit):
    return Release(
        policy=policy, version=Version.parse(version), released=DAY, content_hash="sha256:" + digit * 64
    )


RELEASES = [release("b/b", "1.10.0", "a"), release("a/a", "1.0.0", "b"), release("b/b", "1.9.0", "c")]
TEXT = f"""\
# yaml-language-server: $schema=../schemas/releases.schema.json
# Written by `imrpolicy release`, never by hand. A record is added and never changed or removed.
releases:
  a/a:
    1.0.0: {{released: 2026-01-31, hash: "sha256:{"b" * 64}"}}
  b/b:
    1.9.0: {{released: 2026-01-31, hash: "sha256:{"c" * 64}"}}
    1.10.0: {{released: 2026-01-31, hash: "sha256:{"a" * 64}"}}
"""


def test_releases_are_written_in_order_and_read_again(tmp_path):
    """Numbers are ordered as versions are, not as text."""
    ledger = Ledger(file="releases.yaml").with_releases(RELEASES)
    assert ledger.text() == TEXT
    (tmp_path / "releases.yaml").write_text(TEXT, encoding="utf-8")
    again = read_ledger(tmp_path, SCHEMAS)
    assert (again.exists, again.issues, again.text()) == (True, (), TEXT)
    assert next(found.to_dict() for found in again.releases.values()) == RELEASES[1].to_dict()
    assert {found.place.line for found in again.releases.values()} == {5, 7, 8}


def test_a_record_is_never_replaced():
    ledger = Ledger(file="f").with_releases(RELEASES)
    assert ledger.with_releases([release("a/a", "1.0.0", "d")]).text() == TEXT


def test_it_is_in_canonical_form():
    document = parse_document(TEXT.encode(), "releases.yaml")
    assert canonical(document, key_order(SCHEMAS, "releases")) == TEXT


@pytest.mark.parametrize("raw", [b"releases: 1\n", b"releases: [\n", b""])
def test_what_is_no_ledger_is_reported(raw, tmp_path):
    (tmp_path / "releases.yaml").write_bytes(raw)
    assert read_ledger(tmp_path, SCHEMAS).issues
    assert parse_ledger(raw, "f", SCHEMAS).issues


def test_a_project_without_its_schema_uses_that_of_imrpolicy(tmp_path):
    (tmp_path / "releases.yaml").write_text(TEXT, encoding="utf-8")
    assert read_ledger(tmp_path, Schemas(tmp_path / "nowhere")).text() == TEXT
    assert read_ledger(tmp_path / "nothing", SCHEMAS).exists is False
