"""A run that may ring: stopped, changed, paused or grown in place, never begun again (laws 1, 6, 7)."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.model.kind import KindSpec, Loudness
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Change, Finding, Held, Movement, Note
from reconciler.model.resource import Desired
from reconciler.model.state import Phase, Record
from reconciler.planning.basis.decision import NOTHING, Decision, joined
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.drift import changed_outside
from reconciler.planning.basis.entries import adopted, rung, toggled
from reconciler.planning.basis.people import RunPeople
from reconciler.planning.basis.scene import started_outside
from reconciler.planning.basis.subject import of_wanted
from reconciler.planning.basis.updates import Comparison, compared, update, updates
from reconciler.planning.decisions.beginning import fill, shrunk
from reconciler.planning.decisions.endings import protection
from reconciler.planning.decisions.enforcing import has_passed, why_closed
from reconciler.planning.decisions.parts import run_people
from reconciler.planning.decisions.replacing import fixed, is_free, replacement
from reconciler.planning.decisions.strays import astray, copy_notes
from reconciler.planning.decisions.suppressing import withdrawal


def decide_armed(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject
) -> Decision:
    """A run that may ring: stopped, changed or grown in place, never begun again."""
    people = desk.people(wanted, record)
    seen = compared(desk, wanted, spec, record, live)
    noticed = _noticed(desk, wanted, record)
    drawn = withdrawal(wanted, spec, record, people)
    if drawn.changes:
        people = replace(people, queued_suppressed=frozenset())
    stop = _stopping(desk, wanted, record, run_people(desk, wanted) if spec.fill_on_create else people)
    if stop is not None:
        return joined((noticed, drawn, Decision(changes=(stop,), findings=seen.findings)))
    settled = _settled(desk, wanted, spec, record, live, seen)
    more = shrunk(desk, wanted, people)
    grown = NOTHING if spec.fill_on_create else fill(wanted, record, people, Movement.LOUDER, more)
    replacing = any(item.action is Action.REPLACE and is_free(desk, item) for item in settled)
    found = (
        *seen.findings,
        *_queued_suppressed(wanted, record, people),
        *_added(desk, wanted, spec, record, live),
    )
    return joined(
        (
            noticed,
            drawn,
            Decision(changes=settled, findings=found) if settled or found else NOTHING,
            adopted(desk.scene, record, seen.known(record.fields), protect=wanted.protect),
            NOTHING if replacing else _pausing(desk, wanted, spec, record, live),
            grown,
            _vanished(wanted, people),
            copy_notes(wanted, desk.marked(spec, record.key, record.marker)),
        )
    )


def _noticed(desk: Desk, wanted: WantedObject, record: Record) -> Decision:
    """Note that somebody armed at the vendor what we had not started: it counts as armed from now on."""
    if not started_outside(desk.index, record):
        return NOTHING
    found = changed_outside(record, wanted, Loudness.LOUDER, "started outside")
    return Decision(findings=(found,)) + rung(desk.scene, record)


def _stopping(desk: Desk, wanted: WantedObject, record: Record, people: RunPeople) -> Change | None:
    """The stop that the manifest, or a suppressed person in the queue, asks for."""
    queued = len(people.queued_suppressed)
    held: tuple[Held, ...] = ()
    if wanted.desired is Desired.STOPPED:
        reason = "stopped by the manifest; this ends the run"
    elif queued and wanted.on_queued_suppression == "stop":
        reason = f"{queued} suppressed people are queued; on_queued_suppression: stop"
    elif has_passed(wanted.fields, desk.scene.now):
        reason = "its last day is over; this ends the run"
    elif wanted.desired is Desired.DRAFT:
        reason = "draft again; this ends the run"
        text = "a draft of an armed run ends it"
        held = (Held("end-run", text, f"end-run:{wanted.key.address}"), *protection(record, wanted))
    else:
        return None
    return of_wanted(wanted, record).change(Action.STOP, Movement.QUIETER, reason, held=held)


def _queued_suppressed(wanted: WantedObject, record: Record, people: RunPeople) -> tuple[Finding, ...]:
    """The finding that people are queued who are suppressed by now, where that does not end the run."""
    queued = len(people.queued_suppressed)
    if not queued:
        return ()
    text = f"{queued} suppressed people are queued; on_queued_suppression: report"
    what = "suppressed but queued"
    return (Finding(record.key, record.kind, what, Loudness.OTHER, text, location=wanted.location),)


def _added(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject
) -> tuple[Finding, ...]:
    """The finding that somebody put people into a run at the vendor, or took some out."""
    found = astray(desk, spec, record, live)
    if found is None:
        return ()
    text, grade = f"{found[0]}: changed outside", found[1]
    return (Finding(record.key, record.kind, "people", grade, text, location=wanted.location),)


def _settled(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject, seen: Comparison
) -> tuple[Change, ...]:
    """The updates of an armed run; what the vendor cannot change any more is a change of its own, and held."""
    stuck = fixed(spec, seen)
    if not stuck:
        return updates(spec, wanted, record, seen)
    free = tuple(item for item in seen.differing if item not in stuck)
    if spec.replaceable:
        held = replacement(desk, wanted, record, live, stuck)
    else:
        names = ", ".join(item.field for item in stuck)
        text = f"{names} cannot be changed while the run is armed; it waits for the next run"
        held = update(wanted, record, stuck, "changed", suffix="replace", held=(Held("replace", text),))
    return (*updates(spec, wanted, record, replace(seen, differing=free)), held)


def _pausing(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject) -> Decision:
    """Pause and resume, where the vendor can; a pause made by hand is left as it is (law 7)."""
    if not spec.can_pause:
        return NOTHING
    running = record.running if live.running is None else live.running
    closed = why_closed(wanted.fields, desk.scene.now) if wanted.desired is Desired.RUNNING else None
    if closed is not None:
        return _closing(wanted, record, live, closed) if running else NOTHING
    if wanted.desired is Desired.PAUSED and running:
        paused = of_wanted(wanted, record).change(Action.PAUSE, Movement.QUIETER, "pause")
        return Decision(changes=(paused,)) + _resumed_outside(wanted, record, live)
    if wanted.desired is Desired.RUNNING and not running:
        return _resuming(wanted, record)
    return toggled(desk.scene, record, running=running)


def _closing(wanted: WantedObject, record: Record, live: LiveObject, why: str) -> Decision:
    """The pause on a day that is kept free here; what somebody paused by hand on such a day stays as we know it."""
    paused = of_wanted(wanted, record).change(Action.PAUSE, Movement.QUIETER, why)
    return Decision(changes=(paused,)) + _resumed_outside(wanted, record, live)


def _resumed_outside(wanted: WantedObject, record: Record, live: LiveObject) -> Decision:
    """The finding that somebody set going what we had paused."""
    if record.phase is not Phase.ARMED or record.running or not live.running:
        return NOTHING
    found = changed_outside(record, wanted, Loudness.LOUDER, "resumed outside")
    return Decision(findings=(found,))


def _resuming(wanted: WantedObject, record: Record) -> Decision:
    """The resume of a run that is paused; held where somebody paused it by hand."""
    by_hand = record.running
    held = (Held("restore", "paused outside", f"restore:{wanted.key.address}"),) if by_hand else ()
    resumed = of_wanted(wanted, record).change(Action.RESUME, Movement.LOUDER, "resume", held=held)
    found = (changed_outside(record, wanted, Loudness.QUIETER, "paused outside"),) if by_hand else ()
    return Decision(changes=(resumed,), findings=found)


def _vanished(wanted: WantedObject, people: RunPeople) -> Decision:
    """The note that people left the list of a run that has them."""
    if not people.vanished or people.error:
        return NOTHING
    text = f"{len(people.vanished)} people left the list; they stay queued, and are not sent again"
    return Decision(notes=(Note(str(wanted.key.address), text),))
