"""A campaign as wolkvox takes it, in a create and in an edit, and as its list and its live view show it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.model.objects import LiveObject
from reconciler.model.standing import Counters
from reconciler.model.value import Value
from reconciler.providers.base import Sendable, Sending
from reconciler.providers.wolkvox import wire
from reconciler.providers.wolkvox.dialect import identity

MINUTES_OF_AN_HOUR = 60


def encode(sending: Sending, skill_id: str | None) -> dict[str, str]:
    """Give the settings of a create as the vendor wants them; answering machines are left to an edit."""
    fields = sending.fields
    return {
        "campaign_name": str(fields["title"]),
        "campaign_description": wire.marked(str(fields["description"]), sending.marker),
        "start_time": wire.digits_of_clock(str(fields["start_time"])),
        "end_time": wire.digits_of_clock(str(fields["end_time"])),
        "skill_id": skill_id or "",
        **wire.labels(fields["optional_labels"]),
        "enable_edition": wire.word(value=fields["enable_edition"] is True),
    }


def encode_changes(sending: Sending, names: frozenset[str], skill_id: str | None) -> dict[str, Any]:
    """Give the named settings as an edit wants them; what an edit does not set is left out."""
    found = {key: write(sending.fields[name]) for name, (key, write) in _EDITS.items() if name in names}
    if "description" in names:
        found["campaign_description"] = wire.marked(str(sending.fields["description"]), sending.marker)
    return found if skill_id is None else {**found, "skill_id": skill_id}


def _word(value: Sendable) -> str:
    return wire.word(value=value is True)


_EDITS: Mapping[str, tuple[str, Callable[[Sendable], Any]]] = {
    "title": ("campaign_name", str),
    "type": ("type_camp", lambda value: str(value).capitalize()),
    "start_time": ("start_time", lambda value: wire.clock_with_seconds(str(value))),
    "end_time": ("end_time", lambda value: wire.clock_with_seconds(str(value))),
    "amd": ("amd_conf", str),
    "enable_edition": ("enable_edition", _word),
    "optional_labels": ("optional_labels", wire.labels),
    "turbo_dial": ("turbo_dial", _word),
    "routing_recall": ("routing_recall", _word),
    "camp_dial_order": ("camp_dial_order", str),
}


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one campaign of the list; what is not shown is left out."""
    description, marker = wire.unmarked(item.get("campaign_description"))
    title = wire.text(item.get("campaign_name"))
    shown: dict[str, Value] = {
        "title": title,
        "type": (wire.text(item.get("type_campaign")) or "").lower() or None,
        "skill_id": wire.text(item.get("skill_id")) or None,
        "skill": wire.text(item.get("skill_name")) or None,
        "speed": wire.number(item.get("speed")),
        "turbo_dial": wire.flag(item.get("turbo_dial")) if wire.text(item.get("turbo_dial")) else None,
    }
    fields = {name: value for name, value in shown.items() if value is not None}
    if "campaign_description" in item:
        fields["description"] = description
    return LiveObject(
        provider,
        "campaign",
        identity(item) or "",
        fields,
        natural_key=title,
        marker=marker,
        running=wire.running(item.get("status")),
        people=wire.number(item.get("records")),
    )


FAILED = ("no_answer", "busy/congestion/failed", "answer_machine")


def counters_of(row: Mapping[str, Any]) -> Counters:
    """Read one campaign of the live view: who is not clean any more is through; if not dialled, then left out."""
    total, clean, dialled = (wire.number(row.get(name)) for name in ("records", "clean", "dial"))
    done = dialled if total is None or clean is None else total - clean
    missed = [wire.number(row.get(name)) for name in FAILED]
    a_minute = wire.number(row.get("calls_x_min"))
    return Counters(
        done=done,
        total=total,
        answered=wire.number(row.get("answer")),
        failed=None if None in missed else sum(each or 0 for each in missed),
        filtered=None if done is None or dialled is None else max(0, done - dialled),
        rate=None if a_minute is None else float(a_minute * MINUTES_OF_AN_HOUR),
    )
