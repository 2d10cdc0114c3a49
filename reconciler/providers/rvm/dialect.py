"""How RVMpro's replies are read: JSON that may be none, and flags that are text or boolean.

Success is a flag `<prefix>_error` of `"false"`, failure one of `true` with a list of sentences (A6). The
prefixes are mixed up (A7), media type and HTTP status are not documented (A19), so neither is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reconciler.providers.rvm.wire import digits, number
from reconciler.transport.outcome import Dialect, Success, VendorError, decode_json

ID_NAMES = ("c_campaign_id", "c_campaign_ID", "r_campaign_id")
COUNTS = ("r_rows", "c_rows", "rc_rows")
TRIED_ONLY = "0000000000"
"""The id in the reply to a create that only validates (`c_debug`)."""

_ID_LENGTH = 10
_ODD = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<colon>:\s*)(?P<zeros>0\d+)(?=\s*[,}\]])|,(?=\s*[}\]])', re.DOTALL)


def decode(body: bytes) -> Any:
    """Read JSON; where it is none, once more with zero-padded numbers as text and without trailing commas (A9)."""
    try:
        return decode_json(body)
    except ValueError:
        return decode_json(_ODD.sub(_mended, body.decode("utf-8-sig")).encode())


def _mended(found: re.Match[str]) -> str:
    if found["zeros"] is not None:
        return f'{found["colon"]}"{found["zeros"]}"'
    return "" if found[0] == "," else found[0]


def read_reply(status: int, body: Any) -> Success | VendorError | None:  # noqa: ARG001 - says nothing here
    """Read any reply; the value is its whole body."""
    if not isinstance(body, dict):
        return None
    flags = [value for name, value in body.items() if name.endswith("_error")]
    sentences = [value for name, value in body.items() if name.endswith("_error_msg")]
    if sentences or any(is_true(flag) for flag in flags):
        return _refusal(sentences)
    return Success(body) if flags and all(is_false(flag) for flag in flags) else None


def _refusal(sentences: list[Any]) -> VendorError:
    texts = [str(text) for value in sentences for text in (value if isinstance(value, list) else [value])]
    refused = any(text.lower().startswith("token") for text in texts)
    return VendorError("; ".join(texts) or "the vendor answered with an error", credentials=refused)


def read_create(status: int, body: Any) -> Success | VendorError | None:
    """Read the reply to a create; success without an id is of no documented shape."""
    reading = read_reply(status, body)
    if isinstance(reading, Success) and identity(reading.value) in (None, TRIED_ONLY):
        return None
    return reading


def read_overview(status: int, body: Any) -> Success | VendorError | None:
    """Read the state of one campaign."""
    reading = read_reply(status, body)
    return reading if not isinstance(reading, Success) or "c_status" in reading.value else None


def read_progress(status: int, body: Any) -> Success | VendorError | None:
    """Read the state of one campaign with its queue."""
    reading = read_overview(status, body)
    whole = not isinstance(reading, Success) or number(reading.value.get("c_hopper")) is not None
    return reading if whole else None


def read_channels(status: int, body: Any) -> Success | VendorError | None:
    """Read how many deliveries are in progress."""
    reading = read_reply(status, body)
    whole = not isinstance(reading, Success) or number(reading.value.get("c_channels")) is not None
    return reading if whole else None


def read_tried(status: int, body: Any) -> Success | VendorError | None:
    """Read a list whose items all have a number."""
    reading = read_rows(status, body)
    whole = not isinstance(reading, Success) or all(
        (digits(item.get("r_number")) or "").isdecimal() for item in reading.value
    )
    return reading if whole else None


class Rows(list[Mapping[str, Any]]):
    """The rows of a list; `told` is how many the vendor says there are: of this page, or of all (A5)."""

    told: int = 0


def read_rows(status: int, body: Any) -> Success | VendorError | None:
    """Read a list whose items need no id, as Rows."""
    reading = read_reply(status, body)
    if not isinstance(reading, Success):
        return reading
    items = reading.value.get("data")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return None
    rows = Rows(items)
    rows.told = next((told for name in COUNTS if (told := number(reading.value.get(name))) is not None), 0)
    return Success(rows)


def rows_of(*id_names: str) -> Dialect:
    """Make the reader of a list whose items must all have an id."""

    def read(status: int, body: Any) -> Success | VendorError | None:
        reading = read_rows(status, body)
        if not isinstance(reading, Success):
            return reading
        return reading if all(identity(item, *id_names) is not None for item in reading.value) else None

    return read


def identity(item: Any, *names: str) -> str | None:
    """Read an id, text or number, with its leading zeros; None where there is none."""
    if not isinstance(item, dict):
        return None
    for name in names or ID_NAMES:
        value = item.get(name)
        if isinstance(value, int | str) and not isinstance(value, bool) and str(value).strip().isdecimal():
            return str(value).strip().zfill(_ID_LENGTH)
    return None


def is_true(value: Any) -> bool:
    """Whether a flag says yes."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def is_false(value: Any) -> bool:
    """Whether a flag says no; anything unknown says neither."""
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")
