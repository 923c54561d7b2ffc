"""A batch on Spark in parts: groups of files, each of which is whole or is done again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imrpolicy.batches.duck import Counts
from imrpolicy.batches.errors import BatchError
from imrpolicy.batches.job import Result, fail_on_other_job
from imrpolicy.batches.mapping import TableMapping
from imrpolicy.batches.spark.failures import explained
from imrpolicy.batches.spark.files import Folder, Found
from imrpolicy.batches.spark.query import Requests, named_rows
from imrpolicy.batches.spark.text import literal
from imrpolicy.sql.question import Question

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Hidden from those who read the result, as names that start with an underscore are.
JOB, REJECTS = "_job", "_rejects"


@dataclass(frozen=True, slots=True)
class SparkPart:
    """What one part of a job reads.

    Attributes:
        number: Its number, from 0.
        files: Its files; none where a table of the catalogue is read.
    """

    number: int
    files: tuple[Found, ...]

    @property
    def name(self) -> str:
        """The folder of its output: a value of the column `part` for those who read the result."""
        return f"part={self.number:05}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkJob:
    """A job.

    Attributes:
        session: The session.
        source: The input, as it was named.
        below: The folder of the files; none for a table.
        parts: The parts.
        output: Where the result goes.
        question: What is asked.
        mapping: How columns and values become ours.
    """

    session: SparkSession
    source: str
    below: Folder | None
    parts: tuple[SparkPart, ...]
    output: Folder
    question: Question
    mapping: TableMapping

    def run(self, *, resume: bool) -> Result:
        """Do what is not done yet.

        Raises:
            BatchError: The input does not fit, the folder belongs to another job, or Spark failed.
        """
        done = {part.number: self._done(part) for part in self.parts} if self._is_ours(resume=resume) else {}
        # Every part is looked at before the first is begun: a wrong column is no news for the end of a night.
        left = {
            part.number: Requests.of(self._read(part), self.question, self.mapping, self.source)
            for part in self.parts
            if done.get(part.number) is None
        }
        if not done:
            self.output.write(f"{JOB}/job.json", json.dumps(self._fingerprint(), indent=1))
        total, ignored, rejects = Counts(), set[str](), []
        for part in self.parts:
            record = done.get(part.number) or self._one_part(part, left[part.number])
            counts = Counts(**record["counts"])
            total += counts
            ignored |= set(record["ignored"])
            if counts.rejected:
                rejects.append(self.output.path_of(f"{REJECTS}/{part.name}"))
        return Result(
            counts=total,
            outputs=self._outputs(),
            rejects=tuple(rejects),
            ignored=tuple(sorted(ignored)),
            skipped=len(self.parts) - len(left),
        )

    def _read(self, part: SparkPart) -> DataFrame:
        with explained(self.source):
            if self.below is None:
                return self.session.table(self.source)
            # Without merged schemas a column that the first file lacks would be lost without a word, and
            # settings of the session must not let Spark pass over what it cannot read.
            options = {"mergeSchema": "true", "ignoreCorruptFiles": "false", "ignoreMissingFiles": "false"}
            reader = self.session.read.options(**options).option("basePath", self.below.address)
            return reader.parquet(*(_escaped(file.address) for file in part.files))

    def _one_part(self, part: SparkPart, requests: Requests) -> dict[str, Any]:
        from pyspark.sql import Observation

        output, rejects = self.output.at(part.name), f"{REJECTS}/{part.name}"
        self.output.delete(rejects)
        seen = Observation()
        with explained(self.source):
            requests.determinations(seen).write.mode("overwrite").parquet(output)
            rows = int(seen.get["rows"])
            written = self.session.read.parquet(output).count()  # of the files' own footers
            rejected = self._reject(requests, rejects) if rows != written else 0
        counts = Counts(rows=rows, written=written, rejected=rejected).complete(self.source)
        # What says that a part is done comes last: a part without it is done again.
        record = {
            "counts": asdict(counts),
            "ignored": list(requests.typed.ignored),
            "files": self._files(part),
        }
        self.output.write(f"{JOB}/{part.name}.json", json.dumps(record))
        return record

    def _reject(self, requests: Requests, folder: str) -> int:
        from pyspark.sql import Observation, functions

        seen = Observation()
        rejected = requests.rejected(*self._rows()).sortWithinPartitions("file", "row")
        counted = rejected.observe(seen, functions.count(functions.lit(1)).alias("rows"))
        writer = counted.write.mode("overwrite").option("header", True).option("escape", '"')
        writer.csv(self.output.at(folder))
        return int(seen.get["rows"])

    def _rows(self) -> tuple[str, str]:
        """The expressions of the file and the number of a row."""
        if self.below is None:
            return named_rows(self.source)
        # Spark writes addresses as URIs do, except that a plus sign stands for itself.
        path = "url_decode(replace(_metadata.file_path, '+', '%2B'))"
        root = literal(self.below.address.rstrip("/") + "/")
        inside = (
            f"CASE WHEN startswith({path}, {root}) THEN substring({path}, length({root}) + 1) ELSE {path} END"
        )
        return inside, "_metadata.row_index + 1"

    def _outputs(self) -> tuple[Path, ...]:
        if self.output.local is None:
            return ()
        return tuple(sorted(Path(self.output.local).glob("part=*/*.parquet")))

    # --- whose folder it is ---------------------------------------------------------------------------------

    def _is_ours(self, *, resume: bool) -> bool:
        """Whether the output is that of this job, begun before.

        Raises:
            BatchError: It is that of another one, or this one was begun and nobody said to go on.
        """
        where = self.output.address
        begun = self.output.read(f"{JOB}/job.json")
        if begun is None:
            # A run that was stopped while it wrote that file has done nothing else.
            if not self.output.is_empty() and not self.output.exists(JOB):
                raise BatchError(f"{where} is not empty; name a new folder")
            return False
        if self.below is None:
            raise BatchError(f"{where} is there already, and a table may have changed; name a new folder")
        fail_on_other_job(json.loads(begun), self._fingerprint(), where, resume=resume)
        return True

    def _done(self, part: SparkPart) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(self.output.read(f"{JOB}/{part.name}.json") or "")
        except ValueError:
            return None
        return found if found.get("files") == self._files(part) else None

    def _files(self, part: SparkPart) -> list[list[Any]]:
        """Name and size of what holds the result of a part, which a run thought dead may have added to."""
        folder = Folder(self.session, self.output.at(part.name))
        return [[f.address.rpartition("/")[2], f.size] for f in folder.files()] if folder.exists() else []

    def _fingerprint(self) -> dict[str, Any]:
        """What a result depends on: the input, the query, the mapping."""
        query = self.question.query("spark", "requests") + self.question.check("spark", "requests")
        return {
            "source": self.source if self.below is None else self.below.address,
            "parts": [[[f.address, f.size, f.changed] for f in part.files] for part in self.parts],
            "query": hashlib.sha256(query.encode()).hexdigest(),
            "mapping": self.mapping.as_data(),
        }


def _escaped(address: str) -> str:
    """An address in which no sign is a pattern."""
    return "".join(f"\\{sign}" if sign in "\\*?[]{}" else sign for sign in address)
