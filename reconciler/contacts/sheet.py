"""A table whose columns are known, read in slices: the common ground of contact lists and blacklists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reconciler.contacts import findings
from reconciler.contacts.columns import Layout, place
from reconciler.contacts.number import Normaliser, is_region
from reconciler.contacts.source import fetch
from reconciler.contacts.table import Malformed, Row, Table, open_table
from reconciler.model.problem import Location, Problem
from reconciler.model.resource import ContactColumns, FileSource

_SLICE_ROWS = 16384
"""Rows handled together: enough to be fast, few enough to be small."""


@dataclass(frozen=True, slots=True, repr=False)
class Slice:
    """Some rows on end: the line each begins at, its number's text, all its cells."""

    lines: list[int]
    phones: list[str]
    cells: list[list[str]]


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A file of people: its name in problems, its rows, where the cells are, and how its numbers read."""

    shown: str
    table: Table
    layout: Layout
    normaliser: Normaliser

    def __repr__(self) -> str:
        return f"Sheet({self.shown!r}, {self.table!r})"

    def slices(self) -> Iterator[Slice]:
        """Give all rows but the heading and blank ones; raises Malformed."""
        rows = _people(self.table.rows(), self.layout)
        while taken := list(islice(rows, _SLICE_ROWS)):
            lines = [line for line, _ in taken]
            cells = [row for _, row in taken]
            yield Slice(lines, [_phone(row, self.layout) for row in cells], cells)


def open_sheet(
    file: FileSource | None,
    wanted: ContactColumns,
    normaliser: Normaliser,
    declared_at: Location,
    *,
    root: Path,
    environment: Mapping[str, str],
) -> Sheet | list[Problem]:
    """Fetch a file, see what it is and find its columns; what forbids it comes back as problems."""
    content = fetch(file, declared_at, root=root, environment=environment)
    if isinstance(content, Problem):
        return [content]
    shown = content.shown
    try:
        table = open_table(content.data)
        first = next(((line, row) for line, row in table.rows() if not _blank(row)), None)
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


def _people(rows: Iterator[Row], layout: Layout) -> Iterator[Row]:
    heading = layout.header
    for line, row in rows:
        # Most rows have a number; only without one is it worth looking whether the whole row is blank.
        if not (row and row[0]) and _blank(row):
            continue
        if heading:
            heading = False
            continue
        yield line, row


def _blank(row: list[str]) -> bool:
    return not "".join(row).strip()


def _phone(row: list[str], layout: Layout) -> str:
    """Return the text of the number, or nothing where the row's shape makes every cell doubtful."""
    if len(row) > layout.width and not _blank(row[layout.width :]):
        return ""  # an unquoted delimiter has shifted the cells: another number may stand in this column
    return row[layout.phone] if len(row) > layout.phone and not _swallows(row) else ""


def _swallows(row: list[str]) -> bool:
    """Whether a quote left open seems to have swallowed the rows after it: a number on a later line of a cell."""
    return any(
        sum(map(str.isdigit, line)) >= 7
        for cell in row
        if "\n" in cell or "\r" in cell
        for line in cell.splitlines()[1:]
    )
