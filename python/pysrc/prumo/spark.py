"""Observes traffic with Spark: a contract of a data frame, or of files.

    contract = observe(lines(spark, ["s3a://logs/2026-11-30/"]), read_specs("specs/"))

Each task folds whole Arrow columns to one contract, and a tree of joins follows. Only the result
of a finished task counts, so a worker that dies changes no byte.

From a shell: `python -m prumo.spark --specs specs/ PATH… --out all.contract.json`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from prumo import Fold, Promise, PrumoError, identity, join, read_specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyspark.sql import DataFrame, SparkSession

#: The size above which Spark would split a file: larger than any, so that lines can be counted.
_WHOLE_FILES = str(1 << 37)


def observe(
    df: DataFrame,
    specs: Mapping[str, str],
    *,
    file: str = "file",
    line: str = "line",
    value: str = "value",
    allow_overlap: bool = False,
) -> bytes:
    """Returns the contract of a data frame with one exchange per row.

    The contract is the same for any partitions, except that a file whose lines lie in several
    partitions is several shards. A partition that comes twice, with the same lines of the same
    files, counts once.

    Args:
        df: The exchanges.
        specs: The texts of the specs, as `prumo.read_specs` returns them.
        file: The column with the name of the file or topic.
        line: The column with the line, from 1, or the offset.
        value: The column with the exchange, as a string or binary.
        allow_overlap: Whether files with the same exchanges under two names count twice. Otherwise
            they are refused, because one of them may be a copy.
    """
    specs = dict(specs)
    nothing, _ = Promise(specs).observe(b"", "nothing")

    def fold(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        growing = Fold(Promise(specs))
        for batch in batches:
            growing.take_arrow(batch.column(file), batch.column(line), batch.column(value))
        yield pa.record_batch([pa.array([growing.contract()], pa.binary())], names=["contract"])

    contracts = df.select(file, line, value).mapInArrow(fold, "contract binary")
    return join([nothing, *_joined(contracts, allow_overlap)])


def _joined(contracts: DataFrame, allow_overlap: bool) -> list[bytes]:
    """Returns the contracts of all tasks, each once and joined by the executors."""
    tasks = contracts.rdd.map(lambda row: bytes(row.contract))
    # A join can't take a shard out again, so what came twice goes before the first join.
    once = tasks.keyBy(identity).reduceByKey(min).values()
    if once.isEmpty():
        return []
    return [once.treeReduce(lambda one, other: join([one, other], allow_overlap=allow_overlap))]


def lines(spark: SparkSession, paths: Iterable[str]) -> DataFrame:
    """Returns the lines of text files, with the names of their files and their numbers.

    Each file is one task, because only so its lines can be counted. Compressed files are unpacked
    by Spark, which knows them by their names.

    Args:
        spark: The session. Its settings for splitting files change.
        paths: Files, folders or patterns that Spark can read. Each file is read once.
    """
    from pyspark.sql import functions

    for setting in ("maxPartitionBytes", "openCostInBytes"):
        spark.conf.set(f"spark.sql.files.{setting}", _WHOLE_FILES)
    text = spark.read.text(list(dict.fromkeys(paths)), lineSep="\n")
    placed = text.select(
        functions.input_file_name().alias("file"),
        functions.input_file_block_start().alias("start"),
        "value",
    )
    return placed.mapInArrow(_numbered, "file string, line bigint, value string")


def _numbered(batches: Iterator[Any]) -> Iterator[Any]:
    """Adds the number of each line in its file."""
    import pyarrow as pa

    counts: dict[str, int] = {}
    for batch in batches:
        files = batch.column("file").to_pylist()
        if any(start for start in batch.column("start").to_pylist()):
            raise ValueError("a file is split, so its lines can't be counted")
        numbers = []
        for name in files:
            counts[name] = counts.get(name, 0) + 1
            numbers.append(counts[name])
        columns = [batch.column("file"), pa.array(numbers, pa.int64()), batch.column("value")]
        yield pa.record_batch(columns, names=["file", "line", "value"])


def batch_writer(
    specs: Mapping[str, str],
    folder: str | os.PathLike[str],
    *,
    file: str = "file",
    line: str = "line",
    value: str = "value",
) -> Callable[[DataFrame, int], None]:
    """Returns a function for `DataStreamWriter.foreachBatch`.

    It writes `batch-<id>.contract.json` into a folder that the driver can reach. A batch that is
    repeated after a failure replaces its file, so it counts once. `prumo join FOLDER` joins them.
    """

    def write(df: DataFrame, batch_id: int) -> None:
        contract = observe(df, specs, file=file, line=line, value=value)
        _write(Path(folder) / f"batch-{batch_id}.contract.json", contract)

    return write


def _write(path: Path, contract: bytes) -> None:
    """Replaces a file at once, so that it is complete or not there."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(contract)
    part.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """Runs `python -m prumo.spark`."""
    parser = argparse.ArgumentParser(prog="python -m prumo.spark", description=main.__doc__)
    parser.add_argument("--specs", action="append", required=True, help="a spec, or their folder")
    parser.add_argument("--out", default="-", help="the contract file; by default the screen")
    overlap = "files with the same exchanges count twice"
    parser.add_argument("--allow-overlap", action="store_true", help=overlap)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or patterns")
    chosen = parser.parse_args(arguments)

    from pyspark.sql import SparkSession

    try:
        # Before Spark starts, which takes long.
        specs = read_specs(*chosen.specs)
        Promise(specs)
    except (OSError, PrumoError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    spark = SparkSession.builder.appName("prumo").getOrCreate()
    df = lines(spark, chosen.paths)
    contract = observe(df, specs, allow_overlap=chosen.allow_overlap)
    if chosen.out == "-":
        sys.stdout.buffer.write(contract)
    else:
        _write(Path(chosen.out), contract)
    return 0


if __name__ == "__main__":
    sys.exit(main())
