"""Time zones by number prefix: what the clock may show where a phone rings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconciler.contacts.contact import ContactFile
from reconciler.contacts.digest import country_code_size

UNKNOWN = "Etc/Unknown"
"""The zone of numbers that no table knows: any hour may be theirs."""

Zones = tuple[str, ...]

_THOUSAND = 3
"""Digits at the end that never decide the kind of a number; of four, some would."""


def zone_table(contacts: ContactFile, exact: Collection[bytes] | None = None) -> Mapping[Zones, int]:
    """Count people by the set of IANA zones they may be in; `exact` limits it to some of them.

    A prefix tells where a number was given out, not where its mobile is: a ported or travelling phone
    is invisible to every such table.
    """
    blocks = Counter(map(block_of, contacts.numbers(exact)))
    table: Counter[Zones] = Counter()
    for block, people in blocks.items():
        table[zones_of_block(block)] += people
    return dict(sorted(table.items()))


def earliest_local(instant: dt.datetime, zones: Iterable[Zones]) -> dt.time:
    """Return the earliest time of day that a clock of any of these people may show at an instant.

    Of an ambiguous number every zone counts; where a zone is unknown that is midnight. Raises
    ValueError without zones, or for an instant that has no zone itself.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    names = {name for some in zones for name in some}
    return min(_clock(instant, name) for name in names)


def zones_of_block(block: str) -> Zones:
    """Return the zones that the numbers of a block may be in, sorted."""
    if block.startswith("+1"):
        return _by_prefix(block[1:])
    country = _by_prefix(block[1 : 1 + country_code_size(block)])
    return country if len(country) == 1 else _by_kind(block, country)


def block_of(number: str) -> str:
    """Return the digits that decide a number's zones: down to the exchange, or to a block of a thousand."""
    return number[:-4] if number.startswith("+1") else number[:-_THOUSAND]


def _by_prefix(digits: str) -> Zones:
    """Return the zones of the longest prefix that the table knows."""
    table = _table()
    for size in range(len(digits), 0, -1):
        if digits[:size] in table:
            return table[digits[:size]]
    return (UNKNOWN,)


@cache
def _table() -> Mapping[str, Zones]:
    from phonenumbers.tzdata import TIMEZONE_DATA

    return {prefix: tuple(sorted(zones)) for prefix, zones in TIMEZONE_DATA.items()}


def _by_kind(block: str, country: Zones) -> Zones:
    """Ask by kind of number too: a mobile that belongs to no area may be in any zone of its country."""
    import phonenumbers
    from phonenumbers.timezone import time_zones_for_number

    number = phonenumbers.parse(block + _THOUSAND * "0")
    zones = tuple(sorted(time_zones_for_number(number)))
    return country if zones == (UNKNOWN,) else zones


def _clock(instant: dt.datetime, name: str) -> dt.time:
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return dt.time.min
    return instant.astimezone(zone).time().replace(second=0, microsecond=0)
