"""Whatever is sent and shown again, in any of the vendor's spellings, reads as what was wanted."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.address import Address, ObjectKey
from reconciler.model.marker import marker
from reconciler.model.objects import Ended
from reconciler.model.resource import DAYS
from reconciler.providers.base import Sending
from reconciler.providers.rvm import PROVIDER, contact, dialect, document, name, wire
from reconciler.transport.outcome import Success, VendorError

LETTERS = "abcXYZ019"
TITLES = st.text(LETTERS + " ", min_size=1, max_size=16).filter(name.is_title)
MARKERS = st.integers(0, 10**6).map(
    lambda part: marker("laws0001", ObjectKey(Address("r", "campaign", "c"), "1", part))
)
CLOCKS = st.integers(0, 23 * 60 + 59).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
DATES = st.dates().map(str)
DAY_TUPLES = st.sets(st.sampled_from(DAYS), min_size=1).map(
    lambda found: tuple(day for day in DAYS if day in found)
)
CALLBACKS = st.just("Unknown") | st.text("0123456789", min_size=10, max_size=13)
WAVS = st.builds(
    "https://media.example/{}{}.wav{}".format,
    st.sampled_from(["", "audio/", "a/b/"]),
    st.text("abcXYZ_-09", min_size=1, max_size=12),
    st.sampled_from(["", "?x=1/2", "#top"]),
)
SETTINGS = st.fixed_dictionaries(
    {
        "title": TITLES,
        "callback": CALLBACKS,
        "wav": WAVS,
        "start_date": DATES,
        "stop_date": DATES,
        "start_time": CLOCKS,
        "stop_time": CLOCKS,
        "days": DAY_TUPLES,
        "timezone": st.sampled_from(["America/New_York", "America/Denver"]),
        "throttle": st.integers(1, 18_000),
        "state_check": st.booleans(),
        "performance": st.booleans(),
    }
)
HIDDEN = ("wav", "state_check", "performance")
REPORTED = ("title", "callback", "audio", "throttle")
EVERY_DAY = "0,1,2,3,4,5,6"


def listed(sent, remote_id, draw):
    """What the list may show of a campaign that was sent so (A8, A9, A14, A16)."""
    one_day = "c_run_days" not in sent
    return {
        "c_campaign_id": draw(st.sampled_from([remote_id, int(remote_id)])),
        "c_name": sent["c_name"],
        "c_wav": wire.file_name(sent["c_wav"]),
        "c_callback": sent["c_callback"],
        "c_status": draw(st.sampled_from(["PAUSED", "PAUSE", "paused"])),
        "c_timestamp": "2027-01-04 05:00:00",
        "c_throttle": draw(st.sampled_from([sent["c_throttle"], int(sent["c_throttle"])])),
        "c_start_date": sent["c_start_date"] + draw(st.sampled_from(["", " 00:00:00"])),
        "c_stop_date": sent["c_stop_date"] + draw(st.sampled_from(["", " 23:59:59"])),
        **{key: sent[key] + draw(st.sampled_from(["", ":00"])) for key in ("c_start_time", "c_stop_time")},
        "c_run_days": EVERY_DAY if one_day else days_shown(sent["c_run_days"], draw),
        draw(st.sampled_from(["c_timezone", "c_timezonea"])): sent["c_timezone"],
    }


def days_shown(days, draw):
    """Days in any order, with or without blanks."""
    return draw(st.sampled_from([",", ", "])).join(draw(st.permutations(days.split(","))))


@given(SETTINGS, MARKERS, st.integers(1, 10**10 - 1), st.data())
def test_a_listed_campaign_reads_as_it_was_sent(settings, mark, number, data):
    """Every setting that the list shows is the one that was sent; the rest is left out, not guessed."""
    wanted = {**settings, "audio": wire.file_name(settings["wav"])}
    sent = dict(document.encode(Sending(wanted, None, mark)))
    item = listed(sent, f"{number:010}", data.draw)
    (live,) = PROVIDER.decode("r", {"campaign": document.merged([item], [])})
    expected = {key: value for key, value in wanted.items() if key not in HIDDEN}
    if settings["start_date"] == settings["stop_date"]:
        expected["days"] = DAYS
    assert live.fields == expected
    assert (live.remote_id, live.marker, live.running) == (f"{number:010}", mark, False)


@given(SETTINGS, MARKERS, st.sampled_from(["ACTIVE", "PAUSED", "STOPPED", "COMPLETED"]), st.data())
def test_a_reported_campaign_says_how_it_ended(settings, mark, state, data):
    """What the list hides the report shows: by its settings the same campaign, and whether it is over."""
    wanted = {**settings, "audio": wire.file_name(settings["wav"])}
    sent = dict(document.encode(Sending(wanted, None, mark)))
    item = {
        "r_campaign_id": data.draw(st.sampled_from(["0000000007", 7, "7"])),
        "r_name": sent["c_name"],
        "r_wav": wanted["audio"],
        "r_callback": sent["c_callback"],
        "r_status": state,
        "r_throttle": int(sent["c_throttle"]),
        "r_delivered": data.draw(st.sampled_from([0, "0", 3, "3"])),
        "r_undelivered": 0,
    }
    (live,) = PROVIDER.decode("r", {"campaign": document.merged([], [item])})
    assert live.fields == {key: wanted[key] for key in REPORTED}
    assert live.ended is {"STOPPED": Ended.STOPPED, "COMPLETED": Ended.COMPLETED}.get(state)
    assert live.running is (state == "ACTIVE")
    assert live.called is (int(item["r_delivered"]) > 0)


@given(st.lists(st.integers(1, 40), unique=True), st.data())
def test_list_and_report_are_joined(numbers, data):
    """A campaign that both show is one object, whatever becomes of its id's spelling, and the report's state holds."""
    spelled = [data.draw(st.sampled_from([number, f"{number:010}"])) for number in numbers]
    rows = [{"c_campaign_id": each, "c_name": "x", "c_status": "ACTIVE"} for each in spelled]
    reported = [{"r_campaign_id": number, "r_name": "x", "r_status": "COMPLETED"} for number in numbers]
    found = PROVIDER.decode("r", {"campaign": document.merged(rows, reported)})
    assert [item.remote_id for item in found] == [f"{number:010}" for number in numbers]
    assert all(item.ended is Ended.COMPLETED for item in found)


@given(TITLES, MARKERS)
def test_a_name_holds_title_and_marker(title, mark):
    """Title and marker come back from a name, which has 25 characters at most."""
    whole = name.marked(title, mark)
    assert len(whole) <= 25
    assert name.unmarked(whole) == (title, mark)


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9), min_size=1, max_size=4))
def test_no_word_is_taken_for_a_marker(words):
    """A title of somebody's, whatever its last word, has no marker of ours."""
    assert name.unmarked(" ".join(words)) == (" ".join(words), None)


