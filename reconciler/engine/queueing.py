"""People queued in an object batch by batch, and kept from being called where they are suppressed since."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from reconciler.engine.bench import Bench, Rows, record_of, sent_of, write_outcome
from reconciler.engine.jobs import with_queued
from reconciler.engine.sending import sending
from reconciler.model.objects import WantedObject
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Change
from reconciler.model.state import BlobRef, Operation, Record, Result
from reconciler.planning.basis.scene import People
from reconciler.providers.base import SendableContact, Withdrawing
from reconciler.state.people import encode_people


def append(bench: Bench, change: Change) -> Outcome:
    """Queue people batch by batch, each with an intent of its own right before it is sent."""
    people = _unsent(bench, change)
    wanted = bench.wanted[change.key]
    outcome, sent = Outcome(Result.DONE, "nobody to add"), 0
    rows = _rows(bench, change).contacts(frozenset(people))
    for batch in _batches(rows, bench.spec(change).batch):
        if bench.stopping():
            reason = "stopped; the rest is sent by the next apply"
            return replace(outcome, result=Result.NOT_SENT, reason=reason)
        outcome = _append_batch(bench, change, wanted, batch, people)
        if not outcome.done:
            return outcome
        sent += len(batch)
    if sent != len(people):
        return replace(
            outcome, result=Result.REFUSED, reason=f"{len(people) - sent} of its people have no row"
        )
    return outcome


def _unsent(bench: Bench, change: Change) -> People:
    """The people of an append, less those of it who were sent before its reply was lost."""
    people = bench.queued.get(change.id, {})
    if change.id not in bench.resumed:
        return people
    known = sent_of(bench, record_of(bench, change))
    return {exact: broad for exact, broad in people.items() if exact not in known}


def _rows(bench: Bench, change: Change) -> Rows:
    """Where the people of an append stand: a contact list, or the blacklist of the same name."""
    if bench.spec(change).suppresses:
        return bench.suppressions[change.address.name]
    return bench.lists[bench.wanted[change.key].contacts or ""]


def _batches(rows: Iterator[SendableContact], size: int) -> Iterator[list[SendableContact]]:
    batch: list[SendableContact] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _append_batch(
    bench: Bench, change: Change, wanted: WantedObject, batch: list[SendableContact], people: People
) -> Outcome:
    suppresses = bench.spec(change).suppresses
    key = bench.suppressions[change.address.name].key if suppresses else bench.digest
    chosen = {each: people[each] for each in map(key, batch)}
    record = _listing(bench, change) if suppresses else record_of(bench, change)
    ref: BlobRef = bench.journal.write_blob(encode_people(chosen), len(chosen))
    intent = bench.intend(change, Operation.APPEND, contacts=ref, digest=ref.digest)
    bench.announce(intent)
    account = bench.account(change)
    whole = sending(wanted, bench.journal.record)
    remote_id = record.remote_id or ""
    begun = account.kind(change.kind).append(account.client, remote_id, whole, batch)
    outcome = bench.jobs.finish(account, intent, remote_id, begun)
    fresh = with_queued(record, intent, outcome) if outcome.done else None
    write_outcome(bench, intent, outcome, record=fresh)
    return outcome


def withdraw(bench: Bench, change: Change) -> Outcome:
    """Keep queued people from being called who are suppressed by now; they stay among those who were sent."""
    record, account, people = record_of(bench, change), bench.account(change), bench.queued.get(change.id, {})
    kind = account.kind(change.kind)
    if not isinstance(kind, Withdrawing) or bench.read_back is None:
        raise NotImplementedError(f"{change.kind} withdraws nobody")
    exact = bench.read_back.exact
    ref = bench.journal.write_blob(encode_people(people), len(people))
    intent = bench.intend(change, Operation.WITHDRAW, digest=ref.digest)
    bench.announce(intent)
    outcome = kind.withdraw(
        account.client, str(record.remote_id), record.fields, lambda number: exact(number) in people
    )
    fresh = replace(record, withdrawn=(*record.withdrawn, ref), generation=record.generation + 1)
    write_outcome(bench, intent, outcome, record=fresh if outcome.done else None)
    return outcome


def _listing(bench: Bench, change: Change) -> Record:
    """The record of a list that the vendor keeps: it exists before anybody is on it, and has no id."""
    return bench.journal.record(change.key) or Record(change.key, change.kind, None)
