"""Findings about one object of ours: changed at the vendor, renamed, or not there any more."""

from __future__ import annotations

from reconciler.model.kind import KindSpec, Loudness
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Finding
from reconciler.model.state import Record
from reconciler.model.value import Fields
from reconciler.planning.basis.compare import outside_differences, worst


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


def changed_outside(record: Record, wanted: WantedObject, grade: Loudness, what: str) -> Finding:
    """The finding that somebody moved a run from one phase to another at the vendor."""
    return Finding(record.key, record.kind, "changed", grade, what, location=wanted.location)
