"""What the state knows of a run once it was silenced: that it is over, and never begins again. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from reconciler.model.address import ObjectKey
from reconciler.model.silence import Hush, Silenced
from reconciler.model.state import (
    Intent,
    LogEntry,
    Operation,
    OutcomeWritten,
    Phase,
    Record,
    RecordWritten,
    Result,
    Snapshot,
)
from reconciler.planning.basis.transitions import DOUBT, armed

BEGINNING = (Operation.START, Operation.APPEND)
"""What a stop settles when its own end was not known: nobody is called by it any more."""


def begun(snapshot: Snapshot, key: ObjectKey) -> tuple[Intent, ...]:
    """The open requests that may have started an object, or queued people there."""
    return tuple(
        intent for intent in snapshot.intents.values() if intent.key == key and intent.operation in BEGINNING
    )


def over(record: Record, open_intents: Iterable[Intent], why: str, time: str) -> Record:
    """The record of a run that was stopped for good; whoever may have been queued counts as queued."""
    several = tuple(open_intents)
    unsure = tuple(intent.contacts for intent in several if intent.contacts is not None)
    whole = replace(record, sent=(*record.sent, *unsure), generation=record.generation + 1)
    started = any(intent.operation is Operation.START for intent in several)
    rung = armed(whole, time) if started or record.phase is Phase.ARMED else whole
    return replace(rung, phase=Phase.ENDED, running=False, ended=why)


def settled(open_intents: Iterable[Intent], why: str, time: str, who: str) -> tuple[LogEntry, ...]:
    """The outcomes of requests that a stop has made pointless."""
    return tuple(
        OutcomeWritten(intent.id, Result.ASSUMED, time, evidence="settled by a stop", who=who, reason=why)
        for intent in open_intents
    )


def after_silence(
    snapshot: Snapshot, objects: Iterable[Silenced], why: str, time: str, who: str
) -> tuple[LogEntry, ...]:
    """What is to be written about objects of ours that were silenced all at once."""
    entries: list[LogEntry] = []
    for item in objects:
        record = snapshot.records.get(item.key) if item.key is not None else None
        if record is not None and record.phase is not Phase.ENDED:
            entries += _after_one(snapshot, record, item.result, why, time, who)
    return tuple(entries)


def _after_one(
    snapshot: Snapshot, record: Record, result: Hush, why: str, time: str, who: str
) -> list[LogEntry]:
    fresh = replace(record, running=False, generation=record.generation + 1)
    if result is Hush.PAUSED:
        return [RecordWritten(fresh, time, who, why)] if record.running else []
    if result not in (Hush.STOPPED, Hush.ASKED):
        return []
    open_intents = begun(snapshot, record.key)
    if record.phase is Phase.INERT and not any(item.operation is Operation.START for item in open_intents):
        doubtful = replace(fresh, facts={**record.facts, DOUBT: "stop"})
        return [RecordWritten(doubtful, time, who, why)]
    ended = RecordWritten(over(record, open_intents, why, time), time, who, why)
    return [ended, *settled(open_intents, why, time, who)]
