"""Days and dates that a vendor does not know: kept by pausing and resuming, day by day. Pure.

What is kept is what was applied, and stands in the record; a clock that comes too late costs a wrong day within the
vendor's own hours, and never a wrong hour. Nothing here arms, sends or changes anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from reconciler.model.plan import Action, Change, Held, Movement
from reconciler.model.resource import DAYS
from reconciler.model.state import Phase, Record
from reconciler.model.value import Fields
from reconciler.planning.basis.calendar import is_over, today
from reconciler.planning.basis.scene import Index, Scene, live_of
from reconciler.planning.basis.subject import of_record
from reconciler.planning.review.reviewed import loads

RECONCILER = "reconciler"
"""The value of `enforce` that asks for it."""

TICK = "tick"
"""Suffix of a change that only keeps days and dates."""


HORIZON = 370
"""Days ahead that are looked at; a campaign that turns later turns never for a clock."""


def is_kept_here(fields: Fields) -> bool:
    """Whether this tool keeps an object's days and dates."""
    return fields.get("enforce") == RECONCILER


def why_closed(fields: Fields, now: dt.datetime) -> str | None:
    """Why an object of ours may not call today; None where it may, or where its vendor sees to that."""
    if not is_kept_here(fields):
        return None
    day = dt.date.fromisoformat(today(str(fields["timezone"]), now))
    first, last, days = fields.get("start_date"), fields.get("end_date"), fields.get("days")
    if first is not None and str(day) < str(first):
        return f"its first day is {first}"
    if last is not None and str(day) > str(last):
        return f"its last day was {last}"
    name = DAYS[day.weekday()]
    return f"{name} {day} is no calling day" if isinstance(days, tuple) and name not in days else None


def has_passed(fields: Fields, now: dt.datetime) -> bool:
    """Whether the last day that this tool keeps is over."""
    last = fields.get("end_date")
    return is_kept_here(fields) and last is not None and is_over(str(last), str(fields["timezone"]), now)


def next_turn(fields: Fields, now: dt.datetime) -> dt.datetime | None:
    """The next midnight at which an object has to be paused or resumed, in its own zone; None if there is none."""
    zone = ZoneInfo(str(fields["timezone"]))
    begun = now.astimezone(zone).date()
    for ahead in range(1, HORIZON):
        at = dt.datetime.combine(begun + dt.timedelta(days=ahead), dt.time(), zone)
        if (why_closed(fields, at) is None) is not (why_closed(fields, now) is None):
            return at
    return None


def ticks(scene: Scene, index: Index, planned: Iterable[Change]) -> tuple[Change, ...]:
    """What a clock does now: pause what rings on a wrong day, resume what rested, and nothing else.

    A pause follows from the state alone. A resume needs that the whole plan would resume it as well, so that
    nobody is called who is suppressed by now, and nothing goes on that a manifest wants otherwise.
    """
    several = tuple(planned)
    return tuple(_ticks(scene, index, several))


def _ticks(scene: Scene, index: Index, planned: tuple[Change, ...]) -> Iterator[Change]:
    for record in sorted(scene.snapshot.records.values(), key=lambda item: item.key):
        spec, live = scene.spec(record.key, record.kind), live_of(index, record)
        if record.phase is not Phase.ARMED or spec is None or live is None or not is_kept_here(record.fields):
            continue
        running = record.running if live.running is None else live.running
        closed = why_closed(record.fields, scene.now)
        if closed is not None and running:
            yield of_record(record).change(Action.PAUSE, Movement.QUIETER, closed, suffix=TICK)
        elif closed is None and not running:
            yield from _resumed(record, planned)


def _resumed(record: Record, planned: tuple[Change, ...]) -> Iterator[Change]:
    """The resume that a whole plan has, held where something quieter is to be done first."""
    whole = next((it for it in planned if it.key == record.key and it.action is Action.RESUME), None)
    first = _first(record, planned)
    if whole is None and not first:
        return
    waits = tuple(held for held in whole.held if held.action != "depends") if whole is not None else ()
    found = of_record(record).change(Action.RESUME, Movement.LOUDER, "a calling day", suffix=TICK)
    yield replace(found, held=(*waits, *first))


def _first(record: Record, planned: tuple[Change, ...]) -> tuple[Held, ...]:
    """What an apply has to do before anything calls there."""
    provider = record.key.address.provider
    before = [
        item
        for item in planned
        if (loads(item.id) and item.address.provider == provider)
        or (item.key == record.key and item.movement is Movement.QUIETER)
    ]
    if not before:
        return ()
    text = f"{before[0].action.value} {before[0].address} comes first; run: reconciler apply"
    return (Held("apply", text),)
