"""What is left of a reviewed plan whose apply was cut off: still as it was reviewed, though it stands on what was done.

When an apply begins what was reviewed, the state is told each change of it by its *purpose*: what it does, and not
what it was planned on, which every change before it alters. Whoever applies the same review again may do what is
left. That holds while nobody else did anything: no other command of ours, which ends the review in the state, and no
hand at a vendor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from reconciler.model.digest import digest
from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Change, Plan
from reconciler.model.state import Review
from reconciler.model.value import plain
from reconciler.planning.review.pins import pin, reach
from reconciler.planning.review.reviewed import earlier, loads


def purpose(item: Change) -> str:
    """A digest of what a change does to what end, whatever it finds."""
    parts = [
        item.id,
        item.action.value,
        int(item.movement),
        [[each.field, plain(each.wanted)] for each in item.differences],
        item.people_digest,
        item.wanted_digest,
    ]
    return digest(parts, 16)


class Left(Struct, frozen=True):
    """What a review that was begun still covers. `touched`: whether somebody's hand was at a vendor since.

    `makes_way`: what is made anew, by the id of the change that deletes what a cut-off left of it in doubt.
    """

    pins: Mapping[str, str] = field(default_factory=dict)
    by_hand: frozenset[str] = frozenset()
    touched: bool = False
    makes_way: Mapping[str, Change] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Whether the review was begun and nobody else did anything since, so that what is done is its own doing."""
        return bool(self.pins) and not self.touched

    def covers(self, item: Change) -> bool:
        """Whether a change is one of those that were begun, or makes way for one by taking away what is inert."""
        return self._was_begun(self.makes_way.get(item.id, item))

    def _was_begun(self, item: Change) -> bool:
        """Whether it was begun with no fewer people, and no later."""
        pinned = self.pins.get(pin(item, purpose(item))[:16])
        if pinned is None or self.touched or str(item.address) in self.by_hand:
            return False
        people, ring = reach(pinned)
        sooner = bool(ring and item.first_ring) and earlier(item.first_ring or "", ring)
        return item.people <= people and not sooner


def left_of(begun: Review | None, name: str, plan: Plan) -> Left:
    """What is left of a review by its name, as a fresh plan finds the vendors."""
    if begun is None or begun.name != name:
        return Left()
    return Left(
        {pinned[:16]: pinned for pinned in begun.pins},
        frozenset(str(finding.key.address) for finding in plan.findings),
        any(finding.grade is not Loudness.QUIETER for finding in plan.findings),
        dict(_remade(plan)),
    )


def _remade(plan: Plan) -> Iterator[tuple[str, Change]]:
    """Deletes after which the same object is made again: only what was never armed is (law 2)."""
    changes = {item.id: item for item in plan.changes}
    for item in plan.changes:
        if item.action is Action.CREATE:
            for name in item.after:
                before = changes.get(name)
                if before is not None and before.action is Action.DELETE and before.key == item.key:
                    yield name, item


def begin(begun: Review | None, name: str, agreed: Iterable[Change], who: str) -> Review:
    """The review with what is about to be done of it, beside what was begun before."""
    before = begun.pins if begun is not None and begun.name == name else ()
    new = (pin(item, purpose(item)) for item in agreed if not loads(item.id))
    known = {pinned[:16]: pinned for pinned in (*new, *before)}  # what was begun first counts
    return Review(name, tuple(known.values()), who)
