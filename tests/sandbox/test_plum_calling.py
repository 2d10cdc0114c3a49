"""Who is called when: start, stop, pace, windows, days, and what changes them midway."""

import json
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from reconciler.sandbox import Sandbox

EASTERN = ZoneInfo("America/New_York")
HOUR, DAY = 3600, 86400


def _times(sandbox: Sandbox) -> list[str]:
    return [f"{call.at:%a %H:%M:%S}" for call in sandbox.ledger.calls]


def _windows(*hours: tuple[str, str], profile: str = "steady") -> str:
    return json.dumps(
        [{"profile": profile, "start_time": opens, "end_time": closes} for opens, closes in hours]
    )


def test_nobody_is_called_before_the_start(sandbox: Sandbox, plum: Any) -> None:
    """A campaign that was created and filled calls nobody until it is started."""
    campaign = plum.ready_campaign(people=3)
    sandbox.clock(advance=7 * DAY)
    assert sandbox.ledger.calls == []
    plum.start(campaign)
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == 3


def test_pace(sandbox: Sandbox, plum: Any) -> None:
    """Calls are spread over the period, then comes the rest, then the next period."""
    plum.schedule()
    plum.profile(period=6, amount=3, rest=4)
    campaign = plum.campaign(profiles=_windows(("08:00", "08:17")))
    plum.add_calls(campaign, 9)
    plum.start(campaign)
    sandbox.clock(advance=DAY)
    minutes = ["00", "02", "04", "10", "12", "14"]
    assert _times(sandbox) == [f"Mon 08:{minute}:00" for minute in minutes]
    sandbox.clock(advance=DAY)
    assert _times(sandbox)[6:] == [f"Tue 08:{minute}:00" for minute in minutes[:3]]


def test_queue_order_and_append(sandbox: Sandbox, plum: Any) -> None:
    """Numbers are called in the order of the queue, and added ones come at its end."""
    campaign = plum.ready_campaign(people=100)
    plum.start(campaign)
    sandbox.clock(advance=HOUR + 900)
    assert len(sandbox.ledger.calls) == 50
    plum.add_calls(campaign, 10, first=500)
    sandbox.clock(advance=DAY)
    called = [call.number for call in sandbox.ledger.calls]
    assert called == [f"+1617555{number:04}" for number in (*range(100), *range(500, 510))]
    assert [entry.while_active for entry in sandbox.ledger.queued] == [False] * 100 + [True] * 10


def test_small_steps_are_one_big_step(sandbox: Sandbox, plum: Any) -> None:
    """However the clock is advanced, the same calls are placed at the same times."""
    campaign = plum.ready_campaign(people=200)
    plum.start(campaign)
    for _ in range(50):
        sandbox.clock(advance=97.3)
        assert sandbox.ledger.calls is not None
    stepped = sandbox.ledger.calls
    sandbox.reset()
    campaign = plum.ready_campaign(people=200)
    plum.start(campaign)
    sandbox.clock(advance=50 * 97.3)
    assert sandbox.ledger.calls == stepped
    assert stepped


def test_stop_ends_calling(sandbox: Sandbox, plum: Any) -> None:
    """After a stop nobody is called, though the queue is not empty and can be filled."""
    campaign = plum.ready_campaign(people=200)
    plum.start(campaign)
    sandbox.clock(advance=HOUR + 600)
    plum.stop(campaign)
    called = len(sandbox.ledger.calls)
    plum.add_calls(campaign, 5, first=900)
    sandbox.clock(advance=5 * DAY)
    assert 0 < called == len(sandbox.ledger.calls)
    assert sandbox.state()["plum"]["campaigns"][0]["queued"] == 205


@pytest.mark.parametrize(
    ("position", "status", "calls"), [("redial", 200, 130), ("resume", 200, 100), ("refuse", 400, 30)]
)
def test_start_after_stop(sandbox: Sandbox, plum: Any, position: str, status: int, calls: int) -> None:
    """A start after a stop calls everybody again unless switched otherwise: a hazard for clients."""
    sandbox.options({"plum": {"restart_after_stop": position}})
    campaign = plum.ready_campaign(people=100)
    plum.start(campaign)
    sandbox.clock(advance=HOUR + 9 * 60)
    plum.stop(campaign)
    assert plum.start(campaign).status_code == status
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == calls


@pytest.mark.parametrize(
    ("position", "status", "calls"), [("success", 200, 10), ("error", 400, 10), ("redial", 200, 20)]
)
def test_start_while_active(sandbox: Sandbox, plum: Any, position: str, status: int, calls: int) -> None:
    """A second start does nothing, is refused or calls again, as switched."""
    sandbox.options({"plum": {"start_active": position}})
    campaign = plum.ready_campaign(people=10)
    plum.start(campaign)
    sandbox.clock(advance=2 * HOUR)
    assert plum.start(campaign).status_code == status
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == calls


def test_stop_of_what_does_not_run(sandbox: Sandbox, plum: Any) -> None:
    """A stop of a campaign that never ran succeeds and leaves it startable, or is refused, as switched."""
    campaign = plum.ready_campaign(people=1)
    assert plum.stop(campaign).json() == {"status": "success"}
    sandbox.options({"plum": {"stop_inactive": "error"}})
    assert plum.stop(campaign).json()["status"] == "error"
    plum.start(campaign)
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == 1


