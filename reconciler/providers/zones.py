"""Hours of one zone in another: only where they are the same hours of the same day, every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from msgspec import Struct

Hours = tuple[tuple[str, str], ...]
"""Windows as `HH:MM` pairs; an end of `24:00` is midnight."""

FAR_ENOUGH = 800
"""Days looked at: clocks change by the year, so a difference shows within two."""


class Inconvertible(Struct, frozen=True):
    """Why hours have no single equivalent: the first day it fails on, and what is wrong there."""

    day: dt.date
    reason: str


def days_between(first: dt.date, last: dt.date, weekdays: Iterable[int]) -> list[dt.date]:
    """List the calling days from the first to the last, as far as they matter here."""
    wanted = frozenset(weekdays)
    count = min((last - first).days + 1, FAR_ENOUGH)
    days = (first + dt.timedelta(days=number) for number in range(max(count, 0)))
    return [day for day in days if day.weekday() in wanted]


def convert(hours: Hours, source: str, target: str, days: Iterable[dt.date]) -> Hours | Inconvertible:
    """Say the same hours in another zone, or on which day there is no one way to say them."""
    if source == target:
        return hours
    here, there = ZoneInfo(source), ZoneInfo(target)
    converted: Hours | None = None
    for day in days:
        moved = [_moved(day, clock, here, there) for window in hours for clock in window]
        today = tuple(zip(moved[::2], moved[1::2], strict=True))
        if not all(_same_day(start, end) for start, end in today):
            return Inconvertible(day, f"a window would begin or end on another day in {target}")
        spoken = tuple((_spoken(start), _spoken(end)) for start, end in today)
        if converted is not None and spoken != converted:
            return Inconvertible(day, f"the difference between {source} and {target} changes")
        converted = spoken
    return hours if converted is None else converted


def _moved(day: dt.date, clock: str, here: ZoneInfo, there: ZoneInfo) -> tuple[int, dt.time]:
    """Give the day, counted from this one, and the time there."""
    next_day = clock == "24:00"
    local = dt.datetime.combine(day, dt.time() if next_day else dt.time.fromisoformat(clock), here)
    moved = (local + dt.timedelta(days=next_day)).astimezone(there)
    return (moved.date() - day).days, moved.time().replace(tzinfo=None)


def _same_day(start: tuple[int, dt.time], end: tuple[int, dt.time]) -> bool:
    return start[0] == 0 and (end[0] == 0 or end == (1, dt.time()))


def _spoken(moment: tuple[int, dt.time]) -> str:
    return "24:00" if moment[0] == 1 else f"{moment[1]:%H:%M}"
