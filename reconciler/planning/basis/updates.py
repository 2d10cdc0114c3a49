"""One object compared with what is wanted of it, and the updates that settle what differs."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.model.kind import KindSpec, Loudness
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Change, Difference, Finding, Held, Movement, Note, Origin
from reconciler.model.state import Record
from reconciler.model.value import ABSENT, Fields, Value
from reconciler.planning.basis.compare import differences, is_as_wanted, is_known, resolved_fields, worst
from reconciler.planning.basis.decision import NOTHING, Decision
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.drift import drifted
from reconciler.planning.basis.scene import proven
from reconciler.planning.basis.subject import of_wanted


class Comparison(Struct, frozen=True):
    """One of our objects that shows, against what is wanted of it.

    `proven`: it bears the name or marker that we gave it. `ringing`: its changes can reach a phone.
    `fields` are the wanted ones with ids in them; `findings` say what was done to it outside. `left` are those
    that the manifest names no more and that nobody has changed since.
    """

    fields: Fields
    proven: bool
    ringing: bool = False
    differing: tuple[Difference, ...] = ()
    findings: tuple[Finding, ...] = ()
    left: Fields = field(default_factory=dict)

    def known(self, applied: Fields) -> Fields:
        """What counts as applied: once nothing differs, what is wanted, and what was and is not named any more."""
        return applied if self.differing or not self.proven else {**self.left, **self.fields}


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
    return Comparison(fields, ours, ringing, differing, found, _left(spec, fields, record, live))


def _left(spec: KindSpec, wanted: Fields, record: Record, live: LiveObject) -> dict[str, Value]:
    """What was applied and is not wanted any more, as far as it shows unchanged, or cannot be seen."""
    if record.fields.keys() <= wanted.keys():
        return {}
    several = ((name, value) for name, value in record.fields.items() if name not in wanted)
    hidden = {item.name for item in spec.fields if not item.readable}
    return {name: value for name, value in several if name in hidden or live.fields.get(name) == value}


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


def names_one(spec: KindSpec, item: Change) -> bool:
    """Whether a change gives its vendor a name that the vendor must know."""
    return item.action in (Action.CREATE, Action.UPDATE) and any(
        spec.field_index[each.field].looked_up and each.wanted is not None for each in item.differences
    )


def left_alone(wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject) -> Decision:
    """The note that settings stay as they were applied, which the manifest names no more.

    What a vendor had before is not known, so that nothing can go back to it. What somebody has changed there since
    is not as we applied it, and says nothing here.
    """
    left = _left(spec, wanted.fields, record, live)
    if not left:
        return NOTHING
    said = {spec.field_index[name].stands_for or name for name in wanted.fields if name in spec.field_index}
    names = [
        item.name
        for item in spec.fields
        if left.get(item.name) not in (None, "", ())
        and (item.stands_for or item.name) not in said
        and wanted.fields.get(item.reset_by) == record.fields.get(item.reset_by)
    ]
    if not names:
        return NOTHING
    one = len(names) == 1
    text = f"{', '.join(_briefly(names))}: the manifest names {'it' if one else 'them'} no more"
    text += f"; {'it stays' if one else 'they stay'} as applied until it says something else"
    return Decision(notes=(Note(str(wanted.key.address), text),))


def _briefly(names: Iterable[str]) -> list[str]:
    """The names; several of one branch by the branch, and how many they are."""
    branches: dict[str, list[str]] = {}
    for name in names:
        branches.setdefault(".".join(name.split(".")[:2]), []).append(name)
    return [
        several[0] if len(several) == 1 else f"{branch} ({len(several)} settings)"
        for branch, several in branches.items()
    ]


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
