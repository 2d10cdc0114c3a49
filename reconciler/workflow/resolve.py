"""The use case of settling what nobody knows: the evidence first, then a person's answer into the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.engine.observe import Observation, observe
from reconciler.errors import ReconcilerError, UsageError
from reconciler.model.address import Address
from reconciler.model.kind import KindSpec
from reconciler.model.state import Intent, Operation, Record
from reconciler.model.unknowns import Answer, Evidence, Resolved
from reconciler.planning.settling.answers import answered, choices, settles_itself
from reconciler.workflow.workspace import Workspace

WORDS = {
    Operation.CREATE: "create",
    Operation.UPDATE: "change the settings of",
    Operation.APPEND: "add calls to",
    Operation.START: "start",
    Operation.PAUSE: "pause",
    Operation.RESUME: "resume",
    Operation.STOP: "stop",
    Operation.DELETE: "delete",
    Operation.WITHDRAW: "withdraw suppressed people from",
}


_Shown = tuple[Observation | None, Mapping[str, KindSpec], str]
"""What was read of an account, how its kinds are declared, and why it could not be read."""


def unknowns(workspace: Workspace) -> tuple[Evidence, ...]:
    """Every open request, oldest first, from the state alone."""
    snapshot = workspace.journal.snapshot
    ordered = sorted(snapshot.intents.values(), key=lambda item: (item.time, item.id))
    return tuple(_evidence(intent, snapshot.records.get(intent.key)) for intent in ordered)


def evidence(workspace: Workspace, address: Address) -> tuple[Evidence, ...]:
    """What is known of the open requests at one address, with what the vendor shows now."""
    found = [item for item in unknowns(workspace) if item.intent.key.address == address]
    if not found:
        raise UsageError(f"nothing is unknown at {address}", "reconciler resolve lists what is")
    shown = _look(workspace, address.provider)
    return tuple(_evidence(item.intent, item.record, shown) for item in found)


def _evidence(intent: Intent, record: Record | None, shown: _Shown | None = None) -> Evidence:
    what = f"{intent.kind} {record.remote_id}" if record is not None and record.remote_id else intent.kind
    return Evidence(
        intent=intent,
        record=record,
        choices=choices(intent, record),
        settles_itself=settles_itself(intent, record),
        question=f"was our request to {WORDS[intent.operation]} {what} at {intent.time} carried out?",
        shows=_told(intent, record, shown) if shown is not None else "",
    )


def _look(workspace: Workspace, provider: str) -> _Shown:
    settings = workspace.project.providers.get(provider)
    if settings is None:
        return None, {}, f"provider {provider} is not in the project file"
    try:
        account = workspace.account(settings)
    except ReconcilerError as error:
        return None, {}, error.message
    seen = observe([account])
    trouble = seen.failures[0].message if seen.failures else ""
    return (None if trouble else seen), account.specs, trouble


def _told(intent: Intent, record: Record | None, shown: _Shown) -> str:
    """What the vendor shows now, in a sentence."""
    seen, specs, trouble = shown
    provider = intent.key.address.provider
    if seen is None:
        return f"{provider} could not be asked: {trouble}"
    if record is None or record.remote_id is None:
        bearing = seen.bearing(provider, intent.kind, intent.marker, intent.natural_key)
        return f"{provider} now: of kind {intent.kind}, with its marker or name: {len(bearing)}"
    live = seen.find(provider, intent.kind, record.remote_id)
    if live is None:
        return f"{provider} now: {intent.kind} {record.remote_id} is not there"
    state = {True: "; it runs", False: "; it does not run", None: ""}[live.running]
    hidden = specs[intent.kind].hidden_words
    never = f"; it never tells {hidden}" if hidden else ""
    return f"{provider} now: {intent.kind} {record.remote_id} exists{state}{never}"


def resolve(workspace: Workspace, answers: Sequence[tuple[Intent, Answer]], reason: str) -> Resolved:
    """Write the answers down, under the lease; raises UsageError for one that there is no choice of."""
    journal = workspace.journal
    with workspace.backend.lease(workspace.holder):
        journal.refresh()
        snapshot = journal.snapshot
        for intent, answer in answers:
            if intent.id not in snapshot.intents:
                raise UsageError(
                    f"{intent.key} was settled meanwhile", "reconciler resolve lists what is open"
                )
            _refuse_pointless(intent, snapshot.records.get(intent.key), answer)
        records = {str(intent.key): snapshot.records.get(intent.key) for intent, _ in answers}
        time, who = workspace.stamp(), workspace.holder
        journal.write(*answered(answers, records, time=time, who=who, reason=reason))
    return Resolved(tuple(answers), reason, len(journal.snapshot.intents), journal.serial)


def _refuse_pointless(intent: Intent, record: Record | None, answer: Answer) -> None:
    if any(choice.answer is answer for choice in choices(intent, record)):
        return
    message = f"{intent.key}: the next apply finds out by itself how the {intent.operation.value} ended"
    raise UsageError(message, "run: reconciler apply")
