"""Output on terminals of every kind, into pipes, and in encodings that lack most signs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

IMR = "cases/imr-2013-lumbar-block-and-cryotherapy.yaml"
EVALUATE = ("evaluate", IMR, "--as-of", "2013-12-01")
COLOR = "\x1b["
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def environment(**changes):
    """The environment with changes, without what a developer may have set; None removes a variable."""
    known = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NO_COLOR", "COLUMNS", "PYTHONIOENCODING")
    }
    wanted = {**known, "PYTHONUTF8": "1", "TERM": "xterm-256color", **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def run(*arguments, **keywords):
    """The program as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "imrpolicy", *arguments], capture_output=True, check=False, **keywords
    )


def on_a_terminal(*arguments, columns=80, **changes):
    """What a terminal of a width shows."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "imrpolicy", *arguments],
        stdout=theirs,
        stderr=theirs,
        env=environment(**changes),
    )
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65_536):
            parts.append(part)
    except OSError:  # how Linux says that nobody has the other end any more
        pass
    os.close(ours)
    process.wait()
    return b"".join(parts).decode().replace("\r\n", "\n")


def bare(text):
    """The text without colors."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@unix
def test_a_terminal_has_colors(project):
    assert f"{COLOR}1;32mOVERTURNED{COLOR}0m" in on_a_terminal(*EVALUATE)


@unix
def test_problems_have_colors(project):
    file = project / IMR
    file.write_text(file.read_text(encoding="utf-8").replace("sex: female", "sex: femal"), encoding="utf-8")
    shown = on_a_terminal("check")
    assert f"{COLOR}1;31merror[wrong-value]{COLOR}0m" in shown
    assert f"{COLOR}31m^^^^^{COLOR}0m" in shown
    assert COLOR in on_a_terminal(*EVALUATE)  # on the standard error output


@unix
@pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colors_can_be_refused(changes, project):
    shown = on_a_terminal(*EVALUATE, **changes)
    assert COLOR not in shown
    assert bare(on_a_terminal(*EVALUATE)) == shown


@unix
def test_an_empty_no_color_refuses_nothing(project):
    """As no-color.org has it."""
    assert COLOR in on_a_terminal("check", NO_COLOR="")


@unix
@pytest.mark.parametrize("columns", [40, 60, 80, 100, 200])
@pytest.mark.parametrize(
    "arguments",
    [
        EVALUATE,
        ("explain", "odg/lumbar-medial-branch-block"),
        ("facts",),
        ("facts", "pain.radicular"),
        ("test",),
    ],
)
def test_lines_fit_the_terminal(arguments, columns, project):
    """Only what cannot be broken, such as the name of a fact, may be longer than a line."""
    for line in bare(on_a_terminal(*arguments, columns=columns)).splitlines():
        words = line.split()
        assert len(line) <= min(columns, 110) or max(map(len, words)) > columns - 30, line


@unix
@pytest.mark.parametrize("columns", [40, 60, 80])
def test_evaluate_on_a_narrow_terminal(columns, project, golden):
    golden(f"cli/evaluate-{columns}-columns.txt", bare(on_a_terminal(*EVALUATE, columns=columns)))


@unix
@pytest.mark.parametrize("columns", [40, 60, 80])
def test_the_caret_stays_below_its_word(columns, project):
    """A line that is too long is cut around the caret, so that the terminal need not break it."""
    file = project / "policies/odg/continuous-flow-cryotherapy/policy.yaml"
    text = file.read_text(encoding="utf-8")
    long = (
        "request.postoperative && request.postoperative && request.duration_dys <= 7 && request.postoperative"
    )
    file.write_text(text.replace("when: request.duration_days <= 7", f"when: {long}"), encoding="utf-8")
    source, caret = re.findall(
        r"^ +\d* \| .*$", bare(on_a_terminal("check", columns=columns)), flags=re.MULTILINE
    )
    assert max(len(source), len(caret)) <= columns
    assert source[caret.index("^") : caret.rindex("^") + 1] == "request.duration_dys"


def test_a_pipe_has_no_colors(project):
    shown = run(*EVALUATE, env=environment()).stdout.decode()
    assert COLOR not in shown
    assert "✓ met" in shown


@pytest.mark.parametrize(
    "arguments", [EVALUATE, ("explain", "odg/lumbar-medial-branch-block"), ("facts",), ("check",), ("test",)]
)
def test_ascii_is_enough(arguments, project):
    """A console that has no ✓ shows a plus, and no question marks where a sign is close enough."""
    file = project / "policies/odg/lumbar-medial-branch-block/policy.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("summary: >-\n", "summary: >-\n  Naïve “quotes” – ≤ 7 µg. "), encoding="utf-8"
    )
    ran = run(*arguments, env=environment(PYTHONUTF8=None, PYTHONIOENCODING="ascii"))
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.isascii()
    if arguments[0] == "explain":
        assert (
            b'Naive "quotes" - <= 7 ?g.' in ran.stdout.replace(b"\n", b" ")
            or b'Naive "quotes" - <= 7' in ran.stdout
        )


def test_json_is_whole_in_any_encoding(project):
    """What a console cannot show is escaped, not replaced."""
    for name in ("title: µg “60 days”", "title: \U0001f600"):
        file = project / "case.yaml"
        request = "requests: [{id: unit, facts: {service: continuous_flow_cryotherapy, duration_days: 60}}]\n"
        file.write_text(
            f"id: example\n{name}\njurisdiction: ca_workers_compensation\n{request}", encoding="utf-8"
        )
        call = ("evaluate", "case.yaml", "--as-of", "2013-12-01", "--format", "json")
        plain = run(*call, env=environment(PYTHONUTF8=None, PYTHONIOENCODING="ascii")).stdout
        rich = run(*call, env=environment()).stdout
        assert json.loads(plain.decode("ascii")) == json.loads(rich.decode("utf-8"))


@unix
@pytest.mark.parametrize("arguments", [("facts",), ("check",), (*EVALUATE, "--format", "json")])
def test_a_reader_that_leaves(arguments, project):
    """As with `| head`: the program ends without a word."""
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        [sys.executable, "-m", "imrpolicy", *arguments], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (ran.returncode, ran.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")  # noqa: PTH110
@pytest.mark.parametrize("arguments", [("facts",), (*EVALUATE, "--format", "json")])
def test_a_disk_that_is_full(arguments, project):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(
            [sys.executable, "-m", "imrpolicy", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ran.returncode == 3
    assert ran.stderr == b"imrpolicy: could not run: no space left on device\n"


def test_the_program_is_quick_to_start():
    """Help and the version load none of the packages that evaluate."""
    code = "import sys, imrpolicy.cli.main as m; m.main(['--version']); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"yaml", "jsonschema", "celpy", "imrpolicy.evaluate"} & set(ran.stdout.split())
