"""The scene: everything a plan is made from, as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from msgspec import Struct, field

from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.objects import Ended, LiveObject, Strays, WantedObject
from reconciler.model.plan import ProviderFailure
from reconciler.model.problem import Problem
from reconciler.model.resource import Consent, Limits, Project
from reconciler.model.state import QUEUED, BlobRef, Intent, Operation, Phase, Record, Snapshot

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")

People = Mapping[bytes, bytes]
"""Keyed digests of people: the exact number's -> that of its broad form, by which it is suppressed."""

EARLIEST = Callable[[str, dt.datetime], str | None]
"""Contact list and instant -> the earliest `HH:MM` that instant is for one of its people."""


class ListedPeople(Struct, frozen=True):
    """A contact list as read. `error` says that it could not be used, and nothing may be sent from it."""

    people: People
    digest: str
    error: str | None = None


class ListedSuppression(Struct, frozen=True):
    """A blacklist as read: broad digests. `error` says that it could not be used or shrank too much."""

    broad: frozenset[bytes]
    error: str | None = None
    consent: str | None = None
    applies_to: tuple[str, ...] = ()


class Scene(Struct, frozen=True):
    """What the planner sees.

    `live` and `failures` cover every provider between them. `specs` are the kinds of each provider.
    `sent` has the people behind every blob that the snapshot names. `allow` are consents of the command
    line, `ACTION` or `ACTION:ADDRESS`. `managed` are the providers that may be written to.
    """

    project: Project
    wanted: tuple[WantedObject, ...]
    snapshot: Snapshot
    live: Mapping[str, tuple[LiveObject, ...]]
    specs: Mapping[str, Mapping[str, KindSpec]]
    now: dt.datetime
    lists: Mapping[str, ListedPeople] = field(default_factory=dict)
    blacklists: Mapping[str, ListedSuppression] = field(default_factory=dict)
    remembered: frozenset[bytes] = frozenset()
    stored: Mapping[str, frozenset[bytes]] = field(default_factory=dict)
    """By provider, whom its own do-not-call list holds now, where that can be read: nobody of them is called."""
    sent: Mapping[str, People] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    allow: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    failures: tuple[ProviderFailure, ...] = ()
    problems: tuple[Problem, ...] = ()
    observers: Collection[str] = ()
    refused: Mapping[ObjectKey, str] = field(default_factory=dict)
    """Objects of which the vendor said, when asked, that it would not make them, and why."""
    strays: Mapping[ObjectKey, Strays] = field(default_factory=dict)
    """Runs that do not hold whom we queued, where their vendor shows it."""
    arrived: Mapping[str, BlobRef] = field(default_factory=dict)
    """By open intent that queued people: those of them whom the vendor shows."""
    earliest: EARLIEST = lambda _list, _instant: None
    complete: bool = True
    """False when the manifests could not be read: nothing is then deleted or changed, only compared."""

    @property
    def limits(self) -> Limits:
        """The project's limits."""
        return self.project.limits

    def spec(self, key: ObjectKey, kind: str) -> KindSpec | None:
        """The declaration of an object's kind, or None for a provider that is not configured any more."""
        return self.specs.get(key.address.provider, {}).get(kind)


class Index(Struct, frozen=True):
    """The scene by the ways it is looked up: built once, each in one pass."""

    live: Mapping[tuple[str, str, str], LiveObject]
    by_name: Mapping[tuple[str, str, str], LiveObject]
    by_marker: Mapping[tuple[str, str, str], tuple[LiveObject, ...]]
    users: Mapping[tuple[str, str, str], tuple[LiveObject, ...]]
    owners: Mapping[tuple[str, str, str], Record]
    runs: Mapping[Address, tuple[Record, ...]]
    namesakes: Mapping[tuple[str, str, str], tuple[Record, ...]]
    unknown: Mapping[ObjectKey, tuple[Intent, ...]]
    wanted: Mapping[ObjectKey, WantedObject]
    wanted_addresses: frozenset[Address]
    ids: Mapping[ObjectKey, str]
    """Remote ids of the objects that can be referred to: what was deleted outside has none any more."""


