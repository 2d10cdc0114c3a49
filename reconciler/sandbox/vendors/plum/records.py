"""What a Plum Voice account holds: schedules, profiles, campaigns with their queues."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


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
