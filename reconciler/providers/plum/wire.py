"""Values as Plum's lists spell them, read into ours; None where there is nothing to read."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from reconciler.model.resource import DAYS

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_DATE_LENGTH = 10


def text(value: Any) -> str | None:
    """Read a text; an empty one counts as none (A17)."""
    if not isinstance(value, str) or not value:
        return None
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def number(value: Any) -> int | None:
    """Read a whole number, given as such or as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return None


def array(value: Any) -> list[Any] | None:
    """Read an array, given as such or as JSON text (A6)."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, list) else None


def days(value: Any) -> tuple[str, ...] | None:
    """Read days in week order; a day that we do not know comes last and shows as a difference."""
    items = array(value)
    if items is None:
        return None
    found = {str(item).strip().lower() for item in items}
    return (*(day for day in DAYS if day in found), *sorted(found.difference(DAYS)))


def date(value: Any) -> str | None:
    """Read a date; lists append a midnight to it."""
    found = text(value)
    return None if found is None else found.strip()[:_DATE_LENGTH]


def clock(value: Any) -> str | None:
    """Read a time of day as HH:MM."""
    return _clock(value) if isinstance(value, str) else None


@functools.lru_cache(maxsize=2048)
def _clock(value: str) -> str | None:
    """Read each time of day once; campaigns share them."""
    found = _CLOCK.fullmatch(value.strip())
    return None if found is None else f"{int(found[1]):02}:{found[2]}"
