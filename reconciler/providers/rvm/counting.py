"""What RVM counts of a campaign: when it is made, while it drops, and in the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reconciler.model.standing import Counters
from reconciler.model.state import ARMED_WITH, REMARK
from reconciler.providers.base import Progress
from reconciler.providers.rvm import wire

COUNTERS: Final = ("c_wireless", "c_landlines", "c_duplicates", "c_invalid")
MOVING: Final = ("c_delivered", "c_failed", "c_filtered")
"""What an overview counts beside the queue; the first stands in the page's text alone (A12)."""


def progress_of(shown: Mapping[str, Any], busy: Mapping[str, Any], *, running: bool, over: bool) -> Progress:
    """Read an overview, and how many deliveries are in progress, as how far a campaign has come."""
    return Progress(
        waiting=wire.number(shown["c_hopper"]) or 0,
        under_way=wire.number(busy["c_channels"]) or 0,
        running=running,
        over=over,
        counts=tuple(wire.number(shown.get(name)) for name in MOVING),
    )


def counted(body: Mapping[str, Any], sent: int) -> dict[str, str]:
    """What the vendor said of the people in a create: how many wait in it, and a remark if that is not all of them."""
    counts = [wire.number(body.get(key)) for key in COUNTERS]
    known = [count for count in counts if count is not None]
    if len(known) < len(COUNTERS):
        return {}
    if known[0] == sent:
        return {ARMED_WITH: str(sent)}
    wireless, landlines, duplicates, invalid = known
    lost = "" if sum(known) == sent else f"; it counted {sum(known)}"
    text = f"of {sent} people sent {wireless} are mobiles: {landlines} landlines, {duplicates} duplicates, "
    return {ARMED_WITH: str(wireless), REMARK: f"{text}{invalid} invalid{lost}"}


def counters_of(row: Mapping[str, Any]) -> Counters:
    """Read one row of the report of campaigns."""
    answered, failed, filtered, waiting = (
        wire.number(row.get(name)) for name in ("r_delivered", "r_undelivered", "r_filtered", "r_hopper")
    )
    known = [each for each in (answered, failed, filtered) if each is not None]
    done = sum(known) if len(known) == 3 else None  # noqa: PLR2004 - the three ways to be through with somebody
    total = None if done is None or waiting is None else done + waiting
    return Counters(done, total, answered, failed, filtered)
