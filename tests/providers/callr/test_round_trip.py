"""Settings to CALLR's object and back: what we write is what we read, however the vendor spells it again."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconciler.model.objects import Ended
from reconciler.providers.callr import addressbook, document, hours, imports, names, parameters, people, wire
from reconciler.providers.callr.imports import Import

from . import values

MARKER = "abcd2345"


@settings(max_examples=300)
@given(parameter=st.sampled_from(parameters.PARAMETERS), data=st.data())
def test_every_setting_comes_back(parameter: parameters.Parameter, data: st.DataObject) -> None:
    """Written and read again, a setting is what the manifest said, and stands where the vendor's tables have it."""
    value = data.draw(values.of(parameter))
    whole: dict[str, Any] = {}
    parameters.put(whole, parameter.path, parameter.sort.write(value))
    assert parameters.at(whole, parameter.path)[0]
    assert parameter.sort.read(parameters.at(whole, parameter.path)[1]) == value


TEMPLATE: dict[str, Any] = {
    "name": "",
    "addressbook": [],
    "schedule": {"enabled": True, "days": []},
    "ivr": {"broadcast": ["9"], "keys": {"key_1": {"action": "NONE", "params": []}}},
    "options": {"ccl": 3, "cli": "BLOCKED", "followup": {"enabled": False, "actions": []}},
    "novelty": {"kept": 1},
}
"""A vendor's defaults, with the empty lists that PHP makes of empty maps."""


@given(fields=values.settings())
def test_a_campaign_comes_back(fields: dict[str, Any]) -> None:
    """Everything that was named is read back, whatever the template had; our marker and no clock come with it."""
    written = document.filled(TEMPLATE, fields, MARKER)
    seen = document.decode("callr", written | {"hash": "H1"})
    assert {name: seen.fields[name] for name in fields} == fields
    assert (seen.marker, seen.remote_id, seen.running) == (MARKER, "H1", False)
    assert written["novelty"] == {"kept": 1}


@given(fields=values.settings(), more=values.settings(), data=st.data())
def test_an_update_changes_what_it_names(
    fields: dict[str, Any], more: dict[str, Any], data: st.DataObject
) -> None:
    """Of an object that exists only the named settings change; its clock is off afterwards, always."""
    before = document.armed(document.filled(TEMPLATE, fields, MARKER))
    both = {**fields, **{name: value for name, value in more.items() if name in fields}}
    both["type"] = fields["type"]
    changed = frozenset(data.draw(st.sets(st.sampled_from(sorted(both)))))
    after = document.filled(before, both, MARKER, changed=changed)
    shown = document.decode("callr", after).fields
    behind_keys = {name for name in fields if ".params." in name}
    for name in fields.keys() - behind_keys - {"type"}:
        assert shown[name] == (both if name in changed else fields)[name], name
    assert document.is_clocked(after) is False


def spelled(whole: dict[str, Any], luck: random.Random) -> dict[str, Any]:
    """The same object as the vendor might give it back: numbers as text, one medium alone, other orders, seconds."""

    def again(value: Any) -> Any:
        if isinstance(value, dict):
            items = [(name, again(item)) for name, item in value.items()]
            luck.shuffle(items)
            return dict(items)
        if isinstance(value, list):
            return [again(item) for item in value]
        if isinstance(value, int) and not isinstance(value, bool) and luck.random() < 0.5:
            return str(value)
        return value

    found = again(whole)
    for events in found["schedule"]["days"].values():
        luck.shuffle(events)
        for event in events:
            event["hour"] += luck.choice(["", ":00"])
    for part in ("send_report",):
        for name in ("emails", "phones"):
            luck.shuffle(found["options"].get(part, {}).get(name, []))
    prompt = found["ivr"].get("prompt")
    if isinstance(prompt, list) and len(prompt) == 1:
        found["ivr"]["prompt"] = prompt[0]
    return found


@given(fields=values.settings(), seed=st.integers(0, 10**6))
def test_spelling_is_no_difference(fields: dict[str, Any], seed: int) -> None:
    """However the vendor writes the same settings again, nothing differs."""
    written = document.filled(TEMPLATE, fields, MARKER)
    seen = document.decode("callr", spelled(copy.deepcopy(written), random.Random(seed)))
    assert {name: seen.fields[name] for name in fields} == fields


