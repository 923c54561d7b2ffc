"""A batch: from files of requests to files of determinations, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from imrpolicy.batches.duck import FORMATS, PARTIAL, REJECTS_HEADER, Counts, Engine
from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.lock import LOCK, only_one
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.sources import PART_ROWS, Part, parts_of, whole_files
from imrpolicy.sql.question import Question

JOB, DONE = "job.json", ".done.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a batch did.

    Attributes:
        counts: How many rows went where.
        outputs: The files with the determinations.
        rejects: The files with the rows that break the schema, where there are any.
        ignored: Columns of the input that nothing reads.
        skipped: Parts that an earlier run had done.
    """

    counts: Counts
    outputs: tuple[Path, ...]
    rejects: tuple[Path, ...]
    ignored: tuple[str, ...]
    skipped: int = 0


def run(
    source: Path,
    output: Path,
    question: Question,
    *,
    mapping: TableMapping | None = None,
    rejects: Path | None = None,
    resume: bool = False,
    part_rows: int = PART_ROWS,
    part_kind: str | None = None,
    memory: str | None = None,
    threads: int | None = None,
    stream: TextIO | None = None,
) -> Result:
    """Evaluate a population.

    Args:
        source: A Parquet, CSV or JSON lines file, or a folder of them.
        output: A file that ends in `.parquet`, `.csv` or `.jsonl`, or a folder for a partitioned result.
        question: What is asked.
        mapping: How the columns and values of the input become ours.
        rejects: Where rows that break the schema go; without it beside the output.
        resume: Whether to go on with a partitioned job that was interrupted.
        part_rows: About how many rows of a Parquet file make one part.
        part_kind: What the parts of a folder are: `parquet`, which is what none means, `csv` or `jsonl`.
        memory: The most memory, such as `4GB`.
        threads: The most threads.
        stream: Where progress is shown, if it is a terminal; without it, standard error.

    Raises:
        BatchError: The input cannot be read or the output not be written; what is there is whole.
    """
    engine = Engine(
        question=question,
        mapping=mapping or TableMapping(),
        stream=stream or sys.stderr,
        memory=memory,
        threads=threads,
    )
    if output.suffix.lower() in FORMATS:
        if resume:
            raise BatchError("only a partitioned job can be resumed; give a folder as the output")
        if part_kind is not None:
            raise BatchError("the ending of a file says of what kind it is; the parts of a folder are of one")
        return _into_file(engine, source, output, rejects)
    if source.is_dir() and source.resolve() in output.resolve().parents:
        raise BatchError(f"{output.as_posix()} lies in the input itself; name a folder outside of it")
    if rejects is not None:
        raise BatchError("a folder holds the rejects of each part beside it; leave `--rejects` out")
    parts = parts_of(source, rows=part_rows)
    return _into_folder(engine, source, output, parts, kind=part_kind or "parquet", resume=resume)


# --- one file ----------------------------------------------------------------------------------------------


def _into_file(engine: Engine, source: Path, output: Path, rejects: Path | None) -> Result:
    parts = whole_files(source)
    if len(parts) > 1:
        raise BatchError("a folder of files needs a folder as its output; give a name without an ending")
    beside = rejects or _rejects_of(output)
    fail_on_overwriting(parts, engine.mapping, output, beside)
    output.parent.mkdir(parents=True, exist_ok=True)
    beside.parent.mkdir(parents=True, exist_ok=True)
    with (
        only_one(output.with_name(output.name + LOCK), output),
        _partial(output) as unfinished,
        _partial(beside) as unfinished_rejects,
    ):
        counts, ignored = engine.evaluate(parts[0], unfinished, unfinished_rejects)
        # The rejects come first: where the result is, nothing else is lacking.
        if not counts.rejected and rejects is not None:
            unfinished_rejects.write_text(REJECTS_HEADER + "\n", encoding="utf-8", newline="\n")
        if counts.rejected or rejects is not None:
            unfinished_rejects.replace(beside)
        else:
            beside.unlink(missing_ok=True)
        unfinished.replace(output)
    found = (beside,) if counts.rejected or rejects is not None else ()
    return Result(counts=counts, outputs=(output,), rejects=found, ignored=ignored)


def fail_on_overwriting(
    parts: Iterable[Part], mapping: TableMapping, output: Path | None, rejects: Path | None
) -> None:
    """Fail if a file that is written is one that is read, or if two are the same.

    Raises:
        BatchError: They are.
    """
    written = [path for path in (output, rejects) if path is not None]
    read = {part.path.resolve(): "the input itself" for part in parts}
    if mapping.file is not None:
        read[mapping.file.resolve()] = "the mapping file"
    for path in written:
        if path.is_dir():
            raise BatchError(f"{path.as_posix()} is a folder, and what is written there is a file")
        if path.resolve() in read:
            raise BatchError(f"{path.as_posix()} is {read[path.resolve()]}; name another file to write")
    if len({path.resolve() for path in written}) < len(written):
        raise BatchError(f"{written[0].as_posix()} cannot hold the rejects too; name another file for them")


@contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """A name beside a file under which it is written until it is whole; nothing is left of it afterwards."""
    unfinished = path.with_name(path.name + PARTIAL)
    spill = path.with_name(unfinished.name + ".spill")
    try:
        for leftover in (unfinished, spill):
            _remove(leftover)
        yield unfinished
    finally:
        for leftover in (unfinished, spill):
            _remove(leftover)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


# --- a folder ----------------------------------------------------------------------------------------------


def _into_folder(
    engine: Engine, source: Path, folder: Path, parts: tuple[Part, ...], *, kind: str, resume: bool
) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder / LOCK, folder):
        _claim(folder, _fingerprint(engine, source, parts) | {"kind": kind}, resume=resume)
        return _all_parts(engine, folder, parts, kind)


def _all_parts(engine: Engine, folder: Path, parts: tuple[Part, ...], kind: str) -> Result:
    total = Counts()
    outputs: list[Path] = []
    rejects: list[Path] = []
    ignored: set[str] = set()
    skipped = 0
    for part in parts:
        output = folder / f"{part.name}.{kind}"
        done = _done(output)
        if done is None:
            done = _one_part(engine, output, part)
        else:
            skipped += 1
        total += Counts(**done["counts"])
        ignored |= set(done["ignored"])
        outputs.append(output)
        if done["counts"]["rejected"]:
            rejects.append(_rejects_of(output))
    return Result(
        counts=total,
        outputs=tuple(outputs),
        rejects=tuple(rejects),
        ignored=tuple(sorted(ignored)),
        skipped=skipped,
    )


def _one_part(engine: Engine, output: Path, part: Part) -> dict[str, Any]:
    rejects = _rejects_of(output)
    with _partial(output) as unfinished, _partial(rejects) as unfinished_rejects:
        counts, ignored = engine.evaluate(part, unfinished, unfinished_rejects)
        if counts.rejected:
            unfinished_rejects.replace(rejects)
        unfinished.replace(output)
    # What says that a part is done comes last: a part without it is done again.
    done = {"counts": asdict(counts), "ignored": list(ignored)}
    _write_whole(output.with_name(output.stem + DONE), done)
    return done


def _rejects_of(output: Path) -> Path:
    return output.with_name(output.stem + ".rejects.csv")


def _done(output: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(output.with_name(output.stem + DONE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if output.is_file() else None


def _claim(folder: Path, fingerprint: dict[str, Any], *, resume: bool) -> None:
    """Make the folder that of this job.

    Raises:
        BatchError: It is that of another one, or this one was begun and nobody said to go on.
    """
    job = folder / JOB
    if job.is_file():
        begun = json.loads(job.read_text(encoding="utf-8"))
        fail_on_other_job(begun, fingerprint, folder.as_posix(), resume=resume)
        return
    # A run that was killed while it wrote that file has done nothing else.
    if any(path.name not in (JOB + PARTIAL, LOCK) for path in folder.iterdir()):
        raise BatchError(f"{folder.as_posix()} is not empty; name a new folder")
    _write_whole(job, fingerprint)


def fail_on_other_job(begun: Any, fingerprint: dict[str, Any], where: str, *, resume: bool) -> None:
    """Fail if a folder holds a job that this one must not go on with.

    Args:
        begun: The fingerprint that it holds.
        fingerprint: That of this job.
        where: The folder, for messages.
        resume: Whether somebody said to go on.

    Raises:
        BatchError: It is that of another job, or nobody said so.
    """
    if begun != fingerprint:
        raise BatchError(
            f"{where} holds the result of another input, other policies or other options; name another folder"
        )
    if not resume:
        raise BatchError(f"{where} holds this job already; go on with it with `--resume`")


def _fingerprint(engine: Engine, source: Path, parts: tuple[Part, ...]) -> dict[str, Any]:
    """What a result depends on: the input, the query, the mapping."""
    files = {part.path.name: [part.path.stat().st_size, part.path.stat().st_mtime_ns] for part in parts}
    return {
        "source": source.resolve().as_posix(),
        "files": files,
        "parts": [[part.path.name, part.first, part.stop] for part in parts],
        "query": hashlib.sha256(engine.query.encode()).hexdigest(),
        "mapping": engine.mapping.as_data(),
    }


def _write_whole(path: Path, data: dict[str, Any]) -> None:
    unfinished = path.with_name(path.name + PARTIAL)
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(data, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
