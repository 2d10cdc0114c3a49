"""Decisions about the wanted run of a campaign: made inert, filled, armed; never armed twice (laws 1, 2, 6)."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.model.kind import KindSpec, Loudness
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Note
from reconciler.model.resource import Desired
from reconciler.model.state import REPLACED, Phase, Record
from reconciler.planning.basis.compare import is_known, resolved_fields
from reconciler.planning.basis.decision import NOTHING, Decision, joined
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.drift import changed_outside, missing
from reconciler.planning.basis.entries import ended, forgotten
from reconciler.planning.basis.scene import live_of, phase_of
from reconciler.planning.basis.updates import left_alone
from reconciler.planning.decisions.armed import decide_armed
from reconciler.planning.decisions.beginning import begin, never_began
from reconciler.planning.decisions.endings import (
    end_earlier,
    ending,
    is_spent,
    refuse_spent,
    remove_inert,
    stopped_outside,
)
from reconciler.planning.decisions.growing import decide_growth
from reconciler.planning.decisions.inert import decide_inert
from reconciler.planning.decisions.parts import is_same_run, open_parts, was_cut_short


def decide_run(desk: Desk, wanted: WantedObject, spec: KindSpec) -> Decision:
    """What to do about the wanted run of a campaign, and about its other runs."""
    record = desk.scene.snapshot.records.get(wanted.key)
    if wanted.key.part:
        return _further_part(desk, wanted, spec, record)
    runs = desk.index.runs.get(wanted.key.address, ())
    others = tuple(item for item in runs if record is None or not is_same_run(item, record))
    if not others:
        return _current(desk, wanted, spec, record)
    if record is not None and is_spent(desk, record, others):
        return refuse_spent(desk, wanted, spec, others)
    return end_earlier(desk, wanted, spec, others) + _current(desk, wanted, spec, record)


def _further_part(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record | None) -> Decision:
    """What to do about a further part of a run, or about the next one, which the run gets where it grows."""
    first = desk.scene.snapshot.records.get(replace(wanted.key, part=0))
    runs = desk.index.runs.get(wanted.key.address, ())
    if first is not None and is_spent(desk, first, tuple(it for it in runs if not is_same_run(it, first))):
        return NOTHING
    return decide_growth(desk, wanted, spec) if record is None else _current(desk, wanted, spec, record)


def _current(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record | None) -> Decision:
    """What to do about one object of the wanted run, by how far it has come."""
    if record is None or (record.remote_id is None and record.phase is Phase.INERT):
        return begin(desk, wanted, spec, record, "new")
    if record.phase is Phase.ENDED:
        return _ended(desk, wanted, spec, record)
    live = live_of(desk.index, record)
    armed = phase_of(desk.index, record) is Phase.ARMED
    if live is None:
        return _missing(desk, wanted, spec, record, armed=armed)
    if armed:
        why = ending(desk, spec, record, live)
        if why is not None:
            return _over(desk, wanted, spec, record, live, why)
        return decide_armed(desk, wanted, spec, record, live) + left_alone(wanted, spec, record, live)
    if live.ended is not None:
        return _stopped_inert(desk, wanted, spec, record, live)
    found = decide_inert(desk, wanted, spec, record, live)
    again = any(item.action is Action.DELETE for item in found.changes)
    return found if again else found + left_alone(wanted, spec, record, live)


def _stopped_inert(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject
) -> Decision:
    """An object that somebody stopped before it began: nobody was called by it, so another one is made."""
    gone = remove_inert(desk, spec, record, live, "stopped outside before it began")
    if wanted.desired is Desired.STOPPED:
        return gone + never_began(wanted)
    found = changed_outside(record, wanted, Loudness.QUIETER, "stopped outside")
    again = begin(desk, wanted, spec, record if gone.changes else None, "stopped outside, made again")
    return joined((gone, Decision(findings=(found,)), again))


def _missing(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, *, armed: bool) -> Decision:
    """An object that somebody deleted: made again if it never rang, over if it did."""
    found = Decision(findings=(missing(record, wanted, armed=armed),))
    if armed:
        return found
    if wanted.desired is Desired.STOPPED:
        return found + forgotten(desk.scene, record) + never_began(wanted)
    return found + begin(desk, wanted, spec, record, "deleted outside, made again")


def _over(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject, why: str
) -> Decision:
    """A run that came to its end: completed is success. One that somebody stopped is said until another begins."""
    found = () if wanted.desired is Desired.STOPPED else stopped_outside(record, live, wanted)
    if found:
        return Decision(findings=found)
    return ended(desk.scene, record, why) + _ended(desk, wanted, spec, replace(record, ended=why))


def _ended(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record) -> Decision:
    """A run that is over: nothing is sent; what the manifest changes waits for the next run."""
    people = desk.people(wanted, record)
    fields = resolved_fields(wanted, spec, record, desk.index.ids)
    if record.ended == REPLACED:
        return NOTHING
    waiting = sorted(
        name for name, value in fields.items() if is_known(value) and record.fields.get(name) != value
    )
    part = f"part {wanted.key.part} of " if wanted.key.part else ""
    texts = [f"{part}run {wanted.key.run} has ended ({record.ended or 'its last day is over'})"]
    texts += [f"{', '.join(waiting)}: wait for the next run"] if waiting else []
    grows = spec.fill_on_create and open_parts(desk, wanted) and not was_cut_short(desk, wanted)
    texts += [f"{len(people.new)} new people: wait for the next run"] if people.new and not grows else []
    return Decision(notes=tuple(Note(str(wanted.key.address), text) for text in texts))