@given(week=values.weeks)
def test_hours_come_back(week: dict[str, Any]) -> None:
    """Hours of a week are read as they were written; days without any are no days."""
    days: dict[str, Any] = hours.encode(week)
    assert hours.decode(days) == week
    assert hours.decode({**{day: [] for day in hours.DAYS}, **days}) == week


@given(title=st.text(max_size=20), marker=st.from_regex("[a-z2-7]{8}", fullmatch=True))
def test_a_marker_is_found_again(title: str, marker: str) -> None:
    """Whatever the title, its name shows title and marker; and so does a description."""
    plain = names.unmarked(title)[0].strip()
    assert names.unmarked(names.marked(plain, marker)) == (plain, marker)
    assert addressbook.decode("callr", {"hash": "B", "description": names.described(marker)}).marker == marker


@pytest.mark.parametrize("description", [None, "", "somebody's", 7])
def test_a_stranger_has_no_marker(description: Any) -> None:
    """A description may be null (A14), or anything."""
    assert addressbook.decode("callr", {"hash": "B", "description": description}).marker is None


@given(st.builds(Import, st.text(), st.text(), *[st.integers(-1, 10**6)] * 2, st.text(), st.text()))
def test_a_handle_comes_back(work: Import) -> None:
    """What the log keeps of an import is enough to go on with it."""
    assert Import.of(work.handle) == work


@pytest.mark.parametrize(
    ("status", "clock", "running", "ended"),
    [
        ({"state": "CREATED"}, False, False, None),
        ({"state": "CREATED"}, True, True, None),
        ({"state": "STARTED"}, False, True, None),
        ({"state": "PAUSED"}, True, True, None),
        ({"state": "PAUSED"}, False, False, None),
        ({"state": "STOPPED"}, True, False, Ended.STOPPED),
        ({"state": "FINISHED", "finished_cause": "DONE"}, True, False, Ended.COMPLETED),
        ({"state": "FINISHED", "finished_cause": "AUTOSTOP"}, False, False, Ended.COMPLETED),
        ({"state": "FINISHED", "finished_cause": "STOPPED"}, False, False, Ended.STOPPED),
        ({"state": "CREATED"}, None, None, None),
        ({"state": "STARTED"}, None, True, None),
    ],
)
def test_what_may_ring(
    status: dict[str, Any], clock: bool | None, running: bool | None, ended: Ended | None
) -> None:
    """What is started may ring, and so may what its clock will start; what is over never does."""
    item = {"hash": "H", "status": status} | (
        {} if clock is None else {"schedule": {"enabled": clock, "days": {}}}
    )
    seen = document.decode("callr", item)
    assert (seen.running, seen.ended) == (running, ended)


def test_a_clock_turned_off_while_it_rings_shows() -> None:
    """Nothing pauses it any more, so its hours are all hours, which is louder than any."""
    item = {"hash": "H", "status": {"state": "STARTED"}}
    days = {"mon": [{"action": "unpause", "hour": "08:00"}, {"action": "pause", "hour": "11:00"}]}
    on = document.decode("callr", item | {"schedule": {"enabled": True, "days": days}})
    off = document.decode("callr", item | {"schedule": {"enabled": False, "days": days}})
    assert on.fields["schedule"] == {"mon": (("08:00", "11:00"),)}
    assert off.fields["schedule"] == {}
    assert hours.graded(on.fields["schedule"], off.fields["schedule"]).value == "louder"


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (wire.number, "98", 98),
        (wire.number, True, None),
        (wire.number, "98.90", None),
        (wire.switch, 1, True),
        (wire.switch, "false", False),
        (wire.switch, None, False),
        (wire.switch, "maybe", None),
        (wire.moment, "0000-00-00 00:00:00", None),
        (wire.moment, "2027-01-04 07:00:00", "2027-01-04 07:00:00"),
        (wire.texts, "1012345", ("1012345",)),
        (wire.texts, [1012345, "2"], ("1012345", "2")),
        (wire.texts, None, ()),
        (wire.clock, "8:00:00", "08:00"),
    ],
)
def test_odd_values(read: Callable[[Any], Any], value: Any, expected: Any) -> None:
    """Each documented oddity of a value is read right (A8, A16, section 3)."""
    assert read(value) == expected


def test_looks_are_not_without_end() -> None:
    """A count that never fits is given up, and said to be unknown."""
    assert imports.LOOKS < 100
    assert people.HEADING[0] == "phone"
