"""What a plan learns without any request, and an apply writes down before it begins."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.model.address import ObjectKey
from reconciler.model.state import Phase, Record, RecordDropped, RecordWritten
from reconciler.model.value import Fields
from reconciler.planning.basis.decision import NOTHING, Decision, Learned
from reconciler.planning.basis.scene import Scene
from reconciler.planning.basis.transitions import WHO, armed, set_aside


def adopted(scene: Scene, record: Record, fields: Fields, *, protect: bool) -> Decision:
    """Note that an object now is as wanted, when what was last applied said otherwise."""
    if record.protect == protect and record.fields == fields:
        return NOTHING
    fresh = replace(record, fields=dict(fields), protect=protect)
    return _known(scene, fresh, "as wanted already")


def rung(scene: Scene, record: Record) -> Decision:
    """Note that somebody else armed a run."""
    return _known(scene, armed(record, scene.now.isoformat()), "started outside")


def toggled(scene: Scene, record: Record, *, running: bool) -> Decision:
    """Note that a run is paused, or goes on, as the manifest wants it, though somebody else saw to that."""
    if record.phase is not Phase.ARMED or record.running == running:
        return NOTHING
    return _known(scene, replace(record, running=running), "as wanted already")


def ended(scene: Scene, record: Record, why: str, *, gone: bool = False) -> Decision:
    """Note that a run has ended, and why; `gone` when its object does not exist any more."""
    remote_id = None if gone else record.remote_id
    fresh = replace(record, phase=Phase.ENDED, running=False, ended=why, remote_id=remote_id)
    return NOTHING if fresh == record else _known(scene, fresh, why)


def _known(scene: Scene, record: Record, why: str) -> Decision:
    return Decision(entries=(RecordWritten(record, scene.now.isoformat(), WHO, why),))


def forgotten(scene: Scene, record: Record) -> Decision:
    """Note that an object which never rang is gone."""
    entry = RecordDropped(record.key, scene.now.isoformat(), WHO, "gone, and not wanted any more")
    return Decision(entries=(entry,))


def put_aside(scene: Scene, record: Record) -> Decision:
    """Note that an object which never rang is over, and stays at the vendor."""
    time, why = scene.now.isoformat(), "stopped outside before it began"
    dropped = RecordDropped(record.key, time, WHO, why)
    return Decision(entries=(dropped, RecordWritten(set_aside(record), time, WHO, why)))


def key_of(entry: Learned) -> ObjectKey:
    """Which object a plan learnt something of."""
    return entry.record.key if isinstance(entry, RecordWritten) else entry.key
