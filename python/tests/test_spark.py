"""Tests the job with Spark itself, on two threads with four attempts for each task."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import SPEC, night
from prumo import Promise, PrumoError, join, read_specs
from prumo.spark import batch_writer, lines, main, observe

if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)

pyspark_sql = pytest.importorskip("pyspark.sql")

POISON = "not JSON"


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Returns a session that survives the end of a worker."""
    session = (
        pyspark_sql.SparkSession.builder.master("local[2,4]")
        .appName("prumo tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def traffic(tmp_path: Path) -> Path:
    """Returns a folder: plain and compressed files, a poison line, and an empty file."""
    folder = tmp_path / "traffic"
    folder.mkdir()
    for number in range(6):
        text = night(number, 500)
        if number == 3:
            text[200] = POISON
        body = ("\n".join(text) + "\n").encode()
        if number % 2:
            (folder / f"{number}.ndjson.gz").write_bytes(gzip.compress(body))
        else:
            (folder / f"{number}.ndjson").write_bytes(body)
    (folder / "empty.ndjson").write_bytes(b"")
    return folder


def uri(file: Path) -> str:
    """Returns the name that Spark gives a file."""
    return f"file://{file}"


def one_process(specs: dict[str, str], traffic: Path) -> bytes:
    """Returns the contract that one process makes of the files."""
    promise = Promise(specs)
    contracts = []
    for file in sorted(traffic.iterdir()):
        body = file.read_bytes()
        data = gzip.decompress(body) if file.suffix == ".gz" else body
        contracts.append(promise.observe(data, uri(file))[0])
    return join(contracts)


def test_files_give_the_bytes_of_one_process(
    spark: Any, specs: dict[str, str], traffic: Path
) -> None:
    """A poison line and an empty shard are in the data, and a path is given twice."""
    contract = observe(lines(spark, [str(traffic), str(traffic)]), specs)
    assert contract == one_process(specs, traffic)
    assert f"`{uri(traffic / '3.ndjson.gz')}`: 201:2: not JSON".encode() in contract


def test_a_killed_worker_changes_no_byte(
    spark: Any, specs: dict[str, str], traffic: Path, tmp_path: Path
) -> None:
    """The task of a worker that dies midway is run again, and counts once."""
    mark = str(tmp_path / "killed")

    def die_once(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield batch.slice(0, batch.num_rows // 2)
            is_chosen = batch.column("file")[0].as_py().endswith("4.ndjson")
            if is_chosen and not os.path.exists(mark):
                with open(mark, "x"):
                    os.kill(os.getpid(), signal.SIGKILL)
            yield batch.slice(batch.num_rows // 2)

    df = lines(spark, [str(traffic)])
    contract = observe(df.mapInArrow(die_once, df.schema), specs)
    assert os.path.exists(mark), "no worker was killed"
    assert contract == one_process(specs, traffic)


def test_a_shard_that_is_given_twice_counts_once(
    spark: Any, specs: dict[str, str], traffic: Path
) -> None:
    """The same partitions of a union are told apart from others by their lines."""
    df = lines(spark, [str(traffic)])
    again = lines(spark, [str(traffic / "2.ndjson"), str(traffic / "3.ndjson.gz")])
    assert observe(df.union(again), specs) == one_process(specs, traffic)


def test_a_copy_under_another_name_is_refused_or_counts_twice(
    spark: Any, specs: dict[str, str], traffic: Path
) -> None:
    """A copy may be a mistake, so the caller decides."""
    shutil.copy(traffic / "2.ndjson", traffic / "copy.ndjson")
    df = lines(spark, [str(traffic / "2.ndjson"), str(traffic / "copy.ndjson")])
    with pytest.raises(Exception, match="which is already in"):
        observe(df, specs)
    data = (traffic / "2.ndjson").read_bytes()
    names = [uri(traffic / "2.ndjson"), uri(traffic / "copy.ndjson")]
    both = [Promise(specs).observe(data, name)[0] for name in names]
    assert observe(df, specs, allow_overlap=True) == join(both, allow_overlap=True)


def test_a_frame_without_rows_or_files_is_a_contract_of_nothing(
    spark: Any, specs: dict[str, str], traffic: Path
) -> None:
    """An empty input is a contract of nothing."""
    df = lines(spark, [str(traffic / "empty.ndjson")])
    nothing = Promise(specs).observe(b"", "empty")[0]
    assert observe(df, specs) == nothing
    with pytest.raises(PrumoError):
        observe(df, {"acme.yaml": "title: no spec"})


def test_columns_of_a_stream_have_other_names(
    spark: Any, specs: dict[str, str], tmp_path: Path
) -> None:
    """Topic and offset name the origin, and a batch that is repeated replaces its file."""
    text = night(0, 10)
    rows = [("topic/0", 100 + offset, value) for offset, value in enumerate(text)]
    df = spark.createDataFrame(rows, "topic string, offset bigint, value string").coalesce(1)
    write = batch_writer(specs, tmp_path, file="topic", line="offset")
    for _ in range(2):
        write(df, 7)
    [written] = tmp_path.glob("*.contract.json")
    assert written.name == "batch-7.contract.json"
    expect, _ = Promise(specs).observe("\n".join(text).encode(), "topic/0", 100)
    assert written.read_bytes() == expect


def test_the_command_refuses_what_is_no_spec(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason is said before Spark starts."""
    (tmp_path / "acme.yaml").write_text("title: no spec")
    for specs in ("missing.yaml", "acme.yaml"):
        assert main(["--specs", str(tmp_path / specs), "traffic"]) == 1
        assert capsys.readouterr().err.startswith("error: ")


def test_the_command_writes_the_contract(traffic: Path, tmp_path: Path) -> None:
    """`python -m prumo.spark` is a job of its own."""
    (tmp_path / "acme.yaml").write_text(SPEC)
    out = tmp_path / "all.contract.json"
    command = [sys.executable, "-m", "prumo.spark", "--specs", str(tmp_path / "acme.yaml")]
    subprocess.run(
        [*command, str(traffic), "--out", str(out)],
        check=True,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    assert out.read_bytes() == one_process(read_specs(tmp_path / "acme.yaml"), traffic)
