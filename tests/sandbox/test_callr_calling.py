"""Who is called when by CALLR: its own clock, the three verbs, follow-ups, automatic stops, runs that come again."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reconciler.sandbox import Sandbox

from .conftest import week

HOUR, DAY = 3600, 86400
TEN_TO_SIX = "2027-01-05T05:50:00+01:00"  # a Tuesday in Paris


def _options(sandbox: Sandbox, **changes: object) -> None:
    sandbox.options({"callr": changes})


def _times(sandbox: Sandbox) -> list[str]:
    return [f"{call.at:%a %H:%M:%S}" for call in sandbox.ledger.calls]


def _states(callr: Any, campaign: str) -> list[tuple[str, str]]:
    history = callr.status(campaign)["state_history"]
    return [(each["new_state"], each["origin"]) for each in reversed(history)]


def test_nobody_before_the_start(sandbox: Sandbox, callr: Any) -> None:
    """A campaign that is saved without its clock calls nobody, for as long as it waits."""
    campaign = callr.campaign(schedule={**week("08:00", "19:00"), "enabled": False})
    sandbox.clock(advance=3 * DAY)
    assert (sandbox.ledger.calls, sandbox.ledger.armed) == ([], [])
    assert callr.sendr("campaign.start", campaign)["state"] == "STARTED"
    sandbox.clock(advance=HOUR)
    assert len(sandbox.ledger.calls) == len(sandbox.ledger.queued) == 3


def test_the_schedule_starts_by_itself(sandbox: Sandbox, callr: Any) -> None:
    """Saved with its clock enabled at 05:50, a campaign first rings at 08:00 of its zone, though nobody starts it."""
    sandbox.clock(set=TEN_TO_SIX)
    campaign = callr.campaign(schedule=week("08:00", "19:00"))
    assert [each.at.isoformat() for each in sandbox.ledger.armed] == ["2027-01-05T04:50:00+00:00"]
    status = callr.status(campaign)
    assert (status["state"], status["scheduled"]) == ("CREATED", True)
    sandbox.clock(set="2027-01-05T07:59:59+01:00")
    assert sandbox.ledger.calls == []
    sandbox.clock(advance=HOUR)
    assert _times(sandbox)[0] == "Tue 08:00:00"
    assert sandbox.ledger.calls[0].at.isoformat() == "2027-01-05T08:00:00+01:00"
    assert _states(callr, campaign) == [("STARTED", "CAMPAIGN"), ("FINISHED", "CAMPAIGN")]


def test_hours_of_the_schedule(sandbox: Sandbox, callr: Any) -> None:
    """A5: it pauses and goes on by the hours of each day; between them and on other days nobody is called."""
    _options(sandbox, call_seconds=7200, zone="America/New_York")
    draft = callr.draft(people=7, schedule=week("08:00", "11:00", ["tue", "thu"]))
    draft["options"]["ccl"] = 2
    campaign = callr.sendr("campaign.save", draft)["hash"]
    sandbox.clock(advance=7 * DAY)
    expected = [f"{day} {hour}:00:00" for day in ("Tue", "Thu") for hour in ("08", "09", "10")]
    assert _times(sandbox) == expected
    assert _states(callr, campaign)[:3] == [
        ("STARTED", "CAMPAIGN"),
        ("PAUSED", "CAMPAIGN"),
        ("STARTED", "CAMPAIGN"),
    ]


@pytest.mark.parametrize(("switch", "first"), [("starts", "Tue 10:00:00"), ("waits", "Wed 08:00:00")])
def test_enabled_inside_the_hours(sandbox: Sandbox, callr: Any, switch: str, first: str) -> None:
    """Enabled in the middle of its hours a campaign begins at once, or waits for the next listed hour."""
    _options(sandbox, enabled_inside_window=switch)
    sandbox.clock(set="2027-01-05T10:00:00+01:00")
    callr.campaign(schedule=week("08:00", "19:00"))
    sandbox.clock(advance=2 * DAY)
    assert _times(sandbox)[0] == first


def test_paused_by_hand_and_left_enabled(sandbox: Sandbox, callr: Any) -> None:
    """Paused at 19:00 with its clock left on, a campaign is set going again by it next morning."""
    _options(sandbox, call_seconds=3600)
    sandbox.clock(set=TEN_TO_SIX)
    draft = callr.draft(people=40, schedule=week("08:00", "20:00"))
    draft["options"]["ccl"] = 1
    campaign = callr.sendr("campaign.save", draft)["hash"]
    sandbox.clock(set="2027-01-05T19:00:00+01:00")
    callr.sendr("campaign.pause", campaign)
    sandbox.clock(set="2027-01-06T07:59:00+01:00")
    assert _times(sandbox)[-1] == "Tue 18:00:00"
    sandbox.clock(advance=HOUR)
    assert _times(sandbox)[-1] == "Wed 08:00:00"


def test_paused_with_its_clock_off(sandbox: Sandbox, callr: Any) -> None:
    """With the clock off before the pause it stays silent; enabled again it goes on with those not called yet."""
    _options(sandbox, call_seconds=3600)
    sandbox.clock(set=TEN_TO_SIX)
    draft = callr.draft(people=20, schedule=week("08:00", "20:00"))
    draft["options"]["ccl"] = 1
    campaign = callr.sendr("campaign.save", draft)
    sandbox.clock(set="2027-01-05T19:00:00+01:00")
    callr.sendr("campaign.pause", campaign["hash"])
    campaign["schedule"]["enabled"] = False
    callr.sendr("campaign.save", campaign)
    sandbox.clock(advance=5 * DAY)
    assert len(sandbox.ledger.calls) == 11
    campaign["schedule"]["enabled"] = True
    callr.sendr("campaign.save", campaign)
    sandbox.clock(advance=3 * DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 20
    assert len(sandbox.ledger.armed) == 2


def test_a_start_outside_the_hours(sandbox: Sandbox, callr: Any) -> None:
    """A start by hand calls at any hour, whatever the schedule says, until its next pause."""
    sandbox.clock(set=TEN_TO_SIX)
    campaign = callr.campaign(people=2, schedule=week("08:00", "19:00"))
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=60)
    assert _times(sandbox) == ["Tue 05:50:00", "Tue 05:50:06"]


def test_pace(sandbox: Sandbox, callr: Any) -> None:
    """As many calls are under way as the campaign's limit allows; those under way end after a pause."""
    draft = callr.draft(people=50)
    draft["options"]["ccl"] = 3
    campaign = callr.sendr("campaign.save", draft)["hash"]
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=61)
    counters = callr.status(campaign)["counters"]
    assert (counters["calls"], counters["calls_active"]) == (7, 3)
    assert callr.sendr("campaign.pause", campaign)["counters"]["calls_active"] == 3
    sandbox.clock(advance=HOUR)
    status = callr.status(campaign)
    assert (status["items_done"], status["counters"]["calls_active"], status["percent"]) == (7, 0, 14)


