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
from reconciler.providers.callr import (
    addressbook,
    client,
    document,
    hours,
    imports,
    media,
    names,
    parameters,
    people,
    wire,
)
from reconciler.providers.callr.imports import Import

from . import values

MARKER = "abcd2345"


@pytest.mark.slow
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


markers = st.from_regex("[a-z2-7]{8}", fullmatch=True)
titles = st.text(max_size=20).map(lambda title: names.unmarked(title)[0].strip())


def sent(request: Any) -> list[Any]:
    """What a call hands over, in its order."""
    found: list[Any] = request.json["params"]
    return found


@given(title=titles, marker=markers, items=st.none() | st.integers(0, 10**6), data=st.data())
def test_an_addressbook_comes_back(title: str, marker: str, items: int | None, data: st.DataObject) -> None:
    """A book of the list reads as it was made: its name, our marker, and how many people are in it."""
    name, description = sent(client.create_addressbook(title, names.described(marker)))
    count = data.draw(st.sampled_from([items, str(items)])) if items is not None else None
    book = addressbook.decode(
        "callr", {"hash": "B1", "name": name, "description": description, "items_count": count}
    )
    assert book.fields == {"name": title}
    assert (book.remote_id, book.natural_key, book.marker, book.people) == ("B1", title, marker, items)


def shown(number: int, name: str, data: st.DataObject, **more: Any) -> dict[str, Any]:
    """A medium as the library may list it: its id as number or text, its status in any step but the first."""
    status = data.draw(st.sampled_from(["PENDING_CONVERSION", "PROCESSING", "READY", "ERROR"]))
    return {"id": data.draw(st.sampled_from([number, str(number)])), "name": name, "status": status, **more}


@given(title=titles, marker=markers, number=st.integers(1, 10**9), speech=values.texts, data=st.data())
def test_a_spoken_text_comes_back(
    title: str, marker: str, number: int, speech: str, data: st.DataObject
) -> None:
    """What was given to be spoken is read as text and voice, whether the list says its source or its voice alone."""
    (name,) = sent(client.create_media(names.marked(title, marker)))
    to, content, voice, options = sent(client.set_media_speech(str(number), speech, "TTS_EN-GB_SERENA"))
    source = data.draw(st.sampled_from([{"source": "TTS"}, {}]))
    item = shown(number, name, data, content=content, voice=voice, **source)
    found = media.decode("callr", item)
    assert (to, options) == (number, None)
    assert found.fields == {"name": title, "text": speech, "voice": "TTS_EN-GB_SERENA", "digest": ""}
    assert (found.remote_id, found.marker, found.natural_key) == (str(number), marker, name)


@given(title=titles, again=titles, marker=markers, number=st.integers(1, 10**9), data=st.data())
def test_a_file_comes_back_without_its_bytes(
    title: str, again: str, marker: str, number: int, data: st.DataObject
) -> None:
    """Of a file nothing is compared that the list cannot show; an empty medium is one that lacks its file."""
    first = sent(client.create_media(names.marked(title, marker)))[0]
    empty = media.decode("callr", {"id": number, "name": first, "status": media.EMPTY})
    assert empty.fields == {"name": title, "text": "", "voice": "", "digest": ""}
    to, name = sent(client.rename_media(str(number), names.marked(again, marker)))
    item = shown(number, name, data, source="API_IMPORT", content="", voice="", duration=3)
    found = media.decode("callr", item)
    assert to == number
    assert found.fields == {"name": again, "text": "", "voice": ""}
    assert found.marker == marker


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
