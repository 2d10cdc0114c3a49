"""Recovery: any request may be lost, at any moment, and nobody is called twice for it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from msgspec.structs import replace
from reconciler.model.state import Operation, OutcomeWritten, Phase, Result
from reconciler.planning.basis.consent import ACTIONS
from reconciler.planning.basis.scene import build_index
from reconciler.planning.basis.transitions import DOUBT, LOST
from reconciler.planning.settling.settle import settle

from .projects import manifests
from .scenes import SceneOf, key_of
from .world import Loss, World

many = settings(
    phases=[Stage.explicit, Stage.reuse, Stage.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Without shrinking: a history that fails is short, and minutes of shrinking tell little more."""

losses = st.builds(Loss, at=st.integers(1, 12), happened=st.booleans(), lagging=st.booleans())
steps = st.lists(st.tuples(manifests(), losses, st.booleans(), st.booleans()), min_size=1, max_size=3)


def lose(world: World, case: dict[str, Any], loss: Loss) -> bool:
    """Apply a manifest until the reply to one request is lost; False when one was."""
    return world.apply(world.plan(case), replace(loss, at=world.requests + loss.at))


def live_through(world: World, history: list[Any]) -> dict[str, Any]:
    """Apply manifests, each with a loss, a look, and a second try; lists may lag through all of it."""
    case: dict[str, Any] = {}
    for manifest, loss, in_time, impatient in history:
        case = {**manifest, "allow": ACTIONS}
        lose(world, case, loss)
        if in_time:
            world.show()
        if impatient:
            world.settle(case, patient=False)
            world.plan(case)
        world.settle(case, patient=True)
        world.apply(world.plan(case))
    return case


@pytest.mark.slow
@many
@given(steps)
def test_nobody_is_called_twice(history: list[Any]) -> None:
    """Whatever is lost, nobody is queued twice in what rings, no run is started twice, nothing is left over."""
    world = World()
    case = live_through(world, history)
    world.show()
    for _ in range(3):
        world.settle(case, patient=True)
        world.apply(world.plan(case))
    assert world.twice() == []
    assert all(count == 1 for count in world.starts.values())
    ringing = Counter(item.marker for item in world.things.values() if item.started)
    assert all(count == 1 for count in ringing.values())
    if not any(loss.lagging for _, loss, _, _ in history):
        check_tidy(world)


def check_tidy(world: World) -> None:
    """Where lists did not lag beyond patience, there is one object of each marker and name."""
    markers = Counter(item.marker for item in world.things.values() if item.marker is not None)
    assert all(count == 1 for count in markers.values())
    names = Counter((item.provider, item.kind, item.name) for item in world.things.values() if item.name)
    assert all(count == 1 for count in names.values())


@many
@given(steps)
def test_what_settles_settles_once(history: list[Any]) -> None:
    """Looking a second time finds nothing more, and what stays open is a start or an append that may ring."""
    world = World()
    case = live_through(world, history)
    world.show()
    world.settle(case, patient=True)
    again = world.settle(case, patient=True)
    assert again.entries == ()
    assert again.waiting == ()
    for intent in again.open:
        assert intent.operation in (Operation.START, Operation.APPEND)


def settled(case: dict[str, Any], *, patient: bool = True) -> Any:
    """What looking comes to in a case."""
    scene = replace(SceneOf(case).scene(), wanted=())
    return settle(scene, build_index(scene), patient=patient)


def results(case: dict[str, Any], *, patient: bool = True) -> list[Result]:
    """How the intents of a case end."""
    return [
        entry.result for entry in settled(case, patient=patient).entries if isinstance(entry, OutcomeWritten)
    ]


def test_a_create_that_shows_is_adopted() -> None:
    """One object with the marker that was not there before is ours, and inert."""
    case = {
        "intents": [{"key": "campaign/jan", "operation": "create", "before": ["7"]}],
        "strangers": [
            {"id": 7, "like": "campaign/jan", "marked": True},
            {"id": 8, "like": "campaign/jan", "marked": True},
        ],
    }
    (entry,) = settled(case, patient=False).entries
    assert (entry.result, entry.record.remote_id, entry.record.phase) == (Result.DONE, "8", Phase.INERT)


def test_a_create_that_shows_twice_is_adopted_once() -> None:
    """Of several, the first is adopted; the others become parts that nobody wants, each its own."""
    case = {
        "intents": [{"key": "campaign/jan", "operation": "create"}],
        "strangers": [{"id": number, "like": "campaign/jan", "marked": True} for number in (7, 8, 9)],
    }
    records = [entry.record for entry in settled(case).entries]
    assert [record.remote_id for record in records] == ["7", "8", "9"]
    assert len({record.key for record in records}) == 3
    assert all(record.phase is Phase.INERT for record in records)


