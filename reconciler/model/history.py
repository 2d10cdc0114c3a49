"""History: the log's entries as somebody reads them."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.address import ObjectKey


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry: when, by whom, what, and why. `people` is how many it concerns; never who."""

    serial: int
    time: str
    who: str
    what: str
    key: ObjectKey | None = None
    people: int = 0
    reason: str = ""
