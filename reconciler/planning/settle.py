"""Unknowns settled by looking: what an open intent came to, as far as the vendor shows (law 5). Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

from reconciler.model.kind import KindSpec
from reconciler.model.objects import LiveObject
from reconciler.model.state import (
    Intent,
    LogEntry,
    Operation,
    OutcomeWritten,
    Phase,
    Record,
    RecordWritten,
    Result,
)
from reconciler.planning.entries import WHO
from reconciler.planning.runs import DOUBT
from reconciler.planning.scene import Index, Scene

LOST = "lost_creates"
"""Fact of a record: creates of it before this one whose objects never showed, and may yet."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What looking came to: entries to write, intents to look for again, and those nobody can settle."""

    entries: tuple[LogEntry, ...] = ()
    waiting: tuple[Intent, ...] = ()
    open: tuple[Intent, ...] = ()


def settle(scene: Scene, index: Index, *, patient: bool) -> Settled:
    """Every open intent against what the vendors show. `patient`: the reads span the list lag, so that
    an object which does not show was not made.
    """
    entries: list[LogEntry] = []
    waiting: list[Intent] = []
    left: list[Intent] = []
    for intent in scene.snapshot.intents.values():
        spec = scene.spec(intent.key, intent.kind)
        if spec is None or intent.key.address.provider not in scene.live:
            left.append(intent)
            continue
        found = _settle_one(scene, index, spec, intent, patient=patient)
        if found is None:
            (waiting if intent.operation is Operation.CREATE else left).append(intent)
        else:
            entries.extend(found)
    entries.extend(_late_extras(scene, index))
    return Settled(tuple(entries), tuple(waiting), tuple(left))


def _late_extras(scene: Scene, index: Index) -> list[LogEntry]:
    """Objects of creates that were given up and show only now: ours, never armed, so they are deleted."""
    found: list[LogEntry] = []
    for record in scene.snapshot.records.values():
        if not record.facts.get(LOST) or record.marker is None:
            continue
        known = set(record.facts.get("before", "").split(","))
        provider = record.key.address.provider
        marked = index.by_marker.get((provider, record.kind, record.marker), ())
        strays = [
            item
            for item in marked
            if item.remote_id not in known and (provider, record.kind, item.remote_id) not in index.owners
        ]
        found += [_stray(record, item, scene.now.isoformat()) for item in strays]
    return found


def _stray(record: Record, live: LiveObject, time: str) -> LogEntry:
    part = EXTRA_PARTS + zlib.crc32(live.remote_id.encode())
    stray = Record(
        replace(record.key, part=part), record.kind, live.remote_id, marker=record.marker, generation=1
    )
    return RecordWritten(stray, time, WHO, "its create was given up, and it shows now; never armed")


def _settle_one(
    scene: Scene, index: Index, spec: KindSpec, intent: Intent, *, patient: bool
) -> tuple[LogEntry, ...] | None:
    record = scene.snapshot.records.get(intent.key)
    time = scene.now.isoformat()
    if intent.operation is Operation.CREATE:
        return _created(index, spec, intent, record, time, patient=patient)
    live = _shown(index, intent, record)
    if intent.operation is Operation.DELETE:
        return (_deleted(intent, record, live, time),)
    if record is None:
        return (OutcomeWritten(intent.id, Result.NOT_DONE, time, evidence="its object is not ours any more"),)
    if intent.operation is Operation.START:
        return _started(intent, record, live, time)
    if intent.operation is Operation.APPEND:
        return _appended(intent, record, live, time)
    return (_repeatable(intent, record, live, time),)


def _shown(index: Index, intent: Intent, record: Record | None) -> LiveObject | None:
    if record is None or record.remote_id is None:
        return None
    return index.live.get((intent.key.address.provider, intent.kind, record.remote_id))


def _created(
    index: Index, spec: KindSpec, intent: Intent, record: Record | None, time: str, *, patient: bool
) -> tuple[LogEntry, ...] | None:
    """One match is adopted; further ones are ours to remove; none, after patience, was not made."""
    matches = _matches(index, spec, intent)
    if matches:
        first, *extras = sorted(matches, key=lambda item: (len(item.remote_id), item.remote_id))
        adopted = OutcomeWritten(
            intent.id,
            Result.DONE,
            time,
            record=made(intent, record, first.remote_id),
            evidence=f"looked for it, found {len(matches)}, adopted {first.remote_id}",
        )
        return (adopted, *(_extra(intent, item, number, time) for number, item in enumerate(extras, 1)))
    if not patient:
        return None
    lost = int(record.facts.get(LOST, "0")) + 1 if record is not None else 1
    before = (
        record.facts.get("before", ",".join(intent.before)) if record is not None else ",".join(intent.before)
    )
    mark = Record(intent.key, intent.kind, None, facts={LOST: str(lost), "before": before})
    kept = mark if record is None or record.phase is Phase.INERT else None
    evidence = "looked for it three times, found none"
    return (OutcomeWritten(intent.id, Result.NOT_DONE, time, record=kept, evidence=evidence),)


