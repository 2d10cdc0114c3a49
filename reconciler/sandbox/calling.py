"""When a campaign may place a call: a pure calendar, exact over daylight saving changes.

A window's pace starts anew each time the window opens: `amount` calls spread evenly over `period` minutes,
then `rest` minutes of silence. So every moment of a call is a function of the calendar alone, and months can
be skipped by arithmetic instead of being walked through.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000  # in microseconds


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast: `amount` calls in `period` minutes, then `rest` minutes without any."""

    period: int
    amount: int
    rest: int


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when by the clock on the wall, `closes` not included, and how fast."""

    opens: time
    closes: time
    pace: Pace


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days and windows of one campaign; both dates count."""

    zone: ZoneInfo
    first: date
    last: date
    weekdays: frozenset[int]  # 0 is Monday
    windows: tuple[Window, ...]


def call_times(calendar: Calendar, since: datetime, until: datetime) -> Iterator[datetime]:
    """Every moment at which a call may be placed, by time: `since` counts, `until` does not."""
    for day in _days(calendar, since, until):
        each_window = (_window_times(calendar.zone, day, window, since, until) for window in calendar.windows)
        for moment in heapq.merge(*each_window):
            yield moment.astimezone(calendar.zone)


def _days(calendar: Calendar, since: datetime, until: datetime) -> Iterator[date]:
    day = max(calendar.first, since.astimezone(calendar.zone).date())
    last = min(calendar.last, until.astimezone(calendar.zone).date())
    while day <= last:
        if day.weekday() in calendar.weekdays:
            yield day
        day += timedelta(days=1)


def _window_times(
    zone: ZoneInfo, day: date, window: Window, since: datetime, until: datetime
) -> Iterator[datetime]:
    for opens, closes in open_spans(zone, day, window):
        first = max(0, (since - opens) // MICROSECOND)
        end = (min(closes, until) - opens) // MICROSECOND
        for offset in _offsets(window.pace, first, end):
            yield opens + offset * MICROSECOND


def _offsets(pace: Pace, first: int, end: int) -> Iterator[int]:
    """Microseconds after the opening at which calls are placed, from `first` and before `end`."""
    period, cycle = pace.period * MINUTE, (pace.period + pace.rest) * MINUTE
    for begin in range(first // cycle * cycle, end, cycle):
        earliest = max(
            0, -((begin - first) * pace.amount // period)
        )  # the first call of this cycle not before `first`
        for number in range(earliest, pace.amount):
            offset = begin + number * period // pace.amount
            if offset >= end:
                return
            yield offset


def open_spans(zone: ZoneInfo, day: date, window: Window) -> list[tuple[datetime, datetime]]:
    """Find the stretches of UTC during which the wall clock of that day shows a time in the window."""
    midnight, next_midnight = _at(zone, day, time()), _at(zone, day + timedelta(days=1), time())
    if next_midnight - midnight == timedelta(days=1):
        return [(_at(zone, day, window.opens), _at(zone, day, window.closes))]
    return _spans_by_minute(zone, window, midnight, next_midnight)


def _spans_by_minute(
    zone: ZoneInfo, window: Window, minute: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Ask each minute of a day of 23 or 25 hours, where an hour is missing or comes twice."""
    spans: list[tuple[datetime, datetime]] = []
    while minute < end:
        following = minute + timedelta(minutes=1)
        if window.opens <= minute.astimezone(zone).time() < window.closes:
            joins = spans and spans[-1][1] == minute
            spans[-1:] = [(spans[-1][0], following)] if joins else [*spans[-1:], (minute, following)]
        minute = following
    return spans


def _at(zone: ZoneInfo, day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
