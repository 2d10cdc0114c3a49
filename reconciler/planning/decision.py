"""Decisions: what one object's comparison comes to, and the small pieces that changes are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from reconciler.model.address import Address, ObjectKey
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
from reconciler.model.state import Phase, Record, RecordDropped, RecordWritten
from reconciler.model.value import ABSENT, Fields, Value
from reconciler.planning.compare import (
    differences,
    is_as_wanted,
    is_known,
    outside_differences,
    resolved_fields,
    worst,
)
from reconciler.planning.consent import granted
from reconciler.planning.people import RunPeople, Suppressions, people_of, sent_by, suppressed
from reconciler.planning.scene import People, Scene, build_index, phase_of, proven

Learned = RecordWritten | RecordDropped
"""What a plan learns of an object without any request."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done, said and remembered about one object.

    `queued` are the people of each append, by change id. `entries` are facts that an apply writes
    into the state without any request. `after` are changes that a change comes after, beside what order alone tells.
    """

    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    entries: tuple[Learned, ...] = ()
    queued: Mapping[str, People] = field(default_factory=dict)
    after: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __add__(self, more: Decision) -> Decision:
        if more is NOTHING or self is NOTHING:
            return self if more is NOTHING else more
        return joined((self, more))


NOTHING = Decision()


def joined(decisions: Iterable[Decision]) -> Decision:
    """Several decisions as one, in their order."""
    parts = [decision for decision in decisions if decision is not NOTHING]
    if len(parts) <= 1:
        return parts[0] if parts else NOTHING
    return Decision(
        changes=tuple(item for part in parts for item in part.changes),
        findings=tuple(item for part in parts for item in part.findings),
        notes=tuple(item for part in parts for item in part.notes),
        problems=tuple(item for part in parts for item in part.problems),
        entries=tuple(item for part in parts for item in part.entries),
        queued={key: value for part in parts for key, value in part.queued.items()},
        after={key: value for part in parts for key, value in part.after.items()},
    )


class Desk:
    """What every decision has at hand: the scene, its index, each campaign's filter, and its people."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.index = build_index(scene)
        self.suppressions = Suppressions(scene)
        self._people: dict[tuple[ObjectKey, bool], RunPeople] = {}

    def people(self, wanted: WantedObject, record: Record | None) -> RunPeople:
        """The people of a wanted run; without a record, of one that begins afresh."""
        slot = wanted.key, record is None
        if slot not in self._people:
            suppression = self.suppressions(wanted.key.address.name, wanted.except_blacklists)
            barred = self._barred(wanted.key, wanted.except_blacklists)
            self._people[slot] = people_of(self.scene, self.index, suppression, wanted, record, barred)
        return self._people[slot]

    def queued_suppressed(self, record: Record, excepted: Iterable[str] = ()) -> frozenset[bytes]:
        """The people queued in a run, wanted or not, who are suppressed by now."""
        suppression = self.suppressions(record.key.address.name, excepted) - self._barred(
            record.key, excepted
        )
        return suppressed(sent_by(self.scene, self.index, record), suppression)

    def _barred(self, key: ObjectKey, excepted: Iterable[str]) -> frozenset[bytes]:
        return self.suppressions.barred(key.address.provider, key.address.name, excepted)

    def ringing(self, record: Record, live: LiveObject | None) -> bool:
        """Whether a change of this object can reach a phone: it is armed, or an armed run or a stranger uses it.

        An armed run uses what the vendor shows, and what we gave it: a reply may not show what it refers to.
        """
        if phase_of(self.index, record) is Phase.ARMED or record.key in self.needed_by_armed:
            return True
        return live is not None and any(self._rings(user) for user in self.users(live))

    @cached_property
    def is_granted(self) -> Callable[[str, Address | None, str], bool]:
        """Whether an action at an address and run was consented to."""
        return granted(self.scene)

    @cached_property
    def needed_by_armed(self) -> frozenset[ObjectKey]:
        """The objects that armed runs depend on, as far as the runs are there."""
        return frozenset(
            key
            for record in self.scene.snapshot.records.values()
            if record.key in self.index.ids and phase_of(self.index, record) is Phase.ARMED
            for key in record.depends_on
        )

    def users(self, live: LiveObject) -> tuple[LiveObject, ...]:
        """The objects that refer to one."""
        return self.index.users.get((live.provider, live.kind, live.remote_id), ())

    def owner(self, live: LiveObject) -> Record | None:
        """Our record of a live object, or None when it is a stranger's."""
        return self.index.owners.get((live.provider, live.kind, live.remote_id))

    def strangers(self, live: LiveObject) -> tuple[LiveObject, ...]:
        """The users of an object that are not ours."""
        return tuple(user for user in self.users(live) if self.owner(user) is None)

    def marked(self, spec: KindSpec, key: ObjectKey, marker: str | None) -> tuple[LiveObject, ...]:
        """The objects that bear a marker and are not ours, by id."""
        if not spec.marker or marker is None:
            return ()
        found = self.index.by_marker.get((key.address.provider, spec.name, marker), ())
        return tuple(sorted((item for item in found if self.owner(item) is None), key=_by_id))

    def _rings(self, user: LiveObject) -> bool:
        record = self.owner(user)
        return record is None or phase_of(self.index, record) is Phase.ARMED


