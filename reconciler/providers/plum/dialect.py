"""How Plum's replies are read: which are success, which an error, and which neither.

An error is `{"status": "error", "error": …}` or a validator's map `{"field": ["sentence"]}`; the page
gives no HTTP status for either, so none is expected. A write is done when the reply says so with
`{"status": "success"}`, and with nothing less.
"""

from __future__ import annotations

from typing import Any

from reconciler.transport.outcome import Dialect, Success, VendorError

WRAPPERS = ("response", "data")
CLIENT_ERRORS = range(400, 500)
PARAMETERS = frozenset(
    {
        "nickname", "name", "days", "period", "amount_per_period", "time_between_periods", "start_date", "end_date",
        "schedule", "schedule_id", "profiles", "phone_numbers", "start_url", "result_url", "campaign_id",
    }
)  # fmt: skip
"""What a validator can name: the parameters of the documented operations."""


def read_write(status: int, body: Any) -> Success | VendorError | None:
    """Read the reply to a write. The value is the `response` object, empty where there is none (A7)."""
    if not isinstance(body, dict):
        return None
    if body.get("status") == "success":
        return Success(_response(body.get("response")))
    return read_error(status, body)


def read_create(status: int, body: Any) -> Success | VendorError | None:
    """Read the reply to a create. The value is the new id; success without one is of no documented shape."""
    reading = read_write(status, body)
    if not isinstance(reading, Success):
        return reading
    remote_id = identity(reading.value.get("id"))
    return None if remote_id is None else Success(remote_id)


def read_error(status: int, body: dict[str, Any]) -> VendorError | None:
    """Read an error of a documented shape; at 4xx a lone `message` too, which nothing else could mean.

    Elsewhere a map of sentences is a validator's only if it names parameters: `{"errors": ["boom"]}` with a
    500 comes from something that broke, maybe after it had acted.
    """
    if body.get("status") == "error":
        return VendorError(_sentence(body.get("error")) or "the vendor answered with an error")
    if is_validator_map(body) and (status in CLIENT_ERRORS or body.keys() <= PARAMETERS):
        return VendorError(" ".join(text for texts in body.values() for text in texts))
    if status in CLIENT_ERRORS and isinstance(body.get("message"), str):
        return VendorError(body["message"])
    return None


def is_validator_map(body: dict[str, Any]) -> bool:
    """Whether every field names its sentences, as for a nickname that is taken."""
    return bool(body) and "status" not in body and all(_is_sentences(texts) for texts in body.values())


def list_of(*id_names: str) -> Dialect:
    """Make the reader of a list: a bare array of objects that all have an id; anything else is no list."""

    def read_list(status: int, body: Any) -> Success | VendorError | None:
        items = _unwrapped(body)
        if items is not None and all(_has_id(item, id_names) for item in items):
            return Success(items)
        return read_error(status, body) if isinstance(body, dict) else None

    return read_list


def _unwrapped(body: Any) -> list[Any] | None:
    if isinstance(body, dict) and body.get("status", "success") == "success":
        body = next((body[name] for name in WRAPPERS if isinstance(body.get(name), list)), None)
    return body if isinstance(body, list) else None


def _has_id(item: Any, id_names: tuple[str, ...]) -> bool:
    return isinstance(item, dict) and any(identity(item.get(name)) is not None for name in id_names)


def identity(value: Any) -> str | None:
    """Read an id given as a number or as text; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip() or None


def _response(value: Any) -> dict[str, Any]:
    """Read the object that the tables call an array; should it ever come in one, take it out (A7)."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def _sentence(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_sentences(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) for text in value)
