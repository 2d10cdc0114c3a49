"""Unknowns settled by looking: what an open intent came to, as far as the vendor shows (law 5). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.objects import Ended, LiveObject
from reconciler.model.state import (
    UNVERIFIED,
    BlobRef,
    Intent,
    LogEntry,
    Operation,
    OutcomeWritten,
    Phase,
    Record,
    RecordWritten,
    Result,
    Snapshot,
)
from reconciler.planning.basis.scene import Index, Scene, phase_of
from reconciler.planning.basis.transitions import (
    DOUBT,
    LOST,
    WHO,
    armed,
    buried,
    replaced,
    set_aside,
)
from reconciler.planning.guards import vanished_providers
from reconciler.planning.settling.creates import created, matches, shown_late

PATIENT = (Operation.CREATE, Operation.START, Operation.APPEND, Operation.DELETE)
"""Operations of which an object that does not show says something only after patient looking."""


class Settled(Struct, frozen=True):
    """What looking came to: entries to write, intents to look for again, and those nobody can settle."""

    entries: tuple[LogEntry, ...] = ()
    waiting: tuple[Intent, ...] = ()
    open: tuple[Intent, ...] = ()


def is_settled(snapshot: Snapshot) -> bool:
    """Whether there is nothing to look for: no open intent, and no create that was given up."""
    return not snapshot.intents and not any(LOST in record.facts for record in snapshot.records.values())


def settle(scene: Scene, index: Index, *, patient: bool) -> Settled:
    """Every open intent against what the vendors show.

    `patient`: the reads span the list lag, so that an object which does not show was not made, or is gone.
    Nothing follows from a provider that could not be read, or where nothing of ours shows any more.
    """
    looking = _Looking(scene, index, dict(scene.snapshot.records), scene.now.isoformat(), patient)
    unseen = vanished_providers(scene, index)
    entries: list[LogEntry] = []
    waiting: list[Intent] = []
    left: list[Intent] = []
    for intent in scene.snapshot.intents.values():
        provider = intent.key.address.provider
        spec = scene.spec(intent.key, intent.kind)
        if spec is None or provider not in scene.live or provider in unseen:
            left.append(intent)
            continue
        if looking.is_too_early(intent):
            waiting.append(intent)
            continue
        found = looking.settled(spec, intent)
        entries.extend(found)
        if not found:
            left.append(intent)
    entries.extend(entry for record in tuple(looking.records.values()) for entry in looking.late(record))
    return Settled(tuple(entries), tuple(waiting), tuple(left))


class _Looking(Struct, frozen=True):
    """Looking at work: `records` are as what was settled so far leaves them."""

    scene: Scene
    index: Index
    records: dict[ObjectKey, Record]
    time: str
    patient: bool

    def is_too_early(self, intent: Intent) -> bool:
        """Whether an object does not show that may do so yet."""
        if self.patient or intent.operation not in PATIENT:
            return False
        spec = self.scene.spec(intent.key, intent.kind)
        if spec is not None and spec.operation(intent.operation).staged:
            return bool(intent.handle)
        if intent.operation is Operation.CREATE:
            return spec is not None and not matches(self.index, spec, intent)
        record = self.records.get(intent.key)
        if record is None or record.remote_id is None:
            return False
        live = self._shown(intent, record)
        if intent.operation is Operation.APPEND and live is not None:
            shows = spec is not None and spec.operation(Operation.APPEND).shows
            return shows and not self._is_complete(intent)
        return live is None or (intent.operation is Operation.START and intent.lookup and not _rang(live))

    def _is_complete(self, intent: Intent) -> bool:
        """Whether everybody whom an intent queued shows."""
        arrived = self.scene.arrived.get(intent.id)
        return arrived is not None and arrived == intent.contacts

    def settled(self, spec: KindSpec, intent: Intent) -> tuple[LogEntry, ...]:
        """What settles an intent; nothing where looking cannot."""
        found = self._settle_one(spec, intent)
        for entry in found:
            if isinstance(entry, RecordWritten | OutcomeWritten) and entry.record is not None:
                self.records[entry.record.key] = entry.record
        return found

    def _settle_one(self, spec: KindSpec, intent: Intent) -> tuple[LogEntry, ...]:
        record = self.records.get(intent.key)
        if intent.operation is Operation.CREATE:
            return created(self.index, spec, intent, record, self.time)
        live = self._shown(intent, record)
        if intent.operation is Operation.DELETE:
            return _deleted(intent, record, live, self.time)
        if spec.operation(intent.operation).staged and not intent.handle:
            nothing = "the vendor had taken no job, and nothing comes of it before; planned anew"
            return (OutcomeWritten(intent.id, Result.NOT_DONE, self.time, evidence=nothing),)
        if intent.operation is Operation.APPEND and spec.operation(Operation.APPEND).repeatable:
            return (_sent_again(intent, record, self.time),)
        if record is None:
            gone = "its object is not ours any more"
            return (OutcomeWritten(intent.id, Result.NOT_DONE, self.time, evidence=gone),)
        if intent.operation is Operation.START:
            return _started(intent, record, live, self.time)
        if intent.operation is Operation.APPEND:
            return self._settle_append(spec, intent, record, live)
        return (_reached(intent, record, live, self.time) or _repeatable(intent, record, live, self.time),)

    def _settle_append(
        self, spec: KindSpec, intent: Intent, record: Record, live: LiveObject | None
    ) -> tuple[LogEntry, ...]:
        arrived = self.scene.arrived.get(intent.id)
        if spec.operation(Operation.APPEND).shows and live is not None:
            return () if arrived is None else (_arrived(intent, record, arrived, self.time),)
        rings = phase_of(self.index, record) is not Phase.INERT
        return _appended(intent, record, live, self.time, rings=rings)

    def _shown(self, intent: Intent, record: Record | None) -> LiveObject | None:
        if record is None or record.remote_id is None:
            return None
        return self.index.live.get((intent.key.address.provider, intent.kind, record.remote_id))

    def late(self, record: Record) -> Iterator[LogEntry]:
        """What became of creates of an object that were given up, where it shows now."""
        spec = self.scene.spec(record.key, record.kind)
        if LOST in record.facts and spec is not None:
            yield from shown_late(self.index, spec, record, self.time)


def _deleted(
    intent: Intent, record: Record | None, live: LiveObject | None, time: str
) -> tuple[LogEntry, ...]:
    if live is not None and live.ended is None:
        return (OutcomeWritten(intent.id, Result.NOT_DONE, time, evidence="it is still there"),)
    if record is not None and record.phase is not Phase.INERT:
        return (OutcomeWritten(intent.id, Result.DONE, time, record=buried(record), evidence="it is gone"),)
    gone = OutcomeWritten(intent.id, Result.DONE, time, dropped=True, evidence="it is gone, or over")
    if live is None or record is None:
        return (gone,)
    return (RecordWritten(set_aside(record), time, WHO, "stopped; the vendor keeps it"), gone)


def _started(intent: Intent, record: Record, live: LiveObject | None, time: str) -> tuple[LogEntry, ...]:
    """A start shows only where the vendor tells the run state; an object that is gone calls nobody again."""
    if live is None:
        over = replace(armed(record, intent.time), phase=Phase.ENDED, running=False, ended="deleted outside")
        return (OutcomeWritten(intent.id, Result.ASSUMED, time, record=over, evidence="its object is gone"),)
    if live.ended is not None:
        over = replace(armed(record, intent.time), phase=Phase.ENDED, running=False, ended=live.ended.value)
        return (OutcomeWritten(intent.id, Result.ASSUMED, time, record=over, evidence="it is over"),)
    if _rang(live):
        running = armed(record, intent.time)
        return (OutcomeWritten(intent.id, Result.DONE, time, record=running, evidence="it runs"),)
    if not intent.lookup:
        return ()
    evidence = "looked three times, it does not run; planned anew"
    return (OutcomeWritten(intent.id, Result.NOT_DONE, time, evidence=evidence),)


def _rang(live: LiveObject) -> bool:
    """Whether an object shows that it was started."""
    return live.running is True or live.called or live.ended is not None


def _appended(
    intent: Intent, record: Record, live: LiveObject | None, time: str, *, rings: bool
) -> tuple[LogEntry, ...]:
    """While inert, doubt is settled by making it again; once it rings nobody can tell, unless it is gone."""
    if not rings:
        doubtful = replace(record, facts={**record.facts, DOUBT: "append"})
        evidence = "nobody can tell who is queued; never armed, so it is made again"
        return (OutcomeWritten(intent.id, Result.NOT_DONE, time, record=doubtful, evidence=evidence),)
    if live is not None:
        return ()
    sent = record.sent if intent.contacts is None else (*record.sent, intent.contacts)
    gone = replace(record, sent=sent, generation=record.generation + 1)
    return (OutcomeWritten(intent.id, Result.ASSUMED, time, record=gone, evidence="its object is gone"),)


def _arrived(intent: Intent, record: Record, arrived: BlobRef, time: str) -> OutcomeWritten:
    """An append of which the vendor shows who came through it: they count as sent, the others are sent again."""
    meant = intent.contacts.count if intent.contacts is not None else 0
    sent = (*record.sent, arrived) if arrived.count else record.sent
    fresh = replace(record, sent=sent, generation=record.generation + 1)
    evidence = f"read back: {arrived.count} of {meant} people are there"
    result = Result.DONE if arrived == intent.contacts else Result.NOT_DONE
    return OutcomeWritten(intent.id, result, time, record=fresh, evidence=evidence)


def _reached(intent: Intent, record: Record, live: LiveObject | None, time: str) -> OutcomeWritten | None:
    """A stop, pause or resume of which the vendor shows that it came to pass."""
    if live is None or live.running is None:
        return None
    fresh = replace(record, generation=record.generation + 1)
    if intent.operation is Operation.STOP and intent.contacts is not None and live.ended is Ended.STOPPED:
        fresh = replaced(record, intent.contacts)
    elif intent.operation is Operation.STOP and live.ended is not None:
        fresh = replace(armed(fresh, intent.time), phase=Phase.ENDED, running=False, ended="stopped")
    elif intent.operation is Operation.PAUSE and not live.running:
        fresh = replace(fresh, running=False)
    elif intent.operation is Operation.RESUME and live.running:
        fresh = replace(fresh, running=True)
    else:
        return None
    return OutcomeWritten(intent.id, Result.DONE, time, record=fresh, evidence="it shows")


def _sent_again(intent: Intent, record: Record | None, time: str) -> OutcomeWritten:
    """Where it does no harm, people of whom nobody knows whether they were added are added again."""
    known = record or Record(intent.key, intent.kind, None)
    count = intent.contacts.count if intent.contacts is not None else 0
    unsure = replace(known, facts={**known.facts, UNVERIFIED: str(count)})
    evidence = "unverified: adding the same people twice does no harm; sent again"
    return OutcomeWritten(intent.id, Result.NOT_DONE, time, record=unsure, evidence=evidence)


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
