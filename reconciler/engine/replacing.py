"""Replacing an armed object: it rests, those whom it tried are read and counted, and only then it is stopped for good.

Each request has an intent of its own. After a crash the state says what comes next: an object that rests goes on being
replaced, or goes on where nobody wants that any more; one that is stopped has its tried people alone, so that the
rest of them are new to the next part of the run.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from msgspec.structs import replace

from reconciler.engine.bench import Bench, record_of, sent_of, step_of, write_outcome
from reconciler.engine.sending import NotBound
from reconciler.errors import CredentialsError, Held, UnreachableError
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Change
from reconciler.model.report import Step, StepResult
from reconciler.model.state import ARMED_WITH, Operation, Record, Result
from reconciler.planning.basis.scene import People
from reconciler.planning.basis.transitions import replaced
from reconciler.providers.base import NumberAlone, Progress, Replaceable
from reconciler.state.people import encode_people
from reconciler.transport.client import Client

ROUNDS = 30
"""So often an object is looked at while it comes to rest."""

PATIENCE = 3.0
"""Times the provider's `list_lag`, for all rounds together."""


def replace_part(bench: Bench, change: Change) -> Step:
    """Carry out a replacement; where it does not come to rest, or the numbers do not agree, it stays paused."""
    began = time.monotonic()
    account = bench.account(change)
    kind = account.kind(change.kind)
    if not isinstance(kind, Replaceable):
        raise TypeError(f"{change.kind} is declared replaceable, and cannot tell who is left")
    try:
        record = record_of(bench, change)
        if kind.progress(account.client, str(record.remote_id)).running:
            outcome = _paused(bench, change, record)
            if not outcome.done:
                return step_of(bench, change, outcome, began)
        outcome = _stopped(bench, change, kind)
    except Held as held:
        return Step(change, StepResult.HELD, held.message, time.monotonic() - began)
    except NotBound as missing:
        return Step(change, StepResult.FAILED, f"{missing} does not exist", time.monotonic() - began)
    except (UnreachableError, CredentialsError) as error:
        refused = isinstance(error, CredentialsError)
        outcome = Outcome(Result.NOT_SENT, error.message, credentials=refused)
    return step_of(bench, change, outcome, began)


def _paused(bench: Bench, change: Change, record: Record) -> Outcome:
    intent = bench.intend(change, Operation.PAUSE)
    bench.announce(intent)
    account = bench.account(change)
    remote_id = str(record.remote_id)
    begun = account.kind(change.kind).set_phase(account.client, remote_id, Operation.PAUSE)
    outcome = bench.jobs.finish(account, intent, remote_id, begun)
    fresh = replace(record, running=False, generation=record.generation + 1)
    write_outcome(bench, intent, outcome, record=fresh if outcome.done else None)
    return outcome


def _stopped(bench: Bench, change: Change, kind: Replaceable) -> Outcome:
    """Stop it once it is known whom it tried; from then on they alone were sent by it."""
    record, account = record_of(bench, change), bench.account(change)
    sent = sent_of(bench, record)
    tried = _tried_at_rest(bench, change, kind, sent)
    if tried is None:
        return Outcome(Result.NOT_SENT, "stopped; it rests, and the next apply goes on")
    ref = bench.journal.write_blob(encode_people(tried), len(tried))
    intent = bench.intend(change, Operation.STOP, contacts=ref, digest=ref.digest)
    bench.announce(intent)
    remote_id = str(record.remote_id)
    begun = account.kind(change.kind).set_phase(account.client, remote_id, Operation.STOP)
    outcome = bench.jobs.finish(account, intent, remote_id, begun)
    if not outcome.done:
        write_outcome(bench, intent, outcome)
        return outcome
    whole = {**tried, **_late(bench, account.client, kind, record, sent)}
    kept = bench.journal.write_blob(encode_people(whole), len(whole))
    write_outcome(bench, intent, outcome, record=replaced(record, kept))
    return outcome


def _late(bench: Bench, client: Client, kind: Replaceable, record: Record, sent: People) -> People:
    """Whom it tried after all, should somebody have set it going between the last look and the stop."""
    try:
        return _known(bench, kind.tried(client, str(record.remote_id)), sent)[0]
    except (UnreachableError, CredentialsError):
        return {}


def _tried_at_rest(bench: Bench, change: Change, kind: Replaceable, sent: People) -> People | None:
    """Whom a paused object has tried, once nothing moves and the numbers agree; None when a signal came.

    Raises Held where that does not come to pass.
    """
    record, account = record_of(bench, change), bench.account(change)
    remote_id, pause = str(record.remote_id), account.settings.list_lag * PATIENCE / ROUNDS
    last: Progress | None = None
    why = "it does not come to rest"
    for _ in range(ROUNDS):
        now = kind.progress(account.client, remote_id)
        _refuse_moving(now)
        if now == last and not now.under_way:
            tried, strangers = _known(bench, kind.tried(account.client, remote_id), sent)
            why = _disagreement(record, now, len(tried), strangers)
            if not why and kind.progress(account.client, remote_id) == now:
                return tried
        last = now
        if bench.wait(pause):
            return None
    if last is not None and last.under_way:
        why = f"{last.under_way} people are still being called"
    raise Held(f"{why}; it is paused and goes on with the next apply, or as it was without the consent")


def _refuse_moving(now: Progress) -> None:
    if now.over:
        raise Held("it came to its end meanwhile; there is nothing to replace")
    if now.running:
        raise Held("somebody set it going again meanwhile; nothing was replaced")


def _known(bench: Bench, numbers: Sequence[str], sent: People) -> tuple[People, int]:
    """Those of some numbers who were sent there, as state knows them, and how many were not."""
    exact = {bench.digest(NumberAlone(number)) for number in numbers}
    return {each: sent[each] for each in exact if each in sent}, sum(each not in sent for each in exact)


def _disagreement(record: Record, now: Progress, tried: int, strangers: int) -> str:
    """Why nobody can tell who is left; empty where everything agrees.

    Where somebody else armed it, all that we sent must have waited in it.
    """
    if strangers:
        return f"it tried {strangers} people who were never sent there"
    gone = int(record.facts.get(ARMED_WITH, sum(ref.count for ref in record.sent))) - now.waiting
    return "" if gone == tried else f"{gone} people left its queue, and it shows {tried} as tried"
