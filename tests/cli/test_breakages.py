"""Each way in which an editor breaks a file, and what `imrpolicy check` says of it.

A breakage is a file in `breakages/`: what happened, in words, and the changes to the policies of the test
project. Beside it lies
what the command prints, with its exit code.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).parent / "breakages"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_breakage(name, project, imrpolicy, golden):
    """The message is the one that was judged good, and the JSON output says the same."""
    breakage = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    for change in breakage.get("changes", ()):
        apply(project, change)
    shown = []
    for command in breakage.get("run", ["check"]):
        ran = imrpolicy(*shlex.split(command))
        shown.append(f"$ imrpolicy {command}\n{without_lines(ran.out)}{ran.err}exit code {ran.code}\n")
    golden(f"{name}.txt", "\n".join(shown), FOLDER)
    data = imrpolicy(*shlex.split(command), "--format", "json")
    assert data.code == ran.code
    issues = json.loads(data.out)["issues"]
    told = heads(ran.out)
    assert [summary(issue) for issue in issues if summary(issue) in told] == told
    # Text tells a mistake that is everywhere ten times; JSON leaves nothing out.
    untold = [issue for issue in issues if summary(issue) not in told]
    assert all(f"{i['file']}: and {len(untold)} more of the kind `{i['rule']}`" in ran.out for i in untold)


def without_lines(text):
    """The text without what grows with every fact or schema: line numbers in schemas, and how many files."""
    text = re.sub(r"^\d+ files checked", "N files checked", text, flags=re.MULTILINE)
    text = re.sub(r"(?<=[.]schema[.]json:)\d+", "N", text)
    return re.sub(r"^  \d{4} \|", "     N |", text, flags=re.MULTILINE)


def summary(issue):
    """The first line of an issue as text prints it."""
    place = f"{issue['file']}:{issue['line']}:{issue['column']}"
    return f"{place}: {issue['severity']}[{issue['rule']}]: {issue['message']}"


def heads(text):
    """The first lines of the issues in a text."""
    return [line for line in text.splitlines() if ": error[" in line or ": warning[" in line]


def apply(project, change):
    """Make one change to a file of the project."""
    file = project / change["file"]
    if "find" in change:
        text = file.read_text(encoding="utf-8")
        assert text.count(change["find"]) == 1, f"{change['find']!r} is not once in {change['file']}"
        file.write_text(text.replace(change["find"], change["with"]), encoding="utf-8", newline="\n")
    elif "text" in change:
        file.write_text(change["text"], encoding="utf-8", newline="\n")
    elif "save" in change:
        text = file.read_text(encoding="utf-8").replace("\n", change["save"].get("line_ends", "\n"))
        file.write_bytes(text.encode(change["save"].get("encoding", "utf-8")))
    elif "bytes" in change:
        file.write_bytes(bytes.fromhex(change["bytes"]))
    elif "size" in change:
        with file.open("wb") as stream:
            stream.truncate(change["size"])
    elif "rename" in change:
        file.rename(project / change["rename"])
    else:
        assert change == {"file": change["file"], "remove": True}
        file.unlink()


def test_a_list_of_breakages_is_complete():
    """Every golden file belongs to a breakage."""
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == NAMES
