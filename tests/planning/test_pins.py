"""Pins: a reviewed plan, known again by a few letters for each change."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from reconciler.errors import ReconcilerError
from reconciler.model.plan import Plan
from reconciler.planning.review.pins import Pins, read_pins
from reconciler.planning.review.reviewed import unreviewed

from .scenes import short
from .test_reviewed import RUNNING, plan_of

GROWN = {"want": {"campaign/jan": {"state": "running", "people": "a b c"}}}
OTHER = {
    "want": {"campaign/jan": {"state": "running", "people": "a b"}, "campaign/feb": {"state": "running"}}
}
DRAFT = {"want": {"campaign/jan": {"state": "draft", "people": "a b"}}}


def pinned(plan: Plan) -> Pins:
    """The plan as a comment knows it."""
    return Pins(plan.project_id, plan.digest, plan.pins, plan.lineage)


def refused(pins: Pins, plan: Plan) -> set[str]:
    """The changes of a plan that are not among the pins, or differ from them."""
    return {short(name) for name in unreviewed(pins.against(plan), plan)}


@pytest.mark.parametrize("before", [RUNNING, GROWN, OTHER, DRAFT])
def test_the_same_plan_is_reviewed(before: dict[str, Any]) -> None:
    """Where nothing changed since, everything may be made: by its pins, and by its digest alone."""
    plan = plan_of(before)
    assert plan.todo
    assert refused(pinned(plan), plan_of(before)) == set()
    assert refused(Pins(plan.project_id, plan.digest), plan_of(before)) == set()


def test_only_what_differs_is_refused() -> None:
    """A list that grew keeps the append, and the start after it, from being made, and nothing else."""
    assert refused(pinned(plan_of(RUNNING)), plan_of(GROWN)) == {
        "campaign/jan@1#append",
        "campaign/jan@1#start",
    }


def test_new_changes_are_refused_and_known_ones_made() -> None:
    """What another change of the manifests brought is held; what was reviewed goes on."""
    after = plan_of(OTHER)
    found = refused(pinned(plan_of(RUNNING)), after)
    assert found
    assert all(name.startswith("campaign/feb") for name in found)


def test_a_digest_alone_is_all_or_nothing() -> None:
    """Without pins nobody can tell what differs, so nothing is made."""
    after = plan_of(OTHER)
    assert refused(Pins(after.project_id, plan_of(RUNNING).digest), after) == {
        short(item.id) for item in after.todo
    }


def test_nothing_reviewed_is_nothing_made() -> None:
    """Without any review every change is refused."""
    plan = plan_of(RUNNING)
    assert refused(Pins(plan.project_id, ""), plan) == {short(item.id) for item in plan.todo}


def test_more_people_and_an_earlier_ring_are_refused() -> None:
    """A change that reaches more people than was shown, or rings earlier, is not what was reviewed."""
    plan = plan_of(RUNNING)
    start = next(item for item in plan.todo if item.first_ring)
    append = next(item for item in plan.todo if item.people)
    more = tuple(replace(item, people=item.people + 1) if item is append else item for item in plan.changes)
    early = tuple(
        replace(item, first_ring="2026-01-01T08:00:00-05:00") if item is start else item
        for item in plan.changes
    )
    pins = Pins(plan.project_id, "", plan.pins)
    assert unreviewed(pins.against(replace(plan, changes=more)), replace(plan, changes=more))[append.id]
    assert unreviewed(pins.against(replace(plan, changes=early)), replace(plan, changes=early))[start.id]


@pytest.mark.parametrize(
    "facts",
    [
        {"digest": "short"},
        {"digest": "0" * 32, "pins": "AAAA"},
        {"digest": "0" * 32, "pins": ["A" * 15]},
        {"digest": "0" * 32, "pins": ["A" * 16 + ":-1:"]},
        {"digest": "0" * 32, "pins": [7]},
        {"digest": "0" * 32, "pins": ["A" * 16 + ":1:2027-01-04T08:00:00-05:00 ::error::"]},
    ],
)
def test_what_is_no_pin_is_refused(facts: dict[str, Any]) -> None:
    """Whatever is read from outside is a pin to the letter, or nothing."""
    with pytest.raises(ReconcilerError):
        read_pins(facts)