def test_outcomes(sandbox: Sandbox, callr: Any) -> None:
    """What came of calls is counted by status and by key; voicemail only where it is looked for."""
    _options(
        sandbox, no_answer="0", busy="1", voicemail="2", short="3", unallocated="4", presses="1:5,2:6,1:7"
    )
    draft = callr.draft(people=9)
    draft["ivr"]["voicemail_detect_method"] = "AUTO"
    campaign = callr.sendr("campaign.save", draft)["hash"]
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=HOUR)
    counters = callr.status(campaign)["counters"]
    assert {status: count for status, count in counters["call_status"].items() if count} == {
        "ANSWERED/COMPLETE": 4,
        "ANSWERED/INCOMPLETE": 1,
        "ABSENT/NO_ANSWER": 1,
        "ABSENT/BUSY": 1,
        "ABSENT/VOICEMAIL_DETECTED": 1,
        "ERROR/UNALLOCATED_NUMBER": 1,
    }
    assert (counters["keys"]["key_1"], counters["keys"]["key_2"], counters["calls_answered"]) == (2, 1, 5)
    assert counters["broadcast"]["completed"] == 4


def test_follow_ups_call_again(sandbox: Sandbox, callr: Any) -> None:
    """A follow-up calls whom it did not reach again, as often as it says; the person is done only after that."""
    _options(sandbox, no_answer="0")
    draft = callr.draft(people=2)
    draft["options"]["followup"] |= {"enabled": True}
    draft["options"]["followup"]["actions"]["callback"] = {"enabled": True, "count": 2, "delay_minutes": 10}
    draft["options"]["followup"]["conditions"]["no_response"] = True
    campaign = callr.sendr("campaign.save", draft)["hash"]
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=300)
    status = callr.status(campaign)
    assert (status["state"], status["items_done"], status["items_total"], status["items_total_t"]) == (
        "STARTED",
        1,
        2,
        3,
    )
    sandbox.clock(advance=HOUR)
    status = callr.status(campaign)
    assert (status["state"], status["items_done"], status["items_total_t"]) == ("FINISHED", 2, 4)
    assert status["counters"]["retries"]["cause"]["NO_RESPONSE"] == 2
    assert sandbox.ledger.calls_per_number() == {"+16175550000": 3, "+16175550001": 1}


