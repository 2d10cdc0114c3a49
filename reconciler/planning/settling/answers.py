"""What a person's answer about an unknown request means for the state, and for the people in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from reconciler.model.state import QUEUED, Intent, Operation, OutcomeWritten, Phase, Record
from reconciler.model.unknowns import Answer, Choice
from reconciler.planning.basis.transitions import DOUBT, armed, given_up


def settles_itself(intent: Intent, record: Record | None) -> bool:
    """Whether the next apply finds out by looking, or makes what never rang anew."""
    if intent.operation is Operation.START:
        return intent.lookup or record is None
    if intent.operation is Operation.APPEND:
        return intent.lookup or record is None or record.phase is Phase.INERT
    return True


def choices(intent: Intent, record: Record | None) -> tuple[Choice, ...]:
    """The answers that there are, each with what follows."""
    if settles_itself(intent, record):
        found: tuple[Choice, ...] = (
            Choice(
                Answer.DID_NOT_HAPPEN, "the next apply does it again, without looking first", alarming=True
            ),
        )
    elif intent.operation is Operation.START:
        found = _about_start(intent, record)
    else:
        found = _about_contacts(intent)
    if record is None:
        return found
    text = (
        f"run {intent.key.run} is over, and is never started or filled again; what was queued counts as sent"
    )
    return (*found, Choice(Answer.ENDED, text))


def _about_start(intent: Intent, record: Record | None) -> tuple[Choice, ...]:
    count = sum(ref.count for ref in record.sent) if record is not None else 0
    run = intent.key.run
    return (
        Choice(Answer.HAPPENED, f"run {run} counts as started, and is never started again"),
        Choice(
            Answer.DID_NOT_HAPPEN,
            f"the next apply starts run {run}: up to {count:,} people are called",
            alarming=True,
        ),
        Choice(Answer.CANNOT_TELL, "as if it happened, but the record says assumed, not known"),
    )


def _about_contacts(intent: Intent) -> tuple[Choice, ...]:
    count = intent.contacts.count if intent.contacts is not None else 0
    return (
        Choice(Answer.HAPPENED, f"they count as queued in run {intent.key.run}, and are never sent again"),
        Choice(Answer.DID_NOT_HAPPEN, f"the next apply sends {count:,} people", alarming=True),
        Choice(Answer.CANNOT_TELL, "as if it happened, but the record says assumed, not known"),
    )


def outcome(
    intent: Intent, record: Record | None, answer: Answer, *, time: str, who: str, reason: str
) -> OutcomeWritten:
    """The entry that settles a request by a person's answer, with the record as it is from then on."""
    return OutcomeWritten(
        intent.id, answer.result, time, record=_after(intent, record, answer), who=who, reason=reason
    )


def _after(intent: Intent, record: Record | None, answer: Answer) -> Record | None:
    if answer is Answer.DID_NOT_HAPPEN:
        return _undone(intent, record)
    if record is None:
        return None
    if answer is Answer.ENDED:
        ended = _done(intent, record)
        return replace(ended, phase=Phase.ENDED, running=False, ended="ended, as somebody said")
    return _done(intent, record)


def _done(intent: Intent, record: Record) -> Record:
    """The record if the request was carried out. How many the vendor counts since, nobody has read yet."""
    if intent.operation is Operation.START:
        return armed(record, intent.time)
    if intent.contacts is None:
        return replace(record, generation=record.generation + 1)
    facts = {name: value for name, value in record.facts.items() if name != QUEUED}
    sent = (*record.sent, intent.contacts)
    return replace(record, sent=sent, facts=facts, generation=record.generation + 1)


def _undone(intent: Intent, record: Record | None) -> Record | None:
    """The record if it was not; should that be wrong, what never rang is thrown away all the same."""
    if intent.operation is Operation.CREATE and (record is None or record.remote_id is None):
        return given_up(intent, record) if record is None or record.phase is Phase.INERT else None
    if intent.operation is Operation.APPEND and record is not None and record.phase is Phase.INERT:
        return replace(record, facts={**record.facts, DOUBT: "append"})
    return None


def answered(
    intents: Iterable[tuple[Intent, Answer]],
    records: dict[str, Record | None],
    *,
    time: str,
    who: str,
    reason: str,
) -> tuple[OutcomeWritten, ...]:
    """The entries for several answers, each made on what the one before left; `records` are by object key."""
    entries = []
    for intent, answer in intents:
        key = str(intent.key)
        entry = outcome(intent, records.get(key), answer, time=time, who=who, reason=reason)
        records[key] = entry.record or records.get(key)
        entries.append(entry)
    return tuple(entries)