def build_index(scene: Scene) -> Index:
    """Look-up tables over a scene."""
    objects = [item for items in scene.live.values() for item in items]
    records = scene.snapshot.records.values()
    intents = scene.snapshot.intents
    live = {(item.provider, item.kind, item.remote_id): item for item in objects}
    return Index(
        live=live,
        by_name={(item.provider, item.kind, item.natural_key): item for item in objects if item.natural_key},
        by_marker=_grouped(
            ((item.provider, item.kind, item.marker), item) for item in objects if item.marker
        ),
        users=_grouped(
            ((item.provider, kind, remote_id), item) for item in objects for kind, remote_id in item.uses
        ),
        owners={
            (record.key.address.provider, record.kind, record.remote_id): record
            for record in records
            if record.remote_id is not None
        },
        runs=_grouped((record.key.address, record) for record in records),
        namesakes=_grouped((_namesake(record.key), record) for record in records if record.sent or intents),
        unknown=_grouped((intent.key, intent) for intent in intents.values()),
        wanted={item.key: item for item in scene.wanted},
        wanted_addresses=frozenset([item.key.address for item in scene.wanted]),
        ids={record.key: str(record.remote_id) for record in records if _is_there(scene, live, record)},
    )


def _is_there(scene: Scene, live: Mapping[tuple[str, str, str], LiveObject], record: Record) -> bool:
    """Whether an object exists as far as anybody knows: it shows, or its provider could not be read."""
    provider = record.key.address.provider
    if record.remote_id is None:
        return False
    return (provider, record.kind, record.remote_id) in live or provider not in scene.live


def _namesake(key: ObjectKey) -> tuple[str, str, str]:
    return key.address.kind, key.address.name, key.run


def namesakes(index: Index, key: ObjectKey) -> tuple[Record, ...]:
    """Other objects, at whatever provider, that queued people under the same kind, name and run.

    One that never rang and is not wanted either cannot call anybody: it is removed.
    """
    found = index.namesakes.get(_namesake(key), ())
    if not found or (len(found) == 1 and found[0].key == key):
        return ()
    return tuple(
        record
        for record in found
        if record.key != key and (record.key in index.wanted or phase_of(index, record) is not Phase.INERT)
    )


def _grouped(pairs: Iterable[tuple[_Key, _Item]]) -> dict[_Key, tuple[_Item, ...]]:
    groups: dict[_Key, list[_Item]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return {key: tuple(items) for key, items in groups.items()}


def live_of(index: Index, record: Record) -> LiveObject | None:
    """What the vendor shows of an object that we own."""
    if record.remote_id is None:
        return None
    return index.live.get((record.key.address.provider, record.kind, record.remote_id))


def proven(spec: KindSpec, record: Record, live: LiveObject) -> bool:
    """Whether an object bears the name or marker that we gave it; an id alone proves nothing (law 12)."""
    if spec.marker:
        return record.marker is None or live.marker == record.marker
    return not spec.unique_name or live.natural_key == record.natural_key


def miscount(record: Record, live: LiveObject) -> tuple[int, int] | None:
    """How many people a vendor shows in an object, and how many it showed when we had queued them; None if as many."""
    said = record.facts.get(QUEUED)
    if said is None or live.people is None or live.people == int(said):
        return None
    return live.people, int(said)


def phase_of(index: Index, record: Record) -> Phase:
    """The phase to reckon with: a start that may have happened, or that somebody made outside, counts."""
    if record.phase is not Phase.INERT:
        return record.phase
    starting = any(intent.operation is Operation.START for intent in index.unknown.get(record.key, ()))
    return Phase.ARMED if starting or started_outside(index, record) else Phase.INERT


def started_outside(index: Index, record: Record) -> bool:
    """Whether the vendor shows running, or calls made by, what we never started."""
    if record.phase is not Phase.INERT:
        return False
    live = live_of(index, record)
    return live is not None and (live.running is True or live.called or live.ended is Ended.COMPLETED)