def test_a_create_that_does_not_show_takes_patience() -> None:
    """Nothing follows from one look; after patient looking it was not made, and is remembered to be lost."""
    case = {"intents": [{"key": "campaign/jan", "operation": "create"}]}
    early = settled(case, patient=False)
    assert early.entries == ()
    assert [intent.key for intent in early.waiting] == [key_of("campaign/jan")]
    (entry,) = settled(case).entries
    assert entry.result is Result.NOT_DONE
    assert entry.record.facts[LOST] == "1"
    assert entry.record.remote_id is None


@pytest.mark.parametrize("operation", ["start", "append", "delete"])
def test_what_does_not_show_yet_takes_patience(operation: str) -> None:
    """An object made a moment ago may not show yet: one look does not tell that it is gone."""
    case = {
        "have": {"campaign/jan": {"phase": "armed", "live": "gone"}},
        "intents": [{"key": "campaign/jan", "operation": operation, "people": "a"}],
    }
    assert results(case, patient=False) == []
    assert len(settled(case, patient=False).waiting) == 1
    assert len(results(case)) == 1


@pytest.mark.parametrize("operation", ["create", "start", "append", "delete", "stop", "update"])
def test_another_account_settles_nothing(operation: str) -> None:
    """Where nothing of ours shows, nothing is concluded: not that it is gone, not that it was never made."""
    case = {
        "bare": True,
        "have": {
            "campaign/jan": {"phase": "armed", "live": "gone"},
            "schedule/s": {"live": "gone"},
            "profile/p": {"live": "gone"},
        },
        "intents": [{"key": "campaign/jan", "operation": operation, "people": "a"}],
    }
    found = settled(case)
    assert found.entries == ()
    assert len(found.open) == 1


def test_an_unread_provider_settles_nothing() -> None:
    """What could not be read says nothing about its intents."""
    case = {"intents": [{"key": "campaign/jan", "operation": "create"}], "unread": ["plum"]}
    assert len(settled(case).open) == 1


def test_a_start_stays_open_where_it_cannot_be_seen() -> None:
    """A vendor that does not show the run state leaves a start unknown, however long one looks."""
    case = {
        "have": {"campaign/jan": {}},
        "intents": [{"key": "campaign/jan", "operation": "start"}],
    }
    found = settled(case)
    assert found.entries == ()
    assert len(found.open) == 1


def test_a_start_that_shows_is_done() -> None:
    """A vendor that shows it running settles the start."""
    case = {
        "have": {"ring/campaign/jan": {"live": {"running": True}}},
        "intents": [{"key": "ring/campaign/jan", "operation": "start"}],
    }
    (entry,) = settled(case).entries
    assert (entry.result, entry.record.phase) == (Result.DONE, Phase.ARMED)


def test_a_start_that_does_not_show_stays_open() -> None:
    """Not running now does not tell that it never was: the run may have been through already."""
    case = {
        "have": {"ring/campaign/jan": {"live": {"running": False}}},
        "intents": [{"key": "ring/campaign/jan", "operation": "start"}],
    }
    assert len(settled(case).open) == 1


def test_an_append_while_inert_leaves_doubt() -> None:
    """Nobody can tell who is queued, so what never rang is marked to be made again."""
    case = {
        "have": {"campaign/jan": {}},
        "intents": [{"key": "campaign/jan", "operation": "append", "people": "a"}],
    }
    (entry,) = settled(case).entries
    assert (entry.result, entry.record.sent, bool(entry.record.facts[DOUBT])) == (Result.NOT_DONE, (), True)


def test_an_append_to_what_may_ring_stays_open() -> None:
    """A start with no reply may have happened: its contacts are not thrown away and sent again."""
    case = {
        "have": {"campaign/jan": {}},
        "intents": [
            {"key": "campaign/jan", "operation": "start"},
            {"key": "campaign/jan", "operation": "append", "people": "a"},
        ],
    }
    assert len(settled(case).open) == 2


def test_an_append_to_what_is_gone_counts_as_sent() -> None:
    """Nobody can be asked any more, so its people count as called."""
    case = {
        "have": {"campaign/jan": {"phase": "armed", "sent": "b", "live": "gone"}},
        "intents": [{"key": "campaign/jan", "operation": "append", "people": "a"}],
    }
    (entry,) = settled(case).entries
    assert (entry.result, [ref.digest for ref in entry.record.sent]) == (Result.ASSUMED, ["b", "a"])