def test_a_key_that_asks_to_be_called_back(sandbox: Sandbox, callr: Any) -> None:
    """Who presses the key for it is called back after the delay, once."""
    _options(sandbox, presses="1:0")
    draft = callr.draft("VOICE_IVR", people=2)
    draft["ivr"]["keys"]["key_1"] = {"action": "CALLBACK", "params": {"broadcast": [], "delay": 5}}
    campaign = callr.sendr("campaign.save", draft)["hash"]
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=HOUR)
    assert sandbox.ledger.calls_per_number() == {"+16175550000": 2, "+16175550001": 1}
    assert callr.status(campaign)["counters"]["retries"]["cause"]["CALLBACK"] == 1


@pytest.mark.parametrize(
    ("stops", "called"),
    [
        ({"per_answer_count": {"enabled": True, "count": 4}}, 8),
        ({"per_key": {"enabled": True, "key_1": 1}}, 9),
        ({"enabled": False, "per_answer_count": {"enabled": True, "count": 4}}, 20),
        ({"per_answer_count": {"enabled": False, "count": 4}}, 20),
    ],
)
def test_automatic_stops(sandbox: Sandbox, callr: Any, stops: dict[str, Any], called: int) -> None:
    """Enough answers, or enough presses of a key, end a campaign with people left."""
    _options(sandbox, presses="1:4")
    draft = callr.draft(people=20)
    draft["options"]["auto_stop"] |= {"enabled": True, **stops}
    campaign = callr.sendr("campaign.save", draft)["hash"]
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=HOUR)
    status = callr.status(campaign)
    assert (status["finished_cause"], len(sandbox.ledger.calls)) == (
        "AUTOSTOP" if called < 20 else "DONE",
        called,
    )


@pytest.mark.parametrize(("kind", "counter"), [("SMS_SIMPLE", "sent_status"), ("SMS_SURVEY", "questions")])
def test_texts(sandbox: Sandbox, callr: Any, kind: str, counter: str) -> None:
    """Campaigns of texts send one to everybody, and count what was sent."""
    _options(sandbox, unallocated="2")
    campaign = callr.campaign(kind)
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=HOUR)
    status = callr.status(campaign)
    assert (status["state"], status["items_done"]) == ("FINISHED", 3)
    assert (status["counters"]["sent"], status["counters"]["errors"]) == (3, 1)
    assert counter in status["counters"]
    assert sandbox.ledger.summary()["people_called_once"] == 3


@pytest.mark.parametrize("kind", ["VOICE_IVR", "VOICE_SURVEY"])
def test_counters_of_other_types(sandbox: Sandbox, callr: Any, kind: str) -> None:
    """Each type has its own counters; presses of keys stand under actions or answers."""
    _options(sandbox, presses="1:0")
    campaign = callr.campaign(kind)
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=HOUR)
    counters = callr.status(campaign)["counters"]
    assert "broadcast" not in counters
    told = counters["actions"]["key_1"] if kind == "VOICE_IVR" else counters["questions"][0]["answers"][0]
    assert told["count"] == 1


def test_what_verbs_refuse(sandbox: Sandbox, callr: Any) -> None:
    """Each verb has its states; what has ended is not paused or stopped, and what waits is not stopped."""
    campaign = callr.campaign(people=500)
    for verb in ("pause", "stop"):
        assert "CREATED" in callr.refused(f"sendr/10/campaign.{verb}", campaign)["message"]
    callr.sendr("campaign.start", campaign)
    assert callr.sendr("campaign.start", campaign)["state"] == "STARTED"
    assert len(sandbox.ledger.armed) == 1
    _options(sandbox, start_started="refuse")
    assert "STARTED" in callr.refused("sendr/10/campaign.start", campaign)["message"]
    callr.sendr("campaign.pause", campaign)
    assert "PAUSED" in callr.refused("sendr/10/campaign.pause", campaign)["message"]
    _options(sandbox, pause_twice="success")
    assert callr.sendr("campaign.pause", campaign)["state"] == "PAUSED"
    assert callr.sendr("campaign.stop", campaign)["finished_cause"] == "STOPPED"
    for verb in ("pause", "stop"):
        assert "STOPPED" in callr.refused(f"sendr/10/campaign.{verb}", campaign)["message"]
    _options(sandbox, stop_created="success")
    assert callr.sendr("campaign.stop", callr.campaign())["state"] == "STOPPED"


@pytest.mark.parametrize(("switch", "calls"), [("again", 6), ("refuse", 3)])
def test_a_start_of_what_has_ended(sandbox: Sandbox, callr: Any, switch: str, calls: int) -> None:
    """A start after the end calls everybody once more under a new run, unless it is refused."""
    _options(sandbox, start_ended=switch)
    campaign = callr.campaign()
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=HOUR)
    assert callr.answer("sendr/10/campaign.start", campaign).keys() == {
        "jsonrpc",
        "id",
        "result" if switch == "again" else "error",
    }
    sandbox.clock(advance=HOUR)
    status = callr.status(campaign)
    assert (status["run_id"], len(status["reports"]), len(sandbox.ledger.calls)) == (
        calls // 3,
        calls // 3,
        calls,
    )


