"""Hours in another zone: said once for all days, or refused for a day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.providers.zones import FAR_ENOUGH, Inconvertible, convert, days_between

EASTERN = "America/New_York"
EVERY_DAY = range(7)


def days(first, last, weekdays=EVERY_DAY):
    """The calling days between two dates."""
    return days_between(dt.date.fromisoformat(first), dt.date.fromisoformat(last), weekdays)


@pytest.mark.parametrize(
    ("zone", "hours", "there"),
    [
        ("America/Chicago", (("08:00", "11:00"),), (("09:00", "12:00"),)),
        (
            "America/Los_Angeles",
            (("08:00", "11:00"), ("13:00", "17:30")),
            (("11:00", "14:00"), ("16:00", "20:30")),
        ),
        ("America/Toronto", (("08:00", "11:00"),), (("08:00", "11:00"),)),
        ("Europe/Paris", (("14:00", "18:00"),), (("08:00", "12:00"),)),
        ("America/Chicago", (("20:00", "23:00"),), (("21:00", "24:00"),)),
        (EASTERN, (("00:00", "24:00"),), (("00:00", "24:00"),)),
    ],
)
def test_hours_are_the_same_instants(zone, hours, there):
    """Within a stretch without a change of clocks, hours are shifted by the difference."""
    assert convert(hours, zone, EASTERN, days("2027-01-04", "2027-01-29")) == there


def test_clocks_that_change_together_change_nothing():
    """Zones with the same rule differ by the same all year."""
    assert convert((("08:00", "11:00"),), "America/Chicago", EASTERN, days("2027-01-01", "2027-12-31")) == (
        ("09:00", "12:00"),
    )


@pytest.mark.parametrize(
    ("zone", "hours", "span", "day"),
    [
        ("Europe/Paris", ("14:00", "18:00"), ("2027-03-01", "2027-03-31"), dt.date(2027, 3, 14)),
        ("America/Phoenix", ("08:00", "11:00"), ("2027-03-01", "2027-03-31"), dt.date(2027, 3, 14)),
        ("Europe/Paris", ("02:00", "05:00"), ("2027-01-04", "2027-01-29"), dt.date(2027, 1, 4)),
        ("Asia/Tokyo", ("08:00", "11:00"), ("2027-01-04", "2027-01-29"), dt.date(2027, 1, 4)),
        ("America/Los_Angeles", ("20:00", "22:00"), ("2027-01-04", "2027-01-29"), dt.date(2027, 1, 4)),
    ],
)
def test_the_day_that_fails_is_named(zone, hours, span, day):
    """Where the difference changes, or a window would leave its day, the first such day is named."""
    found = convert((hours,), zone, EASTERN, days(*span))
    assert isinstance(found, Inconvertible)
    assert found.day == day


def test_days_without_calls_do_not_count():
    """A change of clocks after the last calling day spoils nothing."""
    tuesdays = days("2027-03-01", "2027-03-15", [1])
    assert convert((("14:00", "18:00"),), "Europe/Paris", EASTERN, tuesdays) == (("08:00", "12:00"),)


@given(st.dates(), st.dates())
def test_the_days_looked_at_are_bounded(first, last):
    """A last day in the year 9999 does not make planning slow, nor one before the first make it fail."""
    try:
        found = days_between(first, last, EVERY_DAY)
    except OverflowError:
        pytest.fail("a date ran over")
    assert len(found) <= FAR_ENOUGH
    assert all(first <= day <= last for day in found)


ZONES = st.sampled_from(["Europe/Paris", "America/Chicago", "Asia/Kolkata", "America/Caracas"])


@given(ZONES, st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.times(), st.times())
def test_hours_come_back(zone, day, one, another):
    """What can be said in the other zone says the same when it is taken back, on any one day."""
    start, end = sorted((f"{one:%H:%M}", f"{another:%H:%M}"))
    there = convert(((start, end),), zone, EASTERN, [day])
    if not isinstance(there, Inconvertible):
        back = convert(there, EASTERN, zone, [day])
        skipped = back != ((start, end),) and zone in {"Europe/Paris", "America/Chicago"}
        assert back == ((start, end),) or skipped  # an hour that the clocks leave out is no hour