def test_several_of_one_object_are_settled_one_upon_the_other() -> None:
    """What one intent leaves in the record is not undone by the next."""
    case = {
        "have": {"campaign/jan": {"phase": "armed", "sent": "b", "live": "gone"}},
        "intents": [
            {"key": "campaign/jan", "operation": "append", "people": "a"},
            {"key": "campaign/jan", "operation": "stop"},
            {"key": "campaign/jan", "operation": "append", "people": "c"},
        ],
    }
    entries = settled(case).entries
    assert [ref.digest for ref in entries[-1].record.sent] == ["b", "a", "c"]


def test_a_lost_update_is_sent_again() -> None:
    """A field that does not show is forgotten, so that the next plan sends it again; one that shows is not."""
    case = {
        "have": {"campaign/jan": {"phase": "armed", "live": {"hides": ["start_url"]}}},
        "intents": [
            {
                "key": "campaign/jan",
                "operation": "update",
                "fields": {"start_url": "https://ivr.example/other", "end_date": "2027-02-05"},
            }
        ],
    }
    (entry,) = settled(case).entries
    assert "start_url" not in entry.record.fields
    assert entry.record.fields["end_date"] == "2027-01-29"


@pytest.mark.parametrize(("phase", "gone"), [("inert", None), ("ended", Phase.ENDED)])
def test_a_delete_of_what_is_gone_is_done(phase: str, gone: Phase | None) -> None:
    """What never rang is forgotten; of what rang the run id stays spent."""
    case = {
        "have": {"campaign/jan": {"phase": phase, "live": "gone"}},
        "intents": [{"key": "campaign/jan", "operation": "delete"}],
    }
    (entry,) = settled(case).entries
    assert entry.result is Result.DONE
    assert entry.dropped == (gone is None)
    assert (entry.record and entry.record.phase) == gone


def test_a_delete_of_what_is_there_was_not_made() -> None:
    """It is still there, so it is planned anew."""
    case = {
        "have": {"campaign/jan": {}},
        "intents": [{"key": "campaign/jan", "operation": "delete"}],
    }
    assert results(case) == [Result.NOT_DONE]


def test_an_intent_without_its_object_is_over() -> None:
    """What is not ours any more is not waited for."""
    case = {"intents": [{"key": "campaign/jan", "operation": "stop"}]}
    assert results(case) == [Result.NOT_DONE]


def test_what_shows_late_is_ours_to_remove() -> None:
    """As many objects as creates were lost are bound to parts that nobody wants; any beyond are copies."""
    case = {
        "have": {"campaign/jan": {"facts": {LOST: "1", "before": "5"}}},
        "strangers": [{"id": number, "like": "campaign/jan", "marked": True} for number in (5, 77, 78)],
    }
    first, stray = settled(case).entries
    assert (first.record.key, first.record.facts) == (key_of("campaign/jan"), {})
    assert (stray.record.remote_id, stray.record.phase) == ("77", Phase.INERT)
    assert stray.record.key.part >= 900


def test_what_shows_late_before_it_is_made_again() -> None:
    """A run's late object is bound to a part, so that the run begins with one that is surely empty."""
    case = {
        "have": {"campaign/jan": {"gone": True, "facts": {LOST: "1", "before": ""}}},
        "strangers": [{"id": 77, "like": "campaign/jan", "marked": True}],
    }
    mark, stray = settled(case).entries
    assert mark.record.remote_id is None
    assert stray.record.remote_id == "77"


def test_what_no_run_owns_is_adopted_late() -> None:
    """A schedule that shows late under the name that we gave it is the one we made."""
    case = {
        "have": {"schedule/x": {"gone": True, "facts": {LOST: "1", "before": ""}}},
        "strangers": [{"id": 77, "like": "schedule/x", "name": "x"}],
    }
    (entry,) = settled(case).entries
    assert (entry.record.remote_id, entry.record.facts) == ("77", {})


def test_a_namesake_with_other_settings_is_not_ours() -> None:
    """A schedule of our name that does not have the days that we sent was made by somebody else."""
    case = {
        "intents": [{"key": "schedule/x", "operation": "create"}],
        "strangers": [{"id": 77, "like": "schedule/x", "name": "x", "fields": {"days": ["sun"]}}],
    }
    assert results(case) == [Result.NOT_DONE]
