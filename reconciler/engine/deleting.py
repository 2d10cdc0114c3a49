"""An object deleted, or stopped for good where its vendor keeps it; a run that was armed leaves its record."""

from __future__ import annotations

from reconciler.engine.bench import Bench, record_of, write_outcome
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Change
from reconciler.model.state import LogEntry, Operation, Phase, Record, RecordWritten
from reconciler.planning.basis.transitions import buried, set_aside


def delete(bench: Bench, change: Change) -> Outcome:
    """Delete an object, or stop it for good; one that rang leaves who was called, one that did not leaves nothing."""
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
