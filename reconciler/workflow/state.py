"""The use cases of looking at the state and of correcting it by hand, each correction with its reason in the log."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from msgspec.structs import replace

from reconciler.errors import ReconcilerError, UsageError
from reconciler.model.address import Address
from reconciler.model.history import HistoryLine
from reconciler.model.resource import Moved
from reconciler.model.state import (
    Intent,
    LogEntry,
    Phase,
    Record,
    RecordDropped,
    RecordMoved,
    RecordWritten,
    Snapshot,
)
from reconciler.planning.basis.moves import moves
from reconciler.state.codec import decode_entry
from reconciler.state.history import in_words
from reconciler.workflow.workspace import Workspace


def show(snapshot: Snapshot, address: Address) -> tuple[tuple[Record, ...], tuple[Intent, ...]]:
    """The records of one address and its open intents; raises UsageError when there are none."""
    records = _records(snapshot, address)
    intents = tuple(item for item in snapshot.intents.values() if item.key.address == address)
    if not records and not intents:
        raise UsageError(f"the state has no {address}", "reconciler state list shows what it has")
    return records, intents


def _records(snapshot: Snapshot, address: Address) -> tuple[Record, ...]:
    return tuple(record for key, record in sorted(snapshot.records.items()) if key.address == address)


def move(workspace: Workspace, source: Address, target: Address) -> int:
    """Give everything at one address another one; returns how many objects moved."""
    with workspace.backend.lease(workspace.holder):
        workspace.journal.refresh()
        snapshot = workspace.journal.snapshot
        entries, problems = moves(snapshot, (Moved(source, target),), workspace.stamp(), workspace.holder)
        if problems:
            help_text = "reconciler state show tells what is at either; an object does not change vendors"
            raise ReconcilerError(problems[0].message, help_text, problems[0].code)
        if not entries:
            raise UsageError(f"the state has no {source}", "reconciler state list shows what it has")
        workspace.journal.write(*(_by_hand(entry) for entry in entries))
    return len(_records(snapshot, source))


def _by_hand(entry: LogEntry) -> LogEntry:
    return replace(entry, reason="state mv") if isinstance(entry, RecordMoved) else entry


def remove(workspace: Workspace, address: Address, reason: str | None) -> tuple[int, int]:
    """Forget an address; returns how many objects were forgotten, and how many runs are kept as over.

    What was ever armed is never forgotten: its run id stays spent, and who was called stays known (law 1).
    """
    with workspace.backend.lease(workspace.holder):
        workspace.journal.refresh()
        records, intents = show(workspace.journal.snapshot, address)
        if intents:
            message = f"nobody knows how what was sent to {address} ended"
            raise ReconcilerError(message, f"settle that first: reconciler resolve {address}")
        armed = [record for record in records if record.phase is not Phase.INERT]
        if any(record.phase is Phase.ARMED for record in armed) and not reason:
            message = f"{address} has a run that was started; at the vendor it may go on calling"
            help_text = "stop it: reconciler stop ADDRESS; or say why it is forgotten: --reason TEXT"
            raise UsageError(message, help_text)
        why = f"state rm: {reason}" if reason else "state rm"
        workspace.journal.write(*(_forgotten(workspace, record, why) for record in records))
    return len(records) - len(armed), len(armed)


def _forgotten(workspace: Workspace, record: Record, why: str) -> LogEntry:
    time, who = workspace.stamp(), workspace.holder
    if record.phase is Phase.INERT:
        return RecordDropped(record.key, time, who, why)
    buried = replace(
        record,
        remote_id=None,
        phase=Phase.ENDED,
        running=False,
        ended=record.ended or why,
        generation=record.generation + 1,
    )
    return RecordWritten(buried, time, who, why)


def history(workspace: Workspace, limit: int | None = None) -> tuple[HistoryLine, ...]:
    """The last entries of the log in words, oldest first; all of them without a limit."""
    return tuple(deque(in_words(_entries(workspace)), maxlen=limit))


def _entries(workspace: Workspace) -> Iterator[LogEntry]:
    return (decode_entry(line) for line in workspace.backend.history())


def last_writer(workspace: Workspace) -> str | None:
    """Who wrote the state last, and when; None when nobody did, or nobody can tell."""
    named = [line for line in history(workspace, 20) if line.who]
    return f"{named[-1].who} at {named[-1].time}" if named else None
