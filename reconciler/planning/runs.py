"""Decisions about the wanted run of a campaign: made inert, filled, armed; never armed twice (laws 1, 2, 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.model.kind import KindSpec, Loudness, Updatable
from reconciler.model.objects import LiveObject, Strays, WantedObject
from reconciler.model.plan import Action, Change, Difference, Finding, Held, Movement, Note
from reconciler.model.resource import Desired
from reconciler.model.state import REPLACED, Phase, Record
from reconciler.model.value import Fields
from reconciler.planning.beginning import arm, begin, fill, never_began, shrunk
from reconciler.planning.compare import is_known, resolved_fields
from reconciler.planning.decision import (
    NOTHING,
    Comparison,
    Decision,
    Desk,
    compared,
    joined,
    missing,
    of_wanted,
    update,
    updates,
)
from reconciler.planning.endings import (
    disposal,
    end_earlier,
    ending,
    is_spent,
    protection,
    refuse_spent,
    remove_inert,
    stopped_outside,
)
from reconciler.planning.enforcing import has_passed, why_closed
from reconciler.planning.entries import adopted, ended, forgotten, rung, toggled
from reconciler.planning.parts import is_half_replaced, is_same_run, open_parts, run_people, was_cut_short
from reconciler.planning.people import RunPeople
from reconciler.planning.replacing import fixed, is_free, leaving, replacement, rest_of
from reconciler.planning.scene import live_of, miscount, phase_of, started_outside
from reconciler.planning.suppressing import withdrawal
from reconciler.planning.transitions import DOUBT

DOUBTS = {
    "append": "nobody knows who is queued in it",
    "stop": "it was asked to stop before it began",
    "key": "its people are known under a lost key",
}
"""Why an inert object is thrown away, by the value of its DOUBT."""


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
    return _grown(desk, wanted, spec) if record is None else _current(desk, wanted, spec, record)


def _grown(desk: Desk, wanted: WantedObject, spec: KindSpec) -> Decision:
    """The next part, with everybody who is new; none while one is not armed yet, which takes them in."""
    rest, half = open_parts(desk, wanted), is_half_replaced(desk, wanted)
    several = run_people(desk, wanted)
    wants = wanted.desired in (Desired.RUNNING, Desired.PAUSED)
    cut = was_cut_short(desk, wanted) or (
        several.queued_suppressed and wanted.on_queued_suppression == "stop"
    )
    if not (rest or half) or cut or not wants:
        return NOTHING
    if gone := leaving(desk, wanted, spec):
        return _taken_over(desk, wanted, spec, gone)
    inert = any(phase_of(desk.index, item) is Phase.INERT for item in rest)
    if inert or not (several.new or several.error):
        return NOTHING
    fresh = begin(
        desk, wanted, spec, None, "at most, the rest of the part before" if half else "more contacts"
    )
    held = (*shrunk(desk, wanted, several), *_paused(desk, wanted, rest))
    return replace(fresh, changes=tuple(replace(item, held=(*item.held, *held)) for item in fresh.changes))


def _taken_over(desk: Desk, wanted: WantedObject, spec: KindSpec, gone: Mapping[str, Record]) -> Decision:
    """The part that takes over whom others have not tried when they are stopped, and whoever is new."""
    people = rest_of(desk, wanted, list(gone.values()))
    fresh = begin(desk, wanted, spec, None, "at most, the rest of the part before", people)
    made = (item.id for item in fresh.changes if item.action is Action.CREATE)
    return replace(fresh, after=dict.fromkeys(made, frozenset(gone)))


def _paused(desk: Desk, wanted: WantedObject, rest: list[Record]) -> tuple[Held, ...]:
    """What holds the growth of a run that somebody paused at the vendor."""
    shown = [(item, live_of(desk.index, item)) for item in rest]
    if not any(item.running and live is not None and live.running is False for item, live in shown):
        return ()
    return (Held("restore", "paused outside", f"restore:{wanted.key.address}"),)


def _current(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record | None) -> Decision:
    if record is None or (record.remote_id is None and record.phase is Phase.INERT):
        return begin(desk, wanted, spec, record, "new")
    if record.phase is Phase.ENDED:
        return _ended(desk, wanted, spec, record)
    live = live_of(desk.index, record)
    armed = phase_of(desk.index, record) is Phase.ARMED
    if live is None:
        return _missing(desk, wanted, spec, record, armed=armed)
    if live.ended is not None and not armed:
        return _stopped_inert(desk, wanted, spec, record, live)
    return (_armed if armed else _inert)(desk, wanted, spec, record, live)


def _stopped_inert(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject
) -> Decision:
    """An object that somebody stopped before it began: nobody was called by it, so another one is made."""
    gone = remove_inert(desk, spec, record, live, "stopped outside before it began")
    if wanted.desired is Desired.STOPPED:
        return gone + never_began(wanted)
    found = Finding(
        record.key, record.kind, "changed", Loudness.QUIETER, "stopped outside", location=wanted.location
    )
    again = begin(desk, wanted, spec, record if gone.changes else None, "stopped outside, made again")
    return joined((gone, Decision(findings=(found,)), again))


def _missing(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, *, armed: bool) -> Decision:
    found = Decision(findings=(missing(record, wanted, armed=armed),))
    if armed:
        return found
    if wanted.desired is Desired.STOPPED:
        return found + forgotten(desk.scene, record) + never_began(wanted)
    return found + begin(desk, wanted, spec, record, "deleted outside, made again")


def _inert(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject) -> Decision:
    """An object that never rang: changed freely, and thrown away where it cannot be changed."""
    if wanted.desired is Desired.STOPPED:
        return remove_inert(desk, spec, record, live, "stopped before it began") + never_began(wanted)
    people = desk.people(wanted, record)
    seen = compared(desk, wanted, spec, record, live)
    copied = desk.marked(spec, record.key, record.marker)
    why = _disposable(spec, record, people, seen.differing) or _miscounted(desk, spec, record, live)
    if why and seen.proven and not copied:
        return _again(desk, wanted, spec, record, why, people, seen)
    held = (*_copied(copied), *((Held("replace", why),) if why else ()))
    settled = Decision(changes=updates(spec, wanted, record, seen), findings=seen.findings)
    learned = adopted(desk.scene, record, _known_fields(record, seen), protect=wanted.protect)
    notes = _copy_notes(wanted, copied)
    if spec.fill_on_create:
        unread = (Held("contacts", people.error),) if people.error else ()
        return joined((settled, learned, arm(desk, wanted, record, (*held, *unread)), notes))
    filled = fill(wanted, record, people, Movement.NEUTRAL, (*held, *shrunk(desk, wanted, people)))
    return joined((settled, learned, filled, arm(desk, wanted, record, held), notes))


def _again(
    desk: Desk,
    wanted: WantedObject,
    spec: KindSpec,
    record: Record,
    why: str,
    people: RunPeople,
    seen: Comparison,
) -> Decision:
    gone = of_wanted(wanted, record).change(
        Action.DELETE, Movement.NEUTRAL, disposal(spec, why), held=shrunk(desk, wanted, people)
    )
    fresh = begin(desk, wanted, spec, record, "made again")
    return Decision(changes=(gone,), findings=seen.findings) + fresh


def _known_fields(record: Record, seen: Comparison) -> Fields:
    return record.fields if seen.differing or not seen.proven else seen.fields


def _copied(copies: tuple[LiveObject, ...]) -> tuple[Held, ...]:
    """What holds the arming of a run whose marker is borne by another object, too (law 2)."""
    if not copies:
        return ()
    return (Held("copy", f"{_ids(copies)} at the vendor bears its marker, too; remove what is not ours"),)


def _copy_notes(wanted: WantedObject, copies: tuple[LiveObject, ...]) -> Decision:
    if not copies:
        return NOTHING
    text = f"{_ids(copies)} at the vendor bears its marker, too: a copy that somebody made; it is left alone"
    return Decision(notes=(Note(str(wanted.key.address), text),))


def _ids(copies: tuple[LiveObject, ...]) -> str:
    return ", ".join(item.remote_id for item in copies)


def _disposable(
    spec: KindSpec, record: Record, people: RunPeople, differing: tuple[Difference, ...]
) -> str | None:
    """Why an inert object is better made again than changed, if it is."""
    if doubt := record.facts.get(DOUBT):
        return f"{DOUBTS.get(doubt, DOUBTS['append'])}; never armed, so it is made again"
    if people.queued_suppressed:
        return f"{len(people.queued_suppressed)} suppressed people are queued in it; never armed, made again"
    if people.vanished and not people.error:
        return f"{len(people.vanished)} people left its list; never armed, made again"
    if spec.fill_on_create and people.new and not people.error:
        return f"{len(people.new)} people joined its list; never armed, made again"
    fixed = [item.field for item in differing if spec.field_index[item.field].updatable is Updatable.NEVER]
    return f"{', '.join(fixed)} cannot be changed; never armed, made again" if fixed else None


def _miscounted(desk: Desk, spec: KindSpec, record: Record, live: LiveObject) -> str | None:
    """Why an inert object would call others than those whom we queued in it."""
    found = _astray(desk, spec, record, live)
    return None if found is None else f"{found[0]}; never armed, so it is made again"


def _astray(desk: Desk, spec: KindSpec, record: Record, live: LiveObject) -> tuple[str, Loudness] | None:
    """How the people in an object differ from those whom we queued, by name where they show, else by their count.

    While a request or a job is open that says nothing.
    """
    if desk.index.unknown.get(record.key):
        return None
    if spec.shows_people:
        strays = desk.scene.strays.get(record.key)
        return None if strays is None else (_stray_words(strays), _graded(strays.strangers > 0))
    counts = miscount(record, live)
    if counts is None:
        return None
    return f"{counts[0]} people are in it and {counts[1]} were", _graded(counts[0] > counts[1])


def _graded(louder: bool) -> Loudness:
    return Loudness.LOUDER if louder else Loudness.QUIETER


def _stray_words(strays: Strays) -> str:
    more = f"{strays.strangers} people are in it whom nobody here queued" if strays.strangers else ""
    less = f"{strays.missing} people are gone from it" if strays.missing else ""
    return ", ".join(text for text in (more, less) if text)


def _armed(desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject) -> Decision:
    """A run that may ring: stopped, changed or grown in place, never begun again."""
    if why := ending(desk, spec, record, live):
        return _over(desk, wanted, spec, record, live, why)
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
            adopted(desk.scene, record, _known_fields(record, seen), protect=wanted.protect),
            NOTHING if replacing else _pausing(desk, wanted, spec, record, live),
            NOTHING
            if spec.fill_on_create
            else fill(wanted, record, people, Movement.LOUDER, shrunk(desk, wanted, people)),
            _vanished(wanted, people),
            _copy_notes(wanted, desk.marked(spec, record.key, record.marker)),
        )
    )


def _over(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject, why: str
) -> Decision:
    """A run that came to its end: completed is success. One that somebody stopped is said until another begins."""
    found = () if wanted.desired is Desired.STOPPED else stopped_outside(record, live, wanted)
    if found:
        return Decision(findings=found)
    return ended(desk.scene, record, why) + _ended(desk, wanted, spec, replace(record, ended=why))


def _noticed(desk: Desk, wanted: WantedObject, record: Record) -> Decision:
    """Note that somebody armed at the vendor what we had not started: it counts as armed from now on."""
    if not started_outside(desk.index, record):
        return NOTHING
    found = Finding(
        record.key, record.kind, "changed", Loudness.LOUDER, "started outside", location=wanted.location
    )
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
    astray = _astray(desk, spec, record, live)
    if astray is None:
        return ()
    text, grade = f"{astray[0]}: changed outside", astray[1]
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
    found = Finding(
        record.key, record.kind, "changed", Loudness.LOUDER, "resumed outside", location=wanted.location
    )
    return Decision(findings=(found,))


def _resuming(wanted: WantedObject, record: Record) -> Decision:
    by_hand = record.running
    held = (Held("restore", "paused outside", f"restore:{wanted.key.address}"),) if by_hand else ()
    resumed = of_wanted(wanted, record).change(Action.RESUME, Movement.LOUDER, "resume", held=held)
    found = Finding(
        record.key, record.kind, "changed", Loudness.QUIETER, "paused outside", location=wanted.location
    )
    return Decision(changes=(resumed,), findings=(found,) if by_hand else ())


def _vanished(wanted: WantedObject, people: RunPeople) -> Decision:
    if not people.vanished or people.error:
        return NOTHING
    text = f"{len(people.vanished)} people left the list; they stay queued, and are not sent again"
    return Decision(notes=(Note(str(wanted.key.address), text),))


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
