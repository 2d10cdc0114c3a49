"""Decisions about runs that are not wanted any more: ended by consent, watched until then, removed."""

from __future__ import annotations

import datetime as dt

from reconciler.model.kind import KindSpec, Loudness
from reconciler.model.objects import Ended, LiveObject, WantedObject
from reconciler.model.plan import Action, Change, Finding, Held, Movement, Note
from reconciler.model.problem import Problem
from reconciler.model.resource import Desired
from reconciler.model.state import Phase, Record
from reconciler.planning.basis.calendar import is_over
from reconciler.planning.basis.decision import NOTHING, Decision, joined
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.drift import drifted, missing
from reconciler.planning.basis.entries import ended, forgotten, put_aside
from reconciler.planning.basis.scene import live_of, phase_of, proven
from reconciler.planning.basis.subject import of_record
from reconciler.planning.basis.transitions import is_spare
from reconciler.planning.decisions.enforcing import has_passed


def is_spent(desk: Desk, record: Record, others: tuple[Record, ...]) -> bool:
    """Whether a run ended, and another was armed after it: then the manifest went back to a run that is over."""
    if record.phase is not Phase.ENDED:
        return False
    began = _armed_at(record)
    return any(
        phase_of(desk.index, item) is Phase.ARMED or (began is not None and _after(item, began))
        for item in others
    )


def _after(record: Record, moment: dt.datetime) -> bool:
    began = _armed_at(record)
    return began is not None and began > moment


def _armed_at(record: Record) -> dt.datetime | None:
    text = record.facts.get("armed_at")
    return dt.datetime.fromisoformat(text) if text else None


def refuse_spent(desk: Desk, wanted: WantedObject, spec: KindSpec, others: tuple[Record, ...]) -> Decision:
    """The refusal of a run that is over; what is quieter is still done about the runs after it."""
    used = ", ".join(sorted({item.key.run for item in others} | {wanted.key.run}))
    problem = Problem(
        "RUN01",
        f"run {wanted.key.run} of {wanted.key.address} is over; another run came after it",
        f"give a run id that was never used; used: {used}",
        location=wanted.location.at("run") if wanted.location else None,
        address=wanted.key.address,
    )
    refused = Decision(problems=(problem,))
    if wanted.desired is Desired.STOPPED:
        return refused + end_earlier(desk, wanted, spec, others)
    return joined((refused, *(_watched(desk, spec, item, wanted) for item in others)))


ENDINGS = {Ended.COMPLETED: "completed", Ended.STOPPED: "stopped outside"}
"""What the state says of a run that the vendor shows as over and we had not ended."""


def ending(desk: Desk, spec: KindSpec, record: Record, live: LiveObject | None) -> str | None:
    """Why a run is over, by what the vendor shows, or because its last day has passed; None if it is not."""
    if live is not None and live.ended is not None:
        return ENDINGS[live.ended]
    return "its last day is over" if _last_day_is_over(desk, spec, record, live) else None


def over(desk: Desk, spec: KindSpec, record: Record, live: LiveObject | None) -> bool:
    """Whether a run has ended by itself or outside."""
    return ending(desk, spec, record, live) is not None


def stopped_outside(record: Record, live: LiveObject, wanted: WantedObject | None) -> tuple[Finding, ...]:
    """The finding that somebody ended an armed run at the vendor; none for one that is complete."""
    if live.ended is not Ended.STOPPED:
        return ()
    text = "ended outside: stopped there; a run that ended is not started again"
    location = wanted.location if wanted else None
    found = Finding(record.key, record.kind, "ended outside", Loudness.QUIETER, text, location=location)
    return (found,)


def _last_day_is_over(desk: Desk, spec: KindSpec, record: Record, live: LiveObject | None) -> bool:
    """Whether the last day of a run has passed, by what was applied and by what the vendor shows."""
    name = spec.ends_by_date
    if name is None:
        return False
    shown = (record.fields, live.fields) if live is not None else (record.fields,)
    days = {str(fields[name]) for fields in shown if name in fields}
    return bool(days) and all(is_over(day, spec.clock_zone, desk.scene.now) for day in days)


def end_earlier(desk: Desk, wanted: WantedObject, spec: KindSpec, others: tuple[Record, ...]) -> Decision:
    """What to do about the runs beside the wanted one: inert ones go, armed ones must be ended first."""
    return joined(_end_one(desk, wanted, spec, record) for record in others)


def _end_one(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record) -> Decision:
    if record.phase is Phase.ENDED or record.remote_id is None:
        return NOTHING
    live = live_of(desk.index, record)
    if phase_of(desk.index, record) is Phase.INERT:
        reason = f"run {record.key.run} never began and is not wanted any more"
        return remove_inert(desk, spec, record, live, reason)
    if live is None:
        return ended(desk.scene, record, "deleted outside", gone=True)
    if why := ending(desk, spec, record, live):
        return ended(desk.scene, record, why)
    watched = _watched(desk, spec, record, wanted)
    if watched.changes:
        return watched
    held: tuple[Held, ...] = ()
    if wanted.desired is not Desired.STOPPED and not has_passed(record.fields, desk.scene.now):
        text = f"run {record.key.run} has not ended, and run {wanted.key.run} would begin"
        held = (Held("end-run", text, f"end-run:{wanted.key.address}"), *protection(record, wanted))
    stop = _stop(record, f"ends run {record.key.run}", wanted, held)
    return Decision(changes=(stop,)) + watched


