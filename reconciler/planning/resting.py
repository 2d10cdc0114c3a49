"""Runs that rest while they are changed: paused just before, and let go on after (design: settings once armed)."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from reconciler.model.plan import Action, Change, Movement
from reconciler.model.resource import Desired
from reconciler.model.state import Record
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.scene import live_of
from reconciler.planning.basis.subject import of_wanted
from reconciler.planning.review.reviewed import loads

SERVED = (Action.UPDATE, Action.APPEND)
"""What a run rests for."""

MOVES = (Action.PAUSE, Action.STOP, Action.START, Action.RESUME, Action.DELETE)
"""What makes a rest needless: it is about to be silent anyway, or does not run yet."""

REST, AGAIN = "rest", "go-on"
"""Suffixes of the two changes that a rest is made of."""


def with_rests(
    desk: Desk, changes: tuple[Change, ...], braked: Callable[[Change], Change]
) -> tuple[Change, ...]:
    """The changes, with a pause before those of a running run and a resume after them.

    `braked` adds the holds that lie on whatever makes phones ring. Where it holds the resume, the run rests for
    what is quieter alone, and goes on once nothing holds that; all else is held like the resume.
    """
    found = list(changes)
    for record in _resting(desk, changes):
        served = [item for item in found if item.key == record.key and _is_served(desk, item)]
        wanted = desk.index.wanted[record.key]
        again = braked(
            of_wanted(wanted, record).change(
                Action.RESUME, Movement.LOUDER, "goes on after the change", suffix=AGAIN
            )
        )
        if again.held:
            found = [_held_like(item, again) if item in served else item for item in found]
            served = [item for item in served if item.movement is Movement.QUIETER]
        if not served:
            continue
        movement = min(item.movement for item in served)
        rest = of_wanted(wanted, record).change(
            Action.PAUSE, movement, "rests while it is changed", suffix=REST
        )
        loading = [
            item.id for item in found if loads(item.id) and item.address.provider == rest.address.provider
        ]
        after = sorted([rest.id, *loading, *(item.id for item in served)])
        again = replace(again, after=tuple(after))
        found = [_after(item, rest) if item in served else item for item in found]
        first = {item.id for item in served}
        found.insert(next(at for at, item in enumerate(found) if item.id in first), rest)
        found.append(again)
    return tuple(found)


def _resting(desk: Desk, changes: tuple[Change, ...]) -> list[Record]:
    """The runs that ring and are changed, by key; each once."""
    moved = {item.key for item in changes if item.action in MOVES and not item.held}
    keys = sorted({item.key for item in changes if _is_served(desk, item)} - moved)
    records = [desk.scene.snapshot.records.get(key) for key in keys]
    return [record for record in records if record is not None and _rests(desk, record)]


def _rests(desk: Desk, record: Record) -> bool:
    spec, live = desk.scene.spec(record.key, record.kind), live_of(desk.index, record)
    wanted = desk.index.wanted.get(record.key)
    running = live is not None and (record.running if live.running is None else live.running)
    goes_on = wanted is not None and wanted.desired is Desired.RUNNING
    return spec is not None and spec.rests and running and goes_on


def _is_served(desk: Desk, item: Change) -> bool:
    """Whether a change makes a request for which its run has to rest."""
    spec = desk.scene.spec(item.key, item.kind)
    kept = (
        item.differences
        and spec is not None
        and all(spec.field_index[each.field].kept for each in item.differences)
    )
    return item.action in SERVED and not item.held and not kept


def _after(item: Change, rest: Change) -> Change:
    """What is quieter waits for nothing, though the pause goes before it."""
    if item.movement is Movement.QUIETER:
        return item
    return replace(item, after=tuple(sorted({*item.after, rest.id})))


def _held_like(item: Change, again: Change) -> Change:
    return item if item.movement is Movement.QUIETER else replace(item, held=again.held)
