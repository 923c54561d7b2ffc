"""The types that a column may have: what would lose something is rejected, never rounded in silence."""

import decimal

import pytest

import imrpolicy
from imrpolicy import BatchError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

POLICY = "odg/continuous-flow-cryotherapy"
ROWS = {
    "case_id": ["one", "two", "three"],
    "request_id": ["unit"] * 3,
    "jurisdiction": ["ca_workers_compensation"] * 3,
    "request__service": ["continuous_flow_cryotherapy"] * 3,
}


@pytest.fixture(params=["a table", "a file"])
def evaluated(request, library, tmp_path):
    def of(**columns):
        rows = pa.table({**ROWS, **columns})
        if request.param == "a file":
            pq.write_table(rows, tmp_path / "rows.parquet")
            rows = tmp_path / "rows.parquet"
        return imrpolicy.batch(rows, library=library, policy=POLICY)

    return of


def blocks(*percents):
    return [[{"kind": "medial_branch_block", "relief_percent": percent}] for percent in percents]


NO_DAYS = "`request__duration_days` must be a whole number of days"
NO_PERCENT = "`history__prior_blocks.relief_percent` must be a whole number in percent"


@pytest.mark.parametrize(
    ("columns", "reasons"),
    [
        ({"request__duration_days": pa.array([7, 8, None], pa.int8())}, []),
        ({"request__duration_days": pa.array([7.0, 8.0, None])}, []),
        ({"request__duration_days": pa.array([7.5, 8.0, None])}, [NO_DAYS]),
        ({"request__duration_days": pa.array([7, 2**63, None], pa.uint64())}, [NO_DAYS]),
        ({"request__duration_days": pa.array(map(decimal.Decimal, "78"), pa.decimal128(5, 0))}, []),
        ({"request__duration_days": pa.array([decimal.Decimal("7.5")], pa.decimal128(5, 2))}, [NO_DAYS]),
        ({"history__prior_blocks": pa.array([*blocks(70.0), [], None])}, []),
        ({"history__prior_blocks": pa.array([*blocks(70.5), [], None])}, [NO_PERCENT]),
        ({"history__prior_blocks": pa.array([[], [], None], pa.list_(pa.null()))}, []),
        ({"diagnosis__conditions": pa.array([["muscle_spasm"]] * 3, pa.list_(pa.string(), 1))}, []),
        ({"case_id": pa.array([1, 2, 3])}, []),
        ({"row_number": pa.array([9, 9, 9])}, []),
    ],
    ids=[
        "a narrow whole number", "a decimal of whole numbers", "a decimal", "unsigned and too large",
        "fixed point of whole numbers", "fixed point", "a decimal field of whole numbers", "a decimal field",
        "lists that are all empty", "lists of one length", "numbers as names", "row numbers of their own",
    ],
)  # fmt: skip
def test_what_a_column_may_be(evaluated, columns, reasons):
    columns = {name: values if len(values) == 3 else filled(values) for name, values in columns.items()}
    result = evaluated(**columns)
    assert result.rejects.column("reason").to_pylist() == reasons
    assert result.counts.rows == 3 == result.counts.written + len(reasons)


def filled(values):
    return pa.concat_arrays([values, pa.nulls(3 - len(values), values.type)])


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (blocks("70"), "the field `relief_percent` of `history__prior_blocks` is VARCHAR"),
        ([[{"kind": True}]], "the field `kind` of `history__prior_blocks` is BOOLEAN"),
        ([[{"sort": "other"}]], "the records of `history__prior_blocks` have a field `sort`"),
    ],
    ids=["a number as text", "a word as truth", "an unknown field"],
)
def test_what_a_field_may_not_be(evaluated, blocks, said):
    with pytest.raises(BatchError, match=said):
        evaluated(history__prior_blocks=pa.array([*blocks, [], None]))


def test_numbers_become_names(evaluated):
    result = evaluated(case_id=pa.array([1, 2, 3]))
    assert result.determinations.column("case_id").to_pylist() == ["1", "2", "3"]
