"""Renames of resources: what `moved:` says, against what the state knows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.address import Address, ObjectKey
from reconciler.model.problem import Problem
from reconciler.model.resource import Moved
from reconciler.model.state import LogEntry, Phase, Record, RecordMoved, Snapshot


def moves(
    snapshot: Snapshot, moved: Iterable[Moved], time: str, who: str
) -> tuple[tuple[LogEntry, ...], tuple[Problem, ...]]:
    """The entries that carry objects to their new addresses, and what stands in the way.

    A move that was made already is nothing. Objects do not change vendors, armed or not.
    """
    several = tuple(moved)
    if not several:
        return (), ()
    known = _by_address(snapshot)
    entries: list[LogEntry] = []
    problems: list[Problem] = []
    for item in several:
        records = known.get(item.source)
        if not records:
            continue
        problem = _obstacle(known, item, records)
        if problem is not None:
            problems.append(problem)
            continue
        known[item.target] = known.pop(item.source)
        source, target = ObjectKey(item.source), ObjectKey(item.target)
        entries.append(RecordMoved(source, target, time, who, "moved: in the manifests"))
    return tuple(entries), tuple(problems)


def _by_address(snapshot: Snapshot) -> dict[Address, list[Record]]:
    found: dict[Address, list[Record]] = {}
    for key, record in snapshot.records.items():
        found.setdefault(key.address, []).append(record)
    return found


def _obstacle(known: Mapping[Address, list[Record]], item: Moved, records: list[Record]) -> Problem | None:
    move = f"{item.source} cannot move to {item.target}"
    if item.target in known:
        text = f"{move}: the state has that address already"
        remedy = "remove the moved: entry, or state rm one of the two"
        return Problem("MOV05", text, remedy, location=item.location)
    if (item.source.provider, item.source.kind) == (item.target.provider, item.target.kind):
        return None
    if any(record.phase is not Phase.INERT for record in records):
        text = f"{move}: a run of it was armed, and objects do not change vendors"
        return Problem("MOV06", text, "end it there, and begin a new campaign", location=item.location)
    text = f"{move}: another provider or kind has other objects"
    remedy = "remove the moved: entry; the old object is deleted"
    return Problem("MOV06", text, remedy, location=item.location)
