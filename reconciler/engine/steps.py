"""One change carried out: intent written, request sent, outcome written; in that order, whatever happens."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from reconciler.engine.account import Account
from reconciler.engine.jobs import Jobs, with_queued
from reconciler.engine.journal import Journal
from reconciler.engine.readback import ReadBack, queued_count
from reconciler.engine.sending import (
    NotBound,
    applied_fields,
    fields_digest,
    sending,
    sending_changes,
    unbound,
)
from reconciler.errors import CredentialsError, Held, UnreachableError
from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec, Updatable
from reconciler.model.objects import Strays, WantedObject
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Action, Change, Movement
from reconciler.model.report import Step, StepResult
from reconciler.model.state import (
    ARMED_WITH,
    BlobRef,
    Intent,
    IntentWritten,
    LogEntry,
    Operation,
    OutcomeWritten,
    Phase,
    Record,
    RecordWritten,
    Result,
)
from reconciler.model.value import Value
from reconciler.planning.people import merged
from reconciler.planning.scene import People
from reconciler.planning.settle import armed, buried, made, set_aside
from reconciler.providers.base import Replaceable, SendableContact, Sending, Withdrawing
from reconciler.state.people import decode_people, encode_people


class Rows(Protocol):
    """A contact list that can give the rows of chosen people."""

    def contacts(self, exact: frozenset[bytes]) -> Iterator[SendableContact]:
        """The rows of these people, in the file's order."""


class SuppressedRows(Rows, Protocol):
    """A blacklist that can give the numbers of chosen people."""

    def key(self, contact: SendableContact) -> bytes:
        """How a person on it is known."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What carrying out a change takes: the state, the accounts, the wanted objects, the people.

    `digest` is how a person is known who is sent, `broad` one who is suppressed. `check` raises when the
    lease was lost; it is asked before every intent. `wait` waits for seconds; True when that was cut short.
    """

    journal: Journal
    accounts: Mapping[str, Account]
    wanted: Mapping[ObjectKey, WantedObject]
    queued: Mapping[str, People]
    lists: Mapping[str, Rows]
    holder: str
    clock: Callable[[], str]
    stopping: Callable[[], bool]
    digest: Callable[[SendableContact], bytes]
    check: Callable[[], None]
    suppressions: Mapping[str, SuppressedRows] = field(default_factory=dict)
    read_back: ReadBack | None = None
    shown: Callable[[Change], int | None] = lambda _change: None
    """How many people the vendor showed last in the object of a change."""
    resumed: set[str] = field(default_factory=set)
    """Appends of which a part was sent already by this apply, by id."""
    wait: Callable[[float], bool] = field(default_factory=lambda: threading.Event().wait)

    @property
    def jobs(self) -> Jobs:
        """Following what vendors go on with."""
        return Jobs(self.journal, self.clock, self.wait, self.check)

    def announce(self, *intents: Intent, also: tuple[LogEntry, ...] = ()) -> None:
        """Write intents, and what was learnt just before; no request follows unless this returns."""
        self.check()
        self.journal.write(*also, *map(IntentWritten, intents))

    def account(self, change: Change) -> Account:
        """The account at which a change is made."""
        return self.accounts[change.address.provider]

    def spec(self, change: Change) -> KindSpec:
        """The declaration of a change's kind."""
        return self.account(change).specs[change.kind]

    def intend(
        self, change: Change, operation: Operation, before: Sequence[str] = (), **more: object
    ) -> Intent:
        """An intent for a change, not written yet."""
        spec = self.spec(change).operation(operation)
        record = self.journal.record(change.key)
        intent = Intent(
            id=uuid.uuid4().hex[:12],
            key=change.key,
            kind=change.kind,
            operation=operation,
            digest=change.live_digest,
            time=self.clock(),
            holder=self.holder,
            lookup=spec.lookup.value != "none",
            arms=spec.arms or (operation is Operation.UPDATE and change.movement is Movement.LOUDER),
            marker=record.marker if record is not None else None,
            natural_key=record.natural_key if record is not None else None,
            before=tuple(before),
        )
        return replace(intent, **more)  # type: ignore[arg-type]  # fields of Intent, by name


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


