"""Folds whole Arrow columns into a contract."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from prumo import _prumo

if TYPE_CHECKING:
    from collections.abc import Iterator


class Fold(_prumo.Fold):
    """A growing contract of lines, in any order. Pickles as its contract so far."""

    def take_arrow(self, file: Any, line: Any, value: Any) -> None:
        """Takes whole columns: the file, the line and the text of each exchange.

        The columns are `pyarrow` arrays or chunked arrays of the same length. Files and values are
        strings or binary, lines are integers. A value that is null is skipped.

        Args:
            file: The name of the file of each exchange.
            line: Its line, counted from 1.
            value: The exchange, as one line of JSON.

        Raises:
            ValueError: The columns differ in length, or a file or line is null.
        """
        if not len(file) == len(line) == len(value):
            raise ValueError("the columns differ in length")
        for files, lines, values in _chunks(file, line, value):
            self.take_buffers(_bytes(files), _integers(lines), _bytes(values))


def _chunks(file: Any, line: Any, value: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Yields arrays of the same length without nulls, in the types that the fold reads."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = ["file", "line", "value"]
    for batch in pa.table([file, line, value], names=names).to_batches():
        files, lines, values = batch.columns
        if values.null_count:
            is_there = pc.is_valid(values)
            files, lines, values = (column.filter(is_there) for column in (files, lines, values))
        if files.null_count or lines.null_count:
            raise ValueError("a file or a line is null")
        yield files.cast(pa.large_binary()), lines.cast(pa.int64()), values.cast(pa.large_binary())


def _bytes(column: Any) -> tuple[bytes, bytes]:
    """Returns the offsets of a column of large binaries, and the bytes from the first offset on."""
    _, offsets, data = column.buffers()
    if len(column) == 0:
        return b"\0" * 8, b""
    offsets = offsets.slice(column.offset * 8, (len(column) + 1) * 8).to_pybytes()
    # A slice of a large column must not copy all of its bytes.
    start, end = (int.from_bytes(at, sys.byteorder) for at in (offsets[:8], offsets[-8:]))
    return offsets, data.slice(start, end - start).to_pybytes() if end > start else b""


def _integers(column: Any) -> bytes:
    """Returns the integers of a column of 64 bits each."""
    if len(column) == 0:
        return b""
    integers: bytes = column.buffers()[1].slice(column.offset * 8, len(column) * 8).to_pybytes()
    return integers