def _by_id(live: LiveObject) -> tuple[int, str]:
    return len(live.remote_id), live.remote_id


@dataclass(frozen=True, slots=True)
class Subject:
    """What changes are about: one object, as we know it and as it is wanted, of which one may be missing."""

    key: ObjectKey
    kind: str
    record: Record | None = None
    wanted: WantedObject | None = None

    def change(
        self,
        action: Action,
        movement: Movement,
        reason: str,
        *,
        held: tuple[Held, ...] = (),
        differences: tuple[Difference, ...] = (),
        suffix: str = "",
    ) -> Change:
        """A change of the object, with what it was planned on."""
        return Change(
            id=f"{self.key}#{suffix or action.value}",
            key=self.key,
            kind=self.kind,
            action=action,
            movement=movement,
            reason=reason,
            differences=differences,
            held=held,
            remote_id=self.record.remote_id if self.record is not None else None,
            generation=self.record.generation if self.record is not None else 0,
            location=self.wanted.location if self.wanted is not None else None,
        )


def of_wanted(wanted: WantedObject, record: Record | None) -> Subject:
    """A wanted object, whether it exists or not."""
    return Subject(wanted.key, wanted.kind, record, wanted)


def of_record(record: Record, wanted: WantedObject | None = None) -> Subject:
    """An object that exists; `wanted` is what replaces it, if anything does."""
    return Subject(record.key, record.kind, record, wanted)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of our objects that shows, against what is wanted of it.

    `proven`: it bears the name or marker that we gave it. `ringing`: its changes can reach a phone.
    `fields` are the wanted ones with ids in them; `findings` say what was done to it outside.
    """

    fields: Fields
    proven: bool
    ringing: bool = False
    differing: tuple[Difference, ...] = ()
    findings: tuple[Finding, ...] = ()


def compared(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject
) -> Comparison:
    """The comparison of an object; where nothing differs, at the cost of a look."""
    fields = resolved_fields(wanted, spec, record, desk.index.ids)
    ours = proven(spec, record, live)
    if ours and is_as_wanted(fields, record.fields, live.fields):
        return Comparison(fields, proven=True)
    ringing = desk.ringing(record, live)
    differing = differences(spec, fields, record.fields, live.fields, ringing=ringing)
    found = drifted(spec, record, live, wanted, fields, proven=ours, ringing=ringing)
    return Comparison(fields, ours, ringing, differing, found)


def updates(spec: KindSpec, wanted: WantedObject, record: Record, seen: Comparison) -> tuple[Change, ...]:
    """The updates that settle what differs: quieter ones first, those we must not undo held.

    What may not be ours is not touched: its update is held even where no field differs, and with it all
    that comes after. Such an update names no difference, and sends everything. Fields that the vendor takes
    only together go with the last of them.
    """
    coupled = _coupled(spec, seen.differing)
    if seen.proven and not seen.differing:
        return ()
    restore = tuple(item for item in seen.differing if not seen.proven or _quietened(spec, item, seen))
    restore = _with_coupled(restore, coupled)
    quieter = tuple(item for item in seen.differing if item not in restore and _is_quieter(item))
    rest = tuple(item for item in seen.differing if item not in restore and item not in quieter)
    rest = _with_coupled(rest, coupled)
    quieter = tuple(item for item in quieter if item not in rest)
    found = [*_each(spec, wanted, record, quieter, "quieten"), *_each(spec, wanted, record, rest)]
    if restore or not seen.proven:
        text = "made quieter outside" if seen.proven else "its name or marker is gone, so it may not be ours"
        held = Held("restore", text, f"restore:{wanted.key.address}")
        found += _each(spec, wanted, record, restore, "restore", (held,)) or [
            update(wanted, record, (), "set back", suffix="restore", held=(held,))
        ]
    return tuple(found)


def _each(
    spec: KindSpec,
    wanted: WantedObject,
    record: Record | None,
    items: tuple[Difference, ...],
    suffix: str = "",
    held: tuple[Held, ...] = (),
) -> list[Change]:
    """An update for each request that some differences take."""
    found = []
    for name in dict.fromkeys(spec.field_index[item.field].request for item in items):
        chosen = tuple(item for item in items if spec.field_index[item.field].request == name)
        reason = "set back" if held else _why(chosen)
        parts = [part for part in (suffix, name) if part]
        found.append(update(wanted, record, chosen, reason, suffix="-".join(parts), held=held))
    return found


def later_settings(wanted: WantedObject, spec: KindSpec) -> tuple[Change, ...]:
    """The updates right after a create, of what it cannot set."""
    items = tuple(
        Difference(item.name, ABSENT, value, ABSENT, Origin.HERE, Loudness.SAME)
        for item in spec.fields
        if (value := wanted.fields.get(item.name, ABSENT)) is not ABSENT
        and not spec.set_by_create(item.name, value)
    )
    return tuple(replace(item, reason="set") for item in _each(spec, wanted, None, items))


def _coupled(spec: KindSpec, differing: Iterable[Difference]) -> tuple[Difference, ...]:
    """Both ends of a range that moves beyond where it is: neither end can be set before the other."""
    ends = {item.field: item for item in differing}
    pairs = ((ends[first], ends[last]) for first, last in spec.ranges if first in ends and last in ends)
    return tuple(
        item
        for first, last in pairs
        if _beyond(first.wanted, last.current) or _beyond(first.current, last.wanted)
        for item in (first, last)
    )


def _beyond(first: Value, last: Value) -> bool:
    return isinstance(first, str) and isinstance(last, str) and first > last


def _with_coupled(items: tuple[Difference, ...], coupled: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Some differences, with those that cannot go without one of them."""
    if not any(item in items for item in coupled):
        return items
    return (*items, *(item for item in coupled if item not in items))


