"""The extension module. Import its names from `prumo`."""

from collections.abc import Iterable
from typing import final

class PrumoError(ValueError):
    """A spec, a contract or an exchange that can't be used, with its place and the remedy."""

@final
class Promise:
    """What some specs promise. Pickles as the texts of the specs."""

    def __new__(cls, specs: dict[str, str]) -> Promise:
        """Reads specs: the texts of their files by path, as `prumo.read_specs` returns them."""

    @property
    def names(self) -> list[str]:
        """The names of the specs."""

    def observe(self, data: bytes, file: str, first_line: int = 1) -> tuple[bytes, list[str]]:
        """Observes the exchanges of a file, or of a part of it that starts with `first_line`.

        Returns a contract, and the first of the lines that could not be read, one sentence each.
        """

    def report(
        self,
        contract: bytes,
        format: str = "text",
        waivers: dict[str, str] | None = None,
        today: str | None = None,
    ) -> str:
        """Judges a contract, and returns the report in one of the formats of `prumo judge`.

        Waivers beside the specs hold, and those in `waivers`: texts by the name of the spec.
        `today` is a date such as `2026-11-30`; by default the date of this machine.
        """

    def redact(self, data: bytes, key: bytes) -> bytes:
        """Returns exchanges without persons and secrets, one per line, in the same shapes.

        `key` decides the values that stand in place of real ones, and must stay secret.
        """

class Fold:
    """A growing contract of lines, in any order. Pickles as its contract so far."""

    def __new__(cls, promise: Promise, contract: bytes | None = None) -> Fold:
        """Starts with nothing, or with a contract of other lines."""

    def take(self, file: str, line: int, value: bytes) -> None:
        """Takes one line of a file. A blank one is skipped."""

    def take_buffers(
        self, files: tuple[bytes, bytes], lines: bytes, values: tuple[bytes, bytes]
    ) -> None:
        """Takes columns: offsets and bytes of the files, the lines, and those of the values.

        Offsets and lines are 64-bit integers of this machine, as in an Arrow array. Bytes start at
        the first offset.
        """

    def merge(self, contract: bytes) -> None:
        """Adds the contract of other lines, also of the same files."""

    def contract(self) -> bytes:
        """Returns the contract so far. The fold goes on."""

def join(contracts: Iterable[bytes], *, parts: bool = False, allow_overlap: bool = False) -> bytes:
    """Joins contracts into one, to the same bytes in any order.

    A contract that is given twice counts once. One with a part of another's shards is refused,
    unless `allow_overlap`. With `parts`, contracts may have observed parts of the same file.
    """

def identity(contract: bytes) -> str:
    """Returns a text that is the same for contracts of the same shards and specs.

    An engine that runs a task twice gives two contracts of one identity; either may be taken.
    """
