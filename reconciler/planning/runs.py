"""Decisions about runs: made inert, filled, armed, ended; never armed twice (laws 1, 2, 6)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.kind import KindSpec, Loudness, Updatable
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Change, Difference, Finding, Held, Movement, Note
from reconciler.model.problem import Problem
from reconciler.model.resource import Desired
from reconciler.model.state import Phase, Record
from reconciler.planning.calendar import is_over
from reconciler.planning.compare import differences, resolved_fields
from reconciler.planning.decision import NOTHING, Decision, Desk, change, drifted, missing, updates
from reconciler.planning.entries import adopted, ended, forgotten
from reconciler.planning.people import RunPeople
from reconciler.planning.scene import live_of, phase_of, proven
from reconciler.planning.shared_objects import taken

DOUBT = "doubt"
"""Fact of an inert record: a request to fill it ended unknown, so it is thrown away and made again."""


def decide_run(desk: Desk, wanted: WantedObject, spec: KindSpec) -> Decision:
    """What to do about the wanted run of a campaign, and about its earlier runs."""
    record = desk.scene.snapshot.records.get(wanted.key)
    earlier = tuple(item for item in desk.index.runs.get(wanted.key.address, ()) if item.key != wanted.key)
    if record is not None and _spent(record, earlier):
        return _refuse_spent(wanted, earlier)
    old = _end_earlier(desk, wanted, spec, earlier)
    return old + _current(desk, wanted, spec, record)


def _current(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record | None) -> Decision:
    if record is None or (record.remote_id is None and record.phase is Phase.INERT):
        return begin(desk, wanted, spec, record, "new")
    if record.phase is Phase.ENDED:
        return _ended(desk, wanted, spec, record)
    live = live_of(desk.index, record)
    if live is None:
        found = Decision(findings=(missing(record, wanted),))
        if phase_of(desk.index, record) is Phase.ARMED:
            return found
        return found + begin(desk, wanted, spec, record, "deleted outside, made again")
    if phase_of(desk.index, record) is Phase.INERT:
        return _inert(desk, wanted, spec, record, live)
    return _armed(desk, wanted, spec, record, live)


def _spent(record: Record, earlier: tuple[Record, ...]) -> bool:
    """Whether another run was armed after this one: then the manifest went back to a run that is over."""
    armed = record.facts.get("armed_at", "")
    return bool(armed) and any(item.facts.get("armed_at", "") > armed for item in earlier)


def _refuse_spent(wanted: WantedObject, earlier: tuple[Record, ...]) -> Decision:
    used = ", ".join(sorted({item.key.run for item in earlier} | {wanted.key.run}))
    problem = Problem(
        "RUN01",
        f"run {wanted.key.run} of {wanted.key.address} is over; another run came after it",
        f"give a run id that was never used; used: {used}",
        location=wanted.location.at("run") if wanted.location else None,
        address=wanted.key.address,
    )
    return Decision(problems=(problem,))


def begin(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record | None, reason: str) -> Decision:
    """The chain of a fresh object: create, fill, arm. Nothing, where the run is stopped before it began."""
    if wanted.desired is Desired.STOPPED:
        note = Note(
            str(wanted.key.address), f"run {wanted.key.run} is stopped and never began; nothing is made"
        )
        return Decision(notes=(note,))
    held, problems = taken(desk, wanted, spec)
    made = change(
        wanted.key,
        spec.name,
        Action.CREATE,
        Movement.NEUTRAL,
        reason,
        record=record,
        wanted=wanted,
        held=held,
    )
    people = desk.people(wanted, None)
    rest = _fill(wanted, spec, record, people, Movement.NEUTRAL) + _arm(wanted, spec, record)
    return Decision(changes=(made,), problems=problems) + rest


def _shrunk(desk: Desk, wanted: WantedObject, people: RunPeople) -> tuple[Held, ...]:
    """What holds a growth whose list lost more people than the project's limit allows."""
    limit = desk.scene.limits.max_shrink_percent
    if people.error or not people.sent or len(people.vanished) * 100 <= limit * len(people.sent):
        return ()
    text = f"{len(people.vanished)} of {len(people.sent)} people left the list; the limit is {limit:g} %"
    return (Held("shrink", text, f"shrink:{wanted.key.address}"),)


