"""Tests promises, folds and joins without an engine."""

from __future__ import annotations

import json
import pickle
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest

from conftest import SPEC, exchange, night
from prumo import Fold, Promise, PrumoError, identity, join, read_specs

POISON = "not JSON"


def lines() -> list[str]:
    """Returns lines: fine, drifting, broken, blank and cut."""
    cut = exchange({"id": 3})[:40]
    return [exchange({"id": 1}), exchange({"id": "7"}), POISON, "", cut, exchange({"tipo": "X"})]


def whole(specs: dict[str, str]) -> bytes:
    """Returns the contract of these lines."""
    contract, _ = Promise(specs).observe("\n".join(lines()).encode(), "a.ndjson")
    return contract


def test_a_line_that_cannot_be_read_is_named(specs: dict[str, str]) -> None:
    """A poison line has its file and line in the contract."""
    contract, broken = Promise(specs).observe("\n".join(lines()).encode(), "a.ndjson", 101)
    assert [place.split(": ")[:2] for place in broken] == [
        ["`a.ndjson`", "103:2"],
        ["`a.ndjson`", "105:40"],
    ]
    written = json.loads(contract)
    assert written["places"] == broken
    assert written["unreadable"] == 2


def test_a_promise_pickles_as_its_specs(specs: dict[str, str]) -> None:
    """A worker gets the same promise."""
    promise = pickle.loads(pickle.dumps(Promise(specs)))
    assert promise.names == ["acme"]
    assert promise.observe("\n".join(lines()).encode(), "a.ndjson")[0] == whole(specs)


