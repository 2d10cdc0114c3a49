"""What a wolkvox operation holds: campaigns with their records, skills, the do-not-call list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

PHONES = tuple(f"tel{number}" for number in range(1, 11))
OPTS = tuple(f"opt{number}" for number in range(1, 13))


class Kind(StrEnum):
    """How a campaign dials: by itself, or when an agent asks for it."""

    PREDICTIVE = "predictive"
    PREVIEW = "preview"


class Result(StrEnum):
    """What came of a record; clean ones are still to be dialled."""

    CLEAN = "clean"
    ANSWER = "answer"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    ANSWER_MACHINE = "answer-machine"
    FAILED = "failed"
    DO_NOT_CALL = "do-not-call"
    CODED = "coded"  # an agent coded it, so that the dialler leaves it alone; not one of the vendor's words


@dataclass(slots=True)
class Record:
    """Somebody to be called."""

    fields: dict[str, str]
    order: int  # place among all that happens; a clock may stand still
    hidden_reads: int = 0
    result: Result = Result.CLEAN
    calls: int = 0
    last: datetime | None = None  # when it was dialled last
    dialled: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    recall: tuple[datetime, str] | None = None  # when to call back, and which number

    @property
    def customer_id(self) -> str:
        """The key by which records are named."""
        return self.fields["customer_id"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a filter."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are dialled."""

    conditions: tuple[Condition, ...]
    any_of_them: bool  # or; else all of them


@dataclass(slots=True)
class Campaign:
    """A campaign and its records."""

    id: int
    name: str
    description: str
    kind: Kind
    skill_id: str
    opens: time
    closes: time
    opts: dict[str, str]
    amd: str
    enable_edition: str
    speed: int
    settled: datetime  # its calls are placed up to here
    started: bool = False
    turbo_dial: str = "no"
    routing_recall: str = "no"
    dial_order: str = "linear"
    filter: Filter | None = None
    records: list[Record] = field(default_factory=list)
    last_use: datetime | None = None
    recycled: int = 0
    hidden_reads: int = 0

    def clean(self) -> list[Record]:
        """The records that nobody has called yet, or that are to be called again."""
        return [record for record in self.records if record.result is Result.CLEAN]

    def count(self, result: Result) -> int:
        """How many records have this result."""
        return sum(record.result is result for record in self.records)


@dataclass(frozen=True, slots=True)
class Skill:
    """A group of agents that campaigns are for."""

    skill_id: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Barred:
    """A number on the do-not-call list, in one direction."""

    number: str  # as sent
    direction: str
    at: datetime
    order: int
    until: datetime | None = None  # of a timed block
