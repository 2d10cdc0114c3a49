"""The use case of looking: one row for each campaign, from the state and from what the vendors show and count."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from reconciler.engine.account import Account
from reconciler.engine.observe import Observation, observe
from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.objects import WantedObject
from reconciler.model.plan import ProviderFailure
from reconciler.model.problem import errors
from reconciler.model.standing import Counters, Standings
from reconciler.model.state import Snapshot
from reconciler.planning.basis.scene import Scene, build_index
from reconciler.planning.settling.standing import Counted, standings
from reconciler.providers.base import Counting
from reconciler.workflow.accounts import reached
from reconciler.workflow.lowering import lower_all
from reconciler.workflow.plan import specs_of
from reconciler.workflow.workspace import Workspace

USUAL_PACE = 30.0
"""Seconds between two readings of a vendor that asks for no longer ones."""

HOUR = 3600.0


def status(workspace: Workspace, *, finished: bool = False) -> Standings:
    """Where every campaign stands; works with broken manifests, and with vendors that cannot be read."""
    return next(watch(workspace, finished=finished))


def watch(
    workspace: Workspace,
    *,
    finished: bool = False,
    until_finished: bool = False,
    timeout: float | None = None,
    stop: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Standings]:
    """Where every campaign stands, again whenever a vendor was read anew, each at its own pace.

    Ends when `stop` is set, after `timeout` seconds, or where `until_finished`, once every run that was begun is over.
    """
    watching = _Watching(workspace, *reached(workspace), finished=finished)
    ends = None if timeout is None else clock() + timeout
    signal = stop if stop is not None else threading.Event()
    due = {account.name: 0.0 for account in watching.accounts}
    while True:
        now = clock()
        workspace.journal.refresh()
        watching.read([item for item in watching.accounts if due[item.name] <= now])
        due = {
            item.name: now + pace(item) if due[item.name] <= now else due[item.name]
            for item in watching.accounts
        }
        found = watching.standings()
        if until_finished and found.finished:
            yield found
            return
        if ends is not None and clock() >= ends:
            yield replace(found, timed_out=True)
            return
        yield found
        rest = min([*due.values(), *([ends] if ends is not None else [])], default=now + USUAL_PACE) - clock()
        if signal.wait(max(rest, 0.0)):
            return


def pace(account: Account) -> float:
    """Seconds between two readings of an account: what its slowest kind asks for."""
    kinds = account.provider.kinds.values()
    return max((kind.pace for kind in kinds if isinstance(kind, Counting)), default=USUAL_PACE)


@dataclass
class _Watching:
    """What was read so far, of each account when it was its turn."""

    workspace: Workspace
    accounts: tuple[Account, ...]
    unreached: tuple[ProviderFailure, ...]
    finished: bool
    observation: Observation = field(default_factory=Observation)
    counted: dict[tuple[str, str, str], Counters] = field(default_factory=dict)
    read_at: dict[str, str] = field(default_factory=dict)
    _before: dict[tuple[str, str, str], tuple[float, int]] = field(default_factory=dict)

    def read(self, accounts: Collection[Account]) -> None:
        """Read some accounts, what they hold and what they count."""
        if not accounts:
            return
        self.observation = self.observation.updated(observe(accounts, lists=False))
        for account in accounts:
            self.counted |= self._counters(account)
            self.read_at[account.name] = self.workspace.stamp()

    def _counters(self, account: Account) -> dict[tuple[str, str, str], Counters]:
        found: dict[tuple[str, str, str], Counters] = {}
        for name, kind in account.provider.kinds.items():
            if isinstance(kind, Counting) and account.name in self.observation.live:
                for remote_id, counters in _told(account, kind).items():
                    slot = (account.name, name, remote_id)
                    found[slot] = self._with_rate(slot, counters)
        return found

    def _with_rate(self, slot: tuple[str, str, str], counters: Counters) -> Counters:
        """The counters, with the rate since the reading before where the vendor tells none."""
        if counters.done is None:
            return counters
        now = time.monotonic()
        before = self._before.get(slot)
        self._before[slot] = (now, counters.done)
        if counters.rate is not None or before is None or now <= before[0]:
            return counters
        return replace(counters, rate=max(0.0, (counters.done - before[1]) * HOUR / (now - before[0])))

    def standings(self) -> Standings:
        """Where everything stands by now."""
        workspace = self.workspace
        snapshot, now = workspace.journal.snapshot, workspace.now()
        wanted = _wanted(workspace, snapshot, now)
        scene = Scene(
            project=workspace.project,
            wanted=wanted or (),
            snapshot=snapshot,
            live=self.observation.live,
            specs=specs_of(workspace.project),
            now=now,
        )
        counted: Counted = self.counted
        return Standings(
            project=workspace.project.name,
            at=now.isoformat(timespec="seconds"),
            rows=standings(scene, build_index(scene), counted, finished=self.finished),
            hold=snapshot.hold,
            unknowns=len(snapshot.intents),
            failures=(*self.unreached, *self.observation.failures),
            windows_known=wanted is not None,
            read_at=dict(self.read_at),
        )


def _told(account: Account, kind: Counting) -> Mapping[str, Counters]:
    """What a vendor counts; nothing where that cannot be read, which the table shows as n/a."""
    try:
        return kind.counters(account.client)
    except (UnreachableError, CredentialsError):
        return {}


def _wanted(workspace: Workspace, snapshot: Snapshot, now: dt.datetime) -> tuple[WantedObject, ...] | None:
    """What the manifests want; None while they cannot be read."""
    if errors(workspace.loaded.problems):
        return None
    lowered = lower_all(workspace.project, workspace.loaded.manifests, snapshot, now)
    return None if errors(lowered.problems) else lowered.objects