def _fill(
    wanted: WantedObject,
    spec: KindSpec,
    record: Record | None,
    people: RunPeople,
    movement: Movement,
    shrink: tuple[Held, ...] = (),
) -> Decision:
    """The append of everybody who is not queued yet, held where the list cannot be trusted."""
    if wanted.contacts is None or not (people.new or people.error):
        return NOTHING
    held = ((Held("contacts", people.error),) if people.error else ()) + shrink
    reason = "contacts" if movement is Movement.NEUTRAL else "more contacts"
    filled = change(
        wanted.key, spec.name, Action.APPEND, movement, reason, record=record, wanted=wanted, held=held
    )
    filled = replace(filled, people=len(people.new), people_digest=people.list_digest)
    return Decision(changes=(filled,), queued={filled.id: people.new})


def _arm(wanted: WantedObject, spec: KindSpec, record: Record | None) -> Decision:
    if wanted.desired is not Desired.RUNNING:
        return NOTHING
    started = change(
        wanted.key,
        spec.name,
        Action.START,
        Movement.LOUDER,
        f"start, run {wanted.key.run}",
        record=record,
        wanted=wanted,
    )
    return Decision(changes=(started,))


def _inert(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject) -> Decision:
    """An object that never rang: changed freely, and thrown away where it cannot be changed."""
    people = desk.people(wanted, record)
    fields = resolved_fields(wanted, spec, record, desk.scene.snapshot.records)
    ours = proven(spec, record, live)
    differing = differences(spec, fields, record, live, ringing=False)
    found = drifted(spec, record, live, wanted, fields, proven=ours, ringing=False)
    why = _disposable(spec, record, people, differing)
    if why and ours and spec.deletable:
        gone = change(
            wanted.key, spec.name, Action.DELETE, Movement.NEUTRAL, why, record=record, wanted=wanted
        )
        gone = replace(gone, held=_shrunk(desk, wanted, people))
        fresh = begin(desk, wanted, spec, record, "made again")
        return Decision(changes=(gone,), findings=found) + replace(fresh, problems=())
    settled = updates(desk, spec, wanted, record, differing, proven=ours, ringing=False)
    filled = _fill(wanted, spec, record, people, Movement.NEUTRAL, _shrunk(desk, wanted, people))
    learned = NOTHING if differing else adopted(desk.scene, record, fields, protect=wanted.protect)
    return Decision(changes=settled, findings=found) + learned + filled + _arm(wanted, spec, record)


def _disposable(
    spec: KindSpec, record: Record, people: RunPeople, differing: tuple[Difference, ...]
) -> str | None:
    """Why an inert object is better made again than changed, if it is."""
    if record.facts.get(DOUBT):
        return "nobody knows who is queued in it; never armed, so it is made again"
    if people.queued_suppressed:
        return f"{len(people.queued_suppressed)} suppressed people are queued in it; never armed, made again"
    if people.vanished and not people.error:
        return f"{len(people.vanished)} people left its list; never armed, made again"
    fixed = [item.field for item in differing if spec.field_index[item.field].updatable is Updatable.NEVER]
    return f"{', '.join(fixed)} cannot be changed; never armed, made again" if fixed else None


def _armed(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject) -> Decision:
    """A run that may ring: stopped, changed or grown in place, never begun again."""
    if over(desk, spec, record, live):
        return ended(desk.scene, record, "its last day is over") + _ended(desk, wanted, spec, record)
    people = desk.people(wanted, record)
    stop = _stopping(wanted, spec, record, people)
    fields = resolved_fields(wanted, spec, record, desk.scene.snapshot.records)
    ours = proven(spec, record, live)
    found = drifted(spec, record, live, wanted, fields, proven=ours, ringing=True)
    if stop is not None:
        return Decision(changes=(stop,), findings=found)
    differing = differences(spec, fields, record, live, ringing=True)
    settled = tuple(
        _unchangeable(spec, item)
        for item in updates(desk, spec, wanted, record, differing, proven=ours, ringing=True)
    )
    learned = NOTHING if differing else adopted(desk.scene, record, fields, protect=wanted.protect)
    grown = _fill(wanted, spec, record, people, Movement.LOUDER, _shrunk(desk, wanted, people))
    paused = _pausing(wanted, spec, record, live)
    rest = Decision(changes=settled, findings=(*found, *_queued_suppressed(wanted, record, people)))
    return rest + learned + paused + grown + _vanished(wanted, people)


