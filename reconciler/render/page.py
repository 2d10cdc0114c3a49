"""Pages of Markdown: parts one below the other, tables cut where a page is full, and what was cut is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from reconciler.render import words


class Room(NamedTuple):
    """How many bytes of UTF-8 a page may have, and where whatever is cut can be found."""

    size: int
    elsewhere: str


SUMMARY = Room(1_000_000, "the JSON report has them")
"""A step's summary on GitHub: 1 MiB, above which all of it is dropped. It may hold more than one page."""
COMMENT = Room(60_000, "the run's summary has them")
"""A comment or an issue on GitHub: 65,536 characters, above which the request is refused."""


class Table(Struct, frozen=True):
    """A table that may lose its last rows. `title` folds it away; the last so many columns hold numbers.

    `sorts` says of each row of what sort it is, so that the rows that were cut can be counted by sort.
    `rank`: of several tables the one with the lowest rank gets its rows first.
    """

    names: tuple[str, ...]
    rows: tuple[str, ...]
    numbers: int = 0
    title: str = ""
    sorts: tuple[str, ...] = ()
    rank: int = 5

    def text(self, rows: int, elsewhere: str) -> str:
        """The table with so many of its rows, and how many more there are."""
        head = f"| {' | '.join(self.names)} |"
        rule = "|---" * (len(self.names) - self.numbers) + "|---:" * self.numbers + "|"
        lines = [head, rule, *self.rows[:rows]] if rows else []
        left = len(self.rows) - rows
        if left:
            lines += ["", f"and {words.count(left)} more{self._sorts(rows)}; {elsewhere}"]
        return folded(self.title, "\n".join(lines)) if self.title else "\n".join(lines)

    def fitting(self, room: int, elsewhere: str) -> int:
        """How many of its rows fit into so many bytes beyond those of the table without any."""
        used = len(self.text(0, elsewhere).encode())
        for number, row in enumerate(self.rows):
            used += len(row.encode()) + 1
            if used > room:
                return number
        return len(self.rows)

    def _sorts(self, rows: int) -> str:
        counted = Counter(self.sorts[rows:])
        return f" ({', '.join(f'{words.count(n)} {sort}' for sort, n in counted.items())})" if counted else ""


_SPARE = 400
"""Bytes for heads, rules and the lines that say how many more there are."""

Part = str | Table


def folded(title: str, content: str) -> str:
    """Content behind its title, until somebody opens it."""
    return f"<details><summary>{title}</summary>\n\n{content}\n\n</details>"


def page(parts: Iterable[Part], room: Room = SUMMARY) -> str:
    """One text of all parts that say something, not larger than the room."""
    said = [part for part in parts if part and not (isinstance(part, Table) and not part.rows)]
    rows = _shared(said, room)
    lines = [part if isinstance(part, str) else part.text(rows[id(part)], room.elsewhere) for part in said]
    return _cut("\n\n".join(lines) + "\n", room)


def _shared(parts: Sequence[Part], room: Room) -> dict[int, int]:
    """How many rows each table gets: what matters most first, each table keeping room to say what it lost."""
    tables = sorted((part for part in parts if isinstance(part, Table)), key=lambda table: table.rank)
    least = {id(table): len(table.text(0, room.elsewhere).encode()) + _SPARE for table in tables}
    left = room.size - sum(len(part.encode()) + 2 for part in parts if isinstance(part, str))
    left -= sum(least.values())
    rows: dict[int, int] = {}
    for table in tables:
        given = max(left, 0) + least[id(table)] - _SPARE
        rows[id(table)] = table.fitting(given, room.elsewhere)
        left -= sum(len(row.encode()) + 1 for row in table.rows[: rows[id(table)]])
    return rows


def _cut(text: str, room: Room) -> str:
    """Whole lines of a text that no table could make small enough."""
    if len(text.encode()) <= room.size:
        return text
    end = f"\n\nThis page was cut; {room.elsewhere}.\n"
    kept = text.encode()[: room.size - len(end.encode())].decode("utf-8", "ignore")
    return kept[: kept.rfind("\n")] + end
