"""Files on whatever a Spark session reaches: this machine, HDFS, an object store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imrpolicy.batches.errors import BatchError


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found.

    Attributes:
        address: Its whole address.
        size: Its size in bytes.
        changed: When it was changed, in milliseconds.
    """

    address: str
    size: int
    changed: int


class Folder:
    """An address, and what is below it, through the file systems of Hadoop in the session."""

    def __init__(self, session: Any, address: str) -> None:
        # PySpark has no other door to the file systems of its session; a remote one (Spark Connect) has none.
        jvm: Any = getattr(session, "_jvm", None)
        if jvm is None:
            raise BatchError(
                "this Spark session is a remote one, which reaches no files from here; use "
                "`evaluate_frame` and write its result, or start the session on the driver"
            )
        self._jvm = jvm
        path = jvm.org.apache.hadoop.fs.Path(address)
        self._system = path.getFileSystem(getattr(session, "_jsc").hadoopConfiguration())  # noqa: B009
        self._root = self._system.makeQualified(path)

    @property
    def address(self) -> str:
        """The whole address, as people write it."""
        return str(self._root.toString())

    @property
    def local(self) -> str | None:
        """The path on this machine; none where it is elsewhere."""
        uri = self._root.toUri()
        return str(uri.getPath()) if uri.getScheme() == "file" else None

    def at(self, name: str) -> str:
        """The address of something below."""
        return str(self._below(name).toString())

    def path_of(self, name: str) -> Path:
        """What is below as a path; where it is not on this machine, a path that only says where."""
        return Path(self.at(name)) if self.local is None else Path(self.local) / name

    def exists(self, name: str = "") -> bool:
        """Whether it is there, or something below it."""
        return bool(self._system.exists(self._below(name)))

    def is_file(self) -> bool:
        """Whether it is a file."""
        return self.exists() and bool(self._system.getFileStatus(self._root).isFile())

    def is_empty(self) -> bool:
        """Whether it is a folder with nothing in it, or is not there."""
        return not self.exists() or (not self.is_file() and len(self._system.listStatus(self._root)) == 0)

    def files(self) -> tuple[Found, ...]:
        """The files below it, by address, without those that Spark and Hadoop hide."""
        found: list[Found] = []
        folders = [self._root]
        while folders:
            for status in self._system.listStatus(folders.pop()):
                if str(status.getPath().getName())[0] in "_.":
                    continue
                if status.isDirectory():
                    folders.append(status.getPath())
                    continue
                address = str(status.getPath().toString())
                found.append(Found(address, int(status.getLen()), int(status.getModificationTime())))
        return tuple(sorted(found, key=lambda file: file.address))

    def read(self, name: str) -> str | None:
        """The text of a file below; none where it is not there."""
        if not self.exists(name):
            return None
        stream = self._system.open(self._below(name))
        try:
            return str(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
        finally:
            stream.close()

    def write(self, name: str, text: str) -> None:
        """Write a file below, which has its name only when it is whole."""
        path = self._below(name)
        unfinished = self._jvm.org.apache.hadoop.fs.Path(path.getParent(), f".{path.getName()}.partial")
        stream = self._system.create(unfinished, True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()
        self._system.delete(path, False)
        if not self._system.rename(unfinished, path):
            raise BatchError(f"{path.toString()} cannot be written")

    def delete(self, name: str) -> None:
        """Delete what is below, if it is there."""
        self._system.delete(self._below(name), True)

    def _below(self, name: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(self._root, name) if name else self._root