def sent_of(bench: Bench, record: Record) -> People:
    """Who was queued in an object, as the state has it."""
    return merged(decode_people(bench.journal.read_blob(ref)) for ref in record.sent)


def may_wait(bench: Bench, change: Change) -> bool:
    """Whether a change's intent may be written a while before its request: what it lost is settled without a person.

    An update that is repeatable is planned anew, and who is queued in an object that was never armed is settled by
    making that again.
    """
    spec, record = bench.spec(change), bench.journal.record(change.key)
    if change.action is Action.UPDATE:
        return change.movement is not Movement.LOUDER and spec.operation(Operation.UPDATE).repeatable
    inert = record is not None and record.phase is Phase.INERT
    if change.action is not Action.APPEND or not inert or not spec.deletable:
        return False
    return not spec.operation(Operation.APPEND).staged


def carry_out(bench: Bench, change: Change) -> Step:
    """Carry out any change but a create; a hold that was set meanwhile leaves it undone."""
    began = time.monotonic()
    verbs: Mapping[Action, Callable[[Bench, Change], Outcome]] = {
        Action.UPDATE: _update,
        Action.DELETE: _delete,
        Action.APPEND: _append,
        Action.WITHDRAW: _withdraw,
    }
    verb = verbs.get(change.action, _set_phase)
    try:
        outcome = verb(bench, change)
    except Held as held:
        return Step(change, StepResult.HELD, held.message, time.monotonic() - began)
    except NotBound as missing:
        return Step(change, StepResult.FAILED, f"{missing} does not exist", time.monotonic() - began)
    return step_of(bench, change, outcome, began)


def _update(bench: Bench, change: Change) -> Outcome:
    """Set what differs, and nothing else: what is quieter must not wait for, or bring, what is louder."""
    wanted, record = bench.wanted[change.key], record_of(bench, change)
    changed = frozenset(item.field for item in change.differences) or _settable(bench.spec(change), wanted)
    whole = sending_changes(wanted, record, changed, bench.journal.record)
    names = _given_names(bench.spec(change), record)
    whole = replace(whole, fields={**whole.fields, **names})
    merged = {**record.fields, **{name: unbound(whole.fields[name]) for name in changed}, **names}
    if changed and all(bench.spec(change).field_index[name].kept for name in changed):
        return _keep(bench, replace(record, fields=merged, generation=record.generation + 1), "kept here")
    intent = bench.intend(change, Operation.UPDATE, fields=merged, digest=fields_digest(merged))
    bench.announce(intent)
    account = bench.account(change)
    remote_id = str(record.remote_id)
    begun = account.kind(change.kind).update(account.client, remote_id, whole, changed)
    outcome = bench.jobs.finish(account, intent, remote_id, begun)
    fresh = replace(
        record,
        fields=merged,
        depends_on=_uses(bench, wanted, record, merged),
        protect=wanted.protect,
        generation=record.generation + 1,
    )
    write_outcome(bench, intent, outcome, record=fresh if outcome.done else None)
    return outcome


def _keep(bench: Bench, record: Record, reason: str) -> Outcome:
    """Write down what no vendor is told of."""
    bench.check()
    bench.journal.write(RecordWritten(record, bench.clock(), bench.holder, reason))
    return Outcome(Result.DONE, reason)


def _uses(
    bench: Bench, wanted: WantedObject, record: Record, fields: Mapping[str, Value]
) -> tuple[ObjectKey, ...]:
    """What an object refers to from now on: until all of it is as wanted, what it did before too."""
    try:
        if applied_fields(wanted, bench.journal.record) == {name: fields.get(name) for name in wanted.fields}:
            return wanted.depends_on
    except NotBound:
        pass
    return tuple(sorted({*record.depends_on, *wanted.depends_on}))


def _settable(spec: KindSpec, wanted: WantedObject) -> frozenset[str]:
    """All that can be set: an update that names no difference sets everything back."""
    never = {item.name for item in spec.fields if item.updatable is Updatable.NEVER}
    return frozenset(wanted.fields.keys() - never)


