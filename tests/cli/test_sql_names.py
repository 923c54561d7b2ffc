"""The names that `imrpolicy sql` puts into a statement."""

from __future__ import annotations

import pytest

pytest.importorskip("sqlglot")


@pytest.mark.parametrize("option", ["--table", "--view"])
@pytest.mark.parametrize("name", ["", "a b", "v; drop table x", "x'y", 'a"b', "a.b.c.d", "a\nb", "1a"])
def test_what_is_no_name_is_refused(option, name, project, imrpolicy):
    ran = imrpolicy("sql", option, name)
    assert (ran.code, ran.out) == (2, "")
    assert "is no name of a table" in ran.err


@pytest.mark.parametrize("name", ["requests", "my_db.public.Requests_2", "my-project.data.requests"])
def test_a_name_may_have_a_schema_and_a_database(name, project, imrpolicy):
    ran = imrpolicy("sql", "--table", name, "--view", "v.w", "odg/continuous-flow-cryotherapy")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("CREATE OR REPLACE VIEW v.w AS\n")
