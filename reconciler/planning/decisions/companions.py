"""Companions: objects that one run alone uses, such as the list that it is filled through; made with it each time.

What is inert is disposable, and so is what it was filled through: where a run's object is made again, everybody
is queued again, and a companion that somebody may be in already would have them twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from reconciler.model.address import ObjectKey
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Change, Held, Movement
from reconciler.model.state import Record
from reconciler.model.value import UNKNOWN, Reference
from reconciler.planning.basis.decision import Decision
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.scene import live_of, proven
from reconciler.planning.basis.subject import creation, of_record
from reconciler.planning.decisions.shared_objects import drop_shared

AGAIN = "its run is made again"


def with_companions(desk: Desk, decision: Decision) -> Decision:
    """The decision with each companion made where its run is, and only there; those of no run are removed."""
    if not any(spec.companion for kinds in desk.scene.specs.values() for spec in kinds.values()):
        return decision
    begun = _begun(desk, decision)
    several = [item for item in decision.changes if not _is_companion(desk, item.key) or _stays(item, begun)]
    kept = [fresh for item in several if (fresh := _without_lost(desk, item, begun)) is not None]
    renewed = [
        change
        for key, run in begun.items()
        if all(item.key != key or item.action is not Action.CREATE for item in kept)
        for change in _renewal(desk, desk.index.wanted[key], run)
    ]
    keys = {item.key for item in renewed}
    changes = (*(item for item in kept if item.key not in keys), *renewed)
    return replace(decision, changes=changes) + _forsaken(desk, decision)


def _begun(desk: Desk, decision: Decision) -> dict[ObjectKey, Change]:
    """The companions of the runs that are about to be made, each with the creation of its run."""
    return {
        key: item
        for item in decision.changes
        if item.action is Action.CREATE and item.key in desk.index.wanted
        for key in desk.index.wanted[item.key].depends_on
        if _is_companion(desk, key)
    }


def _without_lost(desk: Desk, item: Change, begun: dict[ObjectKey, Change]) -> Change | None:
    """The change without the wish for a companion that is gone: a run that is not made again gets no other one."""
    wanted = desk.index.wanted.get(item.key)
    if wanted is None or item.action is Action.CREATE or not item.differences:
        return item
    lost = {
        name
        for name, value in wanted.fields.items()
        if isinstance(value, Reference) and value.key not in begun and _is_companion(desk, value.key)
    }
    left = tuple(each for each in item.differences if each.field not in lost or each.wanted is not UNKNOWN)
    return replace(item, differences=left) if left else None


def _stays(item: Change, begun: dict[ObjectKey, Change]) -> bool:
    return item.action is not Action.CREATE or item.key in begun


def _is_companion(desk: Desk, key: ObjectKey) -> bool:
    thing = desk.index.wanted.get(key) or desk.scene.snapshot.records.get(key)
    spec = desk.scene.spec(key, thing.kind) if thing is not None else None
    return spec is not None and spec.companion


def _renewal(desk: Desk, wanted: WantedObject, run: Change) -> Iterator[Change]:
    """What is there goes, unless it may not be ours, and another one is made; held where its run is."""
    record = desk.scene.snapshot.records.get(wanted.key)
    spec = desk.scene.specs[wanted.key.address.provider][wanted.kind]
    held = (Held("depends", f"waits for {run.id}"),) if run.held else ()
    live = live_of(desk.index, record) if record is not None else None
    if record is not None and live is not None:
        ours = proven(spec, record, live)
        doubt = () if ours else (Held("restore", "its marker is gone, so it may not be ours"),)
        yield of_record(record, wanted).change(Action.DELETE, Movement.NEUTRAL, AGAIN, held=(*held, *doubt))
    yield creation(wanted, spec, record, AGAIN, held)


def _forsaken(desk: Desk, decision: Decision) -> Decision:
    """The removal of companions whose runs are gone, or about to go, while their campaign goes on with another run."""
    leaving = {item.key for item in decision.changes if item.action is Action.DELETE}
    found = Decision()
    for record in desk.scene.snapshot.records.values():
        if not _is_companion(desk, record.key) or record.key in desk.index.wanted:
            continue
        if record.key.address in desk.index.wanted_addresses and _users(desk, record) <= leaving:
            spec = desk.scene.specs[record.key.address.provider][record.kind]
            found += drop_shared(desk, record, spec)
    return found


def _users(desk: Desk, record: Record) -> set[ObjectKey]:
    several = desk.scene.snapshot.records.values()
    return {item.key for item in several if item.remote_id is not None and record.key in item.depends_on}
