"""A vendor and a state in memory: a plan's changes carried out with the effects that the engine gives them.

Requests may be lost on the way: the world then knows what happened, and the state does not. The world keeps
a ledger of who was queued in what rang, and of what was started how often.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from reconciler.engine.sending import applied_fields
from reconciler.model.address import ObjectKey
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Change
from reconciler.model.state import (
    BlobRef,
    Intent,
    IntentWritten,
    LogEntry,
    Operation,
    OutcomeWritten,
    Phase,
    Record,
    Result,
    Snapshot,
)
from reconciler.model.value import Value
from reconciler.planning.basis.scene import People, Scene, build_index
from reconciler.planning.basis.transitions import armed, buried, made
from reconciler.planning.planner import Planned, build_plan
from reconciler.planning.settling.settle import Settled, settle
from reconciler.state.fold import fold

from .scenes import NOW, PROJECT_ID, SPECS, SceneOf

OPERATIONS = {item: Operation(item.value) for item in Action if item is not Action.REPLACE}
BATCH = 2


class _Refused(Exception):
    """The vendor refused: names of schedules and profiles are unique, and what is used is not deleted."""


@dataclass
class Thing:
    """One object at a vendor: what lists show of it, and what they do not."""

    provider: str
    kind: str
    remote_id: str
    fields: dict[str, Value]
    name: str | None
    marker: str | None
    made_for: ObjectKey | None = None
    queue: list[bytes] = field(default_factory=list)
    started: bool = False
    running: bool = False
    stopped: bool = False
    hidden: bool = False


class Loss(Struct, frozen=True):
    """Which request's reply is lost, whether it was carried out, and whether lists lag behind it."""

    at: int
    happened: bool
    lagging: bool = False