def test_deleting_a_running_campaign_ends_its_calls(sandbox: Sandbox, plum: Any) -> None:
    """A running campaign can be deleted, and then calls nobody."""
    campaign = plum.ready_campaign(people=100)
    plum.start(campaign)
    sandbox.clock(advance=HOUR + 540)
    assert plum.http.delete(f"/campaigns/{campaign}").json() == {"status": "success"}
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == 30


def test_days_and_dates(sandbox: Sandbox, plum: Any) -> None:
    """Calls are placed on scheduled days from the first date to the last, both included."""
    plum.schedule(days=["tue", "sun"])
    plum.profile(period=60, amount=1, rest=0)
    campaign = plum.campaign(
        start_date="2027-01-05", end_date="2027-01-17", profiles=_windows(("00:00", "00:30"))
    )
    plum.add_calls(campaign, 20)
    plum.start(campaign)
    sandbox.clock(advance=365 * DAY)
    assert [f"{call.at:%m-%d}" for call in sandbox.ledger.calls] == ["01-05", "01-10", "01-12", "01-17"]


def test_several_windows(sandbox: Sandbox, plum: Any) -> None:
    """Each window calls at its own profile's pace."""
    plum.schedule()
    plum.profile("slow", period=60, amount=1, rest=0)
    plum.profile("fast", period=60, amount=2, rest=0)
    windows = json.loads(_windows(("13:00", "14:00"), profile="fast")) + json.loads(
        _windows(("09:00", "10:00"), profile="slow")
    )
    campaign = plum.campaign(profiles=json.dumps(windows))
    plum.add_calls(campaign, 4)
    plum.start(campaign)
    sandbox.clock(advance=30 * HOUR)
    assert _times(sandbox) == ["Mon 09:00:00", "Mon 13:00:00", "Mon 13:30:00", "Tue 09:00:00"]


@pytest.mark.parametrize(
    ("day", "hours", "expected"),
    [
        ("2027-03-14", ("01:00", "04:00"), ["01:00-0500", "01:30-0500", "03:00-0400", "03:30-0400"]),
        ("2027-03-14", ("02:00", "03:00"), []),
        ("2027-03-14", ("08:00", "09:00"), ["08:00-0400", "08:30-0400"]),
        ("2027-11-07", ("01:00", "02:00"), ["01:00-0400", "01:30-0400", "01:00-0500", "01:30-0500"]),
        ("2027-11-07", ("01:45", "02:30"), ["01:45-0400", "01:45-0500", "02:15-0500"]),
    ],
)
def test_daylight_saving(
    sandbox: Sandbox, plum: Any, day: str, hours: tuple[str, str], expected: list[str]
) -> None:
    """A19: windows follow the Eastern wall clock, also where an hour is missing or comes twice."""
    plum.schedule(days=["sun"])
    plum.profile(period=60, amount=2, rest=0)
    campaign = plum.campaign(start_date=day, end_date=day, profiles=_windows(hours))
    plum.add_calls(campaign, 10)
    plum.start(campaign)
    sandbox.clock(advance=365 * DAY)
    assert [f"{call.at:%H:%M%z}" for call in sandbox.ledger.calls] == expected


def test_a_change_counts_from_its_moment(sandbox: Sandbox, plum: Any) -> None:
    """Changing a profile or schedule in use changes calls to come, and no call of the past."""
    campaign = plum.ready_campaign(people=1000)
    plum.start(campaign)
    sandbox.clock(advance=HOUR + 1800)
    plum.send("PATCH", "/profiles/1", amount_per_period="10")
    sandbox.clock(advance=2 * HOUR)
    slower = len(sandbox.ledger.calls)
    plum.send("PATCH", "/schedules/1", days='["sat"]')
    sandbox.clock(advance=2 * DAY)
    assert (slower, len(sandbox.ledger.calls)) == (100 + 30, 130)


def test_moving_the_window_of_a_running_campaign(sandbox: Sandbox, plum: Any) -> None:
    """A running campaign follows its new window at once."""
    campaign = plum.ready_campaign(people=1)
    plum.start(campaign)
    plum.send("PATCH", f"/campaigns/{campaign}", profiles=_windows(("20:00", "21:00")))
    sandbox.clock(advance=DAY)
    assert _times(sandbox) == ["Mon 20:00:00"]


@pytest.mark.slow
def test_months_pass_quickly(sandbox: Sandbox, plum: Any) -> None:
    """Ten years with a slow campaign are simulated without walking through them."""
    plum.schedule()
    plum.profile(period=1, amount=1, rest=99999999999)
    campaign = plum.campaign(end_date="2036-12-31")
    plum.add_calls(campaign, 9999)
    plum.start(campaign)
    sandbox.clock(advance=3650 * DAY)
    calls = sandbox.ledger.calls
    assert len(calls) == len({call.at.date() for call in calls}) > 2500


def test_calls_are_told_in_eastern_time_and_in_order(sandbox: Sandbox, plum: Any) -> None:
    """The ledger is sorted by time over all campaigns, whichever was simulated first."""
    first = plum.ready_campaign(people=50)
    second = plum.campaign()
    plum.add_calls(second, 50, first=100)
    for campaign in (first, second):
        plum.start(campaign)
    sandbox.clock(advance=DAY)
    calls = sandbox.ledger.calls
    assert all(earlier.at <= later.at for earlier, later in pairwise(calls))
    assert calls[0].at == datetime(2027, 1, 4, 8, tzinfo=EASTERN)
    assert {call.campaign_id for call in calls[:4]} == {first, second}