def _matches(index: Index, spec: KindSpec, intent: Intent) -> list[LiveObject]:
    provider = intent.key.address.provider
    if spec.marker and intent.marker:
        found = index.by_marker.get((provider, spec.name, intent.marker), ())
    else:
        named = index.by_name.get((provider, spec.name, intent.natural_key)) if intent.natural_key else None
        found = () if named is None or not _as_sent(intent, named) else (named,)
    return [
        item
        for item in found
        if item.remote_id not in intent.before and (provider, spec.name, item.remote_id) not in index.owners
    ]


def _as_sent(intent: Intent, live: LiveObject) -> bool:
    """Whether an object of the name we chose also has the settings we sent, as far as it shows any."""
    return all(intent.fields.get(name, value) == value for name, value in live.fields.items())


def made(intent: Intent, before: Record | None, remote_id: str) -> Record:
    """The record of an object that a create made."""
    generation = before.generation + 1 if before is not None else 1
    return Record(
        key=intent.key,
        kind=intent.kind,
        remote_id=remote_id,
        natural_key=intent.natural_key,
        marker=intent.marker,
        fields=intent.fields,
        depends_on=intent.depends_on,
        sent=(intent.contacts,) if intent.contacts is not None else (),
        protect=intent.protect,
        generation=generation,
        facts=_lost_before(intent, before),
    )


def _lost_before(intent: Intent, before: Record | None) -> dict[str, str]:
    """What was made here and did not show: given up creates, and an object that this one stands in for."""
    if before is None:
        return {}
    facts = {name: before.facts[name] for name in (LOST, "before") if name in before.facts}
    if before.remote_id is None:
        return facts
    lost = int(facts.get(LOST, "0")) + 1
    return {"before": ",".join(intent.before)} | facts | {LOST: str(lost)}


def _extra(intent: Intent, live: LiveObject, number: int, time: str) -> LogEntry:
    """A second object of one create: ours, never armed, bound to a part that nobody wants, so it is deleted."""
    part = EXTRA_PARTS + number
    key = replace(intent.key, part=part)
    record = replace(made(intent, None, live.remote_id), key=key)
    return RecordWritten(record, time, WHO, "made twice by one request; never armed")


EXTRA_PARTS = 900
"""Parts from here on are objects that exist too often."""


def _deleted(intent: Intent, record: Record | None, live: LiveObject | None, time: str) -> OutcomeWritten:
    if live is not None:
        return OutcomeWritten(intent.id, Result.NOT_DONE, time, evidence="it is still there")
    if record is None or record.phase is Phase.INERT:
        return OutcomeWritten(intent.id, Result.DONE, time, dropped=True, evidence="it is gone")
    return OutcomeWritten(intent.id, Result.DONE, time, record=buried(record), evidence="it is gone")


def buried(record: Record) -> Record:
    """What stays of a run that was armed once its object is deleted: its run id, and who was called."""
    return replace(
        record,
        remote_id=None,
        phase=Phase.ENDED,
        running=False,
        ended=record.ended or "deleted",
        generation=record.generation + 1,
    )


def _started(
    intent: Intent, record: Record, live: LiveObject | None, time: str
) -> tuple[LogEntry, ...] | None:
    """A start shows only where the vendor tells the run state; an object that is gone calls nobody again."""
    if live is None:
        over = replace(armed(record, intent.time), phase=Phase.ENDED, running=False, ended="deleted outside")
        return (OutcomeWritten(intent.id, Result.ASSUMED, time, record=over, evidence="its object is gone"),)
    if live.running is True:
        return (
            OutcomeWritten(
                intent.id, Result.DONE, time, record=armed(record, intent.time), evidence="it runs"
            ),
        )
    return None


def armed(record: Record, time: str) -> Record:
    """The record of a run from its start on."""
    facts = {**record.facts, "armed_at": record.facts.get("armed_at", time)}
    return replace(record, phase=Phase.ARMED, running=True, facts=facts, generation=record.generation + 1)


def _appended(
    intent: Intent, record: Record, live: LiveObject | None, time: str
) -> tuple[LogEntry, ...] | None:
    """While inert, doubt is settled by making it again; once armed nobody can tell, unless it is gone."""
    if record.phase is not Phase.INERT and live is not None:
        return None
    if record.phase is not Phase.INERT:
        sent = record.sent if intent.contacts is None else (*record.sent, intent.contacts)
        gone = replace(record, sent=sent, generation=record.generation + 1)
        return (OutcomeWritten(intent.id, Result.ASSUMED, time, record=gone, evidence="its object is gone"),)
    doubtful = replace(record, facts={**record.facts, DOUBT: "append"})
    evidence = "nobody can tell who is queued; never armed, so it is made again"
    return (OutcomeWritten(intent.id, Result.NOT_DONE, time, record=doubtful, evidence=evidence),)


def _repeatable(intent: Intent, record: Record, live: LiveObject | None, time: str) -> OutcomeWritten:
    """What may be repeated is planned anew; a field that does not show is forgotten, so that it is sent again."""
    shown = live.fields if live is not None else {}
    fields = {
        name: value
        for name, value in record.fields.items()
        if name in shown or intent.fields.get(name, value) == value
    }
    evidence = "repeatable; planned anew"
    return OutcomeWritten(
        intent.id, Result.NOT_DONE, time, record=replace(record, fields=fields), evidence=evidence
    )
