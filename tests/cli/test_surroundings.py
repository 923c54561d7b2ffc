"""What the surroundings do to a command: Ctrl-C while Python cleans up, and streams that are closed."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time

import pytest

from imrpolicy.cli.main import interrupt_again


class Cleaned:
    """An object that is stopped from the keyboard while it is cleaned up."""

    def __del__(self):
        raise KeyboardInterrupt


@pytest.fixture
def own_keyboard():
    """What Python does at Ctrl-C, whatever a library that other tests use has put in its place."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    # What others left behind may take its time to be cleaned up, and keep an interrupt to itself.
    gc.collect()
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("own_keyboard")
def test_an_interrupt_that_was_lost_comes_again(monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", interrupt_again)

    def work():
        Cleaned()
        for _ in range(100):
            time.sleep(0.05)

    with pytest.raises(KeyboardInterrupt):
        work()


def test_other_exceptions_are_told_as_ever(monkeypatch, capsys):
    class Broken:
        def __del__(self):
            raise ValueError("odd")

    monkeypatch.setattr(sys, "unraisablehook", interrupt_again)
    Broken()
    gc.collect()
    assert "ValueError: odd" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="a shell of its own is needed")
@pytest.mark.parametrize(
    ("call", "code"), [("schema --table >&-", 0), ("check no >&- 2>&-", 2), ("lsp <&-", 2)]
)
def test_closed_streams_are_no_defect(call, code, tmp_path):
    command = ["sh", "-c", f'"{sys.executable}" -m imrpolicy {call}']
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, "unexpected" in ran.stderr) == (code, False)
