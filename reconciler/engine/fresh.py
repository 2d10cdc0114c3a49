"""Fresh sight: what a change was planned on, looked at again just before it is written (law 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.engine.account import Account
from reconciler.engine.observe import Observation, observe
from reconciler.engine.recover import READS
from reconciler.model.address import ObjectKey
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Change, Movement
from reconciler.model.report import StepResult
from reconciler.model.state import ObjectShown, Record
from reconciler.model.value import ABSENT
from reconciler.planning.basis.scene import miscount
from reconciler.planning.settling.read_back import read_back

FRESH = 5.0
"""Seconds for which what was read of a vendor is fresh enough to write upon."""

SENDS = (Action.APPEND, Action.START)
"""What reaches people: for these the object must show, and be the one that bears its marker (law 2)."""

Misfit = tuple[StepResult, str]


@dataclass
class Sight:
    """What the vendors showed when it was planned, and what they show now.

    `written` are the fields that this apply has set of each object; `unread` the objects to which a request was
    sent since their vendor was read; `made` those that this apply has created.
    """

    accounts: Mapping[str, Account]
    wanted: Mapping[ObjectKey, WantedObject]
    record: Callable[[ObjectKey], Record | None]
    wait: Callable[[float], bool]
    planned: Observation
    now: Observation = field(init=False)
    written: dict[ObjectKey, frozenset[str]] = field(default_factory=dict)
    unread: set[ObjectKey] = field(default_factory=set)
    made: set[ObjectKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.now = self.planned

    def wrote(self, item: Change, result: StepResult) -> None:
        """Remember that a request was made, and what it set."""
        self.unread.add(item.key)
        if item.action is Action.CREATE:
            self.made.add(item.key)
        elif result is StepResult.DONE:
            changed = frozenset(each.field for each in item.differences)
            self.written[item.key] = self.written.get(item.key, frozenset()) | changed

    def bearing(self, item: Change) -> tuple[str, ...]:
        """The ids of the objects that bear the marker or name of a wanted one."""
        wanted = self.wanted[item.key]
        return self.now.bearing(item.address.provider, item.kind, wanted.marker, wanted.natural_key)

    # Looking

    def saw(self, newer: Observation) -> None:
        """Take in what was read elsewhere."""
        self.now = self.now.updated(newer)
        self.unread = {key for key in self.unread if key.address.provider not in newer.live}

    def look(self, wave: Iterable[Change]) -> None:
        """Read the vendors of a wave, once, where it writes upon something that was not read just now.

        What is about to be changed or to reach people must show; lists that lag are read again, as recovery does.
        """
        checked = [item for item in wave if _is_checked(item)]
        providers = {item.address.provider for item in checked if self._is_stale(item)}
        for read in range(1, READS + 1):
            if not providers:
                return
            self.saw(observe((self.accounts[name] for name in sorted(providers)), lists=False))
            hidden = [item for item in checked if self._is_hidden(item)]
            if not hidden or read == READS or self.wait(self._lag(hidden) / (READS - 1)):
                return
            providers = {item.address.provider for item in hidden}

    def _is_stale(self, item: Change) -> bool:
        if item.action is Action.START or any(key in self.unread for key in (item.key, *self._used(item))):
            return True
        return self.now.age(item.address.provider) >= FRESH or item.address.provider not in self.now.live

    def _is_hidden(self, item: Change) -> bool:
        """Whether an object of ours, made just now, does not show yet in a list that could be read."""
        read = item.address.provider in self.now.live
        return read and item.key in self.made and self._live(item.key) is None

    def _lag(self, changes: list[Change]) -> float:
        return max(self.accounts[item.address.provider].settings.list_lag for item in changes)

    def read_back(self, wave: Iterable[Change], time: str) -> Iterator[ObjectShown]:
        """What shows of a wave's objects that were read since the last request to them."""
        for item in wave:
            if item.key not in self.unread:
                yield from read_back(self.record(item.key), self._live(item.key), time)

    def people(self, item: Change) -> int | None:
        """How many people were seen last in the object of a change."""
        live = self._live(item.key)
        return live.people if live is not None else None

    # Judging

    def misfit(self, item: Change) -> Misfit | None:
        """Why a change may not be made on what shows now; None where it may.

        What is quieter goes on whatever was read, or could not be read.
        """
        if not _is_checked(item):
            return None
        record = self.record(item.key)
        if record is None or record.remote_id is None:
            return StepResult.STALE, "it does not exist"
        if item.address.provider not in self.now.live:
            return StepResult.FAILED, f"{self._why_unread(item)}; run apply again"
        return self._misfit(item, record)

    def _why_unread(self, item: Change) -> str:
        told = [each.message for each in self.now.failures if each.provider == item.address.provider]
        return ": ".join(["the vendor could not be read just before the write", *told[:1]])

    def _misfit(self, item: Change, record: Record) -> Misfit | None:
        if self._is_hidden(item):
            return StepResult.FAILED, "made, but the vendor's list does not show it yet; run apply again"
        if self._live(item.key) is None:
            return StepResult.STALE, "it is not there any more"
        if item.action in SENDS and (doubt := self._doubt(item, record)):
            return StepResult.STALE, doubt
        if not self._is_as_left(item.key):
            return StepResult.STALE, "it was changed outside since it was planned"
        return self._misfit_of_used(item)

    def _misfit_of_used(self, item: Change) -> Misfit | None:
        """What it refers to was reviewed with it: nothing is sent or armed on other days or at another pace."""
        other = next((key for key in self._used(item) if not self._is_as_left(key)), None)
        if other is None:
            return None
        return StepResult.STALE, f"{other} was changed outside since it was planned"

    def _used(self, item: Change) -> tuple[ObjectKey, ...]:
        """What it refers to, and will refer to."""
        wanted = self.wanted.get(item.key)
        return wanted.depends_on if wanted is not None and item.action is not Action.DELETE else ()

    def _doubt(self, item: Change, record: Record) -> str | None:
        """Why an object may not be ours (law 12), or not the only one to arm (law 2)."""
        if record.marker is None:
            return None
        provider = item.address.provider
        found = self.now.bearing(provider, record.kind, record.marker, None)
        bearers = [name for name in found if not self._is_over(provider, record.kind, name)]
        if record.remote_id not in bearers:
            return "it does not bear its marker, so it may not be ours; nothing is sent"
        if item.action is Action.START and len(bearers) > 1:
            return f"{len(bearers)} objects bear its marker, not one; nothing is started"
        live = self._live(item.key)
        if self.accounts[provider].specs[record.kind].shows_people:
            return None  # whether they are ours is read back right before the start
        counts = miscount(record, live) if live is not None else None
        return f"{counts[0]} people are in it and {counts[1]} were; nothing is sent" if counts else None

    def _is_over(self, provider: str, kind: str, remote_id: str) -> bool:
        live = self.now.find(provider, kind, remote_id)
        return live is not None and live.ended is not None

    def _is_as_left(self, key: ObjectKey) -> bool:
        """Whether all that shows of an object is as it was planned on, or as this apply has set it."""
        record, live = self.record(key), self._live(key)
        if live is None or record is None:
            return key in self.made or not self._was_there(key)
        if key in self.made:
            known = record.fields
            return live.ended is None and all(
                known.get(name, value) == value for name, value in live.fields.items()
            )
        before = self._live(key, self.planned)
        return before is not None and self._is_as_before(key, record, before, live)

    def _is_as_before(self, key: ObjectKey, record: Record, before: LiveObject, live: LiveObject) -> bool:
        ours = self.written.get(key, frozenset())
        theirs = (before.fields.keys() | live.fields.keys()) - ours
        return (
            before.marker == live.marker
            and before.ended == live.ended
            and (key in self.written or before.running == live.running)
            and all(before.fields.get(name, ABSENT) == live.fields.get(name, ABSENT) for name in theirs)
            and all(record.fields.get(name) == live.fields[name] for name in ours & live.fields.keys())
        )

    def _was_there(self, key: ObjectKey) -> bool:
        return self._live(key, self.planned) is not None

    def _live(self, key: ObjectKey, seen: Observation | None = None) -> LiveObject | None:
        record = self.record(key)
        if record is None or record.remote_id is None:
            return None
        return (seen or self.now).find(key.address.provider, record.kind, record.remote_id)


def _is_checked(item: Change) -> bool:
    return item.movement is not Movement.QUIETER and item.action is not Action.CREATE
