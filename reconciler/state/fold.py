"""From log entries to the state they add up to. Pure.

`Folding` is the state while it grows: dictionaries that are changed in place, so that an entry costs the same
however large the state is. Entries that contradict what came before raise StateError and change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from reconciler.errors import StateError
from reconciler.model.address import ObjectKey
from reconciler.model.state import (
    HoldChanged,
    Intent,
    IntentWritten,
    JobTaken,
    LogEntry,
    ObjectShown,
    OutcomeWritten,
    Phase,
    Record,
    RecordDropped,
    RecordMoved,
    RecordWritten,
    Result,
    ReviewBegun,
    Snapshot,
    StateBegun,
    SuppressionRemembered,
)

NOTHING = Snapshot(lineage="", project_id="")
"""The state before its first entry."""

_ORDER = {Phase.INERT: 0, Phase.ARMED: 1, Phase.ENDED: 2}

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")


def fold(snapshot: Snapshot | None, entries: Iterable[LogEntry]) -> Snapshot:
    """Return the state after the entries; what is given stays as it is."""
    folding = Folding(snapshot)
    for entry in entries:
        folding.add(entry)
    return folding.snapshot()


class _Mark(NamedTuple):
    """A moment to go back to."""

    changes: int
    rest: Snapshot
    serial: int


class Folding:
    """A state that entries are added to, one after the other. Not thread-safe."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        start = NOTHING if snapshot is None else snapshot
        self.records = dict(start.records)
        self.intents = dict(start.intents)
        self.serial = start.serial
        self._rest = replace(start, records={}, intents={})
        self._undo: list[Callable[[], object]] | None = None

    @property
    def rest(self) -> Snapshot:
        """Everything but the records, the intents and the serial number, which are kept beside it."""
        return self._rest

    def snapshot(self) -> Snapshot:
        """Return a copy that later entries do not change."""
        return replace(self._rest, serial=self.serial, records=dict(self.records), intents=dict(self.intents))

    def add(self, entry: LogEntry) -> None:
        """Take in one entry; raises StateError, having changed nothing, when it contradicts the state."""
        match entry:
            case IntentWritten(intent):
                self._open(intent)
            case JobTaken():
                self._take_job(entry)
            case OutcomeWritten():
                self._settle(entry)
            case RecordWritten(record):
                self._write(record)
            case ObjectShown(key, generation):
                self._show(key, generation)
            case RecordDropped(key):
                self._drop(key)
            case RecordMoved(source, target):
                self._move(source, target)
            case _:
                self._add_of_project(entry)
        self._outlive_review(entry)
        self.serial += 1

    def _add_of_project(self, entry: SuppressionRemembered | HoldChanged | ReviewBegun | StateBegun) -> None:
        match entry:
            case SuppressionRemembered():
                self._suppress(entry)
            case HoldChanged() | ReviewBegun():
                self._stand(entry)
            case StateBegun():
                self._begin(entry)

    def _stand(self, entry: HoldChanged | ReviewBegun) -> None:
        """Take in what holds for the whole project from now on."""
        if isinstance(entry, HoldChanged):
            self._rest = replace(self._rest, hold=entry.hold)
        else:
            self._rest = replace(self._rest, review=entry.review)

    def _outlive_review(self, entry: LogEntry) -> None:
        """A review that was begun ends when anybody but its own apply does something."""
        review = self._rest.review
        if review is not None and _doer(entry) not in {None, review.who}:
            self._rest = replace(self._rest, review=None)

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Take back at the end whatever was added inside."""
        self._undo = []
        mark = self._mark()
        try:
            yield
        finally:
            self._rewind(mark)
            self._undo = None

    def rehearse(self, entries: Iterable[LogEntry]) -> None:
        """Add all of the entries or none of them; only within a rehearsal."""
        mark = self._mark()
        try:
            for entry in entries:
                self.add(entry)
        except StateError:
            self._rewind(mark)
            raise

    def _mark(self) -> _Mark:
        return _Mark(len(self._undo or ()), self._rest, self.serial)

    def _rewind(self, mark: _Mark) -> None:
        undo = self._undo or []
        while len(undo) > mark.changes:
            undo.pop()()
        self._rest, self.serial = mark.rest, mark.serial

    def _put(self, items: dict[_Key, _Item], key: _Key, item: _Item) -> None:
        if self._undo is not None:
            self._undo.append(_way_back(items, key))
        items[key] = item

    def _take(self, items: dict[_Key, _Item], key: _Key) -> _Item:
        if self._undo is not None:
            self._undo.append(_way_back(items, key))
        return items.pop(key)

    def _begin(self, entry: StateBegun) -> None:
        """Name the project, or a new key; a hold may have come before, since a brake waits for nobody.

        With another key a new lineage begins: what was planned under the old one does not fit any more.
        """
        rest = self._rest
        known = rest.key_fingerprint
        renewed = known is not None and entry.key_fingerprint not in (None, known)
        if rest.lineage and (
            rest.project_id != entry.project_id or (rest.lineage != entry.lineage and not renewed)
        ):
            raise _contradiction(f"the state of project {rest.project_id!r} would begin a second time")
        self._rest = replace(
            rest,
            lineage=entry.lineage,
            project_id=entry.project_id,
            key_fingerprint=entry.key_fingerprint,
            normaliser=entry.normaliser,
        )

    def _open(self, intent: Intent) -> None:
        if intent.id in self.intents:
            raise _contradiction(f"the intent {intent.id} of {intent.key} is open already")
        self._put(self.intents, intent.id, intent)

    def _take_job(self, entry: JobTaken) -> None:
        intent = self.intents.get(entry.intent_id)
        if intent is None:
            raise _contradiction(f"a job of the intent {entry.intent_id}, which is not open")
        self._put(self.intents, intent.id, replace(intent, handle=entry.handle))

    def _settle(self, outcome: OutcomeWritten) -> None:
        intent = self._intent_of(outcome)
        if outcome.record is not None:
            self._write(outcome.record)
        elif outcome.dropped and intent.key in self.records:
            self._take(self.records, intent.key)
        if outcome.result is Result.UNKNOWN:
            evidence = outcome.evidence or intent.evidence
            self._put(self.intents, intent.id, replace(intent, unknown=True, evidence=evidence))
        else:
            self._take(self.intents, intent.id)

    def _intent_of(self, outcome: OutcomeWritten) -> Intent:
        """Return the open intent of an outcome that fits it."""
        intent = self.intents.get(outcome.intent_id)
        if intent is None:
            raise _contradiction(f"an outcome of the intent {outcome.intent_id}, which is not open")
        if outcome.record is not None and (outcome.dropped or outcome.record.key != intent.key):
            raise _contradiction(f"the outcome of {intent.id} has a record that is not of {intent.key}")
        if outcome.dropped:
            self._refuse_to_forget(intent.key)
        return intent

    def _refuse_to_forget(self, key: ObjectKey) -> None:
        """Keep what was ever armed: without its record the same run could be made, and called, again."""
        record = self.records.get(key)
        if record is not None and record.phase is not Phase.INERT:
            raise _contradiction(f"the record of {key} would be lost, though it was armed")

    def _write(self, record: Record) -> None:
        known = self.records.get(record.key)
        if known is not None and _ORDER[record.phase] < _ORDER[known.phase]:
            change = f"from {known.phase.value} to {record.phase.value}"
            raise _contradiction(f"{record.key} would go back {change}")
        self._put(self.records, record.key, record)

    def _show(self, key: ObjectKey, generation: int) -> None:
        """Remember as which it was read back; what is not ours any more was."""
        known = self.records.get(key)
        if known is not None:
            self._put(self.records, key, replace(known, shown=generation))

    def _drop(self, key: ObjectKey) -> None:
        if key not in self.records:
            raise _contradiction(f"{key} would be dropped, but is not there")
        self._take(self.records, key)

    def _move(self, source: ObjectKey, target: ObjectKey) -> None:
        moves = self._moves(source, target)
        for old, new in moves.items():
            if old in self.records:
                self._put(self.records, new, replace(self._take(self.records, old), key=new))
        self._rename(moves)

    def _moves(self, source: ObjectKey, target: ObjectKey) -> dict[ObjectKey, ObjectKey]:
        """Return the new key of each object that moves: of all runs where the source names none."""
        keys = dict.fromkeys([*self.records, *(intent.key for intent in self.intents.values())])
        if source.run:
            moves = {source: target} if source in keys else {}
        else:
            own = [key for key in keys if key.address == source.address]
            moves = {key: replace(key, address=target.address) for key in own}
        if not moves:
            raise _contradiction(f"{source} would move, but is not there")
        if any(new in keys for new in moves.values()):
            raise _contradiction(f"{source} would move to {target}, which is there already")
        return moves

    def _rename(self, moves: Mapping[ObjectKey, ObjectKey]) -> None:
        """Follow the moves wherever objects are named: in intents, and in what depends on them."""
        for key, record in list(self.records.items()):
            if not moves.keys().isdisjoint(record.depends_on):
                self._put(self.records, key, replace(record, depends_on=_follow(record.depends_on, moves)))
        for name, intent in list(self.intents.items()):
            follow = replace(
                intent, key=moves.get(intent.key, intent.key), depends_on=_follow(intent.depends_on, moves)
            )
            self._put(self.intents, name, follow)

    def _suppress(self, entry: SuppressionRemembered) -> None:
        rest = self._rest
        suppressed = {**rest.suppressed}
        for name, added in entry.added.items():
            before = suppressed.get(name, ())
            suppressed[name] = before if added in before else (*before, added)
        self._rest = replace(rest, suppressed=suppressed, blacklists={**rest.blacklists, **entry.blacklists})


def _doer(entry: LogEntry) -> str | None:
    """Who does something by an entry; None where it only takes in what somebody did before."""
    match entry:
        case IntentWritten(intent):
            return intent.holder
        case RecordWritten() | RecordDropped() | RecordMoved() | HoldChanged() | StateBegun():
            return entry.who
        case _:
            return None


def _follow(keys: tuple[ObjectKey, ...], moves: Mapping[ObjectKey, ObjectKey]) -> tuple[ObjectKey, ...]:
    return tuple(moves.get(key, key) for key in keys)


def _way_back(items: dict[_Key, _Item], key: _Key) -> Callable[[], object]:
    """Return what restores the item that a key has now, or its absence."""
    if key not in items:
        return lambda: items.pop(key, None)
    item = items[key]
    return lambda: items.__setitem__(key, item)


def _contradiction(what: str) -> StateError:
    help_text = "nothing was changed; if this is the stored log, restore the state from its history"
    return StateError(f"the state contradicts itself: {what}", help_text, "STA05")
