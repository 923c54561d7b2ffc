"""What docs/populations.md shows can be typed: its profile is right, and its Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa

from imrpolicy.population import generate_table, read_profile
from imrpolicy.population.reader import _DRAWS

PAGE = (Path(__file__).resolve().parents[2] / "docs/populations.md").read_text(encoding="utf-8")


def block(kind):
    [text] = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    return text


def test_the_profile_of_the_page(tmp_path, dictionary):
    (tmp_path / "own.yaml").write_text(block("yaml"), encoding="utf-8")
    profile = read_profile(tmp_path / "own.yaml", dictionary)
    table = pa.Table.from_batches(generate_table(dictionary, count=500, profile=profile))
    assert set(table.column("request__body_region").to_pylist()) == {"shoulder", "knee", None}


def test_the_python_of_the_page():
    names = {}
    exec(block("python"), names)
    assert next(names["batches"]).num_rows > 0


def test_every_key_of_a_fact_is_on_the_page():
    for key in (*_DRAWS, "each", "fields", "cases", "documented", "quality", "traits"):
        assert f"`{key}`" in PAGE, key
