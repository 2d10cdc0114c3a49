"""A campaign as RVM writes it and shows it: in the list, in the report, or in both. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reconciler.model.objects import Ended, LiveObject
from reconciler.model.value import Value
from reconciler.providers.base import Sendable, Sending
from reconciler.providers.rvm import client as api
from reconciler.providers.rvm import name, wire
from reconciler.providers.rvm.dialect import identity

_WIRE = {
    "callback": "c_callback",
    "wav": "c_wav",
    "start_time": "c_start_time",
    "stop_time": "c_stop_time",
    "start_date": "c_start_date",
    "stop_date": "c_stop_date",
    "days": "c_run_days",
    "throttle": "c_throttle",
    "timezone": "c_timezone",
    "state_check": "c_state_check",
    "performance": "c_performance",
}

_READERS: Mapping[str, Callable[[Any], Value]] = {
    "callback": wire.digits,
    "audio": wire.file_name,
    "start_date": wire.date,
    "stop_date": wire.date,
    "start_time": wire.clock,
    "stop_time": wire.clock,
    "days": wire.days,
    "timezone": wire.text,
    "throttle": wire.number,
}

_SHOWN: Mapping[str, tuple[str, ...]] = {
    "callback": ("c_callback", "r_callback"),
    "audio": ("c_wav", "r_wav"),
    "start_date": ("c_start_date",),
    "stop_date": ("c_stop_date",),
    "start_time": ("c_start_time",),
    "stop_time": ("c_stop_time",),
    "days": ("c_run_days",),
    "timezone": ("c_timezone", "c_timezonea"),
    "throttle": ("c_throttle", "r_throttle"),
}
"""Under which names a reply shows a field; the misspelt one is the page's own (A8)."""

ENDED = {"STOPPED": Ended.STOPPED, "COMPLETED": Ended.COMPLETED}

TRIED = ("r_delivered", "r_undelivered")


def encode(sending: Sending) -> api.Fields:
    """Give the settings as the vendor wants them; a campaign of one day names no days."""
    fields = sending.fields
    one_day = fields["start_date"] == fields["stop_date"]
    pairs = [(_WIRE[key], _spelled(fields[key])) for key in _WIRE if not (key == "days" and one_day)]
    return (("c_name", name.marked(str(fields["title"]), sending.marker)), *pairs)


def _spelled(value: Sendable) -> str:
    if isinstance(value, bool):
        return api.word(value=value)
    if isinstance(value, tuple):
        return wire.day_numbers(tuple(str(day) for day in value))
    return str(value)


def merged(
    listed: Sequence[Mapping[str, Any]], reported: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Join what list and report show of each campaign; the report was read later, and its state holds."""
    found: dict[str, dict[str, Any]] = {}
    for item in (*listed, *reported):
        found.setdefault(identity(item) or "", {}).update(item)
    return list(found.values())


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one campaign; what is not shown is left out."""
    whole = wire.text(item.get("c_name")) or wire.text(item.get("r_name")) or ""
    title, marker = name.unmarked(whole)
    shown = {key: _first(item, key, reader) for key, reader in _READERS.items()}
    fields = {"title": title, **{key: value for key, value in shown.items() if value is not None}}
    state = status(item.get("r_status", item.get("c_status")))
    return LiveObject(
        provider,
        "campaign",
        identity(item) or "",
        fields,
        natural_key=whole,
        marker=marker,
        running={"ACTIVE": True, "PAUSED": False}.get(state, False if state in ENDED else None),
        ended=ENDED.get(state),
        called=any((wire.number(item.get(key)) or 0) > 0 for key in TRIED),
    )


def _first(item: Mapping[str, Any], key: str, reader: Callable[[Any], Value]) -> Value:
    return next((reader(item[each]) for each in _SHOWN[key] if each in item), None)


def status(value: Any) -> str:
    """Read a state; pausing answers `PAUSE` (A3)."""
    found = (wire.text(value) or "").strip().upper()
    return "PAUSED" if found == "PAUSE" else found
