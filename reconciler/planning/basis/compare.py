"""Three values of every field: as applied, as wanted, as live; and what follows from their differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec, Loudness, Updatable
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Difference, Origin
from reconciler.model.state import Record
from reconciler.model.value import ABSENT, UNKNOWN, Fields, Reference, Value

Grade = Callable[[Value, Value], Loudness]
"""A field's loudness function."""


def resolve(value: Value, ids: Mapping[ObjectKey, str]) -> Value:
    """A value with every Reference replaced by its object's id, or by UNKNOWN while it has none."""
    if isinstance(value, str):  # as most are
        return value
    if isinstance(value, Reference):
        return ids.get(value.key, UNKNOWN)
    if isinstance(value, tuple):
        return tuple([resolve(item, ids) for item in value])
    if isinstance(value, Mapping):
        return {name: resolve(item, ids) for name, item in value.items()}
    return value


def is_known(value: Value) -> bool:
    """Whether a resolved value holds nothing that only an apply will tell."""
    if isinstance(value, tuple):
        return all(is_known(item) for item in value)
    if isinstance(value, Mapping):
        return all(is_known(item) for item in value.values())
    return value is not UNKNOWN


def resolved_fields(
    wanted: WantedObject, spec: KindSpec, record: Record | None, ids: Mapping[ObjectKey, str]
) -> dict[str, Value]:
    """The wanted fields with ids in them.

    A name at the vendor is set once: where the object exists, the name it was given is kept.
    """
    fields = {name: resolve(value, ids) for name, value in wanted.fields.items()}
    if record is not None and spec.unique_name:
        fields |= {name: record.fields[name] for name in _names(spec) if name in record.fields}
    return fields


def _names(spec: KindSpec) -> tuple[str, ...]:
    return tuple(item.name for item in spec.fields if item.updatable is Updatable.NEVER)


def is_as_wanted(wanted: Fields, applied: Fields, shown: Fields) -> bool:
    """Whether what was applied, and all that shows, is what is wanted: the quick answer for most objects."""
    return wanted == applied and shown.items() <= wanted.items()


def differences(
    spec: KindSpec, wanted: Fields, applied: Fields, shown: Fields, *, ringing: bool
) -> tuple[Difference, ...]:
    """The fields in which what holds now differs from what is wanted, in the kind's order.

    `ringing` tells whether the object can make phones ring; where it cannot, every step is SAME.
    """
    if is_as_wanted(wanted, applied, shown):
        return ()
    found = (
        _difference(item.name, wanted, applied, shown, item.loudness if ringing else None)
        for item in spec.fields
        if item.name in wanted
    )
    return tuple(item for item in found if item is not None)


def _difference(
    name: str, wanted: Fields, applied: Fields, shown: Fields, grade: Grade | None
) -> Difference | None:
    want, was, live = wanted[name], applied.get(name, ABSENT), shown.get(name, ABSENT)
    current = was if live is ABSENT else live
    if current == want:
        return None
    here, outside = want != was, ABSENT not in (live, was) and live != was
    origin = Origin.BOTH if here and outside else Origin.HERE if here else Origin.OUTSIDE
    loudness = Loudness.SAME if grade is None else grade(current, want)
    return Difference(name, was, want, live, origin, loudness)


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
        loudness = item.loudness(was, now) if ringing else Loudness.SAME
        origin = Origin.OUTSIDE if want == was else Origin.BOTH
        found.append(Difference(item.name, was, want, now, origin, loudness))
    return tuple(found)


def worst(grades: Iterable[Loudness]) -> Loudness:
    """The grade of several changes together: the loudest, where the unknown counts above the quieter."""
    several = frozenset(grades)
    order = (Loudness.LOUDER, Loudness.OTHER, Loudness.QUIETER)
    return next((grade for grade in order if grade in several), Loudness.SAME)
