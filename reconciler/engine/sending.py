"""From wanted objects to what a verb sends: references bound to the objects that exist by now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.model.address import ObjectKey
from reconciler.model.digest import digest
from reconciler.model.objects import WantedObject
from reconciler.model.state import Record
from reconciler.model.value import ABSENT, Reference, Value, plain
from reconciler.providers.base import Bound, Sendable, Sending

RecordOf = Callable[[ObjectKey], Record | None]


class NotBound(LookupError):
    """A reference's object does not exist yet; the order of changes should have made it first."""


def sending(wanted: WantedObject, record_of: RecordOf) -> Sending:
    """The object as a verb takes it; raises NotBound when one that it refers to has no id."""
    fields = {name: _bound(value, record_of) for name, value in wanted.fields.items()}
    return Sending(
        fields=fields, natural_key=wanted.natural_key, marker=wanted.marker, content=wanted.content
    )


def sending_so_far(wanted: WantedObject, record_of: RecordOf) -> tuple[Sending, frozenset[str]]:
    """The object without the fields that refer to what does not exist yet, and the names of those fields."""
    missing: set[str] = set()
    fields: dict[str, Sendable] = {}
    for name, value in wanted.fields.items():
        try:
            fields[name] = _bound(value, record_of)
        except NotBound:
            missing.add(name)
    known = Sending(
        fields=fields, natural_key=wanted.natural_key, marker=wanted.marker, content=wanted.content
    )
    return known, frozenset(missing)


def sending_changes(
    wanted: WantedObject, record: Record, changed: frozenset[str], record_of: RecordOf
) -> Sending:
    """An object about to be changed: what changes as wanted, all else as it was applied.

    Other differences wait for a change of their own, maybe a louder one; raises NotBound for what changes alone.
    It keeps the name and marker it was made with, whatever its address is called now: by those it is known.
    """
    fields: dict[str, Sendable] = {}
    for name, value in wanted.fields.items():
        applied = record.fields.get(name, ABSENT)
        try:
            bound = _bound(value, record_of)
        except NotBound:
            if name in changed:
                raise
            bound = applied
        fields[name] = bound if name in changed or applied in (ABSENT, unbound(bound)) else applied
    known = {name: value for name, value in fields.items() if value is not ABSENT}
    return Sending(fields=known, natural_key=record.natural_key, marker=record.marker, content=wanted.content)


def _bound(value: Value, record_of: RecordOf) -> Sendable:
    if isinstance(value, str):  # as most are
        return value
    if isinstance(value, Reference):
        record = record_of(value.key)
        if record is None or record.remote_id is None:
            raise NotBound(str(value.key))
        return Bound(record.remote_id, record.natural_key)
    if isinstance(value, tuple):
        return tuple([_bound(item, record_of) for item in value])
    if isinstance(value, Mapping):
        return {name: _bound(item, record_of) for name, item in value.items()}
    return value


def applied_fields(wanted: WantedObject, record_of: RecordOf) -> dict[str, Value]:
    """The fields as state keeps them: references as remote ids; raises NotBound like `sending`."""
    return {name: unbound(_bound(value, record_of)) for name, value in wanted.fields.items()}


def unbound(value: Sendable) -> Value:
    """A value as state keeps it: remote ids alone."""
    if isinstance(value, str):
        return value
    if isinstance(value, Bound):
        return value.remote_id
    if isinstance(value, tuple):
        return tuple([unbound(item) for item in value])
    if isinstance(value, Mapping):
        return {name: unbound(item) for name, item in value.items()}
    return value


def fields_digest(fields: Mapping[str, Value]) -> str:
    """A digest of settings; the same settings give the same text."""
    return digest({name: plain(value) for name, value in fields.items()}, 12)
