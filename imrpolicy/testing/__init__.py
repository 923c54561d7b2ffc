"""The runner of the tests that lie beside the policies."""

from imrpolicy.testing.runner import Difference, TestResult, run_suite
from imrpolicy.testing.suite import Suite, Test, read_suites, suite_from

__all__ = ["Difference", "Suite", "Test", "TestResult", "read_suites", "run_suite", "suite_from"]