def over(desk: Desk, spec: KindSpec, record: Record, live: LiveObject | None) -> bool:
    """Whether the last day of a run has passed, by what was applied and by what the vendor shows."""
    if spec.ends_by_date is None:
        return False
    days = [str(record.fields[spec.ends_by_date])] if spec.ends_by_date in record.fields else []
    if live is not None and spec.ends_by_date in live.fields:
        days.append(str(live.fields[spec.ends_by_date]))
    return bool(days) and all(is_over(day, spec.clock_zone, desk.scene.now) for day in days)


def _stopping(wanted: WantedObject, spec: KindSpec, record: Record, people: RunPeople) -> Change | None:
    """The stop that the manifest, or a suppressed person in the queue, asks for."""
    queued = len(people.queued_suppressed)
    held: tuple[Held, ...] = ()
    if wanted.desired is Desired.STOPPED:
        reason = "stopped by the manifest; this ends the run"
    elif queued and wanted.on_queued_suppression == "stop":
        reason = f"{queued} suppressed people are queued; on_queued_suppression: stop"
    elif wanted.desired is Desired.DRAFT:
        reason = "draft again; this ends the run"
        held = (Held("end-run", "a draft of an armed run ends it", f"end-run:{wanted.key.address}"),)
    else:
        return None
    return change(
        wanted.key, spec.name, Action.STOP, Movement.QUIETER, reason, record=record, wanted=wanted, held=held
    )


def _queued_suppressed(wanted: WantedObject, record: Record, people: RunPeople) -> tuple[Finding, ...]:
    queued = len(people.queued_suppressed)
    if not queued:
        return ()
    text = f"{queued} suppressed people are queued; on_queued_suppression: report"
    what = "suppressed but queued"
    return (Finding(record.key, record.kind, what, Loudness.OTHER, text, location=wanted.location),)


def _unchangeable(spec: KindSpec, item: Change) -> Change:
    """An update of what the vendor cannot change once a run is armed is held: it takes a replace."""
    fixed = [
        each.field
        for each in item.differences
        if spec.field_index[each.field].updatable is not Updatable.ALWAYS
    ]
    if not fixed:
        return item
    text = f"{', '.join(fixed)} cannot be changed while the run is armed; it waits for the next run"
    return replace(item, held=(*item.held, Held("replace", text)))


def _pausing(wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject) -> Decision:
    """Pause and resume, where the vendor can; a pause made by hand is left as it is (law 7)."""
    if not spec.can_pause:
        return NOTHING
    running = record.running if live.running is None else live.running
    if wanted.desired is Desired.PAUSED and running:
        paused = change(
            wanted.key, spec.name, Action.PAUSE, Movement.QUIETER, "pause", record=record, wanted=wanted
        )
        return Decision(changes=(paused,))
    if wanted.desired is not Desired.RUNNING or running:
        return NOTHING
    by_hand = record.running
    held = (Held("restore", "paused outside", f"restore:{wanted.key.address}"),) if by_hand else ()
    resumed = change(
        wanted.key,
        spec.name,
        Action.RESUME,
        Movement.LOUDER,
        "resume",
        record=record,
        wanted=wanted,
        held=held,
    )
    text = "paused outside"
    paused_outside = Finding(
        record.key, record.kind, "changed", Loudness.QUIETER, text, location=wanted.location
    )
    return Decision(changes=(resumed,), findings=(paused_outside,) if by_hand else ())


def _vanished(wanted: WantedObject, people: RunPeople) -> Decision:
    if not people.vanished or people.error:
        return NOTHING
    text = f"{len(people.vanished)} people left the list; they stay queued, and are not sent again"
    return Decision(notes=(Note(str(wanted.key.address), text),))


