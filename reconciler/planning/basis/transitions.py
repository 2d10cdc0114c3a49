"""The record of an object after each step of its life: made, given up, armed, replaced, buried, set aside. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from msgspec.structs import replace

from reconciler.model.address import ObjectKey
from reconciler.model.objects import LiveObject
from reconciler.model.state import REPLACED, BlobRef, Intent, Phase, Record

WHO = "reconciler"
"""Who writes what follows from looking alone."""

LOST = "lost_creates"
"""Fact of a record: creates of it before this one whose objects never showed, and may yet."""

BEFORE = "before"
"""Fact of a record: the ids that bore its marker or name before the first create that was lost."""

DOUBT = "doubt"
"""Fact of an inert record: a request to fill it ended unknown, so it is thrown away and made again."""

EXTRA_PARTS = 900
"""Parts from here on are objects that exist too often."""


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
    facts = {name: before.facts[name] for name in (LOST, BEFORE) if name in before.facts}
    if before.remote_id is None:
        return facts
    lost = int(facts.get(LOST, "0")) + 1
    return {BEFORE: ",".join(intent.before)} | facts | {LOST: str(lost)}


def given_up(intent: Intent, record: Record | None) -> Record:
    """What stays of a create whose object never showed: enough to know it by, should it show late."""
    facts = record.facts if record is not None else {}
    lost = int(facts.get(LOST, "0")) + 1
    return Record(
        key=intent.key,
        kind=intent.kind,
        remote_id=None,
        natural_key=intent.natural_key,
        marker=intent.marker,
        fields=intent.fields,
        depends_on=intent.depends_on,
        facts={BEFORE: ",".join(intent.before), **facts, LOST: str(lost)},
    )


def still_lost(facts: Mapping[str, str], count: int) -> dict[str, str]:
    """A record's facts, with so many creates that are still lost."""
    if count:
        return {**facts, LOST: str(count)}
    return {name: value for name, value in facts.items() if name not in (LOST, BEFORE)}


def armed(record: Record, time: str) -> Record:
    """The record of a run from its start on."""
    facts = {**record.facts, "armed_at": record.facts.get("armed_at", time)}
    return replace(record, phase=Phase.ARMED, running=True, facts=facts, generation=record.generation + 1)


def replaced(record: Record, tried: BlobRef) -> Record:
    """What stays of an object that was stopped to be replaced: only those whom it tried were sent by it."""
    return replace(
        record,
        phase=Phase.ENDED,
        running=False,
        ended=REPLACED,
        sent=(tried,) if tried.count else (),
        generation=record.generation + 1,
    )


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


def set_aside(record: Record) -> Record:
    """What stays of an object that never rang and that its vendor keeps, stopped for good: nobody counts as sent.

    It is known by a part that nobody wants, so that its marker is not taken for lost state.
    """
    return Record(
        key=_spare_key(record.key, str(record.remote_id)),
        kind=record.kind,
        remote_id=record.remote_id,
        natural_key=record.natural_key,
        marker=record.marker,
        phase=Phase.ENDED,
        fields=record.fields,
        ended="stopped; it never began",
        generation=record.generation + 1,
    )


def spare(record: Record, live: LiveObject) -> Record:
    """The record of an object that exists too often: an inert part that nobody wants."""
    key = _spare_key(record.key, live.remote_id)
    return Record(key, record.kind, live.remote_id, marker=record.marker, generation=1)


def _spare_key(key: ObjectKey, remote_id: str) -> ObjectKey:
    return replace(key, part=EXTRA_PARTS + zlib.crc32(remote_id.encode()))


def is_spare(key: ObjectKey) -> bool:
    """Whether a key is of an object that no run needs: it exists too often, or was set aside."""
    return key.part >= EXTRA_PARTS
