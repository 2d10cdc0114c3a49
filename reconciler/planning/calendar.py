"""When a phone can ring first: a calendar's next open minute after an instant."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from reconciler.model.objects import Calendar
from reconciler.model.resource import DAYS

HORIZON_DAYS = 366
"""How far ahead an open minute is looked for; a campaign that opens later opens never for a plan."""


@lru_cache(maxsize=4096)
def first_open(calendar: Calendar, now: dt.datetime) -> dt.datetime | None:
    """The first minute at or after `now` in which the calendar is open, in its own zone; None if never."""
    zone = ZoneInfo(calendar.zone)
    local = now.astimezone(zone)
    day = max(local.date(), calendar.start_date or local.date())
    for _ in range(HORIZON_DAYS):
        if calendar.end_date is not None and day > calendar.end_date:
            return None
        opening = _opening(calendar, day, zone, local)
        if opening is not None:
            return opening
        day += dt.timedelta(days=1)
    return None


def _opening(calendar: Calendar, day: dt.date, zone: ZoneInfo, now: dt.datetime) -> dt.datetime | None:
    if DAYS[day.weekday()] not in calendar.days:
        return None
    for start, end in sorted(calendar.windows):
        opens, closes = _instant(day, start, zone), _instant(day, end, zone)
        if closes > now:
            return max(opens, now.replace(second=0, microsecond=0) if opens < now else opens)
    return None


def _instant(day: dt.date, clock: str, zone: ZoneInfo) -> dt.datetime:
    if clock == "24:00":
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), zone)


def is_over(last_day: str, zone: str, now: dt.datetime) -> bool:
    """Whether a last day, `YYYY-MM-DD`, has passed in a zone."""
    return last_day < now.astimezone(ZoneInfo(zone)).date().isoformat()
