"""Random projects for property tests: manifests as cases write them, and what people do by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .world import Thing, World

PEOPLE = "abcdefgh"
DATES = ("2027-01-08", "2027-01-15", "2027-01-29")

some_people = st.sets(st.sampled_from(PEOPLE)).map(lambda words: " ".join(sorted(words)))
schedules = st.fixed_dictionaries(
    {"fields": st.fixed_dictionaries({"days": st.sampled_from([["mon"], ["mon", "wed"], ["tue"]])})}
)
profiles = st.fixed_dictionaries(
    {"fields": st.fixed_dictionaries({"amount_per_period": st.sampled_from([50, 100, 200])})}
)


def campaigns(states: tuple[str, ...], fields: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Any]:
    """Campaigns with these states and fields."""
    return st.fixed_dictionaries(
        {
            "run": st.sampled_from("123"),
            "state": st.sampled_from(states),
            "people": some_people,
            "schedule": st.sampled_from(["s0", "s1"]),
            "profile": st.sampled_from(["p0", "p1"]),
            "on_queued_suppression": st.sampled_from(["stop", "report"]),
            "protect": st.sampled_from([False, False, False, True]),
            "fields": fields,
        }
    )


plum_campaigns = campaigns(
    ("draft", "running", "running", "stopped"),
    st.fixed_dictionaries({"start_date": st.just("2027-01-01"), "end_date": st.sampled_from(DATES)}),
)
ring_campaigns = campaigns(
    ("draft", "running", "running", "paused", "stopped"),
    st.fixed_dictionaries(
        {
            "end_date": st.sampled_from(DATES),
            "pace": st.integers(1, 3),
            "voice": st.sampled_from(["anna", "bea"]),
            "colour": st.sampled_from(["red", "blue"]),
        }
    ),
)


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    """Everything that a project wants; what campaigns use is always there."""
    want: dict[str, Any] = {}
    for name in draw(st.sets(st.sampled_from(["jan", "feb", "mar"]))):
        provider = draw(st.sampled_from(["plum", "plum", "ring"]))
        item = draw(plum_campaigns if provider == "plum" else ring_campaigns)
        want[f"{provider}/campaign/{name}@{item.pop('run')}"] = item
    used = {name for item in want.values() for name in (item["schedule"], item["profile"])}
    for name in sorted(used | draw(st.sets(st.sampled_from(["s0", "s1", "p0", "p1"])))):
        kind = {"s": "schedule", "p": "profile"}[name[0]]
        want[f"{kind}/{name}"] = draw(schedules if kind == "schedule" else profiles)
    return {"want": want, "limits": {"max_people": 99, "max_delete_percent": 100, "max_update_percent": 100}}


blacklists = st.sets(st.sampled_from(PEOPLE), max_size=2).map(lambda words: " ".join(sorted(words)))


@st.composite
def hands(draw: st.DrawFn) -> list[tuple[int, str, Any]]:
    """What people do by hand: which object, what, and a value."""
    value = st.sampled_from([*DATES, 1, 7, ("mon", "tue"), ("wed",)])
    what = st.sampled_from(["change", "change", "delete", "unmark", "copy", "stop"])
    return draw(st.lists(st.tuples(st.integers(0, 9), what, value), max_size=3))


FITTING = {str: ("end_date",), int: ("amount_per_period", "pace"), tuple: ("days",)}
"""Fields that a value may be given to, by its type."""


def meddle(world: World, hand: tuple[int, str, Any]) -> None:
    """Let somebody do something at the vendor."""
    number, what, value = hand
    if not world.things:
        return
    thing = sorted(world.things.values(), key=lambda item: item.remote_id)[number % len(world.things)]
    if what == "change":
        _change(thing, value)
    elif what == "delete" and not world._users(thing):
        del world.things[thing.remote_id]
    elif what == "unmark" and thing.marker:
        thing.marker = None
    elif what == "copy" and thing.marker:
        world.numbers += 1
        name = f"{world.numbers:05}"
        world.things[name] = Thing(thing.provider, thing.kind, name, dict(thing.fields), None, thing.marker)
    elif what == "stop" and thing.started:
        thing.running = False


def _change(thing: Thing, value: Any) -> None:
    for name in FITTING[type(value)]:
        if name in thing.fields:
            thing.fields[name] = value
