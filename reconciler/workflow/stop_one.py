"""The use case of stopping named campaigns: their runs end, by intent, request and outcome."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from reconciler.engine.account import Account
from reconciler.engine.silence import hush, read_back, stop_request
from reconciler.errors import UsageError
from reconciler.model.address import Address
from reconciler.model.outcome import Outcome
from reconciler.model.silence import Silence, Silenced
from reconciler.model.state import (
    Intent,
    IntentWritten,
    LogEntry,
    Operation,
    OutcomeWritten,
    Phase,
    Record,
    Result,
    Snapshot,
)
from reconciler.planning.settling.silenced import begun, over, settled
from reconciler.workflow.workspace import Workspace
from reconciler.workflow.writing import insist, lease_if_free

BESIDE = "an apply was at work; it ends now, since the state was written beside it"


def stop_addresses(workspace: Workspace, addresses: Sequence[Address], reason: str) -> Silence:
    """End the runs of these campaigns; naming one is consent. An apply that has the lock keeps nobody waiting."""
    began = time.monotonic()
    why = f"stop: {reason}"
    records = [item for address in addresses for item in _runs(workspace.journal.snapshot, address)]
    starting = _starting(workspace.journal.snapshot)
    with lease_if_free(workspace) as alone:
        objects = [_stop(workspace, record, why) for record in records]
        # A start that an apply had in flight may have reached the vendor after our stop.
        late = [] if alone else [record for record in records if record.key in starting]
        again = {record.key: _stop(workspace, record, why) for record in late}
    return Silence(
        reason=reason,
        everything=False,
        accounts=tuple(sorted({record.key.address.provider for record in records})),
        objects=tuple(again.get(item.key, item) if item.key else item for item in objects),
        remarks=(*(() if alone else (BESIDE,)), *_over_already(addresses, records)),
        seconds=time.monotonic() - began,
    )


def _runs(snapshot: Snapshot, address: Address) -> list[Record]:
    """The runs of a campaign that are not over; raises UsageError when there is nothing of that name."""
    known = [record for key, record in sorted(snapshot.records.items()) if key.address == address]
    if not known:
        help_text = "reconciler state list shows what is ours; reconciler stop --all reaches everything else"
        raise UsageError(f"the state has no {address}", help_text)
    if address.kind != "campaign":
        raise UsageError(f"{address} cannot call: it is a {address.kind}", "name a campaign")
    return [record for record in known if record.phase is not Phase.ENDED and record.remote_id is not None]


def _over_already(addresses: Sequence[Address], records: Sequence[Record]) -> tuple[str, ...]:
    open_ones = {record.key.address for record in records}
    return tuple(f"{item}: no run of it is open" for item in addresses if item not in open_ones)


def _starting(snapshot: Snapshot) -> set[object]:
    return {item.key for item in snapshot.intents.values() if item.operation is Operation.START}


def _stop(workspace: Workspace, record: Record, why: str) -> Silenced:
    """Intent, request, outcome; the intent is no loud one, so no hold stands in its way."""
    account = _account(workspace, record.key.address.provider)
    intent = _intent(workspace, record)
    insist(workspace.journal, lambda _snapshot: (IntentWritten(intent),))
    began = time.monotonic()
    outcome = stop_request(account, record.kind, str(record.remote_id), Operation.STOP)
    insist(workspace.journal, lambda snapshot: _outcome(workspace, snapshot, intent, outcome, why))
    silenced = Silenced(
        provider=account.name,
        kind=record.kind,
        remote_id=str(record.remote_id),
        key=record.key,
        result=hush(account.specs[record.kind], Operation.STOP, outcome),
        operation=Operation.STOP,
        detail=outcome.reason,
        seconds=time.monotonic() - began,
        request_id=outcome.request_id,
    )
    return read_back(account, (silenced,), workspace.options.stop.wait)[0]


def _account(workspace: Workspace, name: str) -> Account:
    settings = workspace.project.providers.get(name)
    if settings is None:
        help_text = "put it back, or: reconciler stop --all --type TYPE --token-env VARIABLE"
        raise UsageError(f"provider {name} is not in the project file", help_text)
    return workspace.account(settings, write=True)


def _intent(workspace: Workspace, record: Record) -> Intent:
    return Intent(
        id=uuid.uuid4().hex[:12],
        key=record.key,
        kind=record.kind,
        operation=Operation.STOP,
        digest="",
        time=workspace.stamp(),
        holder=workspace.holder,
        lookup=False,
        marker=record.marker,
        natural_key=record.natural_key,
    )


def _outcome(
    workspace: Workspace, snapshot: Snapshot, intent: Intent, outcome: Outcome, why: str
) -> tuple[LogEntry, ...]:
    """What the stop came to; one that succeeded settles whatever was unknown before it."""
    now, who, evidence = workspace.stamp(), workspace.holder, outcome.reason
    record = snapshot.records.get(intent.key)
    if record is None or not (outcome.done or outcome.missing):
        return (OutcomeWritten(intent.id, outcome.result, now, evidence=evidence, who=who, reason=why),)
    open_intents = begun(snapshot, intent.key)
    ended = over(record, open_intents, why, now)
    done = OutcomeWritten(intent.id, Result.DONE, now, ended, evidence=evidence, who=who, reason=why)
    return (*settled(open_intents, why, now, who), done)
