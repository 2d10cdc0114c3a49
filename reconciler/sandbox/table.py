"""A table of a vendor: rows by id, and new rows that stay out of the first lists."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    """What a table holds."""

    id: int
    hidden_reads: int


RowType = TypeVar("RowType", bound=Row)


class Table(Generic[RowType]):
    """Rows of one kind by id; ids count up and are never given twice."""

    def __init__(self, first_id: int) -> None:
        self._rows: dict[int, RowType] = {}
        self._next_id = first_id

    def __iter__(self) -> Iterator[RowType]:
        return iter(self._rows.values())

    def take_id(self) -> int:
        """Give the next id."""
        self._next_id += 1
        return self._next_id - 1

    def set_next_id(self, chosen: int) -> None:
        """Choose the next id; one that was given already can't come again."""
        if chosen < self._next_id:
            raise ValueError(f"the next id is {self._next_id} already")
        self._next_id = chosen

    def add(self, row: RowType) -> None:
        """Keep a row."""
        self._rows[row.id] = row

    def get(self, row_id: int) -> RowType | None:
        """Get a row, if there."""
        return self._rows.get(row_id)

    def remove(self, row_id: int) -> None:
        """Drop a row."""
        del self._rows[row_id]

    def listed(self) -> list[RowType]:
        """List the rows that a read shows now; reading wears off what hides the others."""
        shown = [row for row in self._rows.values() if not row.hidden_reads]
        for row in self._rows.values():
            row.hidden_reads = max(0, row.hidden_reads - 1)
        return shown
