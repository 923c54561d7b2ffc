"""Rows of facts as Arrow tables, for the tests of the SQL reading."""

import pyarrow as pa

from imrpolicy.population.columns import arrow_type, column_of


def table(facts, rows):
    """A table with a column for each fact, from rows of values in the form that expressions read."""
    data = {"row_number": pa.array(range(len(rows)), pa.int64())}
    for fact in facts:
        data[column_of(fact.path)] = pa.array([row[fact.index] for row in rows], arrow_type(fact.type))
    return pa.table(data)


def requests_table(library, cases):
    """Cases as a population: one row for each request."""
    read = [library.read_case(case) for case in cases]
    pairs = [(case, request) for case in read for request in case.requests]
    facts = table(library.dictionary.facts, [request.row for _, request in pairs]).drop_columns("row_number")
    about = {
        "row_number": pa.array(range(len(pairs)), pa.int64()),
        "case_id": [case.id for case, _ in pairs],
        "request_id": [request.id for _, request in pairs],
        "jurisdiction": [case.jurisdiction for case, _ in pairs],
        "review": [case.review.value for case, _ in pairs],
        "timing": [case.timing.value for case, _ in pairs],
        "conflicting": pa.array([list(request.conflicting) for _, request in pairs], pa.list_(pa.string())),
    }
    for name, values in about.items():
        facts = facts.append_column(
            name, values if isinstance(values, pa.Array) else pa.array(values, pa.string())
        )
    return facts
