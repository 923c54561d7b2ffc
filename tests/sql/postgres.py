"""A PostgreSQL of its own for the tests: a temporary cluster on a socket, and tables through `COPY`."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from imrpolicy.facts import Kind

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_TYPES = {Kind.BOOL: "boolean", Kind.INT: "bigint", Kind.DOUBLE: "double precision", Kind.DATE: "date",
          Kind.STRING: "text", Kind.LIST: "jsonb"}  # fmt: skip


class Cluster:
    """A running server."""

    def __init__(self, folder):
        self.bin = BINARIES[0]
        self.folder = Path(folder)
        # The server refuses to run as root.
        self.user = "nobody" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)

    def _run(self, *command, text=None):
        return subprocess.run(
            [str(part) for part in command], input=text, capture_output=True, encoding="utf-8", check=False,
            user=self.user, cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
        )  # fmt: skip

    def start(self):
        data = self.folder / "data"
        ran = self._run(
            self.bin / "initdb", "-D", data, "-U", "test", "--auth=trust", "-E", "UTF8", "--no-sync"
        )
        if ran.returncode:
            pytest.skip(f"PostgreSQL does not start here: {ran.stderr[-200:]}")
        # Compiling a query of this length to machine code takes a hundred times as long as running it.
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off -c jit=off"
        ran = self._run(
            self.bin / "pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start"
        )
        if ran.returncode:
            pytest.skip(f"PostgreSQL does not start here: {(self.folder / 'log').read_text()[-300:]}")

    def stop(self):
        self._run(self.bin / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def run(self, sql):
        """Run SQL, and give the lines that it prints."""
        ran = self._run(
            self.bin / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U",
            "test",
            "postgres",
            text=sql,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-1500:]
        return ran.stdout.splitlines()

    def rows(self, query):
        """The rows of a query as dictionaries."""
        return [json.loads(line) for line in self.run(f"SELECT to_jsonb(r) FROM ({query}) AS r;")]

    def load(self, name, columns, rows):
        """Make a table: columns with their kinds, and rows of plain values."""
        declared = ", ".join(f"{column} {_TYPES[kind]}" for column, kind in columns)
        names = [column for column, _ in columns]
        lines = [f"DROP TABLE IF EXISTS {name} CASCADE; CREATE TABLE {name} ({declared});"]
        data = json.dumps(rows, ensure_ascii=True).replace("'", "''")
        chosen = ", ".join(
            f"NULLIF(d->'{column}', 'null')" if kind is Kind.LIST else f"(d->>'{column}')::{_TYPES[kind]}"
            for column, kind in columns
        )
        lines.append(f"INSERT INTO {name} ({', '.join(names)}) SELECT {chosen} FROM "
                     f"jsonb_array_elements('{data}'::jsonb) AS d;")  # fmt: skip
        self.run("\n".join(lines))


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
