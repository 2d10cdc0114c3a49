"""Three values of every field: as applied, as wanted, as live; and what follows from their differences."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec, Loudness, Updatable
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Difference, Origin
from reconciler.model.state import Record
from reconciler.model.value import ABSENT, UNKNOWN, Fields, Reference, Value


def resolve(value: Value, records: Mapping[ObjectKey, Record]) -> Value:
    """A value with every Reference replaced by its object's id, or by UNKNOWN while it has none."""
    if isinstance(value, Reference):
        record = records.get(value.key)
        return UNKNOWN if record is None or record.remote_id is None else record.remote_id
    if isinstance(value, tuple):
        return tuple(resolve(item, records) for item in value)
    return value


def resolved_fields(
    wanted: WantedObject, spec: KindSpec, record: Record | None, records: Mapping[ObjectKey, Record]
) -> dict[str, Value]:
    """The wanted fields with ids in them.

    A name at the vendor is set once: where the object exists, the name it was given is kept.
    """
    fields = {name: resolve(value, records) for name, value in wanted.fields.items()}
    if record is not None and spec.unique_name:
        fields |= {name: record.fields[name] for name in _names(spec) if name in record.fields}
    return fields


def _names(spec: KindSpec) -> tuple[str, ...]:
    return tuple(item.name for item in spec.fields if item.updatable is Updatable.NEVER)


def differences(
    spec: KindSpec, wanted: Fields, record: Record, live: LiveObject | None, *, ringing: bool
) -> tuple[Difference, ...]:
    """The fields in which what holds now differs from what is wanted, in the kind's order.

    `ringing` tells whether the object can make phones ring; where it cannot, every step is SAME.
    """
    shown: Fields = live.fields if live is not None else {}
    if wanted == record.fields and all(wanted.get(name) == value for name, value in shown.items()):
        return ()
    found = (
        _difference(item.name, wanted, record.fields, shown, item.loudness if ringing else None)
        for item in spec.fields
        if item.name in wanted
    )
    return tuple(item for item in found if item is not None)


def _difference(
    name: str, wanted: Fields, applied: Fields, shown: Fields, loudness: object
) -> Difference | None:
    want, was = wanted[name], applied.get(name, ABSENT)
    live = shown.get(name, ABSENT)
    current = was if live is ABSENT else live
    if current == want:
        return None
    here, outside = want != was, live is not ABSENT and live != was
    origin = Origin.BOTH if here and outside else Origin.HERE if here else Origin.OUTSIDE
    grade = loudness(current, want) if callable(loudness) else Loudness.SAME
    return Difference(name, was, want, live, origin, grade)


def outside_differences(
    spec: KindSpec, record: Record, live: LiveObject, wanted: Fields | None, *, ringing: bool
) -> tuple[Difference, ...]:
    """The fields that somebody changed at the vendor, graded by the step that was made there.

    A field that now has the value the manifest wants is no drift.
    """
    found = []
    for item in spec.fields:
        now, was = live.fields.get(item.name, ABSENT), record.fields.get(item.name, ABSENT)
        want = was if wanted is None else wanted.get(item.name, was)
        if now is ABSENT or was is ABSENT or now in (was, want):
            continue
        grade = item.loudness(was, now) if ringing else Loudness.SAME
        origin = Origin.OUTSIDE if want == was else Origin.BOTH
        found.append(Difference(item.name, was, want, now, origin, grade))
    return tuple(found)


def worst(grades: tuple[Loudness, ...]) -> Loudness:
    """The grade of several changes together: the loudest, where the unknown counts above the same."""
    order = (Loudness.LOUDER, Loudness.OTHER, Loudness.QUIETER, Loudness.SAME)
    return next((grade for grade in order if grade in grades), Loudness.SAME)
