"""What every decision has at hand: the scene, its index, each campaign's filter, and its people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.state import Phase, Record
from reconciler.planning.basis.consent import granted
from reconciler.planning.basis.people import RunPeople, Suppressions, people_of, sent_by, suppressed
from reconciler.planning.basis.scene import Scene, build_index, phase_of


class Desk:
    """What every decision has at hand: the scene, its index, each campaign's filter, and its people."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.index = build_index(scene)
        self.suppressions = Suppressions(scene)
        self._people: dict[tuple[ObjectKey, bool], RunPeople] = {}

    def people(self, wanted: WantedObject, record: Record | None) -> RunPeople:
        """The people of a wanted run; without a record, of one that begins afresh."""
        slot = wanted.key, record is None
        found = self._people.get(slot)
        if found is None:
            suppression = self.suppressions(wanted.key.address.name, wanted.except_blacklists)
            barred = self._barred(wanted.key, wanted.except_blacklists)
            found = people_of(self.scene, self.index, suppression, wanted, record, barred)
            self._people[slot] = found
        return found

    def queued_suppressed(self, record: Record, excepted: Iterable[str] = ()) -> frozenset[bytes]:
        """The people queued in a run, wanted or not, who are suppressed by now."""
        suppression = self.suppressions(record.key.address.name, excepted) - self._barred(
            record.key, excepted
        )
        return suppressed(sent_by(self.scene, self.index, record), suppression)

    def _barred(self, key: ObjectKey, excepted: Iterable[str]) -> frozenset[bytes]:
        return self.suppressions.barred(key.address.provider, key.address.name, excepted)

    def ringing(self, record: Record, live: LiveObject | None) -> bool:
        """Whether a change of this object can reach a phone: it is armed, or an armed run or a stranger uses it.

        An armed run uses what the vendor shows, and what we gave it: a reply may not show what it refers to.
        """
        if phase_of(self.index, record) is Phase.ARMED or record.key in self.needed_by_armed:
            return True
        return live is not None and any(self._rings(user) for user in self.users(live))

    @cached_property
    def is_granted(self) -> Callable[[str, Address | None, str], bool]:
        """Whether an action at an address and run was consented to."""
        return granted(self.scene)

    @cached_property
    def needed_by_armed(self) -> frozenset[ObjectKey]:
        """The objects that armed runs depend on, as far as the runs are there."""
        return frozenset(
            key
            for record in self.scene.snapshot.records.values()
            if record.key in self.index.ids and phase_of(self.index, record) is Phase.ARMED
            for key in record.depends_on
        )

    def users(self, live: LiveObject) -> tuple[LiveObject, ...]:
        """The objects that refer to one."""
        return self.index.users.get((live.provider, live.kind, live.remote_id), ())

    def owner(self, live: LiveObject) -> Record | None:
        """Our record of a live object, or None when it is a stranger's."""
        return self.index.owners.get((live.provider, live.kind, live.remote_id))

    def strangers(self, live: LiveObject) -> tuple[LiveObject, ...]:
        """The users of an object that are not ours."""
        return tuple(user for user in self.users(live) if self.owner(user) is None)

    def marked(self, spec: KindSpec, key: ObjectKey, marker: str | None) -> tuple[LiveObject, ...]:
        """The objects that bear a marker and are not ours, by id."""
        if not spec.marker or marker is None:
            return ()
        found = self.index.by_marker.get((key.address.provider, spec.name, marker), ())
        return tuple(sorted((item for item in found if self.owner(item) is None), key=_by_id))

    def _rings(self, user: LiveObject) -> bool:
        record = self.owner(user)
        return record is None or phase_of(self.index, record) is Phase.ARMED


def _by_id(live: LiveObject) -> tuple[int, str]:
    return len(live.remote_id), live.remote_id
