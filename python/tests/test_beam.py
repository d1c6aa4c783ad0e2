"""Tests the combiner with Beam's own local runner."""

from __future__ import annotations

import pickle
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from conftest import night
from prumo import Promise, join
from prumo.beam import ContractFn

N_FILES = 20
N_LINES = 1_000


def files() -> dict[str, list[str]]:
    """Returns 20,000 exchanges in files, one of them with a poison line, and an empty file."""
    all_files = {f"{number}.ndjson": night(number, N_LINES) for number in range(N_FILES)}
    all_files["7.ndjson"][500] = "not JSON"
    return {**all_files, "empty.ndjson": []}


def one_process(specs: dict[str, str]) -> bytes:
    """Returns the contract that one process makes of the files."""
    promise = Promise(specs)
    return join(
        promise.observe("\n".join(lines).encode(), file)[0] for file, lines in files().items()
    )


def test_a_pipeline_writes_the_bytes_of_one_process(specs: dict[str, str], tmp_path: Path) -> None:
    """However Beam bundles the lines, the contract is the same."""
    rows = [
        (file, number, line)
        for file, lines in files().items()
        for number, line in enumerate(lines, 1)
    ]
    options = PipelineOptions(runner="FnApiRunner", direct_num_workers=2)
    with beam.Pipeline(options=options) as pipeline:
        (
            pipeline
            | beam.Create(rows, reshuffle=True)
            | beam.Reshuffle()
            | beam.CombineGlobally(ContractFn(specs))
            | beam.Map(lambda contract: (tmp_path / "all.contract.json").write_bytes(contract))
        )
    contract = (tmp_path / "all.contract.json").read_bytes()
    assert contract == one_process(specs)
    assert b"`7.ndjson`: 501:2: not JSON" in contract


def test_nothing_is_a_contract_of_nothing(specs: dict[str, str]) -> None:
    """An empty collection has the contract of an empty file."""
    combine = ContractFn(specs)
    empty = combine.extract_output(combine.create_accumulator())
    assert empty == Promise(specs).observe(b"", "empty")[0]
    merged = combine.merge_accumulators([combine.create_accumulator() for _ in range(3)])
    assert combine.extract_output(merged) == empty


def test_an_accumulator_travels_as_its_contract(specs: dict[str, str]) -> None:
    """A bundle's accumulator is taken up elsewhere, without the specs in it."""
    combine = ContractFn(specs)
    lines = night(0, 9)
    one, other = combine.create_accumulator(), combine.create_accumulator()
    for number, line in enumerate(lines, 1):
        one = combine.add_input(one, ("a", number, line))
        pickled = pickle.dumps(one)
        assert b"ler_coisa:" not in pickled
        one, other = other, pickle.loads(pickled)
    contract = combine.extract_output(combine.merge_accumulators([one, other]))
    assert contract == Promise(specs).observe("\n".join(lines).encode(), "a")[0]
