"""What is left of a review that was begun: the same changes, on what was done by then, and nothing beside them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Change, Difference, Finding, Movement, Origin, Plan
from reconciler.planning.review.carrying_on import begin, left_of

KEY = ObjectKey(Address("plum", "campaign", "january"), "1")
START = Change(
    "plum/campaign/january@1#start",
    KEY,
    "campaign",
    Action.START,
    Movement.LOUDER,
    "wanted",
    (Difference("state", None, "running", None, Origin.HERE, Loudness.LOUDER),),
    after=("plum/campaign/january@1",),
    people=11,
    people_digest="aa",
    wanted_digest="bb",
    first_ring="2027-01-04T08:00:00-05:00",
)
EMPTY = Plan("p", "p1", "l", 1, None, "2027-01-04T00:00:00+00:00", "2027-01-05T00:00:00+00:00")
BEGUN = begin(None, "review", [START], "ann")


def plan_of(*findings: Finding, changes: tuple[Change, ...] = (START,)) -> Plan:
    """Return a plan with these changes and findings, of which nothing else counts here."""
    return replace(EMPTY, changes=changes, findings=findings)


@pytest.mark.parametrize(
    "stands_on",
    [{"after": ()}, {"remote_id": "17"}, {"generation": 3}, {"live_digest": "cc"}, {"people": 5}],
    ids=lambda each: next(iter(each)),
)
def test_what_was_done_before_it_matters_not(stands_on: dict[str, object]) -> None:
    """A change is the same whatever it stands on by now, and with fewer people."""
    assert left_of(BEGUN, "review", plan_of()).covers(replace(START, **stands_on))


@pytest.mark.parametrize(
    "other",
    [
        {"id": "plum/campaign/february@1#start"},
        {"action": Action.RESUME},
        {"differences": ()},
        {"people": 12},
        {"people_digest": "ab"},
        {"wanted_digest": "bc"},
        {"first_ring": "2027-01-04T07:59:00-05:00"},
    ],
    ids=lambda each: next(iter(each)),
)
def test_another_change_is_not_covered(other: dict[str, object]) -> None:
    """More people, others, an earlier hour, another wish: each is new."""
    assert not left_of(BEGUN, "review", plan_of()).covers(replace(START, **other))


def test_another_review_covers_nothing() -> None:
    """Neither what another review began, nor a state that knows of none, lets anything through."""
    assert not left_of(BEGUN, "another", plan_of()).covers(START)
    assert not left_of(None, "review", plan_of()).covers(START)
    assert not left_of(None, "review", plan_of()).alone
    assert left_of(BEGUN, "review", plan_of()).alone


@pytest.mark.parametrize(
    ("grade", "name", "covered"),
    [
        (Loudness.LOUDER, "february", False),
        (Loudness.OTHER, "february", False),
        (Loudness.QUIETER, "february", True),
        (Loudness.QUIETER, "january", False),
    ],
)
def test_hand_at_a_vendor_ends_it(grade: Loudness, name: str, covered: bool) -> None:
    """Once somebody made anything louder, or touched this very campaign, nothing goes on by itself."""
    finding = Finding(ObjectKey(Address("plum", "campaign", name)), "campaign", "changed", grade, "")
    left = left_of(BEGUN, "review", plan_of(finding))
    assert left.covers(START) == covered
    assert left.alone == (grade is Loudness.QUIETER)


def test_doubtful_inert_object_makes_way() -> None:
    """What a cut-off left of a create in doubt is deleted for the same create, and only for that."""
    create = replace(START, id="plum/campaign/january@1", action=Action.CREATE, after=())
    delete = replace(create, id="plum/campaign/january@1#delete", action=Action.DELETE, wanted_digest="")
    anew = replace(create, after=(delete.id,))
    begun = begin(None, "review", [create], "ann")
    assert left_of(begun, "review", plan_of(changes=(delete, anew))).covers(delete)
    other = replace(anew, wanted_digest="other")
    assert not left_of(begun, "review", plan_of(changes=(delete, other))).covers(delete)
    assert not left_of(begun, "review", plan_of(changes=(delete,))).covers(delete)
    elsewhere = replace(delete, key=replace(KEY, run="2"))
    assert not left_of(begun, "review", plan_of(changes=(elsewhere, anew))).covers(elsewhere)


def test_what_was_begun_first_counts() -> None:
    """Going on adds to what was begun, and never lets more people in than the first run saw."""
    more = begin(BEGUN, "review", [replace(START, people=40)], "carol")
    assert (more.pins, more.who) == (BEGUN.pins, "carol")
    assert begin(BEGUN, "another", [], "carol").pins == ()
