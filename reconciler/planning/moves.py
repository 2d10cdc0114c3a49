"""Renames of resources: what `moved:` says, against what the state knows. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.address import Address, ObjectKey
from reconciler.model.problem import Problem
from reconciler.model.resource import Moved
from reconciler.model.state import LogEntry, Phase, Record, RecordMoved, Snapshot


def moves(
    snapshot: Snapshot, moved: Iterable[Moved], time: str, who: str
) -> tuple[tuple[LogEntry, ...], tuple[Problem, ...]]:
    """The entries that carry objects to their new addresses, and what stands in the way.

    A move that was made already is nothing. One to another provider is refused while a run is armed.
    """
    entries: list[LogEntry] = []
    problems: list[Problem] = []
    for item in moved:
        records = [record for key, record in snapshot.records.items() if key.address == item.source]
        if not records:
            continue
        problem = _obstacle(snapshot, item, records)
        if problem is not None:
            problems.append(problem)
        else:
            entries.append(
                RecordMoved(
                    ObjectKey(item.source), ObjectKey(item.target), time, who, "moved: in the manifests"
                )
            )
    return tuple(entries), tuple(problems)


def _obstacle(snapshot: Snapshot, item: Moved, records: list[Record]) -> Problem | None:
    if _taken(snapshot, item.target):
        text = f"{item.source} cannot move to {item.target}: the state has that address already"
        return Problem(
            "MOV01", text, "remove the moved: entry, or state rm one of the two", location=item.location
        )
    same = item.source.provider == item.target.provider and item.source.kind == item.target.kind
    if same:
        return None
    if any(record.phase is not Phase.INERT for record in records):
        text = f"{item.source} cannot move to {item.target}: a run of it was armed, and objects do not change vendors"
        return Problem("MOV02", text, "end it there, and begin a new campaign", location=item.location)
    text = f"{item.source} cannot move to {item.target}: another provider or kind has other objects"
    return Problem(
        "MOV02", text, "remove the moved: entry; the old object is deleted", location=item.location
    )


def _taken(snapshot: Snapshot, target: Address) -> bool:
    return any(key.address == target for key in snapshot.records)
