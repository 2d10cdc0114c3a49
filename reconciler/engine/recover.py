"""Recovery: requests whose end was lost are settled by looking, before anything else is planned."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from reconciler.engine.account import Account
from reconciler.engine.jobs import STILL, Jobs, ended, peek
from reconciler.engine.journal import Journal
from reconciler.engine.observe import Observation, observe
from reconciler.engine.readback import ReadBack
from reconciler.errors import Held
from reconciler.model.address import ObjectKey
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.resource import Project
from reconciler.model.state import (
    UNSEEN,
    BlobRef,
    Intent,
    LogEntry,
    Phase,
    Record,
    RecordWritten,
    Result,
    Snapshot,
)
from reconciler.planning.basis.scene import Scene, build_index
from reconciler.planning.basis.transitions import WHO
from reconciler.planning.guards import SEVERAL
from reconciler.planning.settling.settle import Settled, is_settled, settle

FEW = 3
"""Addresses that are named while something is looked for."""

READS = 3
"""So many reads, spread over the provider's `list_lag`, must not show an object before it counts as not made."""


class Recovery(Struct, frozen=True):
    """How recovery looks: the accounts, the project, the clock, and what ends its waits."""

    project: Project
    accounts: Mapping[str, Account]
    now: Callable[[], dt.datetime]
    stop: threading.Event
    waiting: Callable[[str], None] = lambda _text: None
    check: Callable[[], None] = lambda: None
    read_back: ReadBack | None = None

    def peek(self, snapshot: Snapshot, observation: Observation) -> tuple[LogEntry, ...]:
        """What jobs that another process began have come to, as far as asking tells; nothing is written."""
        found: list[LogEntry] = []
        for intent in _at_work(snapshot, observation):
            record = snapshot.records.get(intent.key)
            outcome = peek(self.accounts[intent.key.address.provider], intent, record)
            if not isinstance(outcome, Pending):
                found += ended(intent, record, outcome, self._stamp())
        return tuple(found)

    def look(
        self,
        snapshot: Snapshot,
        observation: Observation,
        *,
        patient: bool,
        arrived: Mapping[str, BlobRef] = MappingProxyType({}),
    ) -> Settled:
        """What an observation says of the open intents; nothing is written.

        `arrived` are those people of an intent whom its vendor shows.
        """
        if is_settled(snapshot):
            return Settled()
        specs = {name: account.specs for name, account in self.accounts.items()}
        scene = Scene(self.project, (), snapshot, observation.live, specs, self.now(), arrived=arrived)
        return settle(scene, build_index(scene), patient=patient)

    def run(self, journal: Journal, observation: Observation) -> Observation:
        """Settle what can be settled, and write it down; returns the newest observation.

        What does not show is looked for READS times over the whole `list_lag`, counted from now: nobody knows
        when its request left, for intents of a wave are written together. A provider that could not be read
        each time has not been looked at in patience, so that nothing follows from what it did not show. An
        object of ours that does not show is looked for as long, too, before anybody takes it for deleted; once.
        """
        if touched := self._took_up(journal, observation):
            observation = observation.updated(observe((self.accounts[name] for name in touched), lists=False))
        reads = Counter([*observation.live])
        while sought := self._sought(journal, observation):
            if max(reads[name] for name in _providers(sought)) >= READS or self._rested(sought):
                break
            newer = observe((self.accounts[name] for name in _providers(sought)), lists=False)
            reads.update([*newer.live])
            observation = observation.updated(newer)
            self._took_up(journal, newer)
        patient = {name for name, count in reads.items() if count >= READS}
        if sought and patient and not self.stop.is_set():
            self._settled(journal, observation.only(patient), patient=True)
            journal.write(*self._looked_for(journal.snapshot, observation.only(patient)))
        journal.write(*self._shown_again(journal.snapshot, observation))
        return observation

    def _looked_for(self, snapshot: Snapshot, observation: Observation) -> list[LogEntry]:
        """Runs that are watched to their end and do not show: the next apply need not wait for them once more.

        What is not armed is made again, or forgotten.
        """
        records = (snapshot.records[key] for key in _unseen(snapshot, observation))
        armed = (record for record in records if record.phase is Phase.ARMED)
        return [self._noted(record, {UNSEEN: self._stamp()}, "does not show") for record in armed]

    def _shown_again(self, snapshot: Snapshot, observation: Observation) -> list[LogEntry]:
        marked = (record for record in snapshot.records.values() if UNSEEN in record.facts)
        return [self._noted(record, {}, "shows again") for record in marked if _is_shown(record, observation)]

    def _noted(self, record: Record, fact: Mapping[str, str], reason: str) -> RecordWritten:
        kept = {name: value for name, value in record.facts.items() if name != UNSEEN}
        return RecordWritten(replace(record, facts={**kept, **fact}), self._stamp(), WHO, reason)

    def _took_up(self, journal: Journal, observation: Observation) -> list[str]:
        """Follow the jobs that were left to their end, and write it down; returns the providers of all of them."""
        found = _at_work(journal.snapshot, observation)
        for intent in found:
            self.waiting(f"waiting for what {intent.key.address.provider} is still at: {intent.key.address}")
            outcome = self._taken_up(journal, intent)
            journal.write(*ended(intent, journal.record(intent.key), outcome, self._stamp()))
        return sorted({intent.key.address.provider for intent in found})

    def _taken_up(self, journal: Journal, intent: Intent) -> Outcome:
        jobs = Jobs(journal, self._stamp, self.stop.wait, self.check)
        try:
            return jobs.take_up(self.accounts[intent.key.address.provider], intent)
        except Held:
            return Outcome(Result.UNKNOWN, STILL)

    def _stamp(self) -> str:
        return self.now().isoformat(timespec="milliseconds")

    def _sought(self, journal: Journal, observation: Observation) -> tuple[ObjectKey, ...]:
        """What may show yet: objects of open intents, and those of ours that do not show."""
        waiting = self._settled(journal, observation, patient=False)
        return (*(intent.key for intent in waiting), *_unseen(journal.snapshot, observation))

    def _settled(self, journal: Journal, observation: Observation, *, patient: bool) -> tuple[Intent, ...]:
        """Write what an observation settles; returns what is to be looked for again."""
        snapshot, arrived = journal.snapshot, {}
        if self.read_back is not None:
            arrived = self.read_back.arrived(self.accounts, snapshot, observation.live)
        settled = self.look(snapshot, observation, patient=patient, arrived=arrived)
        journal.write(*settled.entries)
        return settled.waiting

    def _rested(self, keys: tuple[ObjectKey, ...]) -> bool:
        """Wait until it is time to look again; whether that was cut short."""
        lag = max(self.accounts[name].settings.list_lag for name in _providers(keys))
        names = sorted({str(key.address) for key in keys})
        more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
        self.waiting(f"looking for what got no reply, or does not show: {', '.join(names[:FEW])}{more}")
        return self.stop.wait(lag / (READS - 1))


