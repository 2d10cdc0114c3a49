"""Bytes of a csv or txt file -> rows of cells with their line numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, Protocol

from msgspec import Struct

DELIMITERS = ",;\t|"

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF", b"SQLite format")
_SAMPLE_LINES = 200
_QUOTED = re.compile(r'"[^"]*"')

_CHUNK_ROWS = 512
"""Below the number of new lists at which the garbage collector looks at all of them: three times as fast."""


class Chunk(NamedTuple):
    """Rows on end: the line each begins at, their cells, and the last line of all."""

    lines: list[int]
    rows: list[list[str]]
    end: int

    @property
    def spanning(self) -> bool:
        """Whether some row goes over several lines."""
        return self.end - self.lines[0] >= len(self.lines)


class Malformed(Exception):
    """The bytes are no table. `reason` says why, in words of ours; `line` where, 0 for everywhere."""

    def __init__(self, reason: str, remedy: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.line = line


class Table(Struct, frozen=True):
    """A file's bytes and how to read them; rows are read anew each time, so memory holds only the bytes."""

    data: bytes
    encoding: str
    delimiter: str

    def __repr__(self) -> str:
        return f"Table({len(self.data)} bytes, {self.encoding}, delimiter {self.delimiter!r})"

    def chunks(self) -> Iterator[Chunk]:
        """Give all rows, blank ones too, a few hundred at a time; raises Malformed.

        Quotes are taken strictly: a quote left open would otherwise swallow the rows after it.
        """
        reader = csv.reader(_lines(self.data, self.encoding), delimiter=self.delimiter, strict=True)
        while (chunk := _chunk(reader)).rows:
            yield chunk


def open_table(data: bytes) -> Table:
    """Find out encoding and delimiter; raises Malformed for what is no text."""
    if data.startswith(_CONTAINERS):
        raise Malformed("it is a spreadsheet, an archive or a database, not text", "export it as CSV (UTF-8)")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    _check_text(data, encoding)
    return Table(data, encoding, _delimiter(data, encoding))


def _check_text(data: bytes, encoding: str) -> None:
    """Refuse rather than guess another encoding: a wrong guess would read a wrong name aloud."""
    offset = -1
    text = ""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start
    if offset >= 0:  # outside the handler: the error object holds the whole file
        line = data.count(b"\n", 0, offset) + 1
        raise Malformed(f"it is not {_spoken(encoding)}", "save it as UTF-8 (in Excel: CSV UTF-8)", line)
    zero = text.find("\0")
    if zero >= 0:
        line = text.count("\n", 0, zero) + 1
        raise Malformed("it holds zero bytes", "save it as UTF-8, or as UTF-16 with a byte order mark", line)


def _spoken(encoding: str) -> str:
    return {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())


def _lines(data: bytes, encoding: str) -> io.TextIOWrapper:
    """Part the text at line feeds, carriage returns or both, and keep them, as the csv module wants it."""
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")


def _delimiter(data: bytes, encoding: str) -> str:
    """Choose the delimiter that the first line has and most lines agree on; without any, a comma."""
    sample = [_QUOTED.sub("", line) for line in islice(_lines(data, encoding), _SAMPLE_LINES)]
    sample = [line for line in sample if line.strip()]
    return max(DELIMITERS, key=lambda sign: _agreement(sign, sample))


def _agreement(sign: str, sample: list[str]) -> tuple[bool, int, int]:
    counts = [line.count(sign) for line in sample]
    return (counts != [] and counts[0] > 0, sum(count > 0 for count in counts), sum(counts))


class _Reader(Iterator[list[str]], Protocol):
    """What `csv.reader` returns; the csv module names no type for it."""

    line_num: int


def _chunk(reader: _Reader) -> Chunk:
    """Read some rows; errors of the csv module become Malformed, raised where nothing is chained."""
    lines: list[int] = []
    rows: list[list[str]] = []
    first = reader.line_num + 1
    try:
        for cells in islice(reader, _CHUNK_ROWS):
            lines.append(first)
            rows.append(cells)
            first = reader.line_num + 1
    except csv.Error:
        rows = []
    else:
        return Chunk(lines, rows, reader.line_num)
    remedy = "close every quote, and double the quotes inside a quoted cell"
    raise Malformed("its quotes do not match, or a cell is endless", remedy, first)
