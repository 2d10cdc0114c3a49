"""Properties of every plan, over random projects, random edits of them, and what people do by hand."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Movement, Plan
from reconciler.model.state import Snapshot
from reconciler.planning.basis.compare import differences, outside_differences
from reconciler.planning.basis.consent import ACTIONS
from reconciler.planning.basis.scene import Scene, build_index, live_of
from reconciler.planning.planner import Planned, build_plan

from .projects import blacklists, hands, manifests, meddle
from .scenes import broad
from .world import World

many = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Without shrinking: a history that fails is short, and minutes of shrinking tell little more."""

histories = st.lists(st.tuples(manifests(), hands(), blacklists), min_size=1, max_size=3)
consents = st.sampled_from([(), ACTIONS])


def listed(case: dict[str, Any], words: str, allow: tuple[str, ...]) -> dict[str, Any]:
    """A manifest with a blacklist and consents."""
    return {**case, "blacklists": {"dnc": {"people": words}}, "allow": allow}


def lived(history: list[Any], allow: tuple[str, ...]) -> tuple[World, dict[str, Any]]:
    """A world in which each manifest was applied and then meddled with, and the last manifest."""
    world, case = World(), {}
    for manifest, meddling, words in history:
        case = listed(manifest, words, allow)
        world.apply(world.plan(case))
        for hand in meddling:
            meddle(world, hand)
    return world, case


@pytest.mark.slow
@settings(parent=many, max_examples=4 * settings.default.max_examples)
@given(histories, consents)
def test_a_second_plan_is_empty(history: list[Any], allow: tuple[str, ...]) -> None:
    """After an apply nothing is left to do or to learn, whatever was edited and meddled with before.

    And nobody is queued twice in what rings of one campaign and run, and no run is started twice.
    """
    world, case = lived([*history[:-1], (history[-1][0], [], history[-1][2])], allow)
    again = world.plan(case)
    assert again.plan.todo == ()
    assert again.entries == ()
    assert world.twice() == []
    assert all(count == 1 for count in world.starts.values())


@pytest.mark.slow
@many
@given(histories, manifests(), blacklists)
def test_order(history: list[Any], manifest: dict[str, Any], words: str) -> None:
    """Every change comes after all that it comes after, in a movement that is no earlier, and quieter ones first."""
    world, _ = lived(history, ())
    plan = world.plan(listed(manifest, words, ())).plan
    position = {item.id: number for number, item in enumerate(plan.changes)}
    by_id = {item.id: item for item in plan.changes}
    assert len(position) == len(plan.changes)
    for item in plan.changes:
        for name in item.after:
            assert position[name] < position[item.id]
            assert by_id[name].movement <= item.movement
        assert not (item.movement is Movement.QUIETER and item.after)
        assert item.held or not any(by_id[name].held for name in item.after)
    movements = [item.movement for item in plan.changes]
    assert movements == sorted(movements)
    check_pairs(plan)


def check_pairs(plan: Plan) -> None:
    """Of one object: stop before delete before create before append before start."""
    order = [Action.STOP, Action.DELETE, Action.CREATE, Action.APPEND, Action.START]
    seen: dict[object, int] = {}
    for item in plan.changes:
        if item.action in order:
            rank = order.index(item.action)
            assert seen.get(item.key, -1) < rank
            seen[item.key] = rank


@pytest.mark.slow
@many
@given(histories, manifests(), blacklists, st.integers(0, 999))
def test_the_order_of_inputs_is_irrelevant(
    history: list[Any], manifest: dict[str, Any], words: str, seed: int
) -> None:
    """The same scene gives the same plan, in whatever order its parts come."""
    world, _ = lived(history, ())
    scene = world.scene(listed(manifest, words, ()))
    first, second = build_plan(scene), build_plan(shuffled(scene, random.Random(seed)))
    assert first.plan == second.plan
    assert first.entries == second.entries


