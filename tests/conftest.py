"""What all tests share: how hard Hypothesis tries, golden files, and a browser."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

GOLDEN = Path(__file__).parent / "golden"

_SHARED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("ci", max_examples=300, derandomize=True, database=None, **_SHARED)
settings.register_profile("thorough", max_examples=10_000, **_SHARED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the files that `golden` compares with"
    )


@pytest.fixture
def golden(request):
    """A function `golden(name, text)`: the text equals the file `tests/golden/<name>`.

    With `--update-golden` the file is rewritten; continuous integration never does that.
    """
    update = request.config.getoption("--update-golden") and not os.environ.get("CI")

    def compare(name: str, text: str, folder: Path = GOLDEN) -> None:
        file = folder / name
        if update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        known = file.read_text(encoding="utf-8") if file.exists() else ""
        assert known == text, f"{file.name} is out of date: look at the difference, then use --update-golden"

    return compare


@pytest.fixture(scope="module")
def browser():
    import in_browser

    with in_browser.started() as browser:
        yield browser


@pytest.fixture
def visit(browser, site):
    """A function that opens a page from the disk; at the end nothing may have gone wrong or outside."""
    import in_browser

    with in_browser.visiting(browser, site) as visit:
        yield visit
