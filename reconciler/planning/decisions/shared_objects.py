"""Decisions about objects that no run owns: schedules, profiles, and their like."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.model.kind import KindSpec
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Change, Held, Movement, Note
from reconciler.model.problem import Problem
from reconciler.model.state import Record
from reconciler.planning.basis.decision import Decision
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.drift import drifted, missing
from reconciler.planning.basis.entries import adopted, forgotten
from reconciler.planning.basis.scene import live_of, proven
from reconciler.planning.basis.subject import creation, of_record
from reconciler.planning.basis.updates import compared, later_settings, updates


def decide_shared(desk: Desk, wanted: WantedObject, spec: KindSpec) -> Decision:
    """What to do about one wanted object that no run owns."""
    record = desk.scene.snapshot.records.get(wanted.key)
    if record is None or record.remote_id is None:
        return create(desk, wanted, spec, "new")
    live = live_of(desk.index, record)
    if live is None:
        again = create(desk, wanted, spec, "deleted outside, made again", record=record)
        return Decision(findings=(missing(record, wanted),)) + again
    return compare_shared(desk, wanted, spec, record, live)


def compare_shared(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject
) -> Decision:
    """What to do about an object that exists: its updates, what was done to it outside, what we only learn."""
    seen = compared(desk, wanted, spec, record, live)
    if not seen.differing and seen.proven:
        return Decision(findings=seen.findings) + adopted(
            desk.scene, record, seen.fields, protect=wanted.protect
        )
    changes = updates(spec, wanted, record, seen)
    return Decision(changes=tuple(_shared(desk, item, live) for item in changes), findings=seen.findings)


def _shared(desk: Desk, item: Change, live: LiveObject) -> Change:
    strangers = desk.strangers(live)
    if not strangers or item.movement is Movement.QUIETER:
        return item
    text = f"campaigns that are not ours use it: {len(strangers)}"
    return replace(item, held=(*item.held, Held("shared", text, f"shared:{item.address}")))


def create(
    desk: Desk, wanted: WantedObject, spec: KindSpec, reason: str, record: Record | None = None
) -> Decision:
    """A creation, unless the vendor holds something of that name or marker which the state does not know."""
    held, problems = taken(desk, wanted, spec)
    made = creation(wanted, spec, record, reason, held)
    return Decision(changes=(made, *later_settings(wanted, spec)), problems=problems)


def taken(desk: Desk, wanted: WantedObject, spec: KindSpec) -> tuple[tuple[Held, ...], tuple[Problem, ...]]:
    """Whether something bears the wanted marker or name already: lost state, or a stranger's (law 12)."""
    lost = desk.marked(spec, wanted.key, wanted.marker)
    if lost:
        return _lost(wanted, lost[0])
    provider = wanted.key.address.provider
    named = desk.index.by_name.get((provider, spec.name, wanted.natural_key)) if wanted.natural_key else None
    if not spec.unique_name or named is None:
        return (), ()
    owner = desk.owner(named)
    if owner is None:
        return _namesake(wanted, named)
    return _renamed(wanted, owner) if owner.key != wanted.key else ((), ())


def _lost(wanted: WantedObject, live: LiveObject) -> tuple[tuple[Held, ...], tuple[Problem, ...]]:
    text = (
        f"{wanted.key.address} exists at the vendor as {live.remote_id}, with our marker, and state lacks it"
    )
    remedy = "the state was lost or is another one; run: reconciler state rebuild"
    problem = Problem("STA20", text, remedy, location=wanted.location, address=wanted.key.address)
    return (Held("lost state", text),), (problem,)


def _namesake(wanted: WantedObject, live: LiveObject) -> tuple[tuple[Held, ...], tuple[Problem, ...]]:
    text = f"{wanted.kind} {live.natural_key!r} exists at the vendor already, as {live.remote_id}"
    remedy = (
        f"take it over: reconciler import {wanted.key.address} {live.remote_id}; or choose another nickname"
    )
    problem = Problem("IMP01", text, remedy, location=wanted.location, address=wanted.key.address)
    return (Held("exists", text),), (problem,)


def _renamed(wanted: WantedObject, owner: Record) -> tuple[tuple[Held, ...], tuple[Problem, ...]]:
    text = f"{wanted.kind} {wanted.natural_key!r} exists at the vendor already, as {owner.key.address}"
    remedy = f"renamed? then write moved: [{{from: {owner.key.address}, to: {wanted.key.address}}}]"
    problem = Problem("IMP01", text, remedy, location=wanted.location, address=wanted.key.address)
    return (Held("exists", text),), (problem,)


def drop_shared(desk: Desk, record: Record, spec: KindSpec) -> Decision:
    """What to do about an object whose resource the manifests do not have any more."""
    live = live_of(desk.index, record)
    if live is None:
        return forgotten(desk.scene, record)
    if not proven(spec, record, live):
        note = Note(str(record.key.address), "not deleted: its name was changed outside; state rm forgets it")
        return Decision(
            notes=(note,), findings=drifted(spec, record, live, None, None, proven=False, ringing=False)
        )
    held: tuple[Held, ...] = ()
    if strangers := desk.strangers(live):
        held = (Held("shared", f"campaigns that are not ours use it: {len(strangers)}"),)
    gone = of_record(record).change(Action.DELETE, Movement.NEUTRAL, "not in the manifests", held=held)
    return Decision(changes=(gone,))
