"""An object changed: what differs is set, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from reconciler.engine.bench import Bench, keep, record_of, write_outcome
from reconciler.engine.sending import NotBound, applied_fields, fields_digest, sending_changes, unbound
from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec, Updatable
from reconciler.model.objects import WantedObject
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Change
from reconciler.model.state import LogEntry, Operation, Record, RecordWritten
from reconciler.model.value import Value


def update(bench: Bench, change: Change) -> Outcome:
    """Set what differs, and nothing else: what is quieter must not wait for, or bring, what is louder."""
    wanted, record = bench.wanted[change.key], record_of(bench, change)
    changed = frozenset(item.field for item in change.differences) or _settable(bench.spec(change), wanted)
    whole = sending_changes(wanted, record, changed, bench.journal.record)
    names = _given_names(bench.spec(change), record)
    whole = replace(whole, fields={**whole.fields, **names})
    merged = {**record.fields, **{name: unbound(whole.fields[name]) for name in changed}, **names}
    if changed and all(bench.spec(change).field_index[name].kept for name in changed):
        return keep(bench, replace(record, fields=merged, generation=record.generation + 1), "kept here")
    intent = bench.intend(change, Operation.UPDATE, fields=merged, digest=fields_digest(merged))
    record, also = _paused(bench, change, record)
    bench.announce(intent, also=also)
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


def _paused(bench: Bench, change: Change, record: Record) -> tuple[Record, tuple[LogEntry, ...]]:
    """The record before an update that pauses: should the run be found paused after it, that was us, not somebody.

    Where it rings on none the less, the next plan notes that.
    """
    if not record.running or not bench.spec(change).operation(Operation.UPDATE).pauses:
        return record, ()
    paused = replace(record, running=False)
    return paused, (RecordWritten(paused, bench.clock(), bench.holder, "this update pauses it"),)


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