def _stop(record: Record, reason: str, wanted: WantedObject | None, held: tuple[Held, ...] = ()) -> Change:
    return of_record(record, wanted).change(Action.STOP, Movement.QUIETER, reason, held=held)


def _watched(desk: Desk, spec: KindSpec, record: Record, wanted: WantedObject | None) -> Decision:
    """What suppression asks of an armed run, even of one that waits to be ended (law 8)."""
    live = live_of(desk.index, record)
    if live is None or phase_of(desk.index, record) is not Phase.ARMED or over(desk, spec, record, live):
        return NOTHING
    queued = len(desk.queued_suppressed(record, wanted.except_blacklists if wanted else ()))
    if not queued:
        return NOTHING
    policy = wanted.on_queued_suppression if wanted else desk.scene.project.on_queued_suppression
    text = f"{queued} suppressed people are queued; on_queued_suppression: {policy or 'report'}"
    if policy == "stop":
        return Decision(changes=(_stop(record, text, wanted),))
    location = wanted.location if wanted else None
    what = "suppressed but queued"
    found = Finding(record.key, record.kind, what, Loudness.OTHER, text, location=location)
    return Decision(findings=(found,))


def remove_inert(
    desk: Desk,
    spec: KindSpec,
    record: Record,
    live: LiveObject | None,
    reason: str,
    held: tuple[Held, ...] = (),
) -> Decision:
    """The deletion of an object that never rang; where it is gone already, only a note in the state."""
    if live is None:
        return forgotten(desk.scene, record)
    if not proven(spec, record, live):
        return _left(record, "not deleted: its marker was changed outside; state rm forgets it")
    if live.ended is not None and not spec.deletable:
        return put_aside(desk.scene, record)
    return Decision(changes=(_delete(record, disposal(spec, reason), held),))


def disposal(spec: KindSpec, reason: str) -> str:
    """Why an object is removed, and what that comes to where the vendor deletes nothing."""
    return reason if spec.deletable else f"{reason}; stopped for good, the vendor keeps its record"


def _left(record: Record, text: str) -> Decision:
    return Decision(notes=(Note(str(record.key.address), text),))


def _delete(record: Record, reason: str, held: tuple[Held, ...]) -> Change:
    return of_record(record).change(Action.DELETE, Movement.NEUTRAL, reason, held=held)


def protection(record: Record, wanted: WantedObject | None = None) -> tuple[Held, ...]:
    """What holds a change that would end or remove a protected object as a side effect."""
    if not (record.protect or (wanted is not None and wanted.protect)):
        return ()
    return (Held("protect", "protect: true; take that out of the manifest first, in a plan of its own"),)


def drop_run(desk: Desk, record: Record, spec: KindSpec) -> Decision:
    """What to do about a run whose campaign the manifests do not have any more."""
    if record.remote_id is None:
        return NOTHING
    live = live_of(desk.index, record)
    if phase_of(desk.index, record) is Phase.INERT:
        return remove_inert(desk, spec, record, live, "not in the manifests", protection(record))
    if live is None:
        return _dropped_gone(desk, record)
    if not proven(spec, record, live):
        return _dropped_unproven(desk, record, spec, live)
    if record.phase is Phase.ENDED or over(desk, spec, record, live):
        return _remove_ended(spec, record)
    return _drop_armed(desk, record, spec)


def _dropped_gone(desk: Desk, record: Record) -> Decision:
    found = () if record.phase is Phase.ENDED else (missing(record, None, armed=True),)
    return Decision(findings=found) + ended(desk.scene, record, record.ended or "deleted outside", gone=True)


def _dropped_unproven(desk: Desk, record: Record, spec: KindSpec, live: LiveObject) -> Decision:
    """Nothing is deleted that may not be ours; the project's word on suppression still counts."""
    found = drifted(spec, record, live, None, None, proven=False, ringing=True)
    left = _left(record, "not deleted: its name or marker was changed outside; state rm forgets it")
    return joined((left, Decision(findings=found), _watched(desk, spec, record, None)))


def _remove_ended(spec: KindSpec, record: Record) -> Decision:
    if not spec.deletable and is_spare(record.key):
        return NOTHING
    if not spec.deletable:
        return _left(record, "it has ended; the vendor keeps it")
    return Decision(changes=(_delete(record, "not in the manifests", protection(record)),))


def _drop_armed(desk: Desk, record: Record, spec: KindSpec) -> Decision:
    text = "it is armed; deleting it ends the run"
    held = (Held("delete", text, f"delete:{record.key.address}"), *protection(record))
    gone = (_delete(record, "not in the manifests", held),) if spec.deletable else ()
    watched = _watched(desk, spec, record, None)
    if watched.changes:
        return watched + Decision(changes=gone)
    stop = _stop(record, "not in the manifests", None, held)
    return Decision(changes=(stop, *gone)) + watched
