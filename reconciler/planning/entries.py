"""What a plan learns without any request, and an apply writes down before it begins."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.state import Phase, Record, RecordDropped, RecordWritten
from reconciler.model.value import UNKNOWN, Fields
from reconciler.planning.decision import NOTHING, Decision
from reconciler.planning.scene import Scene

WHO = "reconciler"


def adopted(scene: Scene, record: Record, fields: Fields, *, protect: bool) -> Decision:
    """Note that an object now is as wanted, when what was last applied said otherwise."""
    if any(value is UNKNOWN for value in fields.values()):
        return NOTHING
    if record.fields == fields and record.protect == protect:
        return NOTHING
    fresh = replace(record, fields=dict(fields), protect=protect)
    return Decision(entries=(RecordWritten(fresh, scene.now.isoformat(), WHO, "as wanted already"),))


def ended(scene: Scene, record: Record, why: str, *, gone: bool = False) -> Decision:
    """Note that a run has ended, and why; `gone` when its object does not exist any more."""
    remote_id = None if gone else record.remote_id
    fresh = replace(record, phase=Phase.ENDED, running=False, ended=why, remote_id=remote_id)
    if fresh == record:
        return NOTHING
    return Decision(entries=(RecordWritten(fresh, scene.now.isoformat(), WHO, why),))


def forgotten(scene: Scene, record: Record) -> Decision:
    """Note that an object which never rang is gone."""
    entry = RecordDropped(record.key, scene.now.isoformat(), WHO, "gone, and not wanted any more")
    return Decision(entries=(entry,))
