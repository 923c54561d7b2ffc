"""A small population of everything, and the question of one policy, which is quick to plan."""

import pytest

from imrpolicy.evaluate import PolicyLibrary

UNIT = "odg/continuous-flow-cryotherapy"


@pytest.fixture(scope="module")
def library():
    return PolicyLibrary.load()


@pytest.fixture(scope="module")
def cases(library):
    from batches.files import COUNT
    from sql.crowd import crowd

    return crowd(library, COUNT, seed=7)


@pytest.fixture(scope="module")
def table(library, cases):
    from sql.tables import requests_table

    return requests_table(library, cases).drop_columns("row_number")


@pytest.fixture
def parquet(tmp_path, table):
    from pyarrow import parquet

    parquet.write_table(table, tmp_path / "in.parquet", row_group_size=20)
    return tmp_path / "in.parquet"


@pytest.fixture
def one(library):
    from imrpolicy.sql.question import Question

    return Question(library=library, policy=library.policy(UNIT))


@pytest.fixture(scope="module")
def ask(library):
    """Ask one policy of requests, whatever holds them."""
    from imrpolicy.batches import batch

    def asked(requests, policy=UNIT, **options):
        return batch(requests, library=library, policy=policy, **options)

    return asked


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from batches.sparks import local_session

    with local_session(tmp_path_factory.mktemp("warehouse")) as session:
        yield session