def _at_work(snapshot: Snapshot, observation: Observation) -> tuple[Intent, ...]:
    """The open intents for which a vendor, which can be read, took a job."""
    several = snapshot.intents.values()
    return tuple(item for item in several if item.handle and item.key.address.provider in observation.live)


def _unseen(snapshot: Snapshot, observation: Observation) -> tuple[ObjectKey, ...]:
    """Objects that we own and that do not show, of providers where others of ours do, or there are few."""
    owned: dict[str, int] = Counter()
    unseen: dict[str, list[ObjectKey]] = {}
    for key, record in snapshot.records.items():
        provider = key.address.provider
        if record.remote_id is None or record.phase is Phase.ENDED or provider not in observation.live:
            continue
        owned[provider] += 1
        if not _is_shown(record, observation) and UNSEEN not in record.facts:
            unseen.setdefault(provider, []).append(key)
    few = (keys for name, keys in unseen.items() if len(keys) < max(owned[name], SEVERAL))
    return tuple(key for keys in few for key in keys)


def _is_shown(record: Record, observation: Observation) -> bool:
    return observation.find(record.key.address.provider, record.kind, str(record.remote_id)) is not None


def _providers(keys: tuple[ObjectKey, ...]) -> list[str]:
    return sorted({key.address.provider for key in keys})
