"""CALLR's own counters of a campaign, which differ by its type; what a type does not count is left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reconciler.model.standing import Counters
from reconciler.providers.callr import wire

TELLS: Final = frozenset({"done", "total", "answered", "failed", "filtered"})
PACE: Final = 30.0
"""Seconds between two looks; the page recommends nothing."""

BLACKLISTED: Final = "ERROR/BLACKLISTED"


def counters_of(item: Mapping[str, Any]) -> Counters:
    """Read a campaign's status: calls by how they ended, or messages by what became of them."""
    status = _map(item.get("status"))
    shown = _map(status.get("counters"))
    done, total = wire.number(status.get("items_done")), wire.number(status.get("items_total"))
    ways = {str(name): wire.number(count) or 0 for name, count in _map(shown.get("call_status")).items()}
    if ways:
        missed = sum(
            count for way, count in ways.items() if not way.startswith("ANSWERED/") and way != BLACKLISTED
        )
        return Counters(done, total, wire.number(shown.get("calls_answered")), missed, ways.get(BLACKLISTED))
    received = wire.number(_map(shown.get("sent_status")).get("RECEIVED"))
    return Counters(done, total, received, wire.number(shown.get("errors")))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
