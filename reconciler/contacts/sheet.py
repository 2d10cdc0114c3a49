"""A table whose columns are known, read in slices: the common ground of contact lists and blacklists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

from msgspec import Struct

from reconciler.contacts import findings
from reconciler.contacts.columns import Layout, place
from reconciler.contacts.number import Normaliser, is_region
from reconciler.contacts.source import Surroundings, fetch
from reconciler.contacts.table import Chunk, Malformed, Table, open_table
from reconciler.model.problem import Location, Problem
from reconciler.model.resource import ContactColumns, FileSource

_SHORTEST_NUMBER = 7


class Slice(Struct, frozen=True):
    """Some rows on end: the line each begins at, its number's text, all its cells."""

    lines: list[int]
    phones: list[str]
    cells: list[list[str]]

    def __repr__(self) -> str:
        return f"Slice({len(self.lines)} rows)"

    def picked(self, keep: Sequence[bool]) -> Slice:
        """Return the rows marked True."""
        return Slice(
            list(compress(self.lines, keep)),
            list(compress(self.phones, keep)),
            list(compress(self.cells, keep)),
        )

    def after(self, rows: int) -> Slice:
        """Return the rows that follow the first ones."""
        return Slice(self.lines[rows:], self.phones[rows:], self.cells[rows:])


class Sheet(Struct, frozen=True):
    """A file of people: its name in problems, its rows, where the cells are, and how its numbers read."""

    shown: str
    table: Table
    layout: Layout
    normaliser: Normaliser

    def __repr__(self) -> str:
        return f"Sheet({self.shown!r}, {self.table!r})"

    def slices(self) -> Iterator[Slice]:
        """Give all rows but the heading and blank ones; raises Malformed."""
        heading = self.layout.header
        for chunk in self.table.chunks():
            part = _part(chunk, self.layout)
            if heading or not all(map(str.strip, part.phones)):
                # Only now is it worth looking which rows are blank or the heading.
                part = part.picked([not _blank(row) for row in part.cells])
                heading, part = heading and not part.lines, part.after(int(heading))
            if part.lines:
                yield part


def open_sheet(
    file: FileSource | None,
    wanted: ContactColumns,
    normaliser: Normaliser,
    declared_at: Location,
    surroundings: Surroundings,
) -> Sheet | list[Problem]:
    """Fetch a file, see what it is and find its columns; what forbids it comes back as problems."""
    content = fetch(file, declared_at, surroundings)
    if isinstance(content, Problem):
        return [content]
    shown = content.shown
    try:
        table = open_table(content.data)
        first = _first_row(table)
    except Malformed as fault:
        return [malformed(shown, fault)]
    if first is None:
        return [findings.empty(shown)]
    layout = place(first[1], wanted)
    if isinstance(layout, list):
        return [findings.no_column(shown, fault.reason, fault.remedy, first[0]) for fault in layout]
    return Sheet(shown, table, layout, normaliser)


def malformed(shown: str, fault: Malformed) -> Problem:
    """Say what the bytes are instead of a table."""
    return findings.not_a_table(shown, fault.reason, fault.remedy, fault.line)


def region_problems(region: str | None, declared_at: Location) -> list[Problem]:
    """Refuse a region without a numbering plan: under it every national number would be unreadable."""
    return [findings.unknown_region(region, declared_at)] if region and not is_region(region) else []


def _first_row(table: Table) -> tuple[int, list[str]] | None:
    for chunk in table.chunks():
        for line, row in zip(chunk.lines, chunk.rows, strict=True):
            if not _blank(row):
                return line, row
    return None


def _part(chunk: Chunk, layout: Layout) -> Slice:
    """Pick the text of each row's number; nothing where the row's shape makes every cell doubtful."""
    at, width = layout.phone, layout.width
    phones = [row[at] if len(row) == width else _odd(row, layout) for row in chunk.rows]
    if chunk.spanning:
        phones = ["" if _swallows(row) else phone for phone, row in zip(phones, chunk.rows, strict=True)]
    return Slice(chunk.lines, phones, chunk.rows)


def _odd(row: list[str], layout: Layout) -> str:
    """Read a row of another length: delimiters at its end may be missing or left over.

    Cells beyond the last column mean that an unquoted delimiter has shifted the others, and another
    number may stand in this column.
    """
    shifted = len(row) > layout.width and not _blank(row[layout.width :])
    return "" if shifted or len(row) <= layout.phone else row[layout.phone]


def _swallows(row: list[str]) -> bool:
    """Whether a quote left open seems to have swallowed later rows: a cell has a number on a further line."""
    return any(
        sum(map(str.isdigit, line)) >= _SHORTEST_NUMBER for cell in row for line in cell.splitlines()[1:]
    )


def _blank(row: list[str]) -> bool:
    return not "".join(row).strip()
