"""Decisions: what one object's comparison comes to, and the small pieces that changes are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec, Loudness
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import (
    Action,
    Change,
    Difference,
    Finding,
    Held,
    Movement,
    Note,
    Origin,
)
from reconciler.model.problem import Problem
from reconciler.model.state import LogEntry, Phase, Record
from reconciler.planning.compare import outside_differences, worst
from reconciler.planning.people import RunPeople, Suppressions, people_of
from reconciler.planning.scene import Index, People, Scene, phase_of


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done, said and remembered about one object.

    `queued` are the people of each append, by change id. `entries` are facts that an apply writes
    into the state without any request.
    """

    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    entries: tuple[LogEntry, ...] = ()
    queued: Mapping[str, People] = field(default_factory=dict)

    def __add__(self, more: Decision) -> Decision:
        return joined((self, more))


NOTHING = Decision()


def joined(decisions: Iterable[Decision]) -> Decision:
    """Several decisions as one, in their order."""
    parts = [decision for decision in decisions if decision is not NOTHING]
    return Decision(
        changes=tuple(item for part in parts for item in part.changes),
        findings=tuple(item for part in parts for item in part.findings),
        notes=tuple(item for part in parts for item in part.notes),
        problems=tuple(item for part in parts for item in part.problems),
        entries=tuple(item for part in parts for item in part.entries),
        queued={key: value for part in parts for key, value in part.queued.items()},
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """What every decision has at hand: the scene, its index, and each campaign's filter."""

    scene: Scene
    index: Index
    suppressions: Suppressions

    def people(self, wanted: WantedObject, record: Record | None) -> RunPeople:
        """The people of a wanted run."""
        return people_of(self.scene, self.index, self.suppressions(wanted), wanted, record)

    def ringing(self, record: Record, live: LiveObject | None) -> bool:
        """Whether a change of this object can reach a phone: it is armed, or an armed run or a stranger uses it."""
        if phase_of(self.index, record) is Phase.ARMED:
            return True
        return live is not None and any(self._rings(user) for user in self.users(live))

    def users(self, live: LiveObject) -> tuple[LiveObject, ...]:
        """The objects that refer to one."""
        return self.index.users.get((live.provider, live.kind, live.remote_id), ())

    def owner(self, live: LiveObject) -> Record | None:
        """Our record of a live object, or None when it is a stranger's."""
        return self.index.owners.get((live.provider, live.kind, live.remote_id))

    def strangers(self, live: LiveObject) -> tuple[LiveObject, ...]:
        """The users of an object that are not ours."""
        return tuple(user for user in self.users(live) if self.owner(user) is None)

    def _rings(self, user: LiveObject) -> bool:
        record = self.owner(user)
        return record is None or phase_of(self.index, record) is Phase.ARMED


def change(
    key: ObjectKey,
    kind: str,
    action: Action,
    movement: Movement,
    reason: str,
    *,
    record: Record | None = None,
    wanted: WantedObject | None = None,
    held: tuple[Held, ...] = (),
    differences: tuple[Difference, ...] = (),
    suffix: str = "",
) -> Change:
    """A change at an object, with what it was planned on."""
    return Change(
        id=f"{key}#{suffix or action.value}",
        key=key,
        kind=kind,
        action=action,
        movement=movement,
        reason=reason,
        differences=differences,
        held=held,
        remote_id=record.remote_id if record is not None else None,
        generation=record.generation if record is not None else 0,
        location=wanted.location if wanted is not None else None,
    )


def updates(
    desk: Desk,
    spec: KindSpec,
    wanted: WantedObject,
    record: Record,
    differing: tuple[Difference, ...],
    *,
    proven: bool,
    ringing: bool,
) -> tuple[Change, ...]:
    """The updates that settle some differences: quieter ones first, those we must not undo held."""
    restore = tuple(item for item in differing if not proven or _quietened(spec, item, ringing=ringing))
    quieter = tuple(item for item in differing if item not in restore and item.loudness is Loudness.QUIETER)
    rest = tuple(item for item in differing if item not in restore and item not in quieter)
    found = []
    if quieter:
        reason = _why(quieter)
        found.append(
            change(
                wanted.key,
                spec.name,
                Action.UPDATE,
                Movement.QUIETER,
                reason,
                record=record,
                wanted=wanted,
                differences=quieter,
                suffix="quieten",
            )
        )
    if rest:
        found.append(
            change(
                wanted.key,
                spec.name,
                Action.UPDATE,
                movement_of(rest),
                _why(rest),
                record=record,
                wanted=wanted,
                differences=rest,
            )
        )
    if restore:
        text = "made quieter outside" if proven else "its name or marker is gone, so it may not be ours"
        held = Held("restore", text, f"restore:{wanted.key.address}")
        found.append(
            change(
                wanted.key,
                spec.name,
                Action.UPDATE,
                movement_of(restore),
                "set back",
                record=record,
                wanted=wanted,
                differences=restore,
                held=(held,),
                suffix="restore",
            )
        )
    return tuple(found)


def _quietened(spec: KindSpec, item: Difference, *, ringing: bool) -> bool:
    if item.origin is not Origin.OUTSIDE or not ringing:
        return False
    return spec.field_index[item.field].loudness(item.applied, item.live) is Loudness.QUIETER


def _why(items: tuple[Difference, ...]) -> str:
    origins = {item.origin for item in items}
    if origins == {Origin.OUTSIDE}:
        return "changed outside, set back"
    return "changed here" if origins == {Origin.HERE} else "changed here and outside"


def movement_of(items: tuple[Difference, ...]) -> Movement:
    """Where in an apply some differences are settled."""
    grade = worst(tuple(item.loudness for item in items))
    return {Loudness.QUIETER: Movement.QUIETER, Loudness.SAME: Movement.NEUTRAL}.get(grade, Movement.LOUDER)


def drifted(
    spec: KindSpec,
    record: Record,
    live: LiveObject,
    wanted: WantedObject | None,
    fields: Mapping[str, object] | None,
    *,
    proven: bool,
    ringing: bool,
) -> tuple[Finding, ...]:
    """The finding that an object was changed at the vendor, if it was."""
    found = outside_differences(spec, record, live, fields, ringing=ringing)  # type: ignore[arg-type]  # read only
    if not found and proven:
        return ()
    grade = worst(tuple(item.loudness for item in found)) if found else Loudness.OTHER
    what = "changed" if proven else "renamed"
    text = "changed outside" if proven else "its name or marker was changed outside"
    return (
        Finding(
            record.key, record.kind, what, grade, text, found, location=wanted.location if wanted else None
        ),
    )


def missing(record: Record, wanted: WantedObject | None) -> Finding:
    """The finding that an object is not there any more."""
    location = wanted.location if wanted else None
    if record.phase is Phase.INERT:
        return Finding(
            record.key, record.kind, "missing", Loudness.OTHER, "deleted outside", location=location
        )
    text = "ended outside: deleted there; a run that ended is not started again"
    return Finding(record.key, record.kind, "ended outside", Loudness.QUIETER, text, location=location)


def live_digest(live: Iterable[LiveObject | None]) -> str:
    """A digest of what the vendor showed of some objects; the same objects give the same text."""
    plain = [None if item is None else [item.remote_id, item.marker, dict(item.fields)] for item in live]
    text = json.dumps(plain, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
