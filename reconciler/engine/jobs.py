"""Jobs: work that a vendor takes and goes on with, polled to its end, and taken up again after a crash.

Every handle is in the log before anything follows from it. A handle that announces a request is written before
that request, which is made once: whoever finds the handle later, in another process, only looks.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from reconciler.engine.account import Account
from reconciler.engine.journal import Journal
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.state import (
    UNVERIFIED,
    Intent,
    JobTaken,
    LogEntry,
    Operation,
    OutcomeWritten,
    Record,
    Result,
)
from reconciler.planning.basis.transitions import made
from reconciler.providers.base import Working

LONGEST = 3600.0
"""Seconds after which a job that goes on and on is left for the next apply."""

STILL = "the vendor is still at it; the next apply goes on with it"


class Jobs(Struct, frozen=True):
    """What following a job takes: the log, the clock, and what ends the waiting or forbids a write."""

    journal: Journal
    clock: Callable[[], str]
    wait: Callable[[float], bool]
    check: Callable[[], None] = lambda: None

    def finish(self, account: Account, intent: Intent, remote_id: str, begun: Outcome | Pending) -> Outcome:
        """Follow what a verb began to its end; raises Held when a hold forbids going on.

        After a signal, or where it lasts too long, nobody knows the end yet, and the intent keeps its handle.
        """
        kind, known, deadline = account.kind(intent.kind), intent.handle, time.monotonic() + LONGEST
        while isinstance(begun, Pending):
            if not isinstance(kind, Working):
                return Outcome(Result.UNKNOWN, "the vendor is still at it")
            if begun.announces:
                self.check()
            if begun.announces or begun.handle != known:
                known = begun.handle
                self.journal.write(JobTaken(intent.id, known, self.clock(), announces=begun.announces))
            if time.monotonic() > deadline or self.wait(begun.after):
                return Outcome(Result.UNKNOWN, STILL)
            step = kind.proceed if begun.announces else kind.poll
            begun = step(account.client, remote_id, known)
        return begun

    def take_up(self, account: Account, intent: Intent) -> Outcome:
        """Go on with a job that another process began."""
        kind = account.kind(intent.kind)
        if not isinstance(kind, Working):
            return Outcome(Result.UNKNOWN, "the vendor is still at it")
        remote_id = self._remote_id(intent)
        found = kind.poll(account.client, remote_id, intent.handle)
        return self.finish(account, intent, remote_id, found)

    def _remote_id(self, intent: Intent) -> str:
        record = self.journal.record(intent.key)
        return str(record.remote_id) if record is not None and record.remote_id is not None else ""


def peek(account: Account, intent: Intent, record: Record | None) -> Outcome | Pending:
    """Ask for a job without going on with it, where nothing may be written."""
    kind = account.kind(intent.kind)
    if not isinstance(kind, Working):
        return Outcome(Result.UNKNOWN, "the vendor is still at it")
    remote_id = str(record.remote_id) if record is not None and record.remote_id is not None else ""
    return kind.poll(account.client, remote_id, intent.handle)


def ended(intent: Intent, record: Record | None, outcome: Outcome, now: str) -> tuple[LogEntry, ...]:
    """What the end of a job comes to; nothing, where looking at the vendor has to tell more."""
    fresh = record_after(intent, record, outcome)
    if outcome.result is Result.REFUSED or (outcome.done and fresh is not None):
        return (OutcomeWritten(intent.id, outcome.result, now, record=fresh, evidence=outcome.reason),)
    return ()


def record_after(intent: Intent, record: Record | None, outcome: Outcome) -> Record | None:
    """The record once what an intent announced is done: an object made, or people queued in one."""
    if not outcome.done:
        return None
    if intent.operation is Operation.CREATE and outcome.remote_id:
        fresh = made(intent, record, outcome.remote_id)
        return replace(fresh, facts={**fresh.facts, **outcome.facts})
    if intent.operation is Operation.APPEND and record is not None:
        return with_queued(record, intent, outcome)
    return None


def with_queued(record: Record, intent: Intent, outcome: Outcome) -> Record:
    """A record with the people of an append in it, and what the vendor said of them."""
    sent = record.sent if intent.contacts is None else (*record.sent, intent.contacts)
    known = {name: value for name, value in record.facts.items() if name != UNVERIFIED}
    return replace(record, sent=sent, facts={**known, **outcome.facts}, generation=record.generation + 1)