def _given_names(spec: KindSpec, record: Record) -> dict[str, Value]:
    """Names at the vendor are set once: those that an object was given."""
    if not spec.unique_name:
        return {}
    never = (item.name for item in spec.fields if item.updatable is Updatable.NEVER)
    return {name: record.fields[name] for name in never if name in record.fields}


def _delete(bench: Bench, change: Change) -> Outcome:
    record = record_of(bench, change)
    intent = bench.intend(change, Operation.DELETE)
    bench.announce(intent)
    account = bench.account(change)
    remote_id = str(record.remote_id)
    begun = account.kind(change.kind).delete(account.client, remote_id)
    outcome = bench.jobs.finish(account, intent, remote_id, begun)
    if not outcome.done:
        write_outcome(bench, intent, outcome)
    elif record.phase is Phase.INERT:
        write_outcome(bench, intent, outcome, dropped=True, also=_kept(bench, change, record))
    else:
        write_outcome(bench, intent, outcome, record=buried(record))
    return outcome


def _kept(bench: Bench, change: Change, record: Record) -> tuple[LogEntry, ...]:
    """What the state keeps of an object that its vendor stops but does not delete."""
    if bench.spec(change).deletable:
        return ()
    aside = set_aside(record)
    return (RecordWritten(aside, bench.clock(), bench.holder, "stopped; the vendor keeps it"),)


def _append(bench: Bench, change: Change) -> Outcome:
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


def _withdraw(bench: Bench, change: Change) -> Outcome:
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


OPERATIONS = {
    Action.START: Operation.START,
    Action.STOP: Operation.STOP,
    Action.PAUSE: Operation.PAUSE,
    Action.RESUME: Operation.RESUME,
}


def _set_phase(bench: Bench, change: Change) -> Outcome:
    record = record_of(bench, change)
    operation = OPERATIONS[change.action]
    if operation is Operation.START and _was_begun(bench, record):
        return Outcome(Result.REFUSED, "it was started before; a run is armed once")
    if operation is Operation.START and (strayed := _strayed(bench, change, record)):
        return Outcome(Result.REFUSED, strayed)
    if change.waits:
        return _keep(bench, replace(armed(record, bench.clock()), running=False), f"armed; {change.waits}")
    also: tuple[LogEntry, ...] = ()
    kind = bench.account(change).kind(change.kind)
    if operation is Operation.START and isinstance(kind, Replaceable):
        counted = _counted(bench, change, kind, record)
        if isinstance(counted, Outcome):
            return counted
        record = counted
        also = (RecordWritten(record, bench.clock(), bench.holder, "counted before it is armed"),)
    intent = bench.intend(change, operation)
    bench.announce(intent, also=also)
    account = bench.account(change)
    remote_id = str(record.remote_id)
    begun = account.kind(change.kind).set_phase(
        account.client, remote_id, operation, _as_wanted(bench, change)
    )
    outcome = bench.jobs.finish(account, intent, remote_id, begun)
    fresh = _phased(bench, record, change, intent.time) if outcome.done else None
    ends = _settled_by_stop(bench, change, intent) if outcome.done and operation is Operation.STOP else ()
    write_outcome(bench, intent, outcome, record=fresh, also=ends)
    return outcome


def _as_wanted(bench: Bench, change: Change) -> Sending | None:
    """The object as wanted; none where the manifests have it no more, or what it needs is not there."""
    wanted = bench.wanted.get(change.key)
    try:
        return sending(wanted, bench.journal.record) if wanted is not None else None
    except NotBound:
        return None


def _strayed(bench: Bench, change: Change, record: Record) -> str | None:
    """Why the people in an object are not those whom we queued, where its vendor shows them (law 2: count)."""
    shown = bench.shown(change)
    if bench.read_back is None or shown is None or shown == queued_count(record):
        return None
    strays = bench.read_back.compared(bench.account(change), record)
    if strays is None or strays == Strays():
        return None
    text = (
        f"{strays.missing} people are missing in it and {strays.strangers} are there whom nobody here queued"
    )
    return f"{text}; not started, the next apply makes it again"


