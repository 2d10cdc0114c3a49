"""Zones by prefix: the worst case of what a clock may show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import phonenumbers
import pytest
from phonenumbers import timezone
from reconciler.contacts.contact import ContactFile
from reconciler.contacts.digest import Digester
from reconciler.contacts.zone import UNKNOWN, block_of, earliest_local, zone_table, zones_of_block

MORNING = dt.datetime(2027, 1, 4, 13, 0, 59, tzinfo=dt.UTC)  # 08:00 in New York


def test_people_are_counted_by_the_zones_they_may_be_in(
    contacts_of: Callable[..., ContactFile], digester: Digester
) -> None:
    """The table counts people per set of zones, and holds no number."""
    found = contacts_of("6175550100\n6175550101\n2125550100\n3105550100\n+33612345678\n", region="US")
    assert zone_table(found) == {
        ("America/Los_Angeles",): 1,
        ("America/New_York",): 3,
        ("Europe/Paris",): 1,
    }
    assert zone_table(found, [digester.exact("+13105550100")]) == {("America/Los_Angeles",): 1}


def test_an_ambiguous_number_counts_in_all_its_zones(contacts_of: Callable[..., ContactFile]) -> None:
    """A freephone number may ring anywhere in North America, an Australian mobile anywhere in Australia."""
    freephone, mobile = zone_table(contacts_of("+18005550100\n+61412345678\n"))
    assert {"America/New_York", "Pacific/Honolulu"} < set(freephone)
    assert {"Australia/Sydney", "Australia/Perth"} < set(mobile)


def test_the_earliest_clock_decides() -> None:
    """The hour shown is the earliest of all people at that instant, daylight saving included."""
    assert earliest_local(MORNING, [("America/New_York",)]) == dt.time(8, 0)
    assert earliest_local(MORNING, [("America/New_York",), ("America/Phoenix", "America/Denver")]) == dt.time(
        6, 0
    )
    july = MORNING.replace(month=7)
    assert earliest_local(july, [("America/Denver", "America/Phoenix")]) == dt.time(6, 0)


def test_an_unknown_zone_may_be_midnight() -> None:
    """What no table knows is taken for the worst: somebody may be asleep."""
    assert earliest_local(MORNING, [("Europe/Paris",), (UNKNOWN,)]) == dt.time(0, 0)
    assert earliest_local(MORNING, [("No/Where",)]) == dt.time(0, 0)


def test_the_clock_needs_an_instant_and_people() -> None:
    """A wall clock without its zone, or nobody at all, has no earliest hour."""
    with pytest.raises(ValueError, match="needs a zone"):
        earliest_local(MORNING.replace(tzinfo=None), [("Europe/Paris",)])
    with pytest.raises(ValueError, match="empty"):
        earliest_local(MORNING, [])


@pytest.mark.slow
def test_blocks_are_no_narrower_than_phonenumbers() -> None:
    """For the example number of every kind in every region, no zone that phonenumbers names is left out.

    In country code 1 the area code decides: by kind, phonenumbers would put a mobile of Anguilla in all of it.
    """
    kinds = phonenumbers.PhoneNumberType.values()
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in kinds:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            by_number = timezone.time_zones_for_number
            lookup = timezone.time_zones_for_geographical_number if example.country_code == 1 else by_number
            named = set(lookup(example)) - {UNKNOWN}
            assert named <= set(zones_of_block(block_of(e164))), (region, kind)
