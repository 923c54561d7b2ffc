"""Tables of requests in, determinations out: the batch as a Python program calls it.

Nothing here needs the extra `batch` until it is called.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.result import BatchResult
from imrpolicy.evaluate import Options, PolicyLibrary
from imrpolicy.facts import DATES, REQUEST, ValueReader
from imrpolicy.policy import Policy

if TYPE_CHECKING:
    import pyarrow as pa

    from imrpolicy.batches.duck import Engine
    from imrpolicy.batches.mapping import TableMapping
    from imrpolicy.sql import Question

StrPath = str | os.PathLike[str]


@overload
def batch(
    requests: Any,
    *,
    output: None = ...,
    library: PolicyLibrary | None = ...,
    policy: Policy | str | None = ...,
    as_of: dt.date | str | None = ...,
    strict: bool = ...,
    include_drafts: bool = ...,
    allow_not_encoded: bool = ...,
    trace: bool = ...,
    open: bool = ...,
    mapping: TableMapping | Mapping[str, Any] | StrPath | None = ...,
    rejects: StrPath | None = ...,
    resume: bool = ...,
    memory: str | None = ...,
    threads: int | None = ...,
) -> BatchResult[pa.Table]: ...


@overload
def batch(
    requests: Any,
    *,
    output: StrPath,
    library: PolicyLibrary | None = ...,
    policy: Policy | str | None = ...,
    as_of: dt.date | str | None = ...,
    strict: bool = ...,
    include_drafts: bool = ...,
    allow_not_encoded: bool = ...,
    trace: bool = ...,
    open: bool = ...,
    mapping: TableMapping | Mapping[str, Any] | StrPath | None = ...,
    rejects: StrPath | None = ...,
    resume: bool = ...,
    memory: str | None = ...,
    threads: int | None = ...,
) -> BatchResult[None]: ...


def batch(
    requests: Any,
    *,
    output: StrPath | None = None,
    library: PolicyLibrary | None = None,
    policy: Policy | str | None = None,
    as_of: dt.date | str | None = None,
    strict: bool = False,
    include_drafts: bool = False,
    allow_not_encoded: bool = False,
    trace: bool = True,
    open: bool = False,
    mapping: TableMapping | Mapping[str, Any] | StrPath | None = None,
    rejects: StrPath | None = None,
    resume: bool = False,
    memory: str | None = None,
    threads: int | None = None,
) -> BatchResult[Any]:
    """Determine the requests of a table: for each row what `PolicyLibrary.evaluate` gives for one request.

    A row that breaks the schema is never evaluated and never dropped: it is among the rejects, with its
    number and the reason. What is NULL is not documented; so is NaN in a data frame of pandas, which often
    has nothing else to say it with. In Arrow and polars NaN is a value, and one that no fact can have.

    Args:
        requests: One row for each request, in the columns that `imrpolicy schema --table` lists: an Arrow
            table, a data frame of pandas or polars, anything else with `__arrow_c_stream__`, such as a
            `RecordBatchReader`, or the path of a Parquet, CSV or JSON lines file or of a folder of them.
        output: A file that ends in `.parquet`, `.csv` or `.jsonl`, or a folder for a partitioned result,
            which appears when it is whole; a stream of any length is evaluated in bounded memory. Without it
            the determinations come back as an Arrow table, in the order of the rows.
        library: The policies; without it those that come with the package, loaded anew for each call.
        policy: The one policy that is asked, whatever governs: `id`, `id@version`, or a policy.
        as_of: The day that stands in for the dates that a request lacks, as a date or `2013-06-20`.
        strict: Presume nothing that the record does not say.
        include_drafts: Let drafts govern.
        allow_not_encoded: Pass over sources that nobody has encoded, as if they were silent. They may not be.
        trace: Give every policy that was looked at, with the status of each criterion.
        open: Give exactly the facts that can still change each outcome, which can take its time.
        mapping: How other columns and values become ours: the path of a mapping file, or what it holds,
            `{"columns": {ours: theirs}, "values": {ours: {theirs: ours}}}`.
        rejects: Where rows that break the schema go, a CSV file; without it beside the output.
        resume: Go on with a job from files into a folder that was interrupted.
        memory: The most memory that DuckDB takes, such as `4GB`; determinations in memory are not in it.
        threads: The most threads; without it all cores.

    Raises:
        BatchError: The call or a column cannot be understood, a file cannot be read, or there is no room to
            write; no half output is left. What the program behind a stream raises stays what it is.
        OSError: There is no access to a file or a folder.
        IssuesError: The policies that come with the package cannot be loaded.
        MissingExtraError: DuckDB, pyarrow or sqlglot is not installed: `pip install "imrpolicy[batch]"`.

    Examples:
        >>> import pyarrow as pa
        >>> requests = pa.table(
        ...     {
        ...         "case_id": ["one", "two", "three"],
        ...         "request_id": ["unit", "unit", "unit"],
        ...         "jurisdiction": ["ca_workers_compensation"] * 3,
        ...         "request__service": ["continuous_flow_cryotherapy"] * 3,
        ...         "request__duration_days": [60, None, -1],
        ...     }
        ... )
        >>> result = batch(requests, as_of="2013-12-01")
        >>> result.determinations.column("outcome").to_pylist()
        ['upheld', 'undetermined']
        >>> result.rejects.column("reason").to_pylist()
        ['`request__duration_days` is out of range: it lies between 1 day and 3650 days']
    """
    source = Path(requests) if isinstance(requests, (str, os.PathLike)) else None
    _fail_on_wrong_options(source, output, policy=policy, rejects=rejects, resume=resume, open=open)
    library = library or PolicyLibrary.load()
    options = Options(
        as_of=_day(as_of, library),
        strict=strict,
        include_drafts=include_drafts,
        allow_not_encoded=allow_not_encoded,
    )
    question = _question(library, policy, options, trace=trace, exact=open)
    engine = engine_for(question, mapping, memory, threads)
    kept = Path(rejects) if rejects is not None else None
    if output is None:
        return _in_memory(engine, requests if source is None else source)
    return _into_files(engine, requests if source is None else source, Path(output), kept, resume=resume)


def _in_memory(engine: Engine, requests: Any) -> BatchResult[Any]:
    from imrpolicy.batches.frames import given
    from imrpolicy.batches.tables import evaluate_files, evaluate_table

    if isinstance(requests, Path):
        done = evaluate_files(engine, requests)
    else:
        done = evaluate_table(engine, given(requests, engine.question.library.dictionary, engine.mapping))
    return BatchResult(
        counts=done.counts,
        determinations=done.determinations,
        ignored=done.ignored,
        _rejected=done.rejects,
    )


def _into_files(
    engine: Engine, requests: Any, output: Path, rejects: Path | None, *, resume: bool
) -> BatchResult[Any]:
    from imrpolicy.batches.frames import given
    from imrpolicy.batches.job import run
    from imrpolicy.batches.tables import evaluate_into_files

    if isinstance(requests, Path):
        done = run(
            requests,
            output,
            engine.question,
            mapping=engine.mapping,
            rejects=rejects,
            resume=resume,
            memory=engine.memory,
            threads=engine.threads,
            stream=engine.stream,
        )
    else:
        rows = given(requests, engine.question.library.dictionary, engine.mapping)
        done = evaluate_into_files(engine, rows, output, rejects=rejects)
    return BatchResult(
        counts=done.counts,
        determinations=None,
        outputs=done.outputs,
        reject_files=done.rejects,
        ignored=done.ignored,
        skipped=done.skipped,
    )


# --- what was asked ----------------------------------------------------------------------------------------


def _fail_on_wrong_options(
    source: Path | None,
    output: StrPath | None,
    *,
    policy: Policy | str | None,
    rejects: StrPath | None,
    resume: bool,
    open: bool,
) -> None:
    """Options that go together with nothing else that was asked."""
    if open and policy is not None:
        raise BatchError("`open` asks the whole library; leave `policy` out")
    if output is None and rejects is not None:
        raise BatchError("without `output` the rejects are in the result; leave `rejects` out")
    if resume and (source is None or output is None):
        raise BatchError("only a job from files into a folder can be resumed; leave `resume` out")


def _question(
    library: PolicyLibrary, policy: Policy | str | None, options: Options, *, trace: bool, exact: bool
) -> Question:
    from imrpolicy.sql import Question

    if isinstance(policy, str):
        try:
            policy = library.policy(policy)
        except KeyError as error:
            raise BatchError(str(error.args[0])) from None
    return Question(library=library, policy=policy, options=options, trace=trace, exact=exact)


def _day(value: dt.date | str | None, library: PolicyLibrary) -> dt.date | None:
    """A day as `evaluate` takes it."""
    if value is None:
        return None
    day, problem = ValueReader(library.dictionary).read_value(f"{DATES}.{REQUEST}", value, ("as_of",))
    if problem is not None:
        raise BatchError(f"`as_of`: {problem.message}; {problem.help}")
    assert isinstance(day, dt.date)  # noqa: S101 - it is a date or a problem
    return day


def engine_for(
    question: Question,
    mapping: TableMapping | Mapping[str, Any] | StrPath | None,
    memory: str | None,
    threads: int | None,
) -> Engine:
    """DuckDB, as a question from a program is put to it; the mapping is read or made of what it holds."""
    from imrpolicy.batches.duck import Engine
    from imrpolicy.batches.mapping import TableMapping, mapping_from, read_mapping

    dictionary = question.library.dictionary
    if mapping is None:
        mapping = TableMapping()
    elif isinstance(mapping, (str, os.PathLike)):
        mapping = read_mapping(Path(mapping), dictionary)
    elif isinstance(mapping, Mapping):
        mapping = mapping_from(mapping, dictionary)
    return Engine(
        question=question,
        mapping=mapping,
        stream=io.StringIO(),  # a program has no use for a progress bar
        memory=memory,
        threads=threads,
    )
