"""The log in words: each entry with the object and the people it concerns, as counts alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.model.address import ObjectKey
from reconciler.model.history import HistoryLine
from reconciler.model.state import (
    HoldChanged,
    Intent,
    IntentWritten,
    JobTaken,
    LogEntry,
    ObjectShown,
    OutcomeWritten,
    Record,
    RecordDropped,
    RecordMoved,
    RecordWritten,
    ReviewBegun,
    StateBegun,
    SuppressionRemembered,
)


def in_words(entries: Iterable[LogEntry]) -> Iterator[HistoryLine]:
    """A line for each entry, oldest first; outcomes name what their intents announced."""
    return map(Historian().line, entries)


@dataclass
class Historian:
    """Puts the entries of a log into words, one after the other."""

    serial: int = 0
    intents: dict[str, Intent] = field(default_factory=dict)

    def line(self, entry: LogEntry) -> HistoryLine:
        """The next entry in words."""
        self.serial += 1
        if isinstance(entry, IntentWritten):
            self.intents[entry.intent.id] = entry.intent
        return _line(self.serial, entry, self.intents)


def _line(serial: int, entry: LogEntry, intents: dict[str, Intent]) -> HistoryLine:
    match entry:
        case IntentWritten(intent):
            people = intent.contacts.count if intent.contacts is not None else 0
            what = f"intent: {intent.operation.value}"
            return HistoryLine(serial, intent.time, intent.holder, what, intent.key, people)
        case JobTaken(intent_id, _, time):
            return _job(serial, time, intents.get(intent_id))
        case OutcomeWritten():
            return _outcome(serial, entry, intents.get(entry.intent_id))
        case RecordWritten(record, time, who, reason):
            return HistoryLine(serial, time, who, _known(record), record.key, _people(record), reason)
        case RecordDropped(key, time, who, reason):
            return HistoryLine(serial, time, who, "forgotten", key, reason=reason)
        case SuppressionRemembered(added, _, time):
            count = sum(blob.count for blob in added.values())
            return HistoryLine(serial, time, "", "suppressed for good", people=count)
        case HoldChanged(hold, time, who, reason):
            what = "hold released" if hold is None else "hold set"
            return HistoryLine(serial, time, who, what, reason=reason)
        case _:
            return _rare(serial, entry)


def _rare(serial: int, entry: StateBegun | RecordMoved | ReviewBegun | ObjectShown) -> HistoryLine:
    if isinstance(entry, StateBegun):
        return _begun(serial, entry)
    if isinstance(entry, ObjectShown):
        return HistoryLine(serial, entry.time, "", _shown(entry), entry.key)
    if isinstance(entry, ReviewBegun):
        what = f"reviewed plan begun: {entry.review.name[:8]}, {len(entry.review.pins)} of its changes"
        return HistoryLine(serial, entry.time, entry.review.who, what)
    what = f"moved to {entry.target.address}"
    return HistoryLine(serial, entry.time, entry.who, what, entry.source, reason=entry.reason)


def _begun(serial: int, entry: StateBegun) -> HistoryLine:
    key = f"key {entry.key_fingerprint}" if entry.key_fingerprint else "no key"
    return HistoryLine(serial, entry.time, entry.who, f"state begun, lineage {entry.lineage[:8]}, {key}")


def _job(serial: int, time: str, intent: Intent | None) -> HistoryLine:
    operation = intent.operation.value if intent is not None else "request"
    people = intent.contacts.count if intent is not None and intent.contacts is not None else 0
    key: ObjectKey | None = intent.key if intent is not None else None
    return HistoryLine(serial, time, "", f"{operation}: the vendor is at it", key, people)


def _outcome(serial: int, entry: OutcomeWritten, intent: Intent | None) -> HistoryLine:
    operation = intent.operation.value if intent is not None else "request"
    key: ObjectKey | None = intent.key if intent is not None else None
    people = intent.contacts.count if intent is not None and intent.contacts is not None else 0
    evidence = entry.evidence if " " in entry.evidence else ""  # else it is the request's id alone
    reason = "; ".join(text for text in (entry.reason, evidence) if text)
    return HistoryLine(
        serial, entry.time, entry.who, f"{operation}: {entry.result.value}", key, people, reason
    )


def _shown(entry: ObjectShown) -> str:
    words = [entry.ended] if entry.ended else []
    if entry.running is not None:
        words.append("running" if entry.running else "not running")
    if entry.people is not None:
        words.append(f"{entry.people} in it")
    differing = (
        f"differs from what was applied: {', '.join(entry.differing)}" if entry.differing else "as applied"
    )
    return f"read back: {', '.join([*words, differing])}"


def _known(record: Record) -> str:
    taken = "imported, " if record.imported else ""
    remote = f", id {record.remote_id}" if record.remote_id is not None else ", no object"
    return f"{taken}{record.phase.value}{remote}"


def _people(record: Record) -> int:
    return sum(ref.count for ref in record.sent)
