"""`imrpolicy completion`: run by a real shell where there is one."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from imrpolicy.cli.completion_shells import SHELLS
from imrpolicy.cli.completion_words import commands
from imrpolicy.cli.parser import VERBS

BASH = shutil.which("bash")
_ASK = """
source script.bash
COMP_WORDS=({words}); COMP_CWORD={last}; COMP_LINE="{words}"; COMP_POINT=${{#COMP_LINE}}
_imrpolicy
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def complete(project, imrpolicy):
    """What bash offers for the last word of a command line."""
    if BASH is None:
        pytest.skip("there is no bash here")
    script = imrpolicy("completion", "bash").out
    (project / "script.bash").write_text(script, encoding="utf-8", newline="\n")

    def ask(*words):
        quoted = " ".join(f'"{word}"' if word else "''" for word in words)
        code = _ASK.replace('COMP_LINE="{words}"', "COMP_LINE=").format(words=quoted, last=len(words) - 1)
        ran = subprocess.run(
            [BASH, "--norc", "-c", code], cwd=project, capture_output=True, text=True, check=True
        )
        assert ran.stderr == ""
        return ran.stdout.split()

    return ask


def test_commands_are_completed(complete):
    assert set(complete("imrpolicy", "")) >= set(VERBS)
    assert complete("imrpolicy", "ver") == ["verify"]
    assert complete("imrpolicy", "--debug", "ver") == ["verify"]


def test_options_are_completed(complete):
    assert complete("imrpolicy", "evaluate", "--as") == ["--as-of"]
    assert "--diff" in complete("imrpolicy", "fmt", "--")
    assert "--diff" not in complete("imrpolicy", "check", "--")


def test_the_values_of_an_option_are_completed(complete):
    assert {"text", "json"} <= set(complete("imrpolicy", "check", "--format", ""))
    assert complete("imrpolicy", "facts", "--format", "j") == ["json"]


def test_policies_are_completed(complete):
    wanted = ["odg/continuous-flow-cryotherapy"]
    assert complete("imrpolicy", "explain", "odg/c") == wanted
    assert complete("imrpolicy", "new", "version", "odg/c") == wanted
    assert complete("imrpolicy", "release", "odg/c") == wanted
    assert complete("imrpolicy", "check", "odg/c") == []  # the shell completes files


def test_the_name_of_a_folder_is_never_run(complete, project):
    """A checkout may come from anybody, and completing a word must not run what it says."""
    for name in ("$(touch run)", "`touch run`", "a b", "*"):
        folder = project / "policies/odg" / name
        folder.mkdir()
        (folder / "policy.yaml").touch()
    assert complete("imrpolicy", "explain", "odg/c") == ["odg/continuous-flow-cryotherapy"]
    assert all("touch" not in word for word in complete("imrpolicy", "explain", ""))
    assert not (project / "run").exists()


def test_a_first_word_is_completed(complete):
    assert complete("imrpolicy", "new", "f") == ["fact"]
    assert complete("imrpolicy", "completion", "z") == ["zsh"]
    assert complete("imrpolicy", "new", "fact", "f") == []


def test_without_policies_none_are_offered(complete, project):
    shutil.rmtree(project / "policies")
    assert complete("imrpolicy", "explain", "o") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_every_script_has_every_command_and_option(shell, imrpolicy):
    ran = imrpolicy("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    for command in commands():
        assert command.name in ran.out
        for option in command.options:
            assert option.name.lstrip("-") in ran.out
            assert all(value in ran.out for value in option.values)


@pytest.mark.parametrize(("shell", "check"), [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])])
def test_the_shell_can_read_its_script(shell, check, tmp_path, imrpolicy):
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here")
    script = tmp_path / "script"
    script.write_text(imrpolicy("completion", shell).out, encoding="utf-8", newline="\n")
    ran = subprocess.run([program, *check, str(script)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_script_of_powershell_closes_what_it_opens(imrpolicy):
    text = imrpolicy("completion", "powershell").out
    for opening, closing in ("{}", "()", "[]"):
        assert text.count(opening) == text.count(closing)
