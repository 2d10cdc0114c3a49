"""A run armed once, paused, resumed, and ended for good."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.engine.bench import Bench, keep, record_of, write_outcome
from reconciler.engine.readback import queued_count
from reconciler.engine.sending import NotBound, sending
from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.objects import Strays
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Action, Change
from reconciler.model.state import (
    ARMED_WITH,
    Intent,
    LogEntry,
    Operation,
    OutcomeWritten,
    Phase,
    Record,
    RecordWritten,
    Result,
)
from reconciler.planning.basis.transitions import armed
from reconciler.providers.base import Replaceable, Sending

OPERATIONS = {
    Action.START: Operation.START,
    Action.STOP: Operation.STOP,
    Action.PAUSE: Operation.PAUSE,
    Action.RESUME: Operation.RESUME,
}


def set_phase(bench: Bench, change: Change) -> Outcome:
    """Start, pause, resume or end a run; a start is refused where it was armed before, or others wait in it."""
    record = record_of(bench, change)
    if change.action is not Action.START:
        return _send(bench, change, record)
    if refused := _why_not(bench, change, record):
        return Outcome(Result.REFUSED, refused)
    if change.waits:
        return keep(bench, replace(armed(record, bench.clock()), running=False), f"armed; {change.waits}")
    kind = bench.account(change).kind(change.kind)
    if not isinstance(kind, Replaceable):
        return _send(bench, change, record)
    counted = _counted(bench, change, kind, record)
    if isinstance(counted, Outcome):
        return counted
    note = RecordWritten(counted, bench.clock(), bench.holder, "counted before it is armed")
    return _send(bench, change, counted, also=(note,))


def _why_not(bench: Bench, change: Change, record: Record) -> str | None:
    """Why a start must not be sent, judged anew right before it."""
    if _was_begun(bench, record):
        return "it was started before; a run is armed once"
    return _strayed(bench, change, record)


def _send(bench: Bench, change: Change, record: Record, also: tuple[LogEntry, ...] = ()) -> Outcome:
    """Announce, send and write down the request that a run's change of phase takes."""
    operation = OPERATIONS[change.action]
    intent = bench.intend(change, operation)
    bench.announce(intent, also=also)
    account = bench.account(change)
    remote_id = str(record.remote_id)
    wanted = _as_wanted(bench, change)
    begun = account.kind(change.kind).set_phase(account.client, remote_id, operation, wanted)
    outcome = bench.jobs.finish(account, intent, remote_id, begun)
    fresh = _phased(bench, record, change, intent.time) if outcome.done else None
    ends = _settled_by_stop(bench, change, intent) if outcome.done and operation is Operation.STOP else ()
    write_outcome(bench, intent, outcome, record=fresh, also=ends)
    return outcome


def _as_wanted(bench: Bench, change: Change) -> Sending | None:
    """The object as wanted; none where the manifests have it no more, or what it needs is not there."""
    wanted = bench.wanted.get(change.key)
    try:
        return sending(wanted, bench.journal.record) if wanted is not None else None
    except NotBound:
        return None


def _strayed(bench: Bench, change: Change, record: Record) -> str | None:
    """Why the people in an object are not those whom we queued, where its vendor shows them (law 2: count)."""
    shown = bench.shown(change)
    if bench.read_back is None or shown is None or shown == queued_count(record):
        return None
    strays = bench.read_back.compared(bench.account(change), record)
    if strays is None or strays == Strays():
        return None
    text = (
        f"{strays.missing} people are missing in it and {strays.strangers} are there whom nobody here queued"
    )
    return f"{text}; not started, the next apply makes it again"


def _counted(bench: Bench, change: Change, kind: Replaceable, record: Record) -> Record | Outcome:
    """The record with how many people wait in it: by that it is told later who is left, should it be replaced."""
    try:
        waiting = kind.waiting(bench.account(change).client, str(record.remote_id))
    except (UnreachableError, CredentialsError) as error:
        refused = isinstance(error, CredentialsError)
        return Outcome(Result.NOT_SENT, error.message, credentials=refused)
    if waiting is None:
        return record
    sent = sum(ref.count for ref in record.sent)
    if waiting > sent:
        return Outcome(Result.REFUSED, f"{waiting} people wait in it, and {sent} were sent; not armed")
    return replace(record, facts={**record.facts, ARMED_WITH: str(waiting)})


def _was_begun(bench: Bench, record: Record) -> bool:
    """Whether a run was armed, or may have been: the last look before the one request that cannot be taken back."""
    starts = (item.operation is Operation.START for item in bench.journal.open_intents(record.key))
    return record.phase is not Phase.INERT or any(starts)


def _phased(bench: Bench, record: Record, change: Change, time_of: str) -> Record:
    if change.action is Action.START:
        return armed(record, time_of)
    if change.action is not Action.STOP:
        return replace(record, running=change.action is Action.RESUME, generation=record.generation + 1)
    unsure = tuple(intent.contacts for intent in _open(bench, change) if intent.contacts is not None)
    ended = armed(replace(record, sent=(*record.sent, *unsure)), time_of)
    return replace(ended, phase=Phase.ENDED, running=False, ended=change.reason)


def _open(bench: Bench, change: Change) -> list[Intent]:
    return [
        intent
        for intent in bench.journal.open_intents(change.key)
        if intent.operation in (Operation.START, Operation.APPEND)
    ]


def _settled_by_stop(bench: Bench, change: Change, stop: Intent) -> tuple[LogEntry, ...]:
    """A stop that succeeded settles what was unknown before it: nobody is called by it any more."""
    return tuple(
        OutcomeWritten(intent.id, Result.ASSUMED, bench.clock(), evidence=f"settled by stop {stop.id}")
        for intent in _open(bench, change)
    )