@given(MARKERS)
def test_a_marker_ends_in_a_digit(mark):
    """Eight characters, the last a digit, which no word has."""
    assert re.fullmatch(r"[a-z2-7]{7}[2-7]", mark)


NATIONAL = st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True)
ABROAD = st.from_regex(r"[2-9][0-9]{10,12}", fullmatch=True)


@given(NATIONAL | ABROAD)
def test_a_number_comes_back_from_details(number):
    """What is sent of a number, and shown among those tried, is the same number."""
    whole = f"+1{number}" if len(number) == 10 else f"+{number}"
    sent = contact.digits(whole)
    assert sent is not None
    assert contact.international(sent) == whole
    assert contact.digits(contact.international(sent)) == sent


@given(NATIONAL)
def test_both_spellings_are_suppressed(number):
    """To suppress is to match broadly: with and without the country code (A20)."""
    assert set(contact.spellings(f"+1{number}")) == {number, f"1{number}"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        *("c_campaign_id", "c_campaign_ID", "r_campaign_id", "c_name", "r_name", "c_wav", "c_callback"),
        *("c_status", "r_status", "c_throttle", "c_start_date", "c_stop_time", "c_run_days", "r_delivered"),
    ]
)


@given(st.dictionaries(KEYS, JSON))
def test_no_item_breaks_the_reading(item):
    """Whatever a list shows in whatever field, it is read or left out; nothing fails half-way."""
    for live in PROVIDER.decode("r", {"campaign": document.merged([{**item, "c_campaign_id": 1}], [item])}):
        hash(tuple(live.fields.values()))


@given(st.dictionaries(st.sampled_from(["c_error", "b_error", "r_error", "c_error_msg", "data", "x"]), JSON))
def test_a_reply_is_a_success_only_by_a_plain_no(body):
    """Only a flag that says no, and none that says yes or gives a reason, is a success."""
    found = dialect.read_reply(200, body)
    flags = [value for key, value in body.items() if key.endswith("_error")]
    if isinstance(found, Success):
        assert flags
        assert all(str(flag).strip().lower() == "false" for flag in flags)
        assert "c_error_msg" not in body
    elif "c_error_msg" in body or any(str(flag).strip().lower() == "true" for flag in flags):
        assert isinstance(found, VendorError)


ITEMS = st.lists(
    st.fixed_dictionaries(
        {"c_campaign_id": st.integers(0, 10**10 - 1), "c_name": st.text('ab,]}":0 \\', max_size=12)}
    ),
    max_size=3,
)


@given(ITEMS, st.booleans(), st.booleans(), st.booleans())
def test_json_that_is_none_reads_the_same(items, padded, commas, mark):
    """Zero-padded ids, trailing commas and a byte order mark change nothing, and no text is touched (A9)."""
    rows = []
    for item in items:
        number = f"{item['c_campaign_id']:010}" if padded else str(item["c_campaign_id"])
        end = ",}" if commas else "}"
        rows.append(f'{{"c_campaign_id": {number}, "c_name": {json.dumps(item["c_name"])}{end}')
    text = f'{{"c_error":"false","data":[{", ".join(rows)}{"," if commas and rows else ""}]}}'
    body = (b"\xef\xbb\xbf" if mark else b"") + text.encode()
    read = dialect.decode(body)["data"]
    assert [item["c_name"] for item in read] == [item["c_name"] for item in items]
    assert [int(item["c_campaign_id"]) for item in read] == [item["c_campaign_id"] for item in items]


@pytest.mark.parametrize("flag", [True, "true", "True", " TRUE "])
def test_truth_is_a_failure_as_text_too(flag):
    """`c_error` `"true"` is a failure as `true` is (A6)."""
    assert isinstance(dialect.read_reply(500, {"c_error": flag, "c_error_msg": ["no"]}), VendorError)


@pytest.mark.parametrize("flag", [None, "", "no", 0, [], {}])
def test_what_says_neither_is_neither(flag):
    """A flag of no documented word makes a reply unknown, never a success."""
    assert dialect.read_reply(200, {"c_error": flag}) is None
