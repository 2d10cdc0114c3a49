"""A saved plan does what was reviewed, once, and nothing else (law 11)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace
from reconciler.errors import PlanStale
from reconciler.model.plan import Plan
from reconciler.planning.planner import build_plan
from reconciler.planning.review.reviewed import Reviewed, change_digest, check_fresh, unreviewed, vanished

from .scenes import SceneOf, short
from .world import World

RUNNING = {"want": {"campaign/jan": {"state": "running", "people": "a b"}}}


def plan_of(case: dict[str, Any]) -> Plan:
    """The plan of a case."""
    return build_plan(SceneOf(case).scene()).plan


def review(plan: Plan) -> Reviewed:
    """What is pinned when a plan is saved."""
    return Reviewed(
        project_id=plan.project_id,
        lineage=plan.lineage,
        expires=plan.expires,
        digest=plan.digest,
        changes={item.id: change_digest(item) for item in plan.todo},
        rings={item.id: item.first_ring for item in plan.todo if item.first_ring is not None},
        people={item.id: item.people for item in plan.todo},
    )


def refused(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """The changes of a later plan that may not be made as an earlier one was reviewed."""
    found = unreviewed(review(plan_of(before)), plan_of(after))
    return {short(name): reason for name, reason in found.items()}


def test_the_same_plan_is_reviewed() -> None:
    """Where nothing changed since, everything may be made."""
    assert refused(RUNNING, RUNNING) == {}


def test_a_list_that_grew_sends_nobody() -> None:
    """A person who was not on the reviewed list keeps the append, and the start after it, from being made."""
    grown = {"want": {"campaign/jan": {"state": "running", "people": "a b c"}}}
    assert refused(RUNNING, grown) == {
        "campaign/jan@1#append": "differs from the reviewed plan",
        "campaign/jan@1#start": "waits for plum/campaign/jan@1#append",
    }


def test_a_blacklist_that_grew_only_takes_away() -> None:
    """More suppression than was reviewed lets the rest go on."""
    assert refused(RUNNING, {**RUNNING, "blacklists": {"dnc": {"people": "b"}}}) == {}


def test_a_blacklist_that_shrank_sends_nobody() -> None:
    """More people than were reviewed, of the same list, are not sent."""
    before = {**RUNNING, "blacklists": {"dnc": {"people": "b"}}}
    assert "campaign/jan@1#append" in refused(before, RUNNING)


def test_an_earlier_ring_is_refused() -> None:
    """What would ring earlier than was reviewed is not made."""
    early = {"state": "running", "fields": {"windows": [["06:00", "11:00", "-> profile/p"]]}}
    late = {"state": "running", "fields": {"windows": [["10:00", "11:00", "-> profile/p"]]}}
    assert "campaign/jan@1#start" in refused(
        {"want": {"campaign/jan": late}}, {"want": {"campaign/jan": early}}
    )


def test_a_change_by_hand_is_refused() -> None:
    """An object that differs from what was reviewed is left alone, and so is what refers to it."""
    before = {
        "want": {"campaign/jan": {"state": "running", "fields": {"end_date": "2027-02-05"}}},
        "have": {"campaign/jan": {"phase": "armed"}},
    }
    meddled = {
        **before,
        "have": {
            "campaign/jan": {"phase": "armed", "live": {"fields": {"start_url": "https://else.example"}}}
        },
    }
    assert refused(before, meddled) == {"campaign/jan@1#update": "differs from the reviewed plan"}
    used = {
        **before,
        "have": {
            "profile/p": {"id": "92", "live": {"fields": {"period": 29}}},
            "campaign/jan": {"phase": "armed"},
        },
    }
    assert "campaign/jan@1#update" in refused(before, used)


def test_another_text_is_refused() -> None:
    """A create whose settings changed since the review is not made."""
    other = {"state": "running", "people": "a b", "fields": {"start_url": "https://else.example"}}
    assert "campaign/jan@1#create" in refused(RUNNING, {"want": {"campaign/jan": other}})


def test_what_was_held_is_not_reviewed() -> None:
    """A consent that comes after the review lets nothing go on that was held in it."""
    before = {"want": {"campaign/jan": {}}, "have": {"campaign/jan": {"phase": "armed"}}}
    assert refused(before, {**before, "allow": ["end-run"]}) == {
        "campaign/jan@1#stop": "not in the reviewed plan"
    }


def test_twice() -> None:
    """A plan that was applied is done: a second apply of it finds nothing that it may do."""
    world, case = World(), {"want": {"schedule/s": {}, "profile/p": {}, **RUNNING["want"]}}
    first = world.plan(case)
    saved = review(first.plan)
    world.apply(first)
    again = world.plan(case).plan
    assert unreviewed(saved, again) == {}
    assert again.todo == ()
    assert set(vanished(saved, again)) == set(saved.changes)


def test_made_again_is_not_what_was_reviewed() -> None:
    """An object that somebody deleted after the first apply is not made again by a second one."""
    world, case = World(), {"want": {"schedule/s": {}, "profile/p": {}, "campaign/jan": {"people": "a"}}}
    first = world.plan(case)
    saved = review(first.plan)
    world.apply(first)
    name = next(item.remote_id for item in world.things.values() if item.kind == "campaign")
    del world.things[name]
    again = world.plan(case).plan
    assert [item.action.value for item in again.todo] == ["create", "append"]
    assert set(unreviewed(saved, again)) == {item.id for item in again.todo}


@pytest.mark.parametrize(
    "change", [{"project_id": "other"}, {"lineage": "other"}, {"expires": "2027-01-05T13:59:59+00:00"}]
)
def test_a_stale_plan_is_refused(change: dict[str, str]) -> None:
    """A plan of another project, of another state, or one that expired is refused as a whole."""
    plan = plan_of(RUNNING)
    now = dt.datetime.fromisoformat("2027-01-05T14:00:00+00:00")
    check_fresh(review(plan), plan, now)
    with pytest.raises(PlanStale):
        check_fresh(replace(review(plan), **change), plan, now)


def test_clock_and_wording_are_not_in_the_digest() -> None:
    """The same changes and people have the same digest later on, and others another one."""
    plan = plan_of(RUNNING)
    assert plan_of({**RUNNING, "now": "2027-01-04T14:05:00+00:00"}).digest == plan.digest
    assert plan_of({"want": {"campaign/jan": {"state": "running", "people": "a"}}}).digest != plan.digest
