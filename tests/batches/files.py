"""Populations as files, for the tests of batches."""

import pytest

duckdb = pytest.importorskip("duckdb")

COUNT = 60
GOOD = {
    "case_id": "good", "request_id": "r", "jurisdiction": "ca_workers_compensation",
    "dates__decision": "2014-01-01", "dates__service": "2014-01-01",
    "request__service": "continuous_flow_cryotherapy",
}  # fmt: skip


def cell(value):
    return '"' + value.replace('"', '""') + '"' if value else ""


def write_csv(path, rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    quoted = [",".join(names)]
    quoted += [",".join(cell(row.get(name, "")) for name in names) for row in rows]
    path.write_text("\n".join(quoted) + "\n", encoding="utf-8")
    return path


def rejects_of(path):
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT row, case_id, reason FROM read_csv('{path.as_posix()}')"
        ).fetchall()


def as_text(table, path):
    """Write a table as CSV or JSON lines; lists in CSV are JSON."""
    with duckdb.connect() as connection:
        connection.register("t", table)
        columns = [(row[0], row[1]) for row in connection.execute("DESCRIBE t").fetchall()]
        chosen = ", ".join(
            f'to_json("{n}") AS "{n}"' if "[" in t and path.suffix == ".csv" else f'"{n}"' for n, t in columns
        )
        how = "csv, HEADER" if path.suffix == ".csv" else "json"
        connection.execute(f"COPY (SELECT {chosen} FROM t) TO '{path.as_posix()}' (FORMAT {how})")
    return path


def with_values(table, **values):
    """A table with other columns."""
    for name, column in values.items():
        position = table.column_names.index(name)
        table = table.set_column(position, name, column)
    return table


def left_in(folder, *expected):
    assert sorted(path.name for path in folder.iterdir()) == sorted(expected)
