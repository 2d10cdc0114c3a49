"""The order of changes: within an object, between objects, and of the three movements.

stop -> delete -> create -> update -> append -> start       of one object
it: replace                    ->  the part with its rest   so that nobody is in two
what it needs: create, update  ->  it                       so that nothing refers to what is not there
it: update, delete             ->  what it needed: delete   so that nothing is removed while in use
an earlier run: stop           ->  the next run             so that two never ring together
suppression: load              ->  all that calls there     so that nobody is called who must not be
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import KindSpec
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Change, Held, Movement
from reconciler.model.state import Record
from reconciler.planning.review.reviewed import loads

WITHIN = (
    Action.STOP,
    Action.WITHDRAW,
    Action.PAUSE,
    Action.REPLACE,
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
    specs: Mapping[str, Mapping[str, KindSpec]],
    also_after: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> tuple[Change, ...]:
    """The changes with what each comes after, in the order in which they are carried out.

    A change comes in no earlier movement than what it comes after. `also_after` adds to what order alone
    tells.
    """
    linked = _linked(changes, wanted, records, also_after)
    levels = _levels(linked)
    moved = _moved(linked, levels)
    return tuple(
        sorted(moved, key=lambda item: (item.movement, levels[item.id], _rank(item, specs), item.id))
    )


def _moved(changes: tuple[Change, ...], levels: Mapping[str, int]) -> list[Change]:
    movements: dict[str, Movement] = {}
    found = []
    for item in sorted(changes, key=lambda item: levels[item.id]):
        before = (movements[name] for name in item.after if name in movements)
        movement = max((item.movement, *before))
        movements[item.id] = movement
        found.append(item if movement is item.movement else replace(item, movement=movement))
    return found


def _rank(item: Change, specs: Mapping[str, Mapping[str, KindSpec]]) -> tuple[int, int]:
    if loads(item.id):
        return -1, 0
    spec = specs.get(item.address.provider, {}).get(item.kind)
    return WITHIN.index(item.action), spec.order if spec is not None else 0


def _linked(
    changes: tuple[Change, ...],
    wanted: Mapping[ObjectKey, WantedObject],
    records: Mapping[ObjectKey, Record],
    also_after: Mapping[str, frozenset[str]],
) -> tuple[Change, ...]:
    neighbours = _neighbours(changes, records)
    return tuple(
        item
        if item.movement is Movement.QUIETER
        else replace(
            item,
            after=tuple(sorted(_after(item, neighbours, wanted) | also_after.get(item.id, frozenset()))),
        )
        for item in changes
    )


class _Neighbours(Struct, frozen=True):
    """The changes by object, by address, by each object that theirs used before; and loads by provider."""

    by_key: Mapping[ObjectKey, list[Change]]
    by_address: Mapping[Address, list[Change]]
    users: Mapping[ObjectKey, list[Change]]
    loads: Mapping[str, list[Change]]


def _neighbours(changes: Iterable[Change], records: Mapping[ObjectKey, Record]) -> _Neighbours:
    by_key: dict[ObjectKey, list[Change]] = {}
    by_address: dict[Address, list[Change]] = {}
    users: dict[ObjectKey, list[Change]] = {}
    loading: dict[str, list[Change]] = {}
    for item in changes:
        if loads(item.id):
            loading.setdefault(item.address.provider, []).append(item)
        by_key.setdefault(item.key, []).append(item)
        by_address.setdefault(item.address, []).append(item)
        record = records.get(item.key)
        for key in record.depends_on if record is not None else ():
            users.setdefault(key, []).append(item)
    return _Neighbours(by_key, by_address, users, loading)


def _after(item: Change, near: _Neighbours, wanted: Mapping[ObjectKey, WantedObject]) -> set[str]:
    rank = WITHIN.index(item.action)
    earlier = (other for other in near.by_key[item.key] if WITHIN.index(other.action) < rank)
    found = {other.id for other in earlier if other.action is not Action.REPLACE}
    found |= {other.id for other in near.by_address[item.address] if _clears_the_way(other, item)}
    if item.sends:
        found |= {other.id for other in near.loads.get(item.address.provider, ())}
    if item.action is Action.DELETE:
        return found | {other.id for other in near.users.get(item.key, ()) if other.action in UNUSES}
    needs = wanted[item.key].depends_on if item.key in wanted else ()
    return found | {other.id for key in needs for other in near.by_key.get(key, ()) if other.action in MAKES}


def _clears_the_way(other: Change, item: Change) -> bool:
    """Whether another object of the same address has to end, or go, before something is done to this one.

    An earlier run is stopped before a new one begins; what bears the same marker goes before a start.
    """
    if other.key == item.key or item.action is Action.DELETE:
        return False
    if other.action is Action.STOP:
        return True
    return item.action is Action.START and other.action is Action.DELETE and other.key.run == item.key.run


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


def together(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """What is to be replaced is not stopped while the part that takes its people over is held."""
    held = {
        name: item.id for item in changes if item.held and item.action is Action.CREATE for name in item.after
    }
    return tuple(
        replace(item, held=(Held("depends", f"waits for {held[item.id]}"),))
        if item.action is Action.REPLACE and not item.held and item.id in held
        else item
        for item in changes
    )


def spread_holds(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Every change whose predecessor is held is held with it, through any number of steps."""
    if not any(item.held for item in changes):
        return changes
    held: dict[str, str] = {}
    waiting: dict[str, Change] = {}
    levels = _levels(changes)
    for item in sorted(changes, key=lambda item: levels[item.id]):
        source = next((held[other] for other in item.after if other in held), None)
        if item.held:
            held[item.id] = item.id
        elif source is not None:
            held[item.id] = source
            waiting[item.id] = replace(item, held=(Held("depends", f"waits for {source}"),))
    return tuple(waiting.get(item.id, item) for item in changes)
