"""The generator of expressions and cases reaches everything, so that the properties mean something."""

from collections import Counter

from expression import runtimes
from expression.strategies import with_cases
from hypothesis import HealthCheck, given, settings

from imrpolicy.expression import Node, walk


def test_every_kind_of_node_and_every_status_comes_often():
    nodes, statuses = Counter(), Counter()

    @settings(max_examples=400, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(with_cases())
    def collect(drawn):
        text, node, cases = drawn
        nodes.update({type(part) for part in walk(node)})
        statuses.update(runtimes.ours(text, cases))

    collect()
    assert set(nodes) == set(Node.__args__)
    assert set(statuses) == {True, False, None}
    assert min(statuses.values()) > sum(statuses.values()) / 10
