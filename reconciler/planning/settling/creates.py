"""What creates came to: their objects found by marker or name, found twice, found late, or not at all. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.objects import LiveObject
from reconciler.model.state import Intent, LogEntry, OutcomeWritten, Phase, Record, RecordWritten, Result
from reconciler.planning.basis.scene import Index
from reconciler.planning.basis.transitions import BEFORE, LOST, WHO, given_up, made, spare, still_lost


def created(
    index: Index, spec: KindSpec, intent: Intent, record: Record | None, time: str
) -> tuple[LogEntry, ...]:
    """One match is adopted; further ones are ours to remove; none was not made, or shows late."""
    found = matches(index, spec, intent)
    if not found:
        mark = given_up(intent, record) if record is None or record.phase is Phase.INERT else None
        evidence = "looked for it three times, found none"
        return (OutcomeWritten(intent.id, Result.NOT_DONE, time, record=mark, evidence=evidence),)
    first, *extras = found
    ours = made(intent, record, first.remote_id)
    evidence = f"looked for it, found {len(found)}, adopted {first.remote_id}"
    adopted = OutcomeWritten(intent.id, Result.DONE, time, record=ours, evidence=evidence)
    twice = "made twice by one request; never armed"
    return (adopted, *(RecordWritten(spare(ours, item), time, WHO, twice) for item in extras))


def matches(index: Index, spec: KindSpec, intent: Intent) -> list[LiveObject]:
    """The objects that a create may have made: by marker or name, not there before it, with what it sent."""
    return [
        item
        for item in _bearers(index, spec, intent.key, intent.marker, intent.natural_key)
        if item.remote_id not in intent.before and (spec.marker or _as_sent(intent, item))
    ]


def _as_sent(intent: Intent, live: LiveObject) -> bool:
    """Whether an object of the name we chose also has the settings we sent, as far as it shows any."""
    return all(intent.fields.get(name, value) == value for name, value in live.fields.items())


def shown_late(index: Index, spec: KindSpec, record: Record, time: str) -> Iterator[RecordWritten]:
    """Objects of creates that were given up and show only now: ours, never armed.

    One that no run owns is adopted; one of a run is bound to a part that nobody wants, so it is deleted.
    No more of them than creates were lost: any beyond are copies that somebody made.
    """
    lost = int(record.facts.get(LOST, "0"))
    found = _unseen(index, spec, record)[:lost]
    if not found:
        return
    facts = still_lost(record.facts, lost - len(found))
    if record.remote_id is None and not spec.runs:
        ours = replace(record, remote_id=found[0].remote_id, facts=facts)
        yield RecordWritten(ours, time, WHO, "its create was given up, and it shows now")
        return
    why = "an object of a create that was given up shows now"
    yield RecordWritten(replace(record, facts=facts), time, WHO, why)
    for item in found:
        why = "its create was given up, and it shows now; never armed"
        yield RecordWritten(spare(record, item), time, WHO, why)


def _unseen(index: Index, spec: KindSpec, record: Record) -> list[LiveObject]:
    """The objects with a record's marker or name that were not there before its first create that was lost."""
    known = set(record.facts.get(BEFORE, "").split(","))
    bearers = _bearers(index, spec, record.key, record.marker, record.natural_key)
    return [item for item in bearers if item.remote_id not in known]


def _bearers(
    index: Index, spec: KindSpec, key: ObjectKey, marker: str | None, name: str | None
) -> list[LiveObject]:
    """The objects with a marker, or where the kind has none, a name, that nobody owns; the oldest first."""
    provider = key.address.provider
    found: tuple[LiveObject, ...] = ()
    if spec.marker and marker:
        found = index.by_marker.get((provider, spec.name, marker), ())
    elif not spec.marker and name and (named := index.by_name.get((provider, spec.name, name))) is not None:
        found = (named,)
    free = (item for item in found if (provider, spec.name, item.remote_id) not in index.owners)
    return sorted(free, key=lambda item: (len(item.remote_id), item.remote_id))
