"""What a plan means in people: rows per campaign, first ring, and who becomes reachable through which change."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Change, FirstRing, PeopleRow
from reconciler.model.resource import Desired
from reconciler.model.state import Phase
from reconciler.planning.calendar import first_open
from reconciler.planning.decision import Desk
from reconciler.planning.people import EMPTY, RunPeople, calls_per_person, merged
from reconciler.planning.scene import People, phase_of


@dataclass(frozen=True, slots=True)
class Counted:
    """One campaign's people, its row still without what other campaigns add to it."""

    wanted: WantedObject
    people: RunPeople
    reachable: People
    ringing: bool
    armed: bool
    added: int


def count_people(desk: Desk, changes: tuple[Change, ...]) -> tuple[tuple[PeopleRow, ...], PeopleRow | None]:
    """A row for each campaign that has people, and one for all of them, each person counted once."""
    counted = [item for item in (_count(desk, wanted, changes) for wanted in _runs(desk)) if item is not None]
    if not counted:
        return (), None
    calls = calls_per_person(desk.scene, desk.index)
    everywhere: Counter[bytes] = Counter()
    for item in counted:
        if item.ringing:
            everywhere.update(item.reachable.keys())
    rows = tuple(_row(item, calls, everywhere) for item in counted)
    return rows, _total(counted, rows, calls)


def _runs(desk: Desk) -> list[WantedObject]:
    return [item for item in desk.scene.wanted if item.contacts is not None]


def _count(desk: Desk, wanted: WantedObject, changes: tuple[Change, ...]) -> Counted | None:
    record = desk.scene.snapshot.records.get(wanted.key)
    phase = phase_of(desk.index, record) if record is not None else Phase.INERT
    if phase is Phase.ENDED:
        return None
    people = desk.people(wanted, record)
    armed = phase is Phase.ARMED
    ringing = wanted.desired is Desired.RUNNING
    reachable = merged((people.sent, people.new)) if armed else people.allowed
    added = len(people.new) if armed else len(reachable) if ringing else 0
    return Counted(wanted, people, reachable if ringing or armed else EMPTY, ringing, armed, added)


def _row(item: Counted, calls: Mapping[bytes, int], everywhere: Mapping[bytes, int]) -> PeopleRow:
    again = _again(item, calls)
    return PeopleRow(
        address=item.wanted.key.address,
        run=item.wanted.key.run,
        reachable=len(item.reachable),
        first_time=len(item.reachable) - again,
        again=again,
        suppressed=item.people.kept_out,
        queued_suppressed=len(item.people.queued_suppressed) if item.armed else 0,
        added=item.added,
        shared=sum(everywhere[exact] > 1 for exact in item.reachable) if item.ringing else 0,
        ringing=item.ringing,
    )


def _again(item: Counted, calls: Mapping[bytes, int]) -> int:
    """How many of the people another run had queued: their own run's queueing is not counted."""
    if not calls:
        return 0
    own = item.people.sent if item.armed else EMPTY
    return sum(calls.get(exact, 0) > (exact in own) for exact in item.reachable)


def _total(counted: list[Counted], rows: tuple[PeopleRow, ...], calls: Mapping[bytes, int]) -> PeopleRow:
    own: Counter[bytes] = Counter()
    for item in counted:
        if item.armed:
            own.update(item.people.sent.keys())
    everybody = merged(item.reachable for item in counted)
    again = sum(calls.get(exact, 0) > own[exact] for exact in everybody) if calls else 0
    return PeopleRow(
        address=rows[0].address,
        run="",
        reachable=len(everybody),
        first_time=len(everybody) - again,
        again=again,
        suppressed=sum(row.suppressed for row in rows),
        queued_suppressed=sum(row.queued_suppressed for row in rows),
        added=sum(row.added for row in rows),
        ringing=any(row.ringing for row in rows),
    )


def reached(desk: Desk, changes: tuple[Change, ...], queued: Mapping[str, People]) -> dict[str, People]:
    """The people whom each change makes reachable: all of a run at its start, the new ones at a growth."""
    found: dict[str, People] = {}
    starting = {item.key for item in changes if item.action is Action.START}
    for item in changes:
        if item.action is Action.START and item.key in desk.index.wanted:
            record = desk.scene.snapshot.records.get(item.key)
            found[item.id] = desk.people(desk.index.wanted[item.key], record).allowed
        elif item.action is Action.APPEND and item.key not in starting and _is_armed(desk, item):
            found[item.id] = queued.get(item.id, EMPTY)
    return found


def _is_armed(desk: Desk, item: Change) -> bool:
    record = desk.scene.snapshot.records.get(item.key)
    return record is not None and phase_of(desk.index, record) is Phase.ARMED


def ring(desk: Desk, item: Change) -> dt.datetime | None:
    """The first minute at which a change lets a phone ring; None if it lets none."""
    wanted = desk.index.wanted.get(item.key)
    if wanted is None or wanted.calendar is None:
        return None
    if item.action is Action.START or (item.action is Action.APPEND and _is_armed(desk, item)):
        return first_open(wanted.calendar, desk.scene.now)
    return None


def first_ring(desk: Desk, changes: tuple[Change, ...]) -> FirstRing | None:
    """The earliest first minute of all changes that are not held."""
    rings = [(when, item) for item in changes if not item.held and (when := ring(desk, item)) is not None]
    if not rings:
        return None
    when, item = min(rings, key=lambda pair: (pair[0], pair[1].id))
    contacts = desk.index.wanted[item.key].contacts
    local = desk.scene.earliest(contacts, when) if contacts else None
    return FirstRing(item.address, when.isoformat(timespec="minutes"), local)
