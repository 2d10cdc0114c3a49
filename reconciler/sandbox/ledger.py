"""What really happened: every call placed, every number queued, every arming, every write, in order.

This is the judge of a test: it counts people, and it is kept on the vendors' side.
"""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from reconciler.sandbox.messages import Reply, Request


@dataclass(frozen=True, slots=True)
class Call:
    """A telephone that rang."""

    vendor: str
    account: str
    campaign_id: int
    number: str  # E.164
    at: datetime
    reference: str | None


@dataclass(frozen=True, slots=True)
class Queued:
    """A number that was put into a campaign's queue."""

    vendor: str
    account: str
    campaign_id: int
    number: str
    at: datetime
    while_active: bool


@dataclass(frozen=True, slots=True)
class Armed:
    """A campaign that may call from now on: it was started, or its own clock was enabled."""

    vendor: str
    account: str
    campaign_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Write:
    """A request to change something, which a vendor acted on or refused."""

    sequence: int
    vendor: str
    method: str
    path: str
    campaign_id: int | None
    status: int
    at: datetime
    operation: str = ""  # where method and path don't say what was asked for
    refused: bool = False

    @classmethod
    def of(cls, request: Request, reply: Reply, at: datetime) -> Self:
        """Note what a request wanted and what came of it."""
        return cls(
            request.sequence,
            request.vendor,
            request.method,
            request.path,
            reply.campaign_id,
            reply.status,
            at,
            request.operation,
            reply.refused,
        )


class Ledger:
    """Calls, queue entries, armings and writes of all vendors; before it is read they catch up with the clock."""

    def __init__(self, catch_up: Callable[[], None] = lambda: None) -> None:
        self._catch_up = catch_up
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._queued: list[Queued] = []
        self._armed: list[Armed] = []
        self._writes: list[Write] = []

    def record_calls(self, calls: Iterable[Call]) -> None:
        """Note calls that were placed."""
        with self._lock:
            self._calls.extend(calls)

    def record_queued(self, queued: Iterable[Queued]) -> None:
        """Note numbers that were queued."""
        with self._lock:
            self._queued.extend(queued)

    def record_armed(self, armed: Armed) -> None:
        """Note that a campaign was armed."""
        with self._lock:
            self._armed.append(armed)

    def record_write(self, write: Write) -> None:
        """Note a write."""
        with self._lock:
            self._writes.append(write)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._calls.clear()
            self._queued.clear()
            self._armed.clear()
            self._writes.clear()

    @property
    def calls(self) -> list[Call]:
        """Every call placed until now, by time. Campaigns are simulated one by one, hence the sorting.

        Not by `at` itself: Python compares times of one zone by the wall clock, which is wrong in the hour
        that comes twice.
        """
        self._catch_up()
        with self._lock:
            self._calls.sort(key=lambda call: (call.at.timestamp(), call.campaign_id))
            return list(self._calls)

    @property
    def queued(self) -> list[Queued]:
        """Every number queued, in order."""
        with self._lock:
            return list(self._queued)

    @property
    def armed(self) -> list[Armed]:
        """Every time that a campaign was armed, in order."""
        with self._lock:
            return list(self._armed)

    @property
    def writes(self) -> list[Write]:
        """Every write, in the order in which the vendors acted."""
        with self._lock:
            return list(self._writes)

    def calls_per_number(self) -> Counter[str]:
        """How often each number was called, over all campaigns."""
        return Counter(call.number for call in self.calls)

    def queued_per_campaign_and_number(self) -> Counter[tuple[int, str]]:
        """How often each number was queued in each campaign."""
        return Counter((entry.campaign_id, entry.number) for entry in self.queued)

    def called_once(self) -> set[str]:
        """Find the numbers called exactly once."""
        return {number for number, calls in self.calls_per_number().items() if calls == 1}

    def called_again(self) -> set[str]:
        """Find the numbers called twice or more: what must not happen."""
        return {number for number, calls in self.calls_per_number().items() if calls > 1}

    def called_from(self, numbers: Collection[str]) -> int:
        """How many calls went to any of these numbers."""
        wanted = frozenset(numbers)
        return sum(call.number in wanted for call in self.calls)

    def summary(self) -> dict[str, int]:
        """Return counts alone."""
        calls = self.calls_per_number()
        queued = self.queued_per_campaign_and_number()
        return {
            "calls": calls.total(),
            "people_called": len(calls),
            "people_called_once": sum(count == 1 for count in calls.values()),
            "people_called_again": sum(count > 1 for count in calls.values()),
            "queued": queued.total(),
            "people_queued": len({number for _, number in queued}),
            "queued_again": sum(count > 1 for count in queued.values()),
            "writes": len(self.writes),
        }

    def as_json(self) -> dict[str, Any]:
        """Return the whole ledger as a JSON value."""
        return {
            "summary": self.summary(),
            "calls": [_plain(call) for call in self.calls],
            "queued": [_plain(entry) for entry in self.queued],
            "armed": [_plain(armed) for armed in self.armed],
            "writes": [_plain(write) for write in self.writes],
            "calls_per_number": dict(self.calls_per_number()),
            "queued_per_campaign": self._queued_per_campaign(),
        }

    def _queued_per_campaign(self) -> dict[str, dict[str, int]]:
        nested: dict[str, dict[str, int]] = {}
        for (campaign_id, number), count in self.queued_per_campaign_and_number().items():
            nested.setdefault(str(campaign_id), {})[number] = count
        return nested


def _plain(record: Call | Queued | Armed | Write) -> dict[str, Any]:
    return asdict(record) | {"at": record.at.isoformat()}
