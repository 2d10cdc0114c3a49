"""What carrying out a change takes, and how its end is written down: intent, request, outcome, in that order."""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from msgspec import Struct, field

from reconciler.engine.account import Account
from reconciler.engine.jobs import Jobs
from reconciler.engine.journal import Journal
from reconciler.engine.readback import ReadBack
from reconciler.engine.sending import NotBound
from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.objects import WantedObject
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Change, Movement
from reconciler.model.report import Step, StepResult
from reconciler.model.state import (
    Intent,
    IntentWritten,
    LogEntry,
    Operation,
    OutcomeWritten,
    Record,
    RecordWritten,
    Result,
)
from reconciler.planning.basis.people import merged
from reconciler.planning.basis.scene import People
from reconciler.providers.base import SendableContact
from reconciler.state.people import decode_people

READS_ONLY = "these credentials read the account and may not write to it: say access: observe, or give it some that may"


class Rows(Protocol):
    """A contact list that can give the rows of chosen people."""

    def contacts(self, exact: frozenset[bytes]) -> Iterator[SendableContact]:
        """The rows of these people, in the file's order."""


class SuppressedRows(Rows, Protocol):
    """A blacklist that can give the numbers of chosen people."""

    def key(self, contact: SendableContact) -> bytes:
        """How a person on it is known."""


class Bench(Struct, frozen=True):
    """What carrying out a change takes: the state, the accounts, the wanted objects, the people.

    `digest` is how a person is known who is sent, `broad` one who is suppressed. `check` raises when the
    lease was lost; it is asked before every intent. `wait` waits for seconds; True when that was cut short.
    """

    journal: Journal
    accounts: Mapping[str, Account]
    wanted: Mapping[ObjectKey, WantedObject]
    queued: Mapping[str, People]
    lists: Mapping[str, Rows]
    holder: str
    clock: Callable[[], str]
    stopping: Callable[[], bool]
    digest: Callable[[SendableContact], bytes]
    check: Callable[[], None]
    suppressions: Mapping[str, SuppressedRows] = field(default_factory=dict)
    read_back: ReadBack | None = None
    shown: Callable[[Change], int | None] = lambda _change: None
    """How many people the vendor showed last in the object of a change."""
    notes: deque[LogEntry] = field(default_factory=deque)
    """What was read back, to be written with the next intent."""
    resumed: set[str] = field(default_factory=set)
    """Appends of which a part was sent already by this apply, by id."""
    wait: Callable[[float], bool] = field(default_factory=lambda: threading.Event().wait)

    @property
    def jobs(self) -> Jobs:
        """Following what vendors go on with."""
        return Jobs(self.journal, self.clock, self.wait, self.check)

    def announce(self, *intents: Intent, also: tuple[LogEntry, ...] = ()) -> None:
        """Write intents, and what was learnt just before; no request follows unless this returns."""
        self.check()
        self.journal.write(*self._noted(), *also, *map(IntentWritten, intents))

    def _noted(self) -> list[LogEntry]:
        """Take the notes that wait for the next write: they are worth none of their own."""
        found = []
        with suppress(IndexError):
            while True:
                found.append(self.notes.popleft())
        return found

    def account(self, change: Change) -> Account:
        """The account at which a change is made."""
        return self.accounts[change.address.provider]

    def spec(self, change: Change) -> KindSpec:
        """The declaration of a change's kind."""
        return self.account(change).kind(change.kind).spec

    def intend(self, change: Change, operation: Operation, before: Sequence[str] = (), **more: Any) -> Intent:
        """An intent for a change, not written yet."""
        spec = self.spec(change).operation(operation)
        facts: dict[str, Any] = {"digest": change.live_digest, "before": tuple(before)}
        record = self.journal.record(change.key)
        if record is not None:
            facts |= {"marker": record.marker, "natural_key": record.natural_key}
        return Intent(
            id=uuid.uuid4().hex[:12],
            key=change.key,
            kind=change.kind,
            operation=operation,
            time=self.clock(),
            holder=self.holder,
            lookup=spec.lookup.value != "none",
            arms=spec.arms or (operation is Operation.UPDATE and change.movement is Movement.LOUDER),
            **{**facts, **more},
        )


def sent_of(bench: Bench, record: Record) -> People:
    """Who was queued in an object, as the state has it."""
    return merged(decode_people(bench.journal.read_blob(ref)) for ref in record.sent)


def keep(bench: Bench, record: Record, reason: str) -> Outcome:
    """Write down what no vendor is told of."""
    bench.check()
    bench.journal.write(RecordWritten(record, bench.clock(), bench.holder, reason))
    return Outcome(Result.DONE, reason)


def record_of(bench: Bench, change: Change) -> Record:
    """The record of an object that exists; raises NotBound for one that does not."""
    record = bench.journal.record(change.key)
    if record is None or record.remote_id is None:
        raise NotBound(str(change.key))
    return record


def write_outcome(
    bench: Bench,
    intent: Intent,
    outcome: Outcome,
    *,
    record: Record | None = None,
    dropped: bool = False,
    also: tuple[LogEntry, ...] = (),
) -> None:
    """Write down how a request ended, and what follows from it."""
    evidence = f"{outcome.reason} (request {outcome.request_id})" if outcome.reason else outcome.request_id
    entry = OutcomeWritten(
        intent.id, outcome.result, bench.clock(), record=record, dropped=dropped, evidence=evidence
    )
    bench.journal.write(*also, entry)


def step_of(bench: Bench, change: Change, outcome: Outcome, began: float) -> Step:
    """How a change ended."""
    record = bench.journal.record(change.key)
    results = {Result.DONE: StepResult.DONE, Result.UNKNOWN: StepResult.UNKNOWN}
    result = results.get(outcome.result, StepResult.FAILED)
    if outcome.result is Result.NOT_SENT and bench.stopping():
        result = StepResult.SKIPPED
    may_read_only = outcome.result is Result.REFUSED and outcome.credentials
    return Step(
        change,
        StepResult.HELD if may_read_only else result,
        f"{outcome.reason}; {READS_ONLY}" if may_read_only else outcome.reason,
        time.monotonic() - began,
        record.remote_id if record is not None else change.remote_id,
        outcome.request_id,
        retryable=outcome.result is Result.NOT_SENT,
        credentials=may_read_only,
    )
