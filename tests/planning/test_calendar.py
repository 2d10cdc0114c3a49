"""When a phone can ring first, by the clocks of every zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.objects import Calendar
from reconciler.model.resource import DAYS
from reconciler.planning.basis.calendar import first_open, is_over

NEW_YORK = "America/New_York"
ZONES = [NEW_YORK, "Europe/Paris", "Australia/Lord_Howe", "America/Havana", "America/Bogota", "Asia/Kolkata"]
WORKDAYS = DAYS[:5]


def calendar(*windows: str, zone: str = NEW_YORK, days: tuple[str, ...] = DAYS, **more: str) -> Calendar:
    """A calendar with windows like `08:00-11:00`."""
    hours = tuple((item.partition("-")[0], item.partition("-")[2]) for item in windows)
    dates = {name: dt.date.fromisoformat(text) for name, text in more.items()}
    return Calendar(zone, hours, days, **dates)


@pytest.mark.parametrize(
    ("promise", "given_calendar", "now", "opens"),
    [
        ("before its hours", calendar("08:00-11:00"), "2027-01-04T12:00Z", "2027-01-04T08:00-05:00"),
        ("the present minute", calendar("08:00-11:00"), "2027-01-04T13:30:59Z", "2027-01-04T08:30-05:00"),
        ("the last minute", calendar("08:00-11:00"), "2027-01-04T15:59:59Z", "2027-01-04T10:59-05:00"),
        ("closed at its end", calendar("08:00-11:00"), "2027-01-04T16:00Z", "2027-01-05T08:00-05:00"),
        (
            "the next window",
            calendar("13:00-14:00", "08:00-11:00"),
            "2027-01-04T16:00Z",
            "2027-01-04T13:00-05:00",
        ),
        (
            "over a weekend",
            calendar("08:00-11:00", days=WORKDAYS),
            "2027-01-08T17:00Z",
            "2027-01-11T08:00-05:00",
        ),
        ("until midnight", calendar("23:30-24:00"), "2027-01-05T04:45Z", "2027-01-04T23:45-05:00"),
        (
            "the whole day",
            calendar("00:00-24:00", days=("mon",)),
            "2027-01-04T05:00Z",
            "2027-01-04T00:00-05:00",
        ),
        (
            "from its first day",
            calendar("08:00-11:00", start_date="2027-03-01"),
            "2027-01-04T14:00Z",
            "2027-03-01T08:00-05:00",
        ),
        (
            "on its last day",
            calendar("08:00-11:00", end_date="2027-01-04"),
            "2027-01-04T15:00Z",
            "2027-01-04T10:00-05:00",
        ),
        ("after its last day", calendar("08:00-11:00", end_date="2027-01-03"), "2027-01-04T15:00Z", None),
        ("without days", calendar("08:00-11:00", days=()), "2027-01-04T15:00Z", None),
        ("without windows", calendar(), "2027-01-04T15:00Z", None),
        ("in summer", calendar("08:00-11:00"), "2027-07-05T11:00Z", "2027-07-05T08:00-04:00"),
        (
            "in another zone's day",
            calendar("08:00-11:00", zone="Asia/Kolkata"),
            "2027-01-04T20:00Z",
            "2027-01-05T08:00+05:30",
        ),
        (
            "clocks go forward before it",
            calendar("08:00-11:00"),
            "2027-03-14T06:00Z",
            "2027-03-14T08:00-04:00",
        ),
        (
            "its first minutes are missing",
            calendar("02:30-04:00"),
            "2027-03-14T05:00Z",
            "2027-03-14T03:00-04:00",
        ),
        ("all of it is missing", calendar("02:10-02:50"), "2027-03-14T05:00Z", "2027-03-15T02:10-04:00"),
        ("its hour comes twice", calendar("01:10-01:30"), "2027-11-07T05:35Z", "2027-11-07T01:10-05:00"),
        (
            "in the second of two hours",
            calendar("01:10-01:30"),
            "2027-11-07T06:15Z",
            "2027-11-07T01:15-05:00",
        ),
    ],
)
def test_first_open(promise: str, given_calendar: Calendar, now: str, opens: str | None) -> None:
    """The first open minute is exact on every day, also on those on which the clocks change."""
    found = first_open(given_calendar, dt.datetime.fromisoformat(now))
    assert (found and found.isoformat(timespec="minutes")) == opens, promise


minutes = st.integers(0, 24 * 60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Calendars of one or two windows."""
    windows = []
    for _ in range(draw(st.integers(1, 2))):
        start, end = sorted((draw(minutes), draw(minutes)))
        windows.append((_clock(start), _clock(end)))
    days = tuple(draw(st.sets(st.sampled_from(DAYS), min_size=3)))
    return Calendar(draw(st.sampled_from(ZONES)), tuple(windows), days)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


changes = st.sampled_from(
    ["2027-03-14", "2027-11-07", "2027-03-28", "2027-10-31", "2027-04-04", "2027-10-03"]
)


@pytest.mark.slow
@given(calendars(), changes, st.integers(-600, 1440))
def test_first_open_by_the_minute(open_hours: Calendar, day: str, minute: int) -> None:
    """It is the same as looking at the clock of the zone minute by minute, around days on which it is changed."""
    now = dt.datetime.fromisoformat(f"{day}T00:00Z") + dt.timedelta(minutes=minute)
    found = first_open(open_hours, now)
    expected = _looked_up(open_hours, now)
    if expected is not None:
        assert found is not None
        assert found.astimezone(dt.UTC) == expected
    else:
        assert found is None or found.astimezone(dt.UTC) >= now + dt.timedelta(minutes=LOOK)


LOOK = 2 * 1440


def _looked_up(open_hours: Calendar, now: dt.datetime) -> dt.datetime | None:
    zone = ZoneInfo(open_hours.zone)
    for minute in range(LOOK):
        instant = now + dt.timedelta(minutes=minute)
        local = instant.astimezone(zone)
        clock = f"{local:%H:%M}"
        is_day = DAYS[local.weekday()] in open_hours.days
        if is_day and any(start <= clock < end for start, end in open_hours.windows):
            return instant
    return None


@pytest.mark.parametrize(
    ("day", "zone", "now", "over"),
    [
        ("2027-01-29", NEW_YORK, "2027-01-30T04:59Z", False),
        ("2027-01-29", NEW_YORK, "2027-01-30T05:00Z", True),
        ("2027-01-29", "Asia/Kolkata", "2027-01-29T18:30Z", True),
        ("2027-01-29", "UTC", "2027-01-29T23:59:59Z", False),
        ("2026-12-31", "UTC", "2027-01-01T00:00Z", True),
    ],
)
def test_is_over(day: str, zone: str, now: str, over: bool) -> None:
    """A last day lasts until midnight of its own zone."""
    assert is_over(day, zone, dt.datetime.fromisoformat(now)) is over
