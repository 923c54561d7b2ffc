"""The printed views: every dialect parses what is printed for it, and the comments name what is asked."""

import pytest
import sqlglot

from imrpolicy.evaluate import PolicyLibrary
from imrpolicy.sql.question import Question
from imrpolicy.sql.steps import _safe
from imrpolicy.sql.warehouses import DIALECTS

UNIT = "odg/continuous-flow-cryotherapy"


@pytest.fixture(scope="module")
def library():
    return PolicyLibrary.load()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_printed_for_a_dialect_is_that_dialect(library, dialect):
    for policy in (None, *(p for p in library.policies if p.status == "released")):
        view = Question(library=library, policy=policy).query(dialect, "requests", pretty=True)
        [tree] = sqlglot.parse(view, dialect=dialect)
        assert tree.sql(dialect=dialect, comments=False)


def test_the_view_of_a_policy_is_readable(library, golden):
    golden(
        "batch/view.sql",
        Question(library=library, policy=library.policy(UNIT)).query("duckdb", "requests", pretty=True),
    )


def test_the_view_of_the_library_names_each_policy_and_criterion(library):
    view = Question(library=library).query("duckdb", "requests", pretty=True)
    for policy in library.policies:
        if policy.status == "released" and policy.source.guideline in ("mtus", "acoem", "odg"):
            assert policy.reference in view
            for leaf in policy.leaves:
                assert _safe(leaf.text) in view


def test_text_of_an_author_cannot_end_a_comment():
    assert "*/" not in _safe("a */ SELECT 1 /* b")
