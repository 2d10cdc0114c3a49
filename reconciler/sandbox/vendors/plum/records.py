"""What a Plum Voice account holds: schedules, profiles, campaigns with their queues."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Generic, Protocol, TypeVar


class Run(StrEnum):
    """Whether a campaign calls. No documented read shows it."""

    CREATED = "created"
    ACTIVE = "active"
    STOPPED = "stopped"


@dataclass(slots=True)
class Schedule:
    """Calling days."""

    id: int
    nickname: str | None
    days: list[str]
    hidden_reads: int = 0


@dataclass(slots=True)
class Profile:
    """A pace, in minutes and calls."""

    id: int
    nickname: str | None
    period: int
    amount_per_period: int
    time_between_periods: int
    hidden_reads: int = 0


@dataclass(frozen=True, slots=True)
class ProfileWindow:
    """Hours of the day, in Eastern time, at one profile's pace."""

    profile_id: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """One entry of a queue."""

    number: str  # E.164
    ani: str | None = None
    reference: str | None = None


@dataclass(slots=True)
class Campaign:
    """A campaign and the numbers it calls."""

    id: int
    start_date: date
    end_date: date
    start_url: str
    result_url: str | None
    schedule_id: int
    schedule_entered: str
    windows: list[ProfileWindow]
    settled: datetime  # its calls are placed up to here
    run: Run = Run.CREATED
    queue: list[PhoneNumber] = field(default_factory=list)
    position: int = 0  # how many of the queue were called
    hidden_reads: int = 0


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
