"""An object made: its intent first, then the create with whoever is queued by it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from msgspec.structs import replace

from reconciler.engine.bench import Bench, sent_of, step_of, write_outcome
from reconciler.engine.sending import applied_fields, fields_digest, sending
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Change
from reconciler.model.report import Step
from reconciler.model.state import Intent, Operation, Result
from reconciler.planning.basis.people import merged
from reconciler.planning.basis.scene import People
from reconciler.planning.basis.transitions import made
from reconciler.providers.base import SendableContact
from reconciler.state.people import encode_people


def create_intent(bench: Bench, change: Change, before: Sequence[str]) -> Intent:
    """The intent of a create; raises NotBound when what it refers to is missing."""
    wanted = bench.wanted[change.key]
    spec, applied = bench.spec(change), applied_fields(wanted, bench.journal.record)
    fields = {name: value for name, value in applied.items() if spec.set_by_create(name, value)}
    people = queued_now(bench, change)
    contacts = bench.journal.write_blob(encode_people(people), len(people)) if people else None
    return bench.intend(
        change,
        Operation.CREATE,
        before,
        contacts=contacts,
        fields=fields,
        digest=fields_digest(fields),
        marker=wanted.marker,
        natural_key=wanted.natural_key,
        depends_on=wanted.depends_on,
        protect=wanted.protect,
    )


def create(bench: Bench, change: Change, intent: Intent) -> Step:
    """Send a create whose intent is written already; raises StateLocked if the lease was lost since."""
    began = time.monotonic()
    bench.check()
    wanted = bench.wanted[change.key]
    account = bench.account(change)
    whole = replace(sending(wanted, bench.journal.record), contacts=_contacts(bench, change, wanted))
    outcome = bench.jobs.finish(account, intent, "", account.kind(change.kind).create(account.client, whole))
    known = bench.journal.record(change.key)
    record = made(intent, known, outcome.remote_id) if outcome.done and outcome.remote_id else None
    if record is not None and outcome.facts:
        record = replace(record, facts={**record.facts, **outcome.facts})
    if outcome.done and record is None:
        outcome = replace(outcome, result=Result.UNKNOWN, reason="the reply names no id")
    write_outcome(bench, intent, outcome, record=record)
    return step_of(bench, change, outcome, began)


def _contacts(bench: Bench, change: Change, wanted: WantedObject) -> tuple[SendableContact, ...]:
    """The rows of the people who go into a create."""
    people = queued_now(bench, change)
    return tuple(bench.lists[wanted.contacts or ""].contacts(frozenset(people))) if people else ()


def queued_now(bench: Bench, change: Change) -> People:
    """The people whom a create takes: as planned, less those whom another part of the run has by now."""
    people = bench.queued.get(change.id, {})
    others = (bench.journal.record(replace(change.key, part=part)) for part in range(change.key.part))
    sent = merged(sent_of(bench, other) for other in others if other is not None)
    return {exact: broad for exact, broad in people.items() if exact not in sent} if sent else people
