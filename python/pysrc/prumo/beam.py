"""Observes traffic in a Beam pipeline: a contract of a whole collection.

    lines | beam.CombineGlobally(ContractFn(read_specs("specs/")))

where `lines` has `(file, line, value)` for each exchange: the name of its file or topic, its line
or offset, and its text. The contract is the same however Beam bundles the lines.
"""

from __future__ import annotations

from typing import Any, Union

import apache_beam as beam

from prumo import Fold, Promise, join

Element = tuple[str, int, Union[bytes, str]]


class _Accumulator:
    """A fold that pickles as its contract, without the specs."""

    def __init__(self, contract: bytes | None = None) -> None:
        self.fold: Fold | None = None
        self.contract = contract

    def settled(self) -> bytes | None:
        """Returns the contract so far, or `None` if nothing was taken."""
        if self.fold is not None:
            self.contract = self.fold.contract()
        return self.contract

    def __reduce__(self) -> tuple[type[_Accumulator], tuple[bytes | None]]:
        return _Accumulator, (self.settled(),)


class ContractFn(beam.CombineFn):
    """Combines `(file, line, value)` to the contract of all of them.

    Files of one name are one shard, whichever bundles have their lines. An exchange that comes
    twice counts twice, so a source must not repeat a file.
    """

    def __init__(self, specs: dict[str, str]) -> None:
        """Observes along these specs, as `prumo.read_specs` returns them."""
        self._promise = Promise(specs)

    def create_accumulator(self, *args: Any, **kwargs: Any) -> _Accumulator:
        """Starts with nothing."""
        return _Accumulator()

    def add_input(
        self, mutable_accumulator: _Accumulator, element: Element, *args: Any, **kwargs: Any
    ) -> _Accumulator:
        """Takes one line."""
        file, line, value = element
        accumulator = mutable_accumulator
        if accumulator.fold is None:
            accumulator.fold = Fold(self._promise, accumulator.contract)
        accumulator.fold.take(file, line, value.encode() if isinstance(value, str) else value)
        return accumulator

    def merge_accumulators(self, accumulators: Any, *args: Any, **kwargs: Any) -> _Accumulator:
        """Joins the contracts of several bundles."""
        settled = (accumulator.settled() for accumulator in accumulators)
        contracts = [contract for contract in settled if contract is not None]
        return _Accumulator(join(contracts, parts=True) if contracts else None)

    def extract_output(self, accumulator: _Accumulator, *args: Any, **kwargs: Any) -> bytes:
        """Returns the contract."""
        return Fold(self._promise, accumulator.settled()).contract()
