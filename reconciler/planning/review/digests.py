"""Digests of what a change was planned on, by which a later look tells whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.digest import digest
from reconciler.model.objects import LiveObject, WantedObject


def live_digest(live: Iterable[LiveObject | None]) -> str:
    """A digest of what the vendor showed of some objects, run state included; the same objects give the same text."""
    return digest([None if item is None else _shown(item) for item in live], 12)


def _shown(item: LiveObject) -> list[object]:
    ended = item.ended.value if item.ended is not None else None
    return [item.remote_id, item.marker, dict(item.fields), item.running, ended]


def wanted_digest(wanted: WantedObject | None) -> str:
    """A digest of all that the manifests want of an object; without one, of nothing."""
    if wanted is None:
        return ""
    wants = {
        "fields": {name: repr(value) for name, value in wanted.fields.items()},
        "calendar": repr(wanted.calendar),
        "desired": wanted.desired.value if wanted.desired is not None else None,
        "contacts": wanted.contacts,
        "except_blacklists": wanted.except_blacklists,
        "on_queued_suppression": wanted.on_queued_suppression,
        "name": wanted.natural_key,
        "protect": wanted.protect,
    }
    return digest(wants, 12)
