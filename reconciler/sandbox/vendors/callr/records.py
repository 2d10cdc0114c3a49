"""What a CALLR account holds: address books, campaigns, media, jobs."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

VOICE_TYPES = ("VOICE_IVR", "VOICE_SIMPLE", "VOICE_SURVEY")
SMS_TYPES = ("SMS_SIMPLE", "SMS_SURVEY")
TYPES = (*VOICE_TYPES, *SMS_TYPES)


class State(StrEnum):
    """Whether a campaign calls."""

    CREATED = "CREATED"
    STARTED = "STARTED"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    FINISHED = "FINISHED"


ENDED = frozenset({State.STOPPED, State.FINISHED})


@dataclass(slots=True)
class Book:
    """Numbers to call, or, as a black list, not to."""

    id: int
    hash: str
    name: str
    description: str | None
    created_at: datetime
    imported_at: datetime | None = None
    content_header: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)  # E.164
    hidden_reads: int = 0


@dataclass(slots=True)
class Job:
    """Something that takes its time."""

    id: int
    hid: str
    made_at: datetime
    filename: str = ""  # what a file is called once it is imported
    numbers: list[str] = field(default_factory=list)  # what is put into a book
    header: list[str] = field(default_factory=list)
    book: Book | None = None
    placed: int = 0
    looks: int = 0
    share: float = 0.0  # how much of it is done
    failure: str = ""  # why it will fail
    canceled: bool = False
    done_at: datetime | None = None
    hidden_reads: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.done_at is not None or self.canceled


@dataclass(slots=True)
class Media:
    """A sound in the library."""

    id: int
    hash: str
    name: str
    source: str = "API_IMPORT"
    content: str = ""
    voice: str = "NONE"
    status: str = "PENDING_CONTENT"
    duration: int = 0
    tags: dict[str, str] = field(default_factory=dict)
    looks: int = 0
    changed_at: datetime | None = None
    hidden_reads: int = 0


@dataclass(frozen=True, slots=True)
class Turned:
    """A change of state."""

    old: State
    new: State
    origin: str  # USER or CAMPAIGN
    at: datetime


@dataclass(frozen=True, slots=True, order=True)
class Retry:
    """A number that is called again."""

    due: datetime
    number: str
    attempt: int
    cause: str


@dataclass(slots=True)
class Campaign:
    """A campaign, what it says, and how far it is."""

    id: int
    hash: str
    type: str
    name: str
    book: Book
    ivr: dict[str, Any]
    options: dict[str, Any]
    schedule: dict[str, Any]
    blacklist: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    settled: datetime  # its calls are placed up to here
    state: State = State.CREATED
    run: int = 1
    cause: str = "NONE"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    history: list[Turned] = field(default_factory=list)
    reports: list[tuple[str, int]] = field(default_factory=list)
    position: int = 0  # how many of the book were begun
    outset: int | None = None  # how many the book had at the start
    limit: int | None = None  # how many of the book are called, where later ones don't count
    next_call: datetime | None = None
    active: deque[tuple[datetime, Retry]] = field(default_factory=deque)  # calls: when they end, to whom
    retries: list[Retry] = field(default_factory=list)  # a heap
    done: int = 0
    counts: "Counter[str]" = field(default_factory=Counter)
    hidden_reads: int = 0

    @property
    def total(self) -> int:
        """How many numbers it calls."""
        return len(self.book.numbers) if self.limit is None else self.limit

    @property
    def is_voice(self) -> bool:
        """Whether it calls; else it sends texts."""
        return self.type in VOICE_TYPES

    def turn(self, state: State, origin: str, at: datetime) -> None:
        """Change the state, and note it."""
        self.history.insert(0, Turned(self.state, state, origin, at))
        self.state = state
