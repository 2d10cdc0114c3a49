"""A campaign's own clock: by day of the week, hours at which it is paused or goes on (A3, A5)."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reconciler.sandbox.vendors.callr.options import Options
from reconciler.sandbox.vendors.callr.shapes import Reading

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ACTIONS = ("unpause", "pause")
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
WEEK = timedelta(days=7)


def template() -> dict[str, Any]:
    """No hours, and not enabled."""
    return {"enabled": False, "days": {}}


def read(value: Any, reading: Reading) -> dict[str, Any]:
    """Take a schedule, noting what is wrong with it."""
    if value in ([], None):
        return template()
    if not isinstance(value, dict) or not isinstance(value.get("enabled", False), bool):
        reading.refuse("schedule", "must be an object with enabled and days")
        return template()
    days = value.get("days") or {}
    if not isinstance(days, dict) or not days.keys() <= set(DAYS):
        reading.refuse("schedule.days", f"must be an object of {', '.join(DAYS)}")
        return template()
    taken = {day: _entries(day, days[day], reading) for day in DAYS if day in days}
    return {"enabled": value.get("enabled", False), "days": taken}


def shown(schedule: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """Write a schedule back: days in the order of the week, hours in the order of the day."""
    seconds = ":00" if options.hours == "HH:MM:SS" else ""
    days = DAYS if options.days == "all" else tuple(schedule["days"])
    return {
        "enabled": schedule["enabled"],
        "days": {
            day: [
                {"action": entry["action"], "hour": entry["hour"] + seconds}
                for entry in schedule["days"].get(day, [])
            ]
            for day in days
        },
    }


def events(
    schedule: Mapping[str, Any], zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[tuple[datetime, str]]:
    """What it does after `since` and until `until`, that moment included."""
    if not schedule["enabled"]:
        return
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    while day <= last:
        for entry in schedule["days"].get(DAYS[day.weekday()], []):
            hour = time.fromisoformat(entry["hour"])
            at = datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
            if since < at <= until:
                yield at, entry["action"]
        day += timedelta(days=1)


def is_inside(schedule: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> bool:
    """Whether the last listed hour was one at which calls go on."""
    passed = list(events(schedule, zone, now - WEEK, now))
    return bool(passed) and passed[-1][1] == "unpause"


def _entries(day: str, value: Any, reading: Reading) -> list[dict[str, str]]:
    if not isinstance(value, list):
        reading.refuse(f"schedule.days.{day}", "must be an array")
        return []
    entries = []
    for each in value:
        action, hour = (each.get("action"), each.get("hour")) if isinstance(each, dict) else (None, None)
        if action not in ACTIONS:
            reading.refuse(f"schedule.days.{day}", f"action must be one of {', '.join(ACTIONS)}")
        elif not isinstance(hour, str) or not HOUR.fullmatch(hour):
            reading.refuse(f"schedule.days.{day}", "hour must be as HH:MM")
        else:
            entries.append({"action": action, "hour": hour[:5]})
    return sorted(entries, key=lambda entry: entry["hour"])
