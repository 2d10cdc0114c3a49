"""The order of changes: within an object, between objects, and of the three movements.

stop -> delete -> create -> update -> append -> start       of one object
what it needs: create, update  ->  it                       so that nothing refers to what is not there
it: update, delete             ->  what it needed: delete   so that nothing is removed while in use
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.model.address import ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Change, Held, Movement
from reconciler.model.state import Record

WITHIN = (
    Action.STOP,
    Action.PAUSE,
    Action.DELETE,
    Action.CREATE,
    Action.UPDATE,
    Action.APPEND,
    Action.START,
    Action.RESUME,
)
MAKES = (Action.CREATE, Action.UPDATE)
UNUSES = (Action.UPDATE, Action.DELETE)


def ordered(
    changes: tuple[Change, ...],
    wanted: Mapping[ObjectKey, WantedObject],
    records: Mapping[ObjectKey, Record],
    ranks: Mapping[tuple[str, str], KindSpec],
) -> tuple[Change, ...]:
    """The changes with what each comes after, in the order in which they are carried out."""
    linked = _linked(changes, wanted, records)
    levels = _levels(linked)
    return tuple(
        sorted(linked, key=lambda item: (item.movement, levels[item.id], _rank(item, ranks), item.id))
    )


def _rank(item: Change, ranks: Mapping[tuple[str, str], KindSpec]) -> tuple[int, int]:
    spec = ranks.get((item.address.provider, item.kind))
    return WITHIN.index(item.action), spec.order if spec is not None else 0


def _linked(
    changes: tuple[Change, ...], wanted: Mapping[ObjectKey, WantedObject], records: Mapping[ObjectKey, Record]
) -> tuple[Change, ...]:
    by_key: dict[ObjectKey, list[Change]] = {}
    by_address: dict[object, list[Change]] = {}
    users: dict[ObjectKey, list[Change]] = {}
    for item in changes:
        by_key.setdefault(item.key, []).append(item)
        by_address.setdefault(item.address, []).append(item)
        for key in _used_before(item.key, records):
            users.setdefault(key, []).append(item)
    return tuple(
        item
        if item.movement is Movement.QUIETER
        else replace(item, after=tuple(sorted(_after(item, by_key, by_address, users, wanted))))
        for item in changes
    )


def _after(
    item: Change,
    by_key: Mapping[ObjectKey, list[Change]],
    by_address: Mapping[object, list[Change]],
    users: Mapping[ObjectKey, list[Change]],
    wanted: Mapping[ObjectKey, WantedObject],
) -> set[str]:
    rank = WITHIN.index(item.action)
    found = {other.id for other in by_key[item.key] if WITHIN.index(other.action) < rank}
    found |= {
        other.id
        for other in by_address[item.address]
        if other.action is Action.STOP and other.key != item.key and item.action is not Action.DELETE
    }
    if item.action is Action.DELETE:
        return found | {other.id for other in users.get(item.key, ()) if other.action in UNUSES}
    needs = wanted[item.key].depends_on if item.key in wanted else ()
    return found | {other.id for key in needs for other in by_key.get(key, ()) if other.action in MAKES}


def _used_before(key: ObjectKey, records: Mapping[ObjectKey, Record]) -> tuple[ObjectKey, ...]:
    record = records.get(key)
    return record.depends_on if record is not None else ()


def _levels(changes: Iterable[Change]) -> dict[str, int]:
    """How many steps must come before each change; the links have no loop, for they follow a fixed order."""
    after = {item.id: item.after for item in changes}
    levels: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in levels:
            levels[name] = 1 + max((level(other) for other in after[name] if other in after), default=-1)
        return levels[name]

    for name in after:
        level(name)
    return levels


def spread_holds(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Every change whose predecessor is held is held with it, through any number of steps."""
    held: dict[str, str] = {item.id: item.id for item in changes if item.held}
    found = []
    for item in sorted(changes, key=_depth(changes)):
        source = next((held[other] for other in item.after if other in held), None)
        if source is not None and not item.held:
            held[item.id] = source
            found.append(replace(item, held=(Held("depends", f"waits for {source}"),)))
        else:
            found.append(item)
    position = {item.id: number for number, item in enumerate(changes)}
    return tuple(sorted(found, key=lambda item: position[item.id]))


def _depth(changes: tuple[Change, ...]):  # type: ignore[no-untyped-def]  # a sort key of one line
    levels = _levels(changes)
    return lambda item: levels[item.id]
