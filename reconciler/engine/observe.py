"""Reading what the vendors hold: every kind of every account at once, and never a write."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from reconciler.engine.account import Account
from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.address import ObjectKey
from reconciler.model.objects import LiveObject, Strays
from reconciler.model.plan import ProviderFailure
from reconciler.providers.base import Suppressing

READERS = 16
"""Reads under way at once over all accounts; each account's own bound holds besides."""


class Observation(Struct, frozen=True, dict=True):
    """What was seen, by provider; one that could not be read is among the failures only.

    `read_at` is when the reading of each began, on the monotonic clock. `barred` are the numbers on the vendors'
    own do-not-call lists, where those can be read; `strays` tells of the runs that were counted anew.
    """

    live: Mapping[str, tuple[LiveObject, ...]] = field(default_factory=dict)
    failures: tuple[ProviderFailure, ...] = ()
    read_at: Mapping[str, float] = field(default_factory=dict)
    barred: Mapping[str, frozenset[str]] = field(default_factory=dict)
    strays: Mapping[ObjectKey, Strays] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Observation({', '.join(self.live)})"

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str, str], LiveObject]:
        return {
            (item.provider, item.kind, item.remote_id): item for items in self.live.values() for item in items
        }

    @cached_property
    def _bearers(self) -> Mapping[tuple[str, str, str], tuple[str, ...]]:
        found: dict[tuple[str, str, str], tuple[str, ...]] = {}
        for item in self._by_id.values():
            for mark in {f"marker {item.marker}", f"name {item.natural_key}"}:
                slot = (item.provider, item.kind, mark)
                found[slot] = (*found.get(slot, ()), item.remote_id)
        return found

    def find(self, provider: str, kind: str, remote_id: str) -> LiveObject | None:
        """One object by its id, if it was seen."""
        return self._by_id.get((provider, kind, remote_id))

    def bearing(self, provider: str, kind: str, marker: str | None, name: str | None) -> tuple[str, ...]:
        """The ids of the objects that bear a marker, or where there is none, a name."""
        mark = f"marker {marker}" if marker is not None else f"name {name}"
        return () if marker is None and name is None else self._bearers.get((provider, kind, mark), ())

    def age(self, provider: str) -> float:
        """Seconds since a provider was read; without end for one that was not."""
        return time.monotonic() - self.read_at.get(provider, float("-inf"))

    def updated(self, newer: Observation) -> Observation:
        """With what was read since in the place of what was seen before, failures too.

        Whom a vendor's own list bars stays barred: it may not have been read again.
        """
        tried = {*newer.live, *(failure.provider for failure in newer.failures)}
        kept = self.only(({*self.live} | {failure.provider for failure in self.failures}) - tried)
        return Observation(
            {**kept.live, **newer.live},
            (*kept.failures, *newer.failures),
            {**kept.read_at, **newer.read_at},
            {**self.barred, **newer.barred},
        )

    def only(self, providers: Collection[str]) -> Observation:
        """What was seen of some providers."""
        return Observation(
            {name: items for name, items in self.live.items() if name in providers},
            tuple(failure for failure in self.failures if failure.provider in providers),
            {name: moment for name, moment in self.read_at.items() if name in providers},
            {name: numbers for name, numbers in self.barred.items() if name in providers},
        )


def observe(accounts: Iterable[Account], *, lists: bool = True) -> Observation:
    """Read every account; one that fails does not keep the others from being read.

    Without `lists`, the vendors' own lists of suppressed people are left out: they hold no objects, and reading
    them costs as much as they are long.
    """
    several = tuple(accounts)
    if not several:
        return Observation()
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="observe") as pool:
        reads = {account.name: _submit(pool, account, lists=lists) for account in several}
        seen = [_collect(account, reads[account.name]) for account in several]
    whole = {
        account.name: found
        for account, found in zip(several, seen, strict=True)
        if not isinstance(found, ProviderFailure)
    }
    return Observation(
        {name: found.objects for name, found in whole.items()},
        tuple(found for found in seen if isinstance(found, ProviderFailure)),
        dict.fromkeys((account.name for account in several), began),
        {name: found.barred for name, found in whole.items() if found.barred is not None},
    )


class _Collected(Struct, frozen=True):
    """What one account holds; `barred` is None where its vendor's list cannot be read."""

    objects: tuple[LiveObject, ...]
    barred: frozenset[str] | None = None


def _submit(pool: ThreadPoolExecutor, account: Account, *, lists: bool) -> dict[str, Future[Sequence[Any]]]:
    return {
        name: pool.submit(kind.read, account.client)
        for name, kind in account.provider.kinds.items()
        if lists or not kind.spec.suppresses
    }


def _collect(account: Account, reads: Mapping[str, Future[Sequence[Any]]]) -> _Collected | ProviderFailure:
    """The objects of an account, each once though a list should name it twice."""
    try:
        raw = {name: read.result() for name, read in reads.items()}
        found = account.provider.decode(account.name, raw)
        objects = tuple({(item.kind, item.remote_id): item for item in found}.values())
        whole = raw.keys() == account.provider.kinds.keys()
        if not isinstance(account.provider, Suppressing) or not whole:
            return _Collected(objects)
        return _Collected(objects, frozenset(account.provider.suppressed(account.settings, raw)))
    except CredentialsError as error:
        return ProviderFailure(account.name, error.message, credentials=True)
    except UnreachableError as error:
        return ProviderFailure(account.name, error.message)