def _ended(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record) -> Decision:
    """A run that is over: nothing is sent; what the manifest changes waits for the next run."""
    people = desk.people(wanted, record)
    fields = resolved_fields(wanted, spec, record, desk.scene.snapshot.records)
    waiting = sorted(name for name, value in fields.items() if record.fields.get(name) != value)
    texts = [f"run {wanted.key.run} has ended ({record.ended or 'its last day is over'})"]
    texts += [f"{', '.join(waiting)}: wait for the next run"] if waiting else []
    texts += [f"{len(people.new)} new people: wait for the next run"] if people.new else []
    return Decision(notes=tuple(Note(str(wanted.key.address), text) for text in texts))


def _end_earlier(desk: Desk, wanted: WantedObject, spec: KindSpec, earlier: tuple[Record, ...]) -> Decision:
    """What to do about the runs before the wanted one: inert ones go, armed ones must be ended first."""
    decision = NOTHING
    for record in earlier:
        decision = decision + _end_one(desk, wanted, spec, record)
    return decision


def _end_one(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record) -> Decision:
    live = live_of(desk.index, record)
    if record.phase is Phase.ENDED or record.remote_id is None:
        return NOTHING
    if phase_of(desk.index, record) is Phase.INERT:
        return remove_inert(
            desk, spec, record, live, f"run {record.key.run} never began and is not wanted any more"
        )
    if live is None:
        return ended(desk.scene, record, "deleted outside", gone=True)
    if over(desk, spec, record, live):
        return ended(desk.scene, record, "its last day is over")
    held: tuple[Held, ...] = ()
    if wanted.desired is not Desired.STOPPED:
        text = f"run {record.key.run} has not ended, and run {wanted.key.run} would begin"
        held = (Held("end-run", text, f"end-run:{wanted.key.address}"),)
    stop = change(
        record.key,
        spec.name,
        Action.STOP,
        Movement.QUIETER,
        f"ends run {record.key.run}",
        record=record,
        wanted=wanted,
        held=held + protection(record),
    )
    return Decision(changes=(stop,))


def remove_inert(
    desk: Desk, spec: KindSpec, record: Record, live: LiveObject | None, reason: str
) -> Decision:
    """The deletion of an object that never rang; where it is gone already, only a note in the state."""
    if live is None:
        return forgotten(desk.scene, record)
    if not proven(spec, record, live):
        return Decision(notes=(Note(str(record.key.address), "not deleted: its marker was changed outside"),))
    gone = change(record.key, spec.name, Action.DELETE, Movement.NEUTRAL, reason, record=record)
    return Decision(changes=(gone,))


def protection(record: Record) -> tuple[Held, ...]:
    """What holds a change that would end or remove a protected object as a side effect."""
    if not record.protect:
        return ()
    return (Held("protect", "protect: true; take that out of the manifest first, in a plan of its own"),)


def drop_run(desk: Desk, record: Record, spec: KindSpec) -> Decision:
    """What to do about a run whose campaign the manifests do not have any more."""
    live = live_of(desk.index, record)
    if record.remote_id is None:
        return NOTHING
    if phase_of(desk.index, record) is Phase.INERT:
        return remove_inert(desk, spec, record, live, "not in the manifests")
    if live is None:
        found = () if record.phase is Phase.ENDED else (missing(record, None),)
        return Decision(findings=found) + ended(
            desk.scene, record, record.ended or "deleted outside", gone=True
        )
    gone = change(
        record.key,
        spec.name,
        Action.DELETE,
        Movement.NEUTRAL,
        "not in the manifests",
        record=record,
        held=protection(record),
    )
    if record.phase is Phase.ENDED or over(desk, spec, record, live):
        return Decision(changes=(gone,))
    text = "it is armed; deleting it ends the run"
    held = (Held("delete", text, f"delete:{record.key.address}"), *protection(record))
    stop = change(
        record.key, spec.name, Action.STOP, Movement.QUIETER, "not in the manifests", record=record, held=held
    )
    return Decision(changes=(stop, replace(gone, held=held)))