@dataclass
class World:
    """The vendors' objects and our state of them."""

    things: dict[str, Thing] = field(default_factory=dict)
    snapshot: Snapshot = field(default_factory=lambda: Snapshot("lineage", PROJECT_ID))
    sent: dict[str, People] = field(default_factory=dict)
    called: Counter[tuple[str, str, bytes]] = field(default_factory=Counter)
    starts: Counter[ObjectKey] = field(default_factory=Counter)
    now: dt.datetime = field(default_factory=lambda: dt.datetime.fromisoformat(NOW))
    numbers: int = 0
    requests: int = 0

    # Seeing

    def live(self) -> dict[str, tuple[LiveObject, ...]]:
        """What lists show."""
        shown = [_shown(item) for item in self.things.values() if not item.hidden]
        return {name: tuple(item for item in shown if item.provider == name) for name in SPECS}

    def scene(self, case: Mapping[str, Any]) -> Scene:
        """The scene of a manifest, written as cases are, in this world."""
        scene = SceneOf({"bare": True, **case}).scene()
        snapshot = replace(self.snapshot, hold=scene.snapshot.hold)
        live = {name: items for name, items in self.live().items() if name in scene.live}
        return replace(scene, snapshot=snapshot, live=live, sent=self.sent, now=self.now)

    def plan(self, case: Mapping[str, Any]) -> Planned:
        """The plan for a manifest in this world."""
        return build_plan(self.scene(case))

    # Doing

    def apply(self, planned: Planned, loss: Loss | None = None) -> bool:
        """Carry out a plan; False when a reply was lost on the way, and everything ended there."""
        self.write(*planned.entries)
        done: set[str] = set()
        for item in planned.plan.changes:
            if item.held or not done.issuperset(item.after):
                continue
            try:
                if not all(self._request(step, loss) for step in self._steps(planned, item)):
                    return False
            except _Refused:
                continue
            done.add(item.id)
        return True

    def write(self, *entries: LogEntry) -> None:
        """Add to the state; what contradicts it raises StateError."""
        self.snapshot = fold(self.snapshot, entries)

    def _request(self, step: _Step, loss: Loss | None) -> bool:
        self.requests += 1
        self.write(IntentWritten(step.intent))
        lost = loss is not None and loss.at == self.requests
        if lost and not loss.happened:  # type: ignore[union-attr]  # lost says there is one
            return False
        try:
            made_id = step.effect()
        except _Refused:
            self.write(OutcomeWritten(step.intent.id, Result.REFUSED, step.intent.time))
            raise
        if lost:
            if loss.lagging and made_id in self.things:  # type: ignore[union-attr]
                self.things[made_id].hidden = True
            return False
        record, dropped = step.outcome(made_id)
        self.write(OutcomeWritten(step.intent.id, Result.DONE, step.intent.time, record, dropped))
        return True

    def settle(self, case: Mapping[str, Any], *, patient: bool) -> Settled:
        """Look for what got no reply, as recovery does before it plans."""
        scene = replace(self.scene(case), wanted=())
        settled = settle(scene, build_index(scene), patient=patient)
        self.write(*settled.entries)
        return settled

    def show(self) -> None:
        """Let lists show everything at last."""
        for item in self.things.values():
            item.hidden = False

    def twice(self) -> list[tuple[str, str, bytes]]:
        """Who was queued more than once in one run of one campaign."""
        return [person for person, count in self.called.items() if count > 1]

    # One change, request by request

    def _steps(self, planned: Planned, item: Change) -> Iterator[_Step]:
        wanted = planned.wanted.get(item.key)
        if item.action is Action.APPEND:
            group = sorted(planned.queued.get(item.id, {}).items())
            for first in range(0, len(group), BATCH):
                yield self._append(item, dict(group[first : first + BATCH]))
            return
        verbs: Mapping[Action, Callable[[Change, WantedObject | None], _Step]] = {
            Action.CREATE: self._create,
            Action.UPDATE: self._update,
            Action.DELETE: self._delete,
        }
        yield verbs.get(item.action, self._phase)(item, wanted)

    def _intent(self, item: Change, **more: Any) -> Intent:
        self.numbers += 1
        record = self.snapshot.records.get(item.key)
        self.now += dt.timedelta(seconds=1)
        intent = Intent(
            f"i{self.numbers}",
            item.key,
            item.kind,
            OPERATIONS[item.action],
            "digest",
            self.now.isoformat(),
            "test",
            lookup=item.action is Action.CREATE,
            marker=record.marker if record else None,
            natural_key=record.natural_key if record else None,
        )
        return replace(intent, **more)

    def _create(self, item: Change, wanted: WantedObject | None) -> _Step:
        assert wanted is not None
        fields = applied_fields(wanted, self.snapshot.records.get)
        bearing = tuple(thing.remote_id for thing in self.things.values() if _bears(thing, wanted))
        intent = self._intent(
            item,
            fields=fields,
            marker=wanted.marker,
            natural_key=wanted.natural_key,
            depends_on=wanted.depends_on,
            protect=wanted.protect,
            before=tuple(name for name in bearing if not self.things[name].hidden),
        )

        def effect() -> str:
            if wanted.marker is None and bearing:
                raise _Refused
            self.numbers += 1
            name = f"{self.numbers:05}"
            provider = item.address.provider
            self.things[name] = Thing(
                provider, item.kind, name, dict(fields), wanted.natural_key, wanted.marker, item.key
            )
            return name

        return _Step(intent, effect, lambda name: (made(intent, self._record(item), name), False))

    def _update(self, item: Change, wanted: WantedObject | None) -> _Step:
        assert wanted is not None
        record = self._owned(item)
        names = [each.field for each in item.differences] or list(wanted.fields)
        changed = replace(wanted, fields={name: wanted.fields[name] for name in names})
        fields = applied_fields(changed, self.snapshot.records.get)
        merged = {**record.fields, **{name: fields[name] for name in names}}

        def effect() -> str:
            thing = self._thing(record)
            thing.fields |= {name: merged[name] for name in names}
            thing.marker, thing.name = record.marker, record.natural_key
            return thing.remote_id

        fresh = replace(
            record,
            fields=merged,
            depends_on=wanted.depends_on,
            protect=wanted.protect,
            generation=record.generation + 1,
        )
        return _Step(self._intent(item, fields=merged), effect, lambda _: (fresh, False))

    def _delete(self, item: Change, _wanted: WantedObject | None) -> _Step:
        record = self._owned(item)

        def effect() -> str:
            thing = self._thing(record)
            users = self._users(thing)
            if any(user.hidden for user in users):
                raise _Refused
            assert not users, "what is in use was deleted"
            assert thing.made_for == item.key or item.key.part, "a stranger's object was deleted"
            del self.things[thing.remote_id]
            return ""

        inert = record.phase is Phase.INERT
        return _Step(self._intent(item), effect, lambda _: (None if inert else buried(record), inert))

    def _append(self, item: Change, people: People) -> _Step:
        record = self._owned(item)
        name = f"blob {sorted(people)}"
        self.sent[name] = people
        ref = BlobRef(name, len(people))

        def effect() -> str:
            thing = self._thing(record)
            thing.queue += list(people)
            if thing.started:
                self._call(thing, list(people))
            return thing.remote_id

        fresh = replace(record, sent=(*record.sent, ref), generation=record.generation + 1)
        return _Step(self._intent(item, contacts=ref), effect, lambda _: (fresh, False))

    def _phase(self, item: Change, _wanted: WantedObject | None) -> _Step:
        record = self._owned(item)
        intent = self._intent(item)

        def effect() -> str:
            thing = self._thing(record)
            if item.action is Action.START:
                assert not thing.started, "started a second time"
                assert thing.made_for == record.key, "what exists too often was started"
                thing.started = True
                self.starts[record.key] += 1
                self._call(thing, thing.queue)
            thing.running = item.action in (Action.START, Action.RESUME)
            thing.stopped = thing.stopped or item.action is Action.STOP
            return thing.remote_id

        return _Step(intent, effect, lambda _: (self._phased(item, record, intent), False))

    def _phased(self, item: Change, record: Record, intent: Intent) -> Record:
        if item.action is Action.START:
            return armed(record, intent.time)
        if item.action is not Action.STOP:
            running = item.action is Action.RESUME
            return replace(record, running=running, generation=record.generation + 1)
        several = [each for each in self.snapshot.intents.values() if each.key == item.key and each != intent]
        unsure = tuple(each.contacts for each in several if each.contacts is not None)
        for each in several:
            self.write(OutcomeWritten(each.id, Result.ASSUMED, intent.time))
        over = armed(replace(record, sent=(*record.sent, *unsure)), intent.time)
        return replace(over, phase=Phase.ENDED, running=False, ended=item.reason)

    def _call(self, thing: Thing, people: list[bytes]) -> None:
        key = thing.made_for
        assert key is not None
        self.called.update((key.address.name, key.run, person) for person in people)

    def _record(self, item: Change) -> Record | None:
        return self.snapshot.records.get(item.key)

    def _owned(self, item: Change) -> Record:
        record = self.snapshot.records[item.key]
        assert record.remote_id is not None
        return record

    def _thing(self, record: Record) -> Thing:
        return self.things[str(record.remote_id)]

    def _users(self, thing: Thing) -> list[Thing]:
        used = thing.kind, thing.remote_id
        return [
            item
            for item in self.things.values()
            if item.provider == thing.provider and used in SceneOf._uses(item.fields)
        ]


class _Step(Struct, frozen=True):
    """One request: its intent, what it does at the vendor, and what the state says once it is done."""

    intent: Intent
    effect: Callable[[], str]
    outcome: Callable[[str], tuple[Record | None, bool]]


def _bears(thing: Thing, wanted: WantedObject) -> bool:
    if wanted.marker is not None:
        return thing.marker == wanted.marker
    return (thing.provider, thing.kind, thing.name) == (
        wanted.key.address.provider,
        wanted.kind,
        wanted.natural_key,
    )


def _shown(thing: Thing) -> LiveObject:
    spec = SPECS[thing.provider][thing.kind]
    return LiveObject(
        thing.provider,
        thing.kind,
        thing.remote_id,
        dict(thing.fields),
        natural_key=thing.name,
        marker=thing.marker,
        running=thing.running if spec.shows_running else None,
        uses=SceneOf._uses(thing.fields),
    )
