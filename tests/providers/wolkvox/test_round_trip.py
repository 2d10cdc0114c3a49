"""Whatever is sent and shown again, in any of the vendor's spellings, reads as what was wanted."""

import datetime as dt
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from reconciler.providers.base import Sending
from reconciler.providers.wolkvox import about, contact, document, wire
from reconciler.providers.wolkvox.number import Dialling, country_code

MARKERS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=8, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(str.strip)
DESCRIPTIONS = TEXTS.filter(lambda text: wire.MARK not in text)
CLOCKS = st.integers(0, 23 * 60 + 59).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}") | st.just(
    "24:00"
)
LABELS = st.dictionaries(st.sampled_from(about.OPTIONS), TEXTS.filter(bool)).map(
    lambda found: tuple((name, found[name]) for name in about.OPTIONS if name in found)
)
CONDITIONS = st.lists(st.tuples(TEXTS, st.sampled_from(["<", "=", "like"]), TEXTS), min_size=1, max_size=4)
FILTERS = st.none() | st.tuples(st.sampled_from(["and", "or"]), CONDITIONS.map(tuple))
WANTED = st.fixed_dictionaries(
    {
        "title": TEXTS.filter(bool),
        "description": DESCRIPTIONS,
        "type": st.sampled_from(about.TYPES),
        "start_time": CLOCKS,
        "end_time": CLOCKS,
        "skill_id": st.text(string.digits, min_size=1, max_size=6),
        "amd": st.sampled_from(["default", "none", *about.COUNTRIES]),
        "enable_edition": st.booleans(),
        "optional_labels": LABELS,
        "turbo_dial": st.booleans(),
        "routing_recall": st.booleans(),
        "camp_dial_order": st.sampled_from(["linear", "zigzag", "random"]),
        "speed": st.integers(0, about.MOST_SPEED),
        "filter": FILTERS,
    }
)
OTHERS = {"CO": "58", "US": "44", "ES": "33", "PE": "56"}
DIALLINGS = st.builds(
    Dialling, st.sampled_from(["CO", "US", "ES", "PE"]), st.sampled_from(["", "9", "0", "57", "099"])
)
NATIONALS = st.text(string.digits, min_size=4, max_size=12)


def labels_of(value):
    """Read the titles; those that are empty say nothing."""
    if not isinstance(value, Mapping):
        return None
    found = ((name, wire.text(value.get(name)) or "") for name in about.OPTIONS)
    return tuple((name, title) for name, title in found if title)


def filter_of(body):
    """Read what `filter_body` writes."""
    if not isinstance(body, Mapping) or wire.flag(body.get("filter_active")) is not True:
        return None
    conditions = tuple((each["field"], each["operator"], each["value"]) for each in body.get("filters", ()))
    return (body.get("connector") or "and", conditions)


@given(WANTED, MARKERS, st.data())
def test_campaigns_come_back(wanted, marker, data):
    """A campaign of the list reads as it was made: counts as text, blanks around, states in either case."""
    sent = document.encode(Sending(wanted, wanted["title"], marker), wanted["skill_id"])
    type_, status = (
        wanted["type"],
        data.draw(st.sampled_from(["Started", "started", "Stopped", "stopped", ""])),
    )
    item = {
        "campaign_id": data.draw(st.sampled_from(["601", 601])),
        "campaign_name": sent["campaign_name"],
        "campaign_description": data.draw(st.sampled_from(["", " "])) + sent["campaign_description"] + " ",
        "type_campaign": data.draw(st.sampled_from([type_, type_.capitalize()])),
        "status": status,
        "records": "120",
        "speed": data.draw(st.sampled_from([str(wanted["speed"]), wanted["speed"]])),
        "turbo_dial": data.draw(
            st.sampled_from(sorted((wire.YES if wanted["turbo_dial"] else wire.NO) - {""}))
        ),
        "skill_id": sent["skill_id"],
    }
    live = document.decode("wolkvox", item)
    shown = ("title", "description", "type", "speed", "skill_id", "turbo_dial")
    assert live.fields == {name: wanted[name] for name in shown}
    assert (live.remote_id, live.marker, live.people) == ("601", marker, 120)
    assert live.running is {"started": True, "stopped": False}.get(status.lower())


@given(WANTED, MARKERS)
def test_what_a_create_says_of_hidden_settings_is_what_was_wanted(wanted, marker):
    """Hours, labels and the right to edit read as they were sent, in the spelling of a create."""
    sent = document.encode(Sending(wanted, None, marker), "7")
    assert (wire.clock(sent["start_time"]), wire.clock(sent["end_time"])) == (
        wanted["start_time"],
        wanted["end_time"],
    )
    assert labels_of(sent) == wanted["optional_labels"]
    assert wire.flag(sent["enable_edition"]) is wanted["enable_edition"]


