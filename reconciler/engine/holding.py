"""What a hold forbids: whatever arms, starts, resumes, or queues people to be called. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.state import HoldChanged, Intent, IntentWritten, JobTaken, LogEntry, Operation

_LOUD = frozenset({Operation.APPEND, Operation.START, Operation.RESUME})


def is_loud(intent: Intent) -> bool:
    """Whether a hold forbids an intent."""
    if intent.operation is Operation.WITHDRAW:
        return False
    if intent.arms:
        return True
    queues = intent.operation in _LOUD or intent.contacts is not None
    return queues and intent.key.address.kind != "blacklist"


def forbidden(entries: Iterable[LogEntry], intents: Mapping[str, Intent]) -> bool:
    """Whether a hold forbids one of some entries; `intents` are the open ones, with which a job may go on."""
    return any(_announces_loudly(entry, intents) for entry in entries)


def _announces_loudly(entry: LogEntry, intents: Mapping[str, Intent]) -> bool:
    if isinstance(entry, IntentWritten):
        return is_loud(entry.intent)
    if not isinstance(entry, JobTaken) or not entry.announces:
        return False
    intent = intents.get(entry.intent_id)
    return intent is not None and is_loud(intent)


def is_brake(entries: Iterable[LogEntry]) -> bool:
    """Whether entries set or release holds and do nothing else: those need no lock, and give way to nobody."""
    return all(isinstance(entry, HoldChanged) for entry in entries)
