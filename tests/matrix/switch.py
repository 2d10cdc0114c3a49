"""The test-only switch: recovery replaced by what a tool without it does. With it the matrix must fail.

`again`: what got no reply was not done, and is done again, without seeking its marker first. `trust`: what got no
reply was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec.structs import replace
from reconciler.engine import recover
from reconciler.model.objects import LiveObject
from reconciler.model.state import BlobRef, Intent, Operation, OutcomeWritten, Phase, Record, Result
from reconciler.planning.basis.scene import Index, Scene
from reconciler.planning.basis.transitions import armed, buried, made
from reconciler.planning.decisions import beginning
from reconciler.planning.settling.settle import Settled


def turn(recovery: str) -> None:
    """Turn it for the rest of this process."""
    _CHOSEN[recovery]()


@contextmanager
def recovery(how: str) -> Iterator[None]:
    """Turn it for a block."""
    before = recover.settle, beginning.taken
    turn(how)
    try:
        yield
    finally:
        recover.settle, beginning.taken = before


def _on() -> None:
    return


def _again() -> None:
    recover.settle = _settle_again
    beginning.taken = lambda *_: ((), ())


def _trust() -> None:
    recover.settle = _settle_in_trust


_CHOSEN = {"on": _on, "again": _again, "trust": _trust}


def _settle_again(scene: Scene, index: Index, *, patient: bool) -> Settled:
    del index, patient
    time = scene.now.isoformat()
    return Settled(
        tuple(OutcomeWritten(item.id, Result.NOT_DONE, time) for item in scene.snapshot.intents.values())
    )


def _settle_in_trust(scene: Scene, index: Index, *, patient: bool) -> Settled:
    del patient
    time = scene.now.isoformat()
    found = (_trusted(item, scene, index, time) for item in scene.snapshot.intents.values())
    return Settled(tuple(found))


def _trusted(intent: Intent, scene: Scene, index: Index, time: str) -> OutcomeWritten:
    """A create is what the list shows last; anything else came to pass."""
    record = scene.snapshot.records.get(intent.key)
    if intent.operation is Operation.CREATE:
        last = _last_of_nobody(intent, index)
        found = made(intent, record, last.remote_id) if last is not None else None
        if found is not None and last is not None:
            found = replace(found, marker=last.marker, natural_key=last.natural_key)
        return OutcomeWritten(intent.id, Result.DONE if found else Result.NOT_DONE, time, record=found)
    if record is None and intent.operation is not Operation.APPEND:
        return OutcomeWritten(intent.id, Result.DONE, time)
    record = record or Record(intent.key, intent.kind, None)
    if intent.operation is Operation.DELETE and record.phase is Phase.INERT:
        return OutcomeWritten(intent.id, Result.DONE, time, dropped=True)
    return OutcomeWritten(intent.id, Result.DONE, time, record=_believed(intent, record))


def _last_of_nobody(intent: Intent, index: Index) -> LiveObject | None:
    """The newest object of the kind that we do not own, whatever marker it bears."""
    mine = (intent.key.address.provider, intent.kind)
    free = [name for name in index.live if name[:2] == mine and name not in index.owners]
    return index.live[max(free, key=lambda name: (len(name[2]), name[2]))] if free else None


def _believed(intent: Intent, record: Record) -> Record:
    match intent.operation:
        case Operation.START:
            return armed(record, intent.time)
        case Operation.STOP:
            return replace(armed(record, intent.time), phase=Phase.ENDED, running=False, ended="stopped")
        case Operation.DELETE:
            return buried(record)
        case Operation.UPDATE:
            return replace(record, fields=intent.fields)
        case Operation.APPEND:
            return replace(record, sent=(*record.sent, *([intent.contacts] if intent.contacts else ())))
        case Operation.WITHDRAW:
            return replace(record, withdrawn=(*record.withdrawn, BlobRef(intent.digest, 1)))
    return replace(record, running=intent.operation is Operation.RESUME)