@pytest.mark.parametrize("text", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_columns_are_what_the_file_is(specs: dict[str, str], text: pa.DataType) -> None:
    """Whole columns, sliced and in chunks, give the bytes of the file."""
    values = pa.array(["x", *lines(), "y"], pa.string()).cast(text)[1:-1]
    files = pa.array(["a.ndjson"] * 6)
    numbers = pa.array(range(1, 7), pa.int32())
    fold = Fold(Promise(specs))
    fold.take_arrow(files[:2], numbers[:2], values[:2])
    fold.take_arrow(files[2:], numbers[2:], pa.chunked_array([values[2:3], values[3:]]))
    assert fold.contract() == whole(specs)


def test_columns_that_do_not_fit_are_refused(specs: dict[str, str]) -> None:
    """Nothing is read beyond a buffer."""
    fold = Fold(Promise(specs))
    with pytest.raises(ValueError, match="differ in length"):
        fold.take_arrow(pa.array(["a"]), pa.array([1, 2]), pa.array(["x"]))
    with pytest.raises(ValueError, match="is null"):
        fold.take_arrow(pa.array([None], pa.string()), pa.array([1]), pa.array(["x"]))
    with pytest.raises(ValueError, match="do not fit"):
        fold.take_buffers((b"", b""), bytes(8), (bytes(16), b""))
    fold.take_arrow(pa.array(["a"]), pa.array([1]), pa.array([None], pa.string()))
    assert fold.contract() == Promise(specs).observe(b"", "a")[0]


def test_a_fold_pickles_and_merges(specs: dict[str, str]) -> None:
    """Parts of one file, in any order, are the file."""
    odd, even = Fold(Promise(specs)), Fold(Promise(specs))
    for number, line in enumerate(lines(), 1):
        (odd if number % 2 else even).take("a.ndjson", number, line.encode())
    odd = pickle.loads(pickle.dumps(odd))
    even.merge(odd.contract())
    assert even.contract() == whole(specs)
    assert join([odd.contract()], parts=True) == odd.contract()


def test_a_tree_of_joins_is_one_process(specs: dict[str, str]) -> None:
    """Neither the order nor the tree nor a repetition changes a byte."""
    promise, fold = Promise(specs), Fold(Promise(specs))
    contracts = []
    for number in range(5):
        file = f"{number}.ndjson"
        text = "\n".join(night(number, 40))
        contracts.append(promise.observe(text.encode(), file)[0])
        for at, line in enumerate(text.splitlines(), 1):
            fold.take(file, at, line.encode())
    one, two, three, four, five = contracts
    tree = join([join([five, two]), join([join([one, four]), three])])
    assert tree == fold.contract()
    assert join(iter([*contracts, three, one])) == tree
    assert join([promise.observe(b"\n", "empty")[0], tree]) == tree
    assert identity(one) != identity(two)
    assert identity(one) == identity(
        promise.observe("\n".join(night(0, 40)).encode(), "0.ndjson")[0]
    )
    with pytest.raises(PrumoError, match="already in `contract 1`"):
        join([one, tree])
    assert (
        json.loads(join([one, tree], allow_overlap=True))["contracts"][0]["observed"]["exchanges"]
        == 240
    )


def test_a_report_has_findings_and_waivers(specs: dict[str, str]) -> None:
    """A contract is judged as `prumo judge` does it."""
    promise = Promise(specs)
    contract, _ = promise.observe(exchange({"id": "7"}).encode(), "a.ndjson")
    assert "drifts  breaking    type-changed  acme ler_coisa" in promise.report(contract)
    report = json.loads(promise.report(contract, format="json"))
    assert [finding["rule"] for finding in report["findings"]] == ["type-changed"]
    waivers = """
waivers:
  - witness: wire
    rule: type-changed
    operation: ler_coisa
    side: response
    at: /id
    reason: the vendor sends text
    date: 2026-01-01
"""
    waived = promise.report(contract, "text", {"acme": waivers}, "2026-11-30")
    assert "waived" in waived
    with pytest.raises(PrumoError, match="not one of the specs"):
        promise.report(contract, "text", {"other": waivers})
    with pytest.raises(PrumoError, match="no format `pdf`"):
        promise.report(contract, "pdf")


def test_a_redacted_exchange_has_no_person(specs: dict[str, str]) -> None:
    """A secret is replaced, the shape stays."""
    line = exchange({"id": 1, "email": "ana.souza@provedor.com.br"})
    redacted = Promise(specs).redact(line.encode(), b"key")
    assert b"ana.souza" not in redacted
    assert json.loads(redacted)["response"]["body"]["id"] == 1
    with pytest.raises(PrumoError, match="1:2"):
        Promise(specs).redact(POISON.encode(), b"key")


def test_specs_are_read_with_parts_and_waivers(tmp_path: Path) -> None:
    """A folder gives all specs, a file gives its own parts."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme.yaml").write_text(SPEC)
    (tmp_path / "acme.docs.yaml").write_text("facts: []")
    (tmp_path / "acme" / "area.yaml").write_text("paths: {/other: {get: {responses: {}}}}")
    (tmp_path / "other.yaml").write_text(SPEC.replace("acme", "other"))
    assert Promise(read_specs(tmp_path)).names == ["acme", "other"]
    of_file = read_specs(tmp_path / "acme.yaml")
    assert sorted(Path(path).name for path in of_file) == ["acme.yaml", "area.yaml"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError):
        read_specs(tmp_path / "empty")
    with pytest.raises(PrumoError, match="there is no spec"):
        Promise({})


def test_other_threads_run_while_a_file_is_observed(specs: dict[str, str]) -> None:
    """Python's lock is released."""
    data = "\n".join(night(0, 20_000)).encode()
    promise = Promise(specs)
    ticks: list[float] = []
    is_done = threading.Event()

    def tick() -> None:
        while not is_done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    start = time.monotonic()
    promise.observe(data, "a.ndjson")
    end = time.monotonic()
    is_done.set()
    thread.join()
    assert len([at for at in ticks if start < at < end]) >= 3


def test_the_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A user can copy it."""
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    example = readme.split("```python\n")[1].split("```")[0]
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "acme.yaml").write_text(SPEC)
    (tmp_path / "a.ndjson").write_text(exchange({"id": "7"}))
    (tmp_path / "b.ndjson").write_text(f"{exchange({'id': 1})}\n{POISON}\n")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "`b.ndjson`: 2:2: not JSON" in printed
    assert "not judged: 1 finding" in printed
