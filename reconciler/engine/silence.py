"""Silence: everything that can call is asked to stop, accounts side by side, and looked at again where it shows.

`stop --all` sets its hold before anything here runs: that entry is the durable word of what is about to be
done. No intent of its own is written for each object, since a brake must not wait for a lock, and a stop that
was sent and not recorded is sent again at no harm.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct
from msgspec.structs import replace

from reconciler.engine.account import Account
from reconciler.engine.observe import Observation, observe
from reconciler.model.kind import KindSpec
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.plan import ProviderFailure
from reconciler.model.silence import Hush, Silenced
from reconciler.model.state import Operation, Phase, Record, Result, Snapshot

READ_BACKS = 3
"""So often an object that still shows as running is looked at again."""

PAUSE = 1.0
"""Seconds between two such looks."""


class Target(Struct, frozen=True):
    """One object that can call. `record` is ours, if it is; `running` what the vendor shows, if it does."""

    kind: str
    remote_id: str
    record: Record | None = None
    running: bool | None = None


def silence_all(
    accounts: Iterable[Account], snapshot: Snapshot, *, ours: bool, wait: Callable[[float], object]
) -> tuple[tuple[Silenced, ...], tuple[ProviderFailure, ...]]:
    """Silence every account at once; one that fails or is slow keeps no other waiting."""
    several = tuple(accounts)
    if not several:
        return (), ()
    with ThreadPoolExecutor(max_workers=len(several), thread_name_prefix="silence") as pool:
        done = list(
            pool.map(lambda account: _silence_account(account, snapshot, ours=ours, wait=wait), several)
        )
    return (
        tuple(item for objects, _ in done for item in objects),
        tuple(failure for _, failures in done for failure in failures),
    )


def _silence_account(
    account: Account, snapshot: Snapshot, *, ours: bool, wait: Callable[[float], object]
) -> tuple[tuple[Silenced, ...], tuple[ProviderFailure, ...]]:
    seen = observe([account], lists=False)
    chosen = targets(account, snapshot, seen, ours=ours)
    objects = silence(account, chosen)
    return read_back(account, objects, wait), seen.failures


def targets(account: Account, snapshot: Snapshot, seen: Observation, *, ours: bool) -> tuple[Target, ...]:
    """Everything at an account that can call: what it lists, and what state knows besides; the loudest first."""
    owned = {
        (record.kind, str(record.remote_id)): record
        for record in snapshot.records.values()
        if record.key.address.provider == account.name and _can_call(account, record)
    }
    listed = {
        (item.kind, item.remote_id): Target(
            item.kind, item.remote_id, owned.get((item.kind, item.remote_id)), item.running
        )
        for item in seen.live.get(account.name, ())
        if account.specs[item.kind].runs
    }
    unlisted = {
        slot: Target(record.kind, str(record.remote_id), record)
        for slot, record in owned.items()
        if slot not in listed and record.phase is not Phase.ENDED
    }
    found = (*listed.values(), *unlisted.values())
    return tuple(sorted((item for item in found if item.record or not ours), key=_loudest_first))


def _can_call(account: Account, record: Record) -> bool:
    spec = account.specs.get(record.kind)
    return record.remote_id is not None and spec is not None and spec.runs


def _loudest_first(item: Target) -> tuple[int, str, str]:
    phases = {Phase.ARMED: 0, Phase.INERT: 2, Phase.ENDED: 3}
    return (1 if item.record is None else phases[item.record.phase], item.kind, item.remote_id)


def silence(account: Account, chosen: Iterable[Target]) -> tuple[Silenced, ...]:
    """Ask each of them, as many at once as the account bears."""
    with ThreadPoolExecutor(max_workers=account.concurrency, thread_name_prefix="silence") as pool:
        return tuple(pool.map(lambda item: _silence_one(account, item), chosen))


def _silence_one(account: Account, item: Target) -> Silenced:
    key = item.record.key if item.record is not None else None
    untouched = Silenced(account.name, item.kind, item.remote_id, key, Hush.QUIET)
    if item.running is False:
        return untouched
    operation = gentlest(account.specs[item.kind])
    if operation is None:
        return replace(untouched, result=Hush.REFUSED, detail="this vendor has no request that stops it")
    began = time.monotonic()
    outcome = stop_request(account, item.kind, item.remote_id, operation)
    return replace(
        untouched,
        result=hush(account.specs[item.kind], operation, outcome),
        operation=operation,
        detail=outcome.reason,
        seconds=time.monotonic() - began,
        request_id=outcome.request_id,
    )


def gentlest(spec: KindSpec) -> Operation | None:
    """The most reversible way in which a kind can be silenced."""
    ways = (Operation.PAUSE, Operation.STOP) if spec.can_pause else (Operation.STOP,)
    return next((way for way in ways if way in spec.operation_index), None)


def stop_request(account: Account, kind: str, remote_id: str, operation: Operation) -> Outcome:
    """The one request. Work that the vendor goes on with is not known to be done."""
    outcome = account.kind(kind).set_phase(account.client, remote_id, operation)
    if isinstance(outcome, Pending):
        return Outcome(Result.UNKNOWN, "the vendor is still at it")
    return outcome


def hush(spec: KindSpec, operation: Operation, outcome: Outcome) -> Hush:
    """How an object ended up, by the reply alone."""
    if outcome.missing:
        return Hush.QUIET
    if not outcome.done:
        return Hush.UNKNOWN if outcome.result is Result.UNKNOWN else Hush.REFUSED
    if not spec.shows_running:
        return Hush.ASKED
    return Hush.PAUSED if operation is Operation.PAUSE else Hush.STOPPED


def read_back(
    account: Account, objects: tuple[Silenced, ...], wait: Callable[[float], object]
) -> tuple[Silenced, ...]:
    """What the vendor shows afterwards, where it shows whether an object runs."""
    if not any(account.specs[item.kind].shows_running and item.operation for item in objects):
        return objects
    for read in range(1, READ_BACKS + 1):
        running = _running(observe([account], lists=False), account.name)
        if not any(running.get((item.kind, item.remote_id), False) for item in objects) or read == READ_BACKS:
            break
        wait(PAUSE)
    return tuple(_as_shown(account.specs[item.kind], item, running) for item in objects)


def _running(seen: Observation, provider: str) -> Mapping[tuple[str, str], bool]:
    """The run state of all that shows one; empty when the account could not be read again."""
    return {
        (item.kind, item.remote_id): item.running
        for item in seen.live.get(provider, ())
        if item.running is not None
    }


def _as_shown(spec: KindSpec, item: Silenced, running: Mapping[tuple[str, str], bool]) -> Silenced:
    if not spec.shows_running or item.operation is None:
        return item
    shown = running.get((item.kind, item.remote_id))
    if shown:
        return replace(item, result=Hush.LOUD)
    if shown is None:
        return replace(item, result=Hush.ASKED) if item.result in (Hush.PAUSED, Hush.STOPPED) else item
    return replace(item, result=Hush.PAUSED if item.operation is Operation.PAUSE else Hush.STOPPED)
