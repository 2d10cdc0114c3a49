"""Whatever is sent and shown again, in any of the vendor's spellings, reads as what was wanted."""

import json

from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.resource import DAYS
from reconciler.providers.base import Bound, Sending
from reconciler.providers.plum import PROVIDER, address, campaign, profile, schedule

NICKNAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=64).filter(
    lambda name: not name.isdecimal()
)
DAY_TUPLES = st.sets(st.sampled_from(DAYS), min_size=1).map(
    lambda found: tuple(day for day in DAYS if day in found)
)
NUMBERS = st.integers(0, 10**11 - 1)
DATES = st.dates().map(str)
MARKERS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=8, max_size=8)
URLS = st.builds(
    "https://ivr.example/{}{}".format,
    st.text("abc%/ é", max_size=8),
    st.sampled_from(["", "?", "?x=1", "?x=1&y=%2f", "#top", "?x=1#top"]),
).map(address.canonical)
CLOCKS = st.integers(0, 23 * 60 + 59).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
BOUND = st.sampled_from([Bound("5", "p5"), Bound("6", "p6")])
WINDOWS = st.lists(st.tuples(CLOCKS, CLOCKS, BOUND), max_size=3, unique_by=lambda window: window[0])


def days_shown(days, draw):
    """Days as lists show them, and as replies do (A6)."""
    shuffled = draw(st.permutations(days))
    return draw(
        st.sampled_from([shuffled, json.dumps(shuffled), json.dumps(shuffled, separators=(",", ":"))])
    )


def id_shown(remote_id, draw):
    """An id as number or as text."""
    return draw(st.sampled_from([remote_id, int(remote_id)]))


@given(NICKNAMES, DAY_TUPLES, st.data())
def test_schedules_come_back(nickname, days, data):
    """A schedule reads as it was sent, whatever the order and spelling of its days."""
    sent_days, sent_name = schedule.encode({"nickname": nickname, "days": days})
    item = {
        "schedule_id": id_shown("6", data.draw),
        "nickname": sent_name,
        "days": days_shown(sent_days, data.draw),
    }
    live = schedule.decode("plum", item)
    assert (live.fields, live.remote_id, live.natural_key) == (
        {"nickname": nickname, "days": days},
        "6",
        nickname,
    )


@given(NICKNAMES, NUMBERS, NUMBERS, NUMBERS, st.booleans(), st.booleans())
def test_profiles_come_back(nickname, period, amount, rest, shown, as_text):
    """A profile reads as it was sent if its numbers are shown, and has no numbers if they are not (A1)."""
    pacing = {"period": period, "amount_per_period": amount, "time_between_periods": rest}
    sent = dict(profile.encode({"nickname": nickname, **pacing}))
    numbers = (sent if as_text else {name: int(value) for name, value in sent.items()}) if shown else {}
    live = profile.decode("plum", {"profile_id": 5, "nickname": nickname, **numbers})
    assert live.fields == {"nickname": nickname, **(pacing if shown else {})}


@given(DATES, DATES, WINDOWS, URLS, st.none() | URLS, MARKERS, st.data())
def test_campaigns_come_back(start_date, end_date, windows, start_url, result_url, marker, data):
    """A campaign reads as it was sent: dates with a midnight, the schedule by name or id, windows in any order."""
    wanted = {
        "start_date": start_date,
        "end_date": end_date,
        "schedule": Bound("7", "week"),
        "windows": tuple(sorted(windows, key=lambda window: window[0])),
        "start_url": start_url,
        "result_url": result_url,
    }
    sent = dict(campaign.encode(Sending(wanted, None, marker), tuple(wanted)))
    live = shown_again(sent, windows, data.draw)
    by_id = tuple((start, end, used.remote_id) for start, end, used in wanted["windows"])
    assert live.fields == {**wanted, "schedule": "7", "windows": by_id}
    assert live.marker == marker


MIDNIGHTS = st.sampled_from(["", " 00:00:00", "T00:00:00Z"])


def shown_again(sent, windows, draw):
    """What the vendor may list of a campaign that was sent so."""
    ids = {used.natural_key: used.remote_id for _, _, used in windows}
    shown = [
        {"profile_id": id_shown(ids[item["profile"]], draw), "nickname": item["profile"]}
        | {name: item[name] + draw(st.sampled_from(["", ":00"])) for name in ("start_time", "end_time")}
        for item in draw(st.permutations(json.loads(sent["profiles"])))
    ]
    item = {
        "campaign_id": 77,
        **{name: sent[name] + draw(MIDNIGHTS) for name in ("start_date", "end_date")},
        "schedule_nickname": draw(st.sampled_from(["week", "7", 7])),
        "profiles": draw(st.sampled_from([shown, json.dumps(shown)])),
        "start_url": sent["start_url"],
        "result_url": sent["result_url"] or draw(st.sampled_from([None, ""])),
    }
    raw = {
        "schedule": [{"schedule_id": 7, "nickname": "week", "days": ["mon"]}],
        "profile": [{"profile_id": 5, "nickname": "p5"}, {"profile_id": 6, "nickname": "p6"}],
        "campaign": [item],
    }
    return PROVIDER.decode("plum", raw)[-1]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        *("schedule_id", "campaign_id", "profile_id", "id", "nickname", "days", "period"),
        *("start_date", "profiles", "schedule_nickname", "start_url", "result_url"),
    ]
)


@given(st.dictionaries(NAMES, JSON))
def test_no_list_item_breaks_the_reading(item):
    """Whatever a list shows in whatever field, it is read or left out; nothing fails half-way."""
    raw = {kind: [{**item, f"{kind}_id": 1}] for kind in PROVIDER.kinds}
    for live in PROVIDER.decode("plum", raw):
        assert live.remote_id == "1"
        hash(tuple(live.fields.values()))
