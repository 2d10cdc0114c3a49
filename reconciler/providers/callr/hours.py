"""CALLR's weekly clock: per day the hours at which a campaign goes on and pauses, and what they add up to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from reconciler.model.kind import Loudness
from reconciler.model.resource import DAYS
from reconciler.model.value import Value
from reconciler.providers.base import Sendable
from reconciler.providers.callr import wire
from reconciler.providers.callr.about import MARGIN
from reconciler.providers.loudness import of_sets

Spans = tuple[tuple[str, str], ...]
"""Hours of one day, from and until, in order and apart."""

MINUTES_OF_A_DAY = 24 * 60
GOES_ON, PAUSES = "unpause", "pause"


def joined(spans: Iterable[tuple[str, str]]) -> Spans:
    """Put hours in order; those that touch or overlap become one."""
    found: list[tuple[str, str]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def weekly(days: Iterable[str], spans: Iterable[tuple[str, str]]) -> dict[str, Value]:
    """The same hours on some days, as a field has them."""
    chosen, hours = frozenset(days), joined(spans)
    return {day: hours for day in DAYS if day in chosen and hours}


def encode(week: Sendable) -> dict[str, Any]:
    """Write hours as the vendor's days."""
    days = week if isinstance(week, Mapping) else {}
    return {day: _events(spans) for day, spans in days.items() if isinstance(spans, tuple)}


def _events(spans: Sequence[Any]) -> list[dict[str, str]]:
    return [
        {"action": action, "hour": hour}
        for start, end in spans
        for action, hour in ((GOES_ON, str(start)), (PAUSES, str(end)))
    ]


def decode(days: Any) -> dict[str, Value]:
    """Read the vendor's days in week order; what is no pair of going on and pausing is shown as it is."""
    found = days if isinstance(days, Mapping) else {}
    read = {day: _spans(found[day]) for day in DAYS if found.get(day)}
    return {day: spans for day, spans in read.items() if spans}


def _spans(events: Any) -> Value:
    several = [item for item in events if isinstance(item, Mapping)] if isinstance(events, list) else []
    ordered = sorted(
        (wire.clock(item.get("hour")) or str(item.get("hour")), str(item.get("action"))) for item in several
    )
    if [action for _, action in ordered] == [GOES_ON, PAUSES] * (len(ordered) // 2):
        times = [hour for hour, _ in ordered]
        return tuple(zip(times[::2], times[1::2], strict=True))
    return _touching(ordered)


def _touching(ordered: list[tuple[str, str]]) -> Value:
    """Hours that pause and go on at one minute sort the wrong way round; anything else stays as it is."""
    hours = [hour for hour, _ in ordered]
    kept = [pair for pair in ordered if hours.count(pair[0]) == 1]
    if kept != ordered and [action for _, action in kept] == [GOES_ON, PAUSES] * (len(kept) // 2):
        times = [hour for hour, _ in kept]
        return tuple(zip(times[::2], times[1::2], strict=True))
    return tuple((action, hour) for hour, action in ordered)


def graded(before: Value, after: Value) -> Loudness:
    """Grade a change of hours by the minutes of the week that they cover; without any, all are."""
    return of_sets(_minutes(before), _minutes(after))


def _minutes(week: Value) -> frozenset[object] | None:
    if not isinstance(week, Mapping):
        return None
    if not week:
        return frozenset((day, minute) for day in DAYS for minute in range(MINUTES_OF_A_DAY))
    covered: set[object] = set()
    for day, spans in week.items():
        for span in spans if isinstance(spans, tuple) else ():
            start, end = (_minute(clock) for clock in span) if isinstance(span, tuple) else (None, None)
            if start is None or end is None:
                return None
            covered.update((day, minute) for minute in range(start, end))
    return frozenset(covered)


def _minute(clock: Value) -> int | None:
    found = wire.clock(clock)
    return None if found is None else int(found[:2]) * 60 + int(found[3:])


def is_open(week: Sendable, zone: str, now: dt.datetime) -> bool:
    """Whether a moment lies in the hours, and not so close to their end that the pause might come first."""
    local, late = (
        now.astimezone(ZoneInfo(zone)),
        (now + dt.timedelta(minutes=MARGIN)).astimezone(ZoneInfo(zone)),
    )
    spans = week.get(DAYS[local.weekday()]) if isinstance(week, Mapping) else None
    if late.date() != local.date() or not isinstance(spans, tuple):
        return False
    clock, soon = f"{local:%H:%M}", f"{late:%H:%M}"
    pairs = [(str(span[0]), str(span[1])) for span in spans if isinstance(span, tuple)]
    return any(start <= clock and soon < end for start, end in pairs)
