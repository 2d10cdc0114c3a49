"""What an RVMpro account holds: campaigns with their queues, the do-not-call list, reputation checks."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo


class Status(StrEnum):
    """Whether a campaign drops voicemails; the last two are final."""

    PAUSED = "PAUSED"
    ACTIVE = "ACTIVE"
    STOPPED = "STOPPED"
    COMPLETED = "COMPLETED"


LIVE = frozenset({Status.PAUSED, Status.ACTIVE})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a campaign was created with; nothing of it can be changed."""

    name: str
    callback: str  # digits, or `Unknown`
    wav: str  # the file's name alone: no reply shows the address
    start_date: date
    stop_date: date
    start_time: time
    stop_time: time
    run_days: str  # as entered; 0 is Sunday
    throttle: int  # drops per hour
    zone: ZoneInfo
    state_check: bool  # true: the caller says there is consent where states ask for it
    performance: bool  # true: filter by the vendor's own list


@dataclass(frozen=True, slots=True)
class Tried:
    """A number that was tried, and what came of it."""

    number: str  # digits as queued
    result: Literal["OK", "Failure", "Filtered"]
    began: datetime
    finished: datetime
    shown_from_read: int  # the first read of the details that shows it


@dataclass(slots=True)
class Campaign:
    """A campaign, the numbers it has to try and those it tried."""

    id: int
    order: int  # place among all that happened in the account; a clock may stand still
    settings: Settings
    status: Status
    acted: datetime  # the last action: creation, or change of status
    settled: datetime  # its drops are simulated up to here
    queue: list[str]
    position: int = 0  # how many of the queue were begun
    in_progress: deque[tuple[datetime, str]] = field(default_factory=deque)  # deliveries: since when, to whom
    tried: list[Tried] = field(default_factory=list)
    details_reads: int = 0
    hidden_reads: int = 0

    @property
    def hopper(self) -> int:
        """How many are still to be begun."""
        return len(self.queue) - self.position

    def count(self, result: str) -> int:
        """How many tries had this result."""
        return sum(tried.result == result for tried in self.tried)

    def turn(self, status: Status, at: datetime) -> None:
        """Change the status, which counts as an action."""
        self.status, self.acted = status, at


@dataclass(slots=True)
class Suppressed:
    """A number on the account's do-not-call list."""

    number: str  # digits as sent
    order: int
    at: datetime
    times: int = 1  # how often it was added


@dataclass(frozen=True, slots=True)
class Check:
    """A reputation that was looked up, for money."""

    number: str
    at: datetime
    credits: int
