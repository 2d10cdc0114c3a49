"""Values as RVMpro spells them, read into ours; None where there is nothing to read."""

from __future__ import annotations

import re
from typing import Any

from reconciler.model.resource import DAYS

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_DATE_LENGTH = 10
SUNDAY_FIRST = (DAYS[-1], *DAYS[:-1])
"""The vendor counts days from Sunday, as 0."""


def text(value: Any) -> str | None:
    """Read a text; an empty one counts as none."""
    return value if isinstance(value, str) and value else None


def number(value: Any) -> int | None:
    """Read a whole number, given as such or as text (A14)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return None


def date(value: Any) -> str | None:
    """Read a date; a time of day may follow it (A16)."""
    found = text(value)
    return None if found is None else found.strip()[:_DATE_LENGTH]


def clock(value: Any) -> str | None:
    """Read a time of day as HH:MM; seconds may follow."""
    found = _CLOCK.fullmatch(str(value).strip()) if value is not None else None
    return None if found is None else f"{int(found[1]):02}:{found[2]}"


def digits(value: Any) -> str | None:
    """Read a callback number: digits alone, or a word such as Unknown."""
    found = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    bare = re.sub(r"\D", "", found)
    return bare or found or None


def file_name(value: Any) -> str | None:
    """Read the name of an audio file; replies show that alone, manifests a whole address."""
    found = text(value)
    return None if found is None else found.partition("?")[0].partition("#")[0].rpartition("/")[2]


def days(value: Any) -> tuple[str, ...] | None:
    """Read days in week order; a day that we do not know comes last and shows as a difference."""
    if not isinstance(value, int | str) or isinstance(value, bool):
        return None
    names = dict(enumerate(SUNDAY_FIRST))
    items = {item.strip() for item in str(value).split(",") if item.strip()}
    found = {names.get(int(item), item) if item.isdecimal() else item for item in items}
    return (*(day for day in DAYS if day in found), *sorted(found.difference(DAYS)))


def day_numbers(names: tuple[str, ...]) -> str:
    """Write days as the vendor counts them."""
    return ",".join(str(at) for at, day in enumerate(SUNDAY_FIRST) if day in names)