def creation(
    wanted: WantedObject, spec: KindSpec, record: Record | None, reason: str, held: tuple[Held, ...]
) -> Change:
    """The making of an object, with the settings that it will have; what it refers to is named."""
    settings = tuple(
        Difference(item.name, ABSENT, wanted.fields[item.name], ABSENT, Origin.HERE, Loudness.SAME)
        for item in spec.fields
        if not item.sensitive
        and wanted.fields.get(item.name) not in (None, wanted.key.address.name)
        and spec.set_by_create(item.name, wanted.fields[item.name])
    )
    subject = of_wanted(wanted, record)
    return subject.change(Action.CREATE, Movement.NEUTRAL, reason, held=held, differences=settings)


def update(
    wanted: WantedObject,
    record: Record | None,
    items: tuple[Difference, ...],
    reason: str,
    *,
    suffix: str = "",
    held: tuple[Held, ...] = (),
) -> Change:
    """The update that settles some differences of one object."""
    subject = of_wanted(wanted, record)
    return subject.change(
        Action.UPDATE, movement_of(items), reason, held=held, differences=items, suffix=suffix
    )


def _is_quieter(item: Difference) -> bool:
    """Whether a step is quieter, and waits for nothing that is to be made first."""
    return item.loudness is Loudness.QUIETER and is_known(item.wanted)


