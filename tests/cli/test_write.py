"""Files that commands write: whole or not at all, and named as the user named them."""

from __future__ import annotations

import os
import threading

import pytest

from imrpolicy.cli.write import write_whole


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    for text in ("one\n", "two\n"):
        write_whole(tmp_path / "a.txt", text)
    assert (tmp_path / "a.txt").read_bytes() == b"two\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("name", ["no/such/a.xml", "folder"])
def test_a_place_that_cannot_be_written_is_named_as_it_was_given(name, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError) as caught:  # noqa: PT011 - which one differs between systems
        write_whole(tmp_path / name, "text")
    assert caught.value.filename == str(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(os.name == "nt", reason="links need a right there that few have")
def test_a_link_stays_one(tmp_path):
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8") == "text"


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes there")
def test_what_is_no_file_is_never_replaced(tmp_path):
    """`--junit /dev/stdout`, run by an administrator, must not put a file in the place of the device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    write_whole(pipe, "text")
    reader.join(timeout=20)
    assert (read, pipe.is_fifo()) == (["text"], True)