def _counted(bench: Bench, change: Change, kind: Replaceable, record: Record) -> Record | Outcome:
    """The record with how many people wait in it: by that it is told later who is left, should it be replaced."""
    try:
        waiting = kind.waiting(bench.account(change).client, str(record.remote_id))
    except (UnreachableError, CredentialsError) as error:
        refused = isinstance(error, CredentialsError)
        return Outcome(Result.NOT_SENT, error.message, credentials=refused)
    if waiting is None:
        return record
    sent = sum(ref.count for ref in record.sent)
    if waiting > sent:
        return Outcome(Result.REFUSED, f"{waiting} people wait in it, and {sent} were sent; not armed")
    return replace(record, facts={**record.facts, ARMED_WITH: str(waiting)})


def _was_begun(bench: Bench, record: Record) -> bool:
    """Whether a run was armed, or may have been: the last look before the one request that cannot be taken back."""
    starts = (item.operation is Operation.START for item in bench.journal.open_intents(record.key))
    return record.phase is not Phase.INERT or any(starts)


def _phased(bench: Bench, record: Record, change: Change, time_of: str) -> Record:
    if change.action is Action.START:
        return armed(record, time_of)
    if change.action is not Action.STOP:
        return replace(record, running=change.action is Action.RESUME, generation=record.generation + 1)
    unsure = tuple(intent.contacts for intent in _open(bench, change) if intent.contacts is not None)
    ended = armed(replace(record, sent=(*record.sent, *unsure)), time_of)
    return replace(ended, phase=Phase.ENDED, running=False, ended=change.reason)


def _open(bench: Bench, change: Change) -> list[Intent]:
    return [
        intent
        for intent in bench.journal.open_intents(change.key)
        if intent.operation in (Operation.START, Operation.APPEND)
    ]


def _settled_by_stop(bench: Bench, change: Change, stop: Intent) -> tuple[LogEntry, ...]:
    """A stop that succeeded settles what was unknown before it: nobody is called by it any more."""
    return tuple(
        OutcomeWritten(intent.id, Result.ASSUMED, bench.clock(), evidence=f"settled by stop {stop.id}")
        for intent in _open(bench, change)
    )


def _listing(bench: Bench, change: Change) -> Record:
    """The record of a list that the vendor keeps: it exists before anybody is on it, and has no id."""
    return bench.journal.record(change.key) or Record(change.key, change.kind, None)


def record_of(bench: Bench, change: Change) -> Record:
    """The record of an object that exists; raises NotBound for one that does not."""
    record = bench.journal.record(change.key)
    if record is None or record.remote_id is None:
        raise NotBound(str(change.key))
    return record


def write_outcome(
    bench: Bench,
    intent: Intent,
    outcome: Outcome,
    *,
    record: Record | None = None,
    dropped: bool = False,
    also: tuple[LogEntry, ...] = (),
) -> None:
    """Write down how a request ended, and what follows from it."""
    evidence = f"{outcome.reason} (request {outcome.request_id})" if outcome.reason else outcome.request_id
    entry = OutcomeWritten(
        intent.id, outcome.result, bench.clock(), record=record, dropped=dropped, evidence=evidence
    )
    bench.journal.write(*also, entry)


def step_of(bench: Bench, change: Change, outcome: Outcome, began: float) -> Step:
    """How a change ended."""
    record = bench.journal.record(change.key)
    results = {Result.DONE: StepResult.DONE, Result.UNKNOWN: StepResult.UNKNOWN}
    result = results.get(outcome.result, StepResult.FAILED)
    if outcome.result is Result.NOT_SENT and bench.stopping():
        result = StepResult.SKIPPED
    return Step(
        change,
        result,
        outcome.reason,
        time.monotonic() - began,
        record.remote_id if record is not None else change.remote_id,
        outcome.request_id,
        retryable=outcome.result is Result.NOT_SENT,
    )
