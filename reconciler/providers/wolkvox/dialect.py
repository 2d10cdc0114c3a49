"""How wolkvox's replies are read: an envelope with `code`, `error`, `msg` and mostly `data`.

`code` is a number, a text or empty (A5), so it is compared as text and says nothing where it is empty; the
HTTP status decides then. What an error's body looks like is not printed, so it may have none.
"""

from __future__ import annotations

import re
from typing import Any

from reconciler.providers.wolkvox.wire import number, text
from reconciler.transport.outcome import Dialect, Success, VendorError

NOT_FOUND = 404
SUCCESS = range(200, 300)
CREDENTIALS = frozenset({"401", "403"})
ID_NAMES = ("campaign_id", "id_campaign", "id_campaing", "id")
_DELETED = re.compile(r"(\d+) campaigns? deleted.*?(\d+) operations? failed", re.IGNORECASE | re.DOTALL)
_NONE = re.compile(r"\b0 records? (?:were|was) found", re.IGNORECASE)


def read_write(status: int, body: Any) -> Success | VendorError | None:
    """Read the reply to a write; the value is its `data`, a list or a map, None where there is none."""
    if not isinstance(body, dict):
        return None
    code = text(body.get("code")) or ""
    if body.get("error") or (code.isdecimal() and int(code) not in SUCCESS):
        return refusal(code or str(status), body)
    if status not in SUCCESS:
        return refusal(str(status), body) if "msg" in body else None
    return Success(body.get("data")) if "msg" in body or "code" in body else None


def refusal(code: str, body: dict[str, Any]) -> VendorError:
    """Read an error; of the three meanings of 403, load alone is worth another try, and a quota none today."""
    said = text(body.get("msg")) or text(body.get("error")) or ""
    upper = said.upper()
    busy, exhausted = "SIMULTANEOUS" in upper, "TOKEN LIMIT" in upper
    return VendorError(
        said or f"the vendor answered {code}",
        busy=busy,
        exhausted=exhausted,
        credentials=code in CREDENTIALS and not (busy or exhausted),
        missing=code == str(NOT_FOUND) and "LICEN" not in upper,
    )


def read_created(status: int, body: Any) -> Success | VendorError | None:
    """Read the reply to a create; the value is the new id. Both of its spellings count, the sample's first (A2)."""
    reading = read_write(status, body)
    if not isinstance(reading, Success):
        return reading
    items = reading.value if isinstance(reading.value, list) else [reading.value]
    found = [identity(item, "id_campaign", "id_campaing", "campaign_id") for item in items]
    return Success(found[0]) if len(found) == 1 and found[0] is not None else None


def read_added(count: int) -> Dialect:
    """Make the reader of the reply to an upload of so many records: a count that differs says neither yes nor no."""

    def read(status: int, body: Any) -> Success | VendorError | None:
        reading = read_write(status, body)
        if not isinstance(reading, Success):
            return reading
        items = reading.value if isinstance(reading.value, list) else []
        told = [number(item.get("total_registers")) for item in items if isinstance(item, dict)]
        return reading if all(each in (None, count) for each in told) else None

    return read


def read_deleted(status: int, body: Any) -> Success | VendorError | None:
    """Read the reply to a delete, which counts what it failed to delete under a code of success."""
    reading = read_write(status, body)
    if not isinstance(reading, Success):
        return reading
    found = _DELETED.search(text(body.get("msg")) or "")
    if found is not None and (int(found[1]) == 0 or int(found[2]) > 0):
        return VendorError(text(body.get("msg")) or "", missing=True)
    return reading


def list_of(*id_names: str) -> Dialect:
    """Make the reader of a list: a bare array or an envelope (A9) of items that all have one of these keys.

    An empty list and one that is said to be empty are the same (A17).
    """

    def read_list(status: int, body: Any) -> Success | VendorError | None:
        items = body if isinstance(body, list) else None
        if isinstance(body, dict):
            reading = read_write(status, body)
            if not isinstance(reading, Success):
                return reading
            none = not reading.value and _NONE.search(text(body.get("msg")) or "")
            items = [] if none else reading.value
        whole = isinstance(items, list) and all(_has(item, id_names) for item in items)
        return Success(items) if whole else None

    return read_list


def read_records(status: int, body: Any) -> Success | VendorError | None:
    """Read all records of a campaign (`campaign_15`), which come without an envelope's usual words."""
    if not isinstance(body, dict):
        return None
    items = body.get("records")
    if status in SUCCESS and isinstance(items, list) and all(isinstance(item, dict) for item in items):
        told = number(body.get("total_records"))
        return Success(items) if told in (None, len(items)) else None
    reading = read_write(status, body)
    return reading if isinstance(reading, VendorError) else None


def _has(item: Any, names: tuple[str, ...]) -> bool:
    return isinstance(item, dict) and identity(item, *names) is not None


def identity(item: Any, *names: str) -> str | None:
    """Read an id or name, number or text; None where there is none."""
    if not isinstance(item, dict):
        return None
    return next((found for name in names or ID_NAMES if (found := text(item.get(name)))), None)
