"""Parts: the several objects of one run, where the vendor takes people only with the create (design: part)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from msgspec.structs import replace

from reconciler.model.address import Address
from reconciler.model.marker import marker
from reconciler.model.objects import Ended, WantedObject
from reconciler.model.plan import Change
from reconciler.model.state import REPLACED, Phase, Record
from reconciler.model.value import Fields
from reconciler.planning.basis.consent import granted
from reconciler.planning.basis.decision import Decision
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.people import RunPeople, merged
from reconciler.planning.basis.scene import Scene, live_of
from reconciler.planning.basis.transitions import is_spare
from reconciler.planning.decisions.endings import over

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
    known = sorted(parts_of(scene.snapshot.records.values(), first), key=lambda item: item.key.part)
    settings = _settings(scene, wanted, known)
    for record in known:
        if record.key.part:
            yield part_of(scene.project.project_id, wanted, record.key.part, _kept(scene, record, settings))
    yield part_of(scene.project.project_id, wanted, known[-1].key.part + 1, settings)


def _settings(scene: Scene, wanted: WantedObject, known: list[Record]) -> Fields:
    """What the next part begins with: what the run goes on with, or what the manifest says once that replaces it."""
    going = [item for item in known if item.ended != REPLACED]
    spec = scene.spec(wanted.key, wanted.kind)
    may = (
        spec is not None
        and spec.replaceable
        and granted(scene)("replace", wanted.key.address, wanted.key.run)
    )
    if may or not going:
        return wanted.fields
    begun = [item for item in going if item.phase is not Phase.INERT]
    return (begun or going)[-1].fields


def _kept(scene: Scene, record: Record, settings: Fields) -> Fields:
    """What a further part should have: one at work what the manifest says, if that can replace it."""
    spec = scene.spec(record.key, record.kind)
    if record.phase is Phase.ARMED and spec is not None and spec.replaceable:
        return {}
    return settings if record.phase is Phase.INERT else record.fields


def each_once(decision: Decision) -> Decision:
    """The decision with each person in one part of a run alone: the first of those that would take them in (law 1)."""
    runs: dict[tuple[Address, str], list[Change]] = {}
    for item in decision.changes:
        if item.id in decision.queued:
            runs.setdefault((item.address, item.key.run), []).append(item)
    queued, changed = dict(decision.queued), {}
    for items in (items for items in runs.values() if len(items) > 1):
        taken: set[bytes] = set()
        for item in sorted(items, key=lambda item: item.key):
            people = queued[item.id]
            if not taken.isdisjoint(people):
                queued[item.id] = {exact: broad for exact, broad in people.items() if exact not in taken}
                changed[item.id] = replace(item, people=len(queued[item.id]))
            taken.update(people)
    if not changed:
        return decision
    changes = tuple(changed.get(item.id, item) for item in decision.changes)
    return replace(decision, changes=changes, queued=queued)


def part_of(
    project_id: str, wanted: WantedObject, part: int, settings: Fields = MappingProxyType({})
) -> WantedObject:
    """One part of a run as it is wanted: as the manifest says, but for some settings."""
    key = replace(wanted.key, part=part)
    return replace(wanted, key=key, fields={**wanted.fields, **settings}, marker=marker(project_id, key))


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
    """Whether a part of a run ended before all of its people were tried, and none takes them over."""
    over = (item for item in run_parts(desk, wanted) if _is_over(desk, item))
    return any(item.ended != REPLACED and not _is_complete(desk, item) for item in over)


def is_half_replaced(desk: Desk, wanted: WantedObject) -> bool:
    """Whether the newest part of a run was stopped to be replaced, and the one for its people is not made yet."""
    newest = max(run_parts(desk, wanted), key=lambda item: item.key.part, default=None)
    return newest is not None and newest.ended == REPLACED


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
