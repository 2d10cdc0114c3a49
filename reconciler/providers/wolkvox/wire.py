"""Values as wolkvox spells them, written and read; None where there is nothing to read."""

from __future__ import annotations

import re
from typing import Any

from reconciler.providers.wolkvox.about import OPTIONS

_MARKED = re.compile(r"(?:(?P<text>.*?)\s+)?reconciler:(?P<marker>[a-z2-7]{8})\s*", re.DOTALL)
_CLOCK = re.compile(r"(?:\d{8})?(\d{2}):?(\d{2}):?(\d{2})", re.ASCII)
MARK = "reconciler:"
_LAST = "24:00"

YES = frozenset({"yes", "true", "1", "on", "active", "activated", "enabled", "si", "sí"})
NO = frozenset({"no", "false", "0", "off", "inactive", "deactivated", "disabled", ""})


def text(value: Any) -> str | None:
    """Read a text, whatever type it comes in; blanks around it are the vendor's (A description may be one)."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip()


def number(value: Any) -> int | None:
    """Read a whole number, which mostly comes as text."""
    found = text(value)
    return int(found) if found is not None and found.isascii() and found.isdecimal() else None


def flag(value: Any) -> bool | None:
    """Read a yes or no; its values in lists are not shown, so any usual word counts."""
    found = str(value).strip().lower() if isinstance(value, bool | int | str) else None
    return True if found in YES else False if found in NO else None


def word(*, value: bool) -> str:
    """Write a yes or no."""
    return "yes" if value else "no"


def running(value: Any) -> bool | None:
    """Read a state, in either case (A7)."""
    return {"started": True, "stopped": False}.get((text(value) or "").lower())


def digits_of_clock(clock: str) -> str:
    """Write a time of day as a create takes it, `hhiiss`; midnight at the end of a day is its last second (A1)."""
    return "235959" if clock == _LAST else clock.replace(":", "") + "00"


def clock_with_seconds(clock: str) -> str:
    """Write a time of day as an edit takes it, `HH:mm:ss` (A1)."""
    return "23:59:59" if clock == _LAST else f"{clock}:00"


def clock(value: Any) -> str | None:
    """Read a time of day, `HH:MM`, from `hhiiss`, `HH:mm:ss` or a time behind a date (A1)."""
    found = _CLOCK.fullmatch(re.sub(r"[-T ]", "", str(value).strip()))
    if found is None:
        return None
    return _LAST if found.groups() == ("23", "59", "59") else f"{found[1]}:{found[2]}"


def marked(description: str, marker: str | None) -> str:
    """Write a description with our marker behind it."""
    return f"{description} {MARK}{marker}".strip() if marker else description


def unmarked(description: Any) -> tuple[str, str | None]:
    """Take the marker off a description: the text, and the marker if there is one."""
    whole = text(description) or ""
    found = _MARKED.fullmatch(whole)
    return (whole, None) if found is None else (found["text"] or "", found["marker"])


def labels(value: Any) -> dict[str, str]:
    """Write the titles of the optional fields: all twelve, so that one which is gone is emptied."""
    named = dict(value) if isinstance(value, tuple) else {}
    return {name: str(named.get(name, "")) for name in OPTIONS}


def filter_body(value: Any) -> dict[str, Any]:
    """Write a filter, `(connector, ((field, operator, value), …))`; None takes it off."""
    if not isinstance(value, tuple):
        return {"filter_active": "no", "connector": "and", "filters": []}
    connector, conditions = value
    named = [dict(zip(("field", "operator", "value"), each, strict=True)) for each in conditions]
    return {"filter_active": "yes", "connector": connector, "filters": named}
