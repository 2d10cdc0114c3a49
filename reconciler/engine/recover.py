"""Recovery: requests whose end was lost are settled by looking, before anything else is planned."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.engine.account import Account
from reconciler.engine.journal import Journal
from reconciler.engine.observe import Observation, observe
from reconciler.model.resource import Project
from reconciler.model.state import Intent, Snapshot
from reconciler.planning.scene import Scene, build_index
from reconciler.planning.settle import Settled, is_settled, settle

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

        A create that does not show is looked for READS times over `list_lag`; the reads are closer
        together the longer ago it was.
        """
        for read in range(1, READS + 1):
            settled = self.look(journal.snapshot, observation, patient=read == READS)
            journal.write(*settled.entries)
            if not settled.waiting or read == READS:
                break
            self._rest(settled.waiting)
            if self.stop.is_set():
                break
            observation = observe(self.accounts.values())
        return observation

    def _rest(self, intents: tuple[Intent, ...]) -> None:
        pause = max(self._pause(intent) for intent in intents)
        names = ", ".join(sorted({str(intent.key) for intent in intents})[:3])
        self.waiting(f"looking for {len(intents)} object(s) whose creation got no reply: {names}")
        self.stop.wait(pause)

    def _pause(self, intent: Intent) -> float:
        lag = self.accounts[intent.key.address.provider].settings.list_lag
        age = (self.now() - dt.datetime.fromisoformat(intent.time)).total_seconds()
        return max(0.0, min(lag, lag - age)) / (READS - 1)