@given(WANTED, MARKERS)
def test_what_an_edit_says_is_what_was_wanted(wanted, marker):
    """All settings of an edit read as they were sent, in its own spelling: times with colons, types with a capital."""
    sent = document.encode_changes(Sending(wanted, None, marker), frozenset(wanted), wanted["skill_id"])
    assert (wire.clock(sent["start_time"]), wire.clock(sent["end_time"])) == (
        wanted["start_time"],
        wanted["end_time"],
    )
    assert wire.unmarked(sent["campaign_description"]) == (wanted["description"], marker)
    assert labels_of(sent["optional_labels"]) == wanted["optional_labels"]
    assert sent["type_camp"].lower() == wanted["type"]
    assert {name: wire.flag(sent[name]) for name in ("enable_edition", "turbo_dial", "routing_recall")} == {
        name: wanted[name] for name in ("enable_edition", "turbo_dial", "routing_recall")
    }
    assert (sent["amd_conf"], sent["camp_dial_order"]) == (wanted["amd"], wanted["camp_dial_order"])


@given(WANTED, st.sets(st.sampled_from(["title", "start_time", "amd", "turbo_dial"])), MARKERS)
def test_an_edit_says_nothing_that_did_not_change(wanted, names, marker):
    """Only what changed is sent: what is quieter brings nothing along that is louder."""
    sent = document.encode_changes(Sending(wanted, None, marker), frozenset(names), None)
    assert len(sent) == len(names)


@given(FILTERS)
def test_filters_come_back(wanted):
    """A filter reads as it was sent; none at all is one that is switched off."""
    assert filter_of(wire.filter_body(wanted)) == wanted


@given(
    CLOCKS,
    st.dates(dt.date(2020, 1, 1)),
    st.sampled_from(["{h}{m}{s}", "{h}:{m}:{s}", "{d}{h}{m}{s}", "{i} {h}:{m}:{s}"]),
)
def test_every_spelling_of_a_time_is_read(clock, day, spelling):
    """Six digits, colons, fourteen digits or a date before it: all of them are the same time of day (A1)."""
    digits = wire.digits_of_clock(clock)
    text = spelling.format(h=digits[:2], m=digits[2:4], s=digits[4:], d=day.strftime("%Y%m%d"), i=day)
    assert wire.clock(text) == clock


@given(DIALLINGS, NATIONALS)
def test_numbers_come_back(dial, national):
    """A number as the operation dials it reads as the number it stands for, whatever the dial prefix."""
    number = f"+{country_code(dial.region)}{national}"
    dialled = dial.dialled(number)
    assert dialled is not None
    assert dial.number(dialled) == number


@given(DIALLINGS, NATIONALS, st.booleans())
def test_an_entry_of_a_list_suppresses_whoever_was_meant(dial, national, prefixed):
    """An entry with or without the dial prefix means the number among others: suppressing matches broadly."""
    number = f"+{country_code(dial.region)}{national}"
    written = dial.dialled(number) if prefixed else national
    assert number in dial.meanings(written)
    assert all(number in dial.meanings(each) for each in dial.spellings(number))


@dataclass(frozen=True)
class Person:
    """A contact."""

    number: str
    reference: str | None = None
    ani: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@given(
    DIALLINGS,
    NATIONALS,
    st.dictionaries(st.sampled_from(about.TEXT_FIELDS), TEXTS),
    st.none() | TEXTS.filter(bool),
    MARKERS,
    st.sampled_from(about.TYPES),
)
def test_people_come_back(dial, national, fields, reference, marker, type_):
    """A record rings whom it was written for; each of its fields is a text, and its id is the same every time."""
    person = Person(f"+{country_code(dial.region)}{national}", reference, fields=fields)
    sent = contact.record(person, type_, dial, marker)
    assert sent is not None
    assert all(isinstance(value, str) for value in sent.values())
    assert {name: sent[name] for name in fields} == fields
    assert sent["customer_id"] == (reference or contact.customer_id(person, marker))
    assert contact.number_of({"tel1": sent["tel1"], "id_cliente": sent["customer_id"]}, dial) == person.number


@given(DIALLINGS, st.lists(NATIONALS, unique=True, min_size=2, max_size=20), MARKERS)
def test_ids_made_of_numbers_differ(dial, nationals, marker):
    """Two people without an id of the list's own never share one."""
    numbers = [f"+{country_code(dial.region)}{each}" for each in nationals]
    assert len({contact.customer_id(Person(each), marker) for each in numbers}) == len(numbers)


@given(DIALLINGS, NATIONALS)
def test_numbers_of_other_countries_are_not_dialled(dial, national):
    """A national number of another country would ring somebody else."""
    assert dial.dialled(f"+{OTHERS[dial.region]}{national}") is None
    assert contact.unsendable(Person(f"+{OTHERS[dial.region]}{national}"), dial) is not None