def _quietened(spec: KindSpec, item: Difference, seen: Comparison) -> bool:
    if item.origin is not Origin.OUTSIDE or not seen.ringing:
        return False
    return spec.field_index[item.field].loudness(item.applied, item.live) is Loudness.QUIETER


def _why(items: tuple[Difference, ...]) -> str:
    origins = {item.origin for item in items}
    if origins == {Origin.OUTSIDE}:
        return "changed outside, set back"
    return "changed here" if origins == {Origin.HERE} else "changed here and outside"


def movement_of(items: tuple[Difference, ...]) -> Movement:
    """Where in an apply some differences are settled."""
    grade = worst(item.loudness for item in items)
    return {Loudness.QUIETER: Movement.QUIETER, Loudness.SAME: Movement.NEUTRAL}.get(grade, Movement.LOUDER)


def drifted(
    spec: KindSpec,
    record: Record,
    live: LiveObject,
    wanted: WantedObject | None,
    fields: Fields | None,
    *,
    proven: bool,
    ringing: bool,
) -> tuple[Finding, ...]:
    """The finding that an object was changed at the vendor, if it was."""
    found = outside_differences(spec, record, live, fields, ringing=ringing)
    if not found and proven:
        return ()
    grade = worst(item.loudness for item in found) if found else Loudness.OTHER
    what = "changed" if proven else "renamed"
    text = "changed outside" if proven else "its name or marker was changed outside"
    location = wanted.location if wanted else None
    return (Finding(record.key, record.kind, what, grade, text, found, location=location),)


def missing(record: Record, wanted: WantedObject | None, *, armed: bool = False) -> Finding:
    """The finding that an object is not there any more."""
    location = wanted.location if wanted else None
    if not armed:
        return Finding(
            record.key, record.kind, "missing", Loudness.OTHER, "deleted outside", location=location
        )
    text = "ended outside: deleted there; a run that ended is not started again"
    return Finding(record.key, record.kind, "ended outside", Loudness.QUIETER, text, location=location)


def live_digest(live: Iterable[LiveObject | None]) -> str:
    """A digest of what the vendor showed of some objects, run state included; the same objects give the same text."""
    plain = [None if item is None else _shown(item) for item in live]
    text = json.dumps(plain, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _shown(item: LiveObject) -> list[object]:
    ended = item.ended.value if item.ended is not None else None
    return [item.remote_id, item.marker, dict(item.fields), item.running, ended]


def wanted_digest(wanted: WantedObject | None) -> str:
    """A digest of all that the manifests want of an object; without one, of nothing."""
    if wanted is None:
        return ""
    plain = {
        "fields": {name: repr(value) for name, value in wanted.fields.items()},
        "calendar": repr(wanted.calendar),
        "desired": wanted.desired.value if wanted.desired is not None else None,
        "contacts": wanted.contacts,
        "except_blacklists": wanted.except_blacklists,
        "on_queued_suppression": wanted.on_queued_suppression,
        "name": wanted.natural_key,
        "protect": wanted.protect,
    }
    return hashlib.blake2b(json.dumps(plain, sort_keys=True).encode(), digest_size=12).hexdigest()
