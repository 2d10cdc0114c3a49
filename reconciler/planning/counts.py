"""What a plan means in people: rows per campaign, first ring, and who becomes reachable through which change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from reconciler.model.address import Address, ObjectKey
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Change, FirstRing, Movement, PeopleRow
from reconciler.model.resource import Desired
from reconciler.model.state import Phase
from reconciler.planning.basis.calendar import first_open
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.people import EMPTY, NOBODY, RunPeople, merged, sent_by, twice
from reconciler.planning.basis.scene import People, phase_of
from reconciler.planning.decisions.parts import is_half_replaced, open_parts, run_parts, run_people


class Counted(Struct, frozen=True):
    """One campaign's people, its row still without what other runs add to it."""

    wanted: WantedObject
    people: RunPeople
    reachable: People
    ringing: bool
    armed: bool
    added: int


class Elsewhere(Struct, frozen=True):
    """Who is, or was, called by other runs: `past` ones, `once` or `twice` by those that are armed.

    `shared` are reachable in more than one campaign.
    """

    past: frozenset[bytes]
    once: frozenset[bytes]
    twice: frozenset[bytes]
    shared: frozenset[bytes]


def count_people(desk: Desk) -> tuple[tuple[PeopleRow, ...], PeopleRow | None]:
    """A row for each campaign that has people, and one for all of them, each person counted once."""
    wanted = sorted((item for item in desk.scene.wanted if item.contacts is not None), key=_place)
    counted = [item for item in (_count(desk, each) for each in wanted) if item is not None]
    if not counted:
        return (), None
    elsewhere = _elsewhere(desk, counted)
    rows = tuple([_row(item, elsewhere) for item in counted])
    return rows, _total(counted, rows, elsewhere)


def _place(wanted: WantedObject) -> tuple[str, str, str, int]:
    address = wanted.key.address
    return address.provider, address.name, wanted.key.run, wanted.key.part


def _count(desk: Desk, wanted: WantedObject) -> Counted | None:
    """One row for a run, whatever its parts; none once all of it is over."""
    records = run_parts(desk, wanted)
    rest = open_parts(desk, wanted)
    half = is_half_replaced(desk, wanted)
    if wanted.key.part or (records and not rest and not half):
        return None
    armed = half or any(phase_of(desk.index, record) is Phase.ARMED for record in rest)
    people = run_people(desk, wanted)
    ringing = wanted.desired is Desired.RUNNING
    reachable = merged((people.sent, people.new)) if armed else desk.people(wanted, None).new
    added = len(people.new) if armed else len(reachable) if ringing else 0
    return Counted(wanted, people, reachable if ringing or armed else EMPTY, ringing, armed, added)


def _elsewhere(desk: Desk, counted: list[Counted]) -> Elsewhere:
    armed = {run_of(item.wanted.key): item.people.sent for item in counted if item.armed}
    others = [
        sent_by(desk.scene, desk.index, record)
        for record in desk.scene.snapshot.records.values()
        if run_of(record.key) not in armed and phase_of(desk.index, record) is not Phase.INERT
    ]
    return Elsewhere(
        past=NOBODY.union(*others),
        once=NOBODY.union(*armed.values()),
        twice=twice(armed.values()),
        shared=twice(item.reachable for item in counted if item.ringing),
    )


def run_of(key: ObjectKey) -> tuple[Address, str]:
    """Which run an object is a part of."""
    return key.address, key.run


def _row(item: Counted, elsewhere: Elsewhere) -> PeopleRow:
    again = len(_again(item, elsewhere))
    return PeopleRow(
        address=item.wanted.key.address,
        run=item.wanted.key.run,
        reachable=len(item.reachable),
        first_time=len(item.reachable) - again,
        again=again,
        suppressed=item.people.kept_out,
        queued_suppressed=len(item.people.queued_suppressed) if item.armed else 0,
        added=item.added,
        shared=_both(item.reachable, elsewhere.shared) if item.ringing else 0,
        ringing=item.ringing,
    )


def _both(people: People, others: frozenset[bytes]) -> int:
    return len(others.intersection(people)) if others else 0


def _again(item: Counted, elsewhere: Elsewhere) -> frozenset[bytes]:
    """Whom of the people another run had queued; their own run's queueing is not counted."""
    own = item.people.sent if item.armed else EMPTY
    if own is item.reachable and not (elsewhere.past or elsewhere.twice):
        return NOBODY
    others = elsewhere.once.difference(own) if len(own) < len(item.reachable) else NOBODY
    return frozenset().union(
        *[many.intersection(item.reachable) for many in (elsewhere.past, elsewhere.twice, others) if many]
    )


def _total(counted: list[Counted], rows: tuple[PeopleRow, ...], elsewhere: Elsewhere) -> PeopleRow:
    everybody = NOBODY.union(*[item.reachable for item in counted])
    again = len(everybody & elsewhere.past)
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
            found[item.id] = desk.people(desk.index.wanted[item.key], None).new
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
    if item.action is Action.START or (item.movement is Movement.LOUDER and _is_armed(desk, item)):
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
