"""Decisions about objects that no run owns: schedules, profiles, and their like."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.kind import KindSpec
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Change, Held, Movement, Note
from reconciler.model.problem import Problem
from reconciler.model.state import Record
from reconciler.planning.compare import differences, resolved_fields
from reconciler.planning.decision import (
    Decision,
    Desk,
    change,
    drifted,
    missing,
    updates,
)
from reconciler.planning.entries import adopted, forgotten
from reconciler.planning.scene import live_of, proven


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
    fields = resolved_fields(wanted, spec, record, desk.scene.snapshot.records)
    ringing, ours = desk.ringing(record, live), proven(spec, record, live)
    differing = differences(spec, fields, record, live, ringing=ringing)
    found = drifted(spec, record, live, wanted, fields, proven=ours, ringing=ringing)
    if not differing and not found:
        return adopted(desk.scene, record, fields, protect=wanted.protect)
    changes = updates(desk, spec, wanted, record, differing, proven=ours, ringing=ringing)
    return Decision(changes=tuple(_shared(desk, item, live) for item in changes), findings=found)


def _shared(desk: Desk, item: Change, live: LiveObject) -> Change:
    strangers = desk.strangers(live)
    if not strangers or item.movement is Movement.QUIETER:
        return item
    text = f"{len(strangers)} campaign(s) that are not ours use it"
    return replace(item, held=(*item.held, Held("shared", text, f"shared:{item.address}")))


def create(
    desk: Desk, wanted: WantedObject, spec: KindSpec, reason: str, record: Record | None = None
) -> Decision:
    """A creation, unless the vendor holds something of that name or marker which the state does not know."""
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
    return Decision(changes=(made,), problems=problems)


def taken(desk: Desk, wanted: WantedObject, spec: KindSpec) -> tuple[tuple[Held, ...], tuple[Problem, ...]]:
    """Whether something bears the wanted marker or name already: lost state, or a stranger's (law 12)."""
    provider = wanted.key.address.provider
    if spec.marker and wanted.marker:
        marked = desk.index.by_marker.get((provider, spec.name, wanted.marker), ())
        lost = [item for item in marked if desk.owner(item) is None]
        if lost:
            return _lost(wanted, lost[0])
    named = desk.index.by_name.get((provider, spec.name, wanted.natural_key)) if wanted.natural_key else None
    if spec.unique_name and named is not None and desk.owner(named) is None:
        return _namesake(wanted, named)
    return (), ()


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
    strangers = desk.strangers(live)
    held: tuple[Held, ...] = ()
    if strangers:
        held = (Held("shared", f"{len(strangers)} campaign(s) that are not ours use it"),)
    gone = change(
        record.key,
        spec.name,
        Action.DELETE,
        Movement.NEUTRAL,
        "not in the manifests",
        record=record,
        held=held,
    )
    return Decision(changes=(gone,))
