"""Values as CALLR spells them, read into ours, and ours as CALLR takes them."""

from __future__ import annotations

import re
from typing import Any

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_ZERO = "0000-00-00"


def text(value: Any) -> str | None:
    """Read a text; what is null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)


def number(value: Any) -> int | None:
    """Read a whole number, given as such or as text (A8)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value.strip()):
        return int(value)
    return None


def switch(value: Any) -> bool | None:
    """Read a yes or no, given as such, as a number or as a word; what is null is no."""
    if isinstance(value, bool):
        return value
    return {"": False, "0": False, "false": False, "1": True, "true": True}.get(
        "" if value is None else str(value).strip().lower()
    )


def texts(value: Any) -> tuple[str, ...] | None:
    """Read a list of texts, or one alone (the samples send `prompt` so); what is null has none."""
    if value is None or value == "":
        return ()
    items = value if isinstance(value, list) else [value]
    found = [text(item) for item in items]
    return tuple(item for item in found if item is not None) if None not in found else None


def unordered(value: Any) -> tuple[str, ...] | None:
    """Read a list whose order says nothing."""
    found = texts(value)
    return None if found is None else tuple(sorted(found))


def clock(value: Any) -> str | None:
    """Read a time of day as HH:MM; seconds may follow."""
    found = _CLOCK.fullmatch(str(value).strip()) if value is not None else None
    return None if found is None else f"{int(found[1]):02}:{found[2]}"


def moment(value: Any) -> str | None:
    """Read a moment, `YYYY-MM-DD HH:MM:SS` in UTC; zeros stand for never (A16)."""
    found = value if isinstance(value, str) and value.strip() else None
    return None if found is None or found.startswith(_ZERO) else found