@pytest.mark.parametrize(("switch", "called"), [("calls", 5), ("ignored", 3), ("refused", 3)])
def test_appending_while_it_runs(sandbox: Sandbox, callr: Any, switch: str, called: int) -> None:
    """Who is put into the book of a running campaign is called, or not, or the append is refused."""
    _options(sandbox, append_while_running=switch, call_seconds=3600)
    campaign = callr.campaign()
    book = callr.sendr("campaign.get", campaign)["addressbook"]["hash"]
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=60)
    if switch == "refused":
        file = callr.file(callr.rows(2, first=3))
        error = callr.refused("sendr/10/addressbook.append_file_async", book, file, 0, "US", None)
        assert error["message"] == "the addressbook is being called"
    else:
        callr.append(book, 2, first=3)
        assert [entry.while_active for entry in sandbox.ledger.queued][-2:] == [True, True]
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == called


def test_appending_while_paused(sandbox: Sandbox, callr: Any) -> None:
    """Paused, a book takes more people, who are called when it goes on, and nobody twice."""
    campaign = callr.campaign(people=5)
    book = callr.sendr("campaign.get", campaign)["addressbook"]["hash"]
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=7)
    callr.sendr("campaign.pause", campaign)
    callr.append(book, 2, first=5)
    sandbox.clock(advance=HOUR)
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=HOUR)
    assert sandbox.ledger.summary()["people_called_once"] == 7
    assert [callr.status(campaign)[name] for name in ("items_total", "items_total_t")] == [7, 7]
    _options(sandbox, items_total="outset")
    assert [callr.status(campaign)[name] for name in ("items_total", "items_total_t")] == [5, 7]


def test_an_empty_book(sandbox: Sandbox, callr: Any) -> None:
    """A campaign that is started before its book is filled is over at once; a check may refuse it."""
    campaign = callr.campaign(people=0)
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=1)
    assert callr.status(campaign)["state"] == "FINISHED"
    _options(sandbox, empty_book="refuse")
    assert callr.sendr("campaign.check", callr.draft(people=0)) == ["addressbook.hash: is empty"]


def test_history_whose_dates_run_backwards(sandbox: Sandbox, callr: Any) -> None:
    """A19: the order of a history is that of its list, whatever its dates say."""
    campaign = callr.campaign()
    callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=HOUR)
    right = callr.status(campaign)["state_history"]
    _options(sandbox, history_dates="swapped")
    swapped = callr.status(campaign)["state_history"]
    assert [each["new_state"] for each in swapped] == ["FINISHED", "STARTED"]
    assert [each["date"] for each in swapped] == [each["date"] for each in reversed(right)]


steps = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(0, 40000)),
        st.tuples(st.sampled_from(["start", "pause", "stop", "on", "off", "delete"]), st.integers(0, 1)),
        st.tuples(st.just("append"), st.integers(1, 9)),
    ),
    min_size=4,
    max_size=14,
)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_laws(sandbox: Sandbox, callr: Any, steps: list[tuple[str, int]]) -> None:
    """Each number of a book is called once at most, by a campaign that was armed, and the counters tell the same."""
    sandbox.reset()
    _options(sandbox, call_seconds=1800, start_ended="refuse", job_looks=0)
    kept = [callr.sendr("campaign.save", callr.draft(people=6)) for _ in range(2)]
    fresh = 100
    for step, value in steps:
        made = kept[value % 2]
        if step == "advance":
            sandbox.clock(advance=value)
        elif step in {"on", "off"}:
            made["schedule"] = {**week("08:00", "19:00"), "enabled": step == "on"}
            callr.answer("sendr/10/campaign.save", made)
        elif step == "append":
            file = callr.file(callr.rows(value, first=fresh))
            book = kept[0]["addressbook"]["hash"]
            callr.done(callr.sendr("addressbook.append_file_async", book, file, 0, "US", None))
            fresh += value
        else:
            callr.answer(f"sendr/10/campaign.{step}", made["hash"])
    called = [(call.campaign_id, call.number) for call in sandbox.ledger.calls]
    assert len(set(called)) == len(called)
    assert set(called) <= {(entry.campaign_id, entry.number) for entry in sandbox.ledger.queued}
    assert {number for number, _ in called} <= {each.campaign_id for each in sandbox.ledger.armed}
    for shown in sandbox.state()["callr"]["campaigns"]:
        counters, status = shown["status"]["counters"], shown["status"]
        assert counters["calls"] == sum(number == shown["id"] for number, _ in called)
        assert status["items_done"] + counters["calls_active"] == counters["calls"] <= status["items_total"]
