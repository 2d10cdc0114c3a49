"""Parts: the several objects of one run, where the vendor takes people only with the create (design: part)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.model.marker import marker
from reconciler.model.objects import Ended, WantedObject
from reconciler.model.state import Phase, Record
from reconciler.planning.decision import Desk
from reconciler.planning.endings import over
from reconciler.planning.people import RunPeople, merged
from reconciler.planning.scene import Scene, live_of
from reconciler.planning.settle import is_spare

COMPLETED = Ended.COMPLETED.value


def with_parts(scene: Scene) -> Scene:
    """The scene with a wanted object for each further part that a run has, and for the next one it may get."""
    filled = [item for item in scene.wanted if _is_filled_on_create(scene, item)]
    if not filled:
        return scene
    further = [part for item in filled for part in _further(scene, item)]
    return replace(scene, wanted=(*scene.wanted, *further)) if further else scene


def _is_filled_on_create(scene: Scene, wanted: WantedObject) -> bool:
    spec = scene.spec(wanted.key, wanted.kind)
    return spec is not None and spec.fill_on_create


def _further(scene: Scene, wanted: WantedObject) -> Iterator[WantedObject]:
    first = scene.snapshot.records.get(wanted.key)
    if first is None:
        return
    known = [record.key.part for record in parts_of(scene.snapshot.records.values(), first)]
    for part in (*(number for number in sorted(known) if number), max(known) + 1):
        yield part_of(scene.project.project_id, wanted, part, first)


def part_of(project_id: str, wanted: WantedObject, part: int, first: Record | None = None) -> WantedObject:
    """One part of a run as it is wanted: with the settings that the run began with."""
    key = replace(wanted.key, part=part)
    fields = {**wanted.fields, **first.fields} if first is not None else wanted.fields
    return replace(wanted, key=key, fields=fields, marker=marker(project_id, key))


def parts_of(records: Iterable[Record], like: Record) -> list[Record]:
    """The objects of one run, less those that exist too often or were put aside."""
    return [item for item in records if is_same_run(item, like)]


def is_same_run(record: Record, like: Record) -> bool:
    """Whether two objects are parts of one run."""
    one, other = record.key, like.key
    return one.address == other.address and one.run == other.run and not is_spare(one)


def run_parts(desk: Desk, wanted: WantedObject) -> list[Record]:
    """The parts that a run has."""
    first = desk.scene.snapshot.records.get(replace(wanted.key, part=0))
    return parts_of(desk.index.runs.get(wanted.key.address, ()), first) if first is not None else []


def open_parts(desk: Desk, wanted: WantedObject) -> list[Record]:
    """The parts of a run that are not over."""
    return [item for item in run_parts(desk, wanted) if not _is_over(desk, item)]


def was_cut_short(desk: Desk, wanted: WantedObject) -> bool:
    """Whether a part of a run ended before all of its people were tried."""
    return any(_is_over(desk, item) and not _is_complete(desk, item) for item in run_parts(desk, wanted))


def _is_over(desk: Desk, record: Record) -> bool:
    if record.phase is not Phase.ARMED:
        return record.phase is Phase.ENDED
    spec = desk.scene.spec(record.key, record.kind)
    return spec is not None and over(desk, spec, record, live_of(desk.index, record))


def _is_complete(desk: Desk, record: Record) -> bool:
    live = live_of(desk.index, record)
    return record.ended == COMPLETED or (live is not None and live.ended is Ended.COMPLETED)


def run_people(desk: Desk, wanted: WantedObject) -> RunPeople:
    """The people of all parts of a run together."""
    records = run_parts(desk, wanted)
    several = [desk.people(replace(wanted, key=item.key), item) for item in records]
    if len(several) <= 1:
        return several[0] if several else desk.people(wanted, None)
    return replace(
        several[0],
        sent=merged(item.sent for item in several),
        queued_suppressed=frozenset().union(*[item.queued_suppressed for item in several]),
        vanished=frozenset().union(*[item.vanished for item in several]),
    )
