"""When a phone can ring first: a calendar's next open minute, by the clocks of its own zone."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from reconciler.model.objects import Calendar
from reconciler.model.resource import DAYS

HORIZON_DAYS = 366
"""How far ahead an open minute is looked for; a campaign that opens later opens never for a plan."""

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@lru_cache(maxsize=4096)
def first_open(calendar: Calendar, now: dt.datetime) -> dt.datetime | None:
    """The first minute, from the present one on, in which the calendar is open; None if there is none.

    It is given in the calendar's zone.
    """
    zone = ZoneInfo(calendar.zone)
    local = now.astimezone(zone).replace(second=0, microsecond=0)
    day = max(local.date(), calendar.start_date or local.date())
    for _ in range(HORIZON_DAYS):
        if calendar.end_date is not None and day > calendar.end_date:
            return None
        opening = _opening(calendar, day, zone, local)
        if opening is not None:
            return opening
        day += DAY
    return None


def _opening(calendar: Calendar, day: dt.date, zone: ZoneInfo, now: dt.datetime) -> dt.datetime | None:
    if DAYS[day.weekday()] not in calendar.days:
        return None
    begins, ends = (dt.datetime.combine(date, dt.time(), zone) for date in (day, day + DAY))
    if begins.utcoffset() != ends.utcoffset():
        return _minute_by_minute(calendar, day, now)
    for start, end in sorted(calendar.windows):
        opens, closes = _at(day, start, zone), _at(day, end, zone)
        if max(opens, now) < closes:
            return max(opens, now)
    return None


def _at(day: dt.date, clock: str, zone: ZoneInfo) -> dt.datetime:
    if clock == "24:00":
        return dt.datetime.combine(day + DAY, dt.time(), zone)
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), zone)


def _minute_by_minute(calendar: Calendar, day: dt.date, now: dt.datetime) -> dt.datetime | None:
    """The first open minute of a day on which the clocks change: some minutes are missing, or come twice."""
    zone = ZoneInfo(calendar.zone)
    instant = max(dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC), now.astimezone(dt.UTC))
    local = instant.astimezone(zone)
    while local.date() <= day:
        clock = f"{local:%H:%M}"
        if local.date() == day and any(start <= clock < end for start, end in calendar.windows):
            return local
        instant += MINUTE
        local = instant.astimezone(zone)
    return None


def is_over(last_day: str, zone: str, now: dt.datetime) -> bool:
    """Whether a last day, `YYYY-MM-DD`, has passed in a zone."""
    return last_day < today(zone, now)


@lru_cache(maxsize=64)
def today(zone: str, now: dt.datetime) -> str:
    """The day that it is in a zone, `YYYY-MM-DD`."""
    return now.astimezone(ZoneInfo(zone)).date().isoformat()