def shuffled(scene: Scene, chance: random.Random) -> Scene:
    """The same scene with everything in another order."""

    def mixed(items: Any) -> list[Any]:
        several = list(items)
        chance.shuffle(several)
        return several

    snapshot: Snapshot = replace(scene.snapshot, records=dict(mixed(scene.snapshot.records.items())))
    live = {name: tuple(mixed(items)) for name, items in mixed(scene.live.items())}
    return replace(scene, wanted=tuple(mixed(scene.wanted)), snapshot=snapshot, live=live)


@pytest.mark.slow
@many
@given(histories, consents, blacklists)
def test_what_is_applied_does_not_differ(history: list[Any], allow: tuple[str, ...], words: str) -> None:
    """An object as it was applied has no differences, and a change outside and its way back are opposite."""
    world, case = lived(history, allow)
    scene = world.scene(listed(case, words, allow))
    index = build_index(scene)
    for record in scene.snapshot.records.values():
        spec = scene.specs[record.key.address.provider][record.kind]
        assert differences(spec, record.fields, record.fields, record.fields, ringing=True) == ()
        live = live_of(index, record)
        if live is None:
            continue
        outside = outside_differences(spec, record, live, None, ringing=True)
        back = differences(spec, record.fields, record.fields, live.fields, ringing=True)
        assert {item.field for item in outside} == {item.field for item in back}
        pairs = {(there.loudness, here.loudness) for there, here in zip(outside, back, strict=True)}
        assert pairs <= OPPOSITES


OPPOSITES = {
    (Loudness.LOUDER, Loudness.QUIETER),
    (Loudness.QUIETER, Loudness.LOUDER),
    (Loudness.OTHER, Loudness.OTHER),
    (Loudness.SAME, Loudness.SAME),
}


@pytest.mark.slow
@many
@given(histories, consents, manifests(), blacklists)
def test_people(history: list[Any], allow: tuple[str, ...], manifest: dict[str, Any], words: str) -> None:
    """Counts add up; nobody suppressed is queued, and nobody who was queued for the same run already."""
    world, _ = lived(history, allow)
    planned = world.plan(listed(manifest, words, allow))
    suppressed = broad(words)
    for row in planned.plan.people:
        assert row.reachable == row.first_time + row.again
        assert row.added <= row.reachable
        assert row.shared <= row.reachable
    for name, people in planned.queued.items():
        assert suppressed.isdisjoint(people.values())
        assert set(people).isdisjoint(sent_in_run(world, planned, name))


def sent_in_run(world: World, planned: Planned, name: str) -> set[bytes]:
    """Who was queued in what rang of the run that a change is about."""
    key = next(item.key for item in planned.plan.changes if item.id == name)
    return {
        person for campaign, run, person in world.called if (campaign, run) == (key.address.name, key.run)
    }


@pytest.mark.slow
@many
@given(histories, manifests(), blacklists, st.sampled_from(["hold", "blacklist", "unread"]))
def test_brakes_hold(history: list[Any], manifest: dict[str, Any], words: str, brake: str) -> None:
    """Under a hold, a failed blacklist or an unread provider nobody is called who was not, and stops still go."""
    world, _ = lived(history, ACTIONS)
    case = listed(manifest, words, ACTIONS)
    free = {item.id for item in world.plan(case).plan.todo if item.movement is Movement.QUIETER}
    braked = world.plan({**case, **brakes(brake, words)})
    before = dict(world.called), dict(world.starts)
    world.apply(braked)
    assert (dict(world.called), dict(world.starts)) == before
    if brake != "unread":
        assert free <= {item.id for item in braked.plan.todo}


def brakes(brake: str, words: str) -> dict[str, Any]:
    """What sets one of the brakes, in a case's words."""
    found: dict[str, dict[str, Any]] = {
        "hold": {"hold": "quiet please"},
        "blacklist": {"blacklists": {"dnc": {"people": words}, "other": {"error": "unreadable"}}},
        "unread": {"unread": ["plum", "ring", "plum2", "keeper"]},
    }
    return found[brake]
