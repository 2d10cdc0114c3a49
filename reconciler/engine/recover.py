"""Recovery: requests whose end was lost are settled by looking, before anything else is planned."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.engine.account import Account
from reconciler.engine.journal import Journal
from reconciler.engine.observe import Observation, observe
from reconciler.model.resource import Project
from reconciler.model.state import Intent, Snapshot
from reconciler.planning.scene import Scene, build_index
from reconciler.planning.settle import Settled, is_settled, settle

FEW = 3
"""Addresses that are named while something is looked for."""

READS = 3
"""So many reads, spread over the provider's `list_lag`, must not show an object before it counts as not made."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """How recovery looks: the accounts, the project, the clock, and what ends its waits."""

    project: Project
    accounts: Mapping[str, Account]
    now: Callable[[], dt.datetime]
    stop: threading.Event
    waiting: Callable[[str], None] = lambda _text: None

    def look(self, snapshot: Snapshot, observation: Observation, *, patient: bool) -> Settled:
        """What an observation says of the open intents; nothing is written."""
        if is_settled(snapshot):
            return Settled()
        specs = {name: account.specs for name, account in self.accounts.items()}
        scene = Scene(self.project, (), snapshot, observation.live, specs, self.now())
        return settle(scene, build_index(scene), patient=patient)

    def run(self, journal: Journal, observation: Observation) -> Observation:
        """Settle what can be settled, and write it down; returns the newest observation.

        What does not show is looked for READS times over the whole `list_lag`, counted from now: nobody knows
        when its request left, for intents of a wave are written together. A provider that could not be read
        each time has not been looked at in patience, so that nothing follows from what it did not show.
        """
        reads = Counter([*observation.live])
        while waiting := self._settled(journal, observation, patient=False):
            if max(reads[name] for name in _providers(waiting)) >= READS or self._rested(waiting):
                break
            newer = observe(self.accounts[name] for name in _providers(waiting))
            reads.update([*newer.live])
            observation = observation.updated(newer)
        patient = {name for name, count in reads.items() if count >= READS}
        if waiting and patient and not self.stop.is_set():
            self._settled(journal, observation.only(patient), patient=True)
        return observation

    def _settled(self, journal: Journal, observation: Observation, *, patient: bool) -> tuple[Intent, ...]:
        """Write what an observation settles; returns what is to be looked for again."""
        settled = self.look(journal.snapshot, observation, patient=patient)
        journal.write(*settled.entries)
        return settled.waiting

    def _rested(self, intents: tuple[Intent, ...]) -> bool:
        """Wait until it is time to look again; whether that was cut short."""
        lag = max(self.accounts[name].settings.list_lag for name in _providers(intents))
        names = sorted({str(intent.key.address) for intent in intents})
        more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
        self.waiting(f"looking for what got no reply: {', '.join(names[:FEW])}{more}")
        return self.stop.wait(lag / (READS - 1))


def _providers(intents: tuple[Intent, ...]) -> list[str]:
    return sorted({intent.key.address.provider for intent in intents})
