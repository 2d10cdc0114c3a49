"""Who gets a voicemail when: hours, days, dates, zone, throttle; what pause, stop and lists change."""

from typing import Any

import pytest
from reconciler.sandbox import Sandbox

HOUR, DAY = 3600, 86400


def _options(sandbox: Sandbox, **changes: object) -> None:
    sandbox.options({"rvm": changes})


def _times(sandbox: Sandbox) -> list[str]:
    return [f"{call.at:%a %H:%M:%S}" for call in sandbox.ledger.calls]


def _numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["r_number"] for row in rows]


def test_nobody_before_the_start(sandbox: Sandbox, rvm: Any) -> None:
    """A campaign that was created paused calls nobody, for as long as it waits."""
    campaign = rvm.made(3)
    sandbox.clock(advance=2 * DAY)
    assert sandbox.ledger.calls == []
    assert rvm.turn("start", campaign)["c_status"] == "ACTIVE"
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == 3
    assert [entry.while_active for entry in sandbox.ledger.queued] == [False] * 3


def test_throttle(sandbox: Sandbox, rvm: Any) -> None:
    """Drops per hour, spread evenly from the opening on, and none after the closing until the next day."""
    rvm.made(7, c_start="true", c_throttle="4", c_start_time="09:00", c_stop_time="10:15")
    sandbox.clock(advance=2 * DAY)
    monday = [f"Mon 09:{minute}:00" for minute in ("00", "15", "30", "45")]
    assert _times(sandbox) == [*monday, "Mon 10:00:00", "Tue 09:00:00", "Tue 09:15:00"]


def test_run_days_begin_on_sunday(sandbox: Sandbox, rvm: Any) -> None:
    """0 is Sunday, 6 is Saturday."""
    rvm.made(3, c_start="true", c_throttle="1", c_stop_time="09:00", c_run_days="0,3,6")
    sandbox.clock(advance=7 * DAY)
    assert _times(sandbox) == ["Wed 08:00:00", "Sat 08:00:00", "Sun 08:00:00"]


def test_dates(sandbox: Sandbox, rvm: Any) -> None:
    """Both dates count, and after the last nobody is called."""
    dates = {"c_start_date": "2027-01-06", "c_stop_date": "2027-01-07"}
    rvm.made(5, c_start="true", c_throttle="1", c_stop_time="09:00", **dates)
    sandbox.clock(advance=30 * DAY)
    assert _times(sandbox) == ["Wed 08:00:00", "Thu 08:00:00"]


def test_one_day(sandbox: Sandbox, rvm: Any) -> None:
    """A campaign of one day leaves the run days blank."""
    dates = {"c_start_date": "2027-01-09", "c_stop_date": "2027-01-09", "c_run_days": ""}
    rvm.made(2, c_start="true", **dates)
    sandbox.clock(advance=30 * DAY)
    assert _times(sandbox) == ["Sat 08:00:00", "Sat 08:00:06"]


def test_zone(sandbox: Sandbox, rvm: Any) -> None:
    """Hours are those of the campaign's own zone."""
    rvm.made(1, c_start="true", c_timezone="America/Los_Angeles")
    sandbox.clock(advance=DAY)
    assert [call.at.isoformat() for call in sandbox.ledger.calls] == ["2027-01-04T08:00:00-08:00"]


def test_settings_of_the_call(sandbox: Sandbox, rvm: Any) -> None:
    """The ledger tells vendor, campaign and number of each drop, and which operation wrote."""
    campaign = rvm.made(1)
    rvm.turn("start", campaign)
    sandbox.clock(advance=DAY)
    call = sandbox.ledger.calls[0]
    assert (call.vendor, call.campaign_id, call.number) == ("rvm", 1, "+16175550000")
    writes = [(write.path, write.operation, write.campaign_id) for write in sandbox.ledger.writes]
    assert writes == [("/campaigns", "create", 1), ("/campaigns", "start", 1)]


def test_completed(sandbox: Sandbox, rvm: Any) -> None:
    """When the last delivery has ended the campaign is completed, leaves the list and stays readable."""
    campaign = rvm.made(3, c_start="true")
    sandbox.clock(advance=HOUR + 41)
    assert (rvm.overview(campaign)["c_status"], rvm.channels(campaign)) == ("ACTIVE", 1)
    sandbox.clock(advance=1)
    overview = rvm.overview(campaign)
    assert (overview["c_status"], overview["c_timestampe"]) == ("COMPLETED", "2027-01-04 08:00:42")
    assert rvm.ask("/campaigns", "list")["c_rows"] == 0
    assert rvm.ask("/reports", "campaigns")["data"][0]["r_status"] == "COMPLETED"
    for api in ("start", "pause", "stop"):
        assert rvm.turn(api, campaign)["c_error"] is True


def test_in_flight_at_pause(sandbox: Sandbox, rvm: Any) -> None:
    """What is in progress when a campaign is paused still rings, and is in the details afterwards."""
    campaign = rvm.made(10, c_start="true")
    sandbox.clock(advance=HOUR + 20)
    rvm.turn("pause", campaign)
    assert (rvm.channels(campaign), rvm.overview(campaign)["c_hopper"]) == (4, 6)
    assert rvm.details(campaign) == []
    sandbox.clock(advance=DAY)
    assert (rvm.channels(campaign), len(rvm.details(campaign)), len(sandbox.ledger.calls)) == (0, 4, 4)
    assert rvm.overview(campaign)["c_status"] == "PAUSED"
    rvm.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.called_once()) == len(sandbox.ledger.calls) == 10


def test_paused_with_the_last_in_flight(sandbox: Sandbox, rvm: Any) -> None:
    """A campaign paused while its last drops are in progress completes by itself."""
    campaign = rvm.made(2, c_start="true")
    sandbox.clock(advance=HOUR + 10)
    rvm.turn("pause", campaign)
    sandbox.clock(advance=60)
    assert rvm.overview(campaign)["c_status"] == "COMPLETED"


def test_stop_is_final(sandbox: Sandbox, rvm: Any) -> None:
    """A stop empties the queue for good; what is in progress ends; nothing can be started again."""
    campaign = rvm.made(10, c_start="true")
    sandbox.clock(advance=HOUR + 20)
    rvm.turn("stop", campaign)
    assert (rvm.channels(campaign), rvm.overview(campaign)["c_hopper"]) == (4, 0)
    assert rvm.turn("start", campaign)["c_error"] is True
    sandbox.clock(advance=DAY)
    assert (rvm.overview(campaign)["c_status"], len(rvm.details(campaign))) == ("STOPPED", 4)
    assert len(sandbox.ledger.calls) == 4
    assert rvm.ask("/reports", "campaigns")["data"][0]["r_status"] == "STOPPED"


def test_a_replacement_sent_too_early_calls_twice(sandbox: Sandbox, rvm: Any) -> None:
    """Who replaces a campaign by what its details don't show yet drops twice, and the ledger tells."""
    campaign = rvm.made(10, c_start="true")
    sandbox.clock(advance=HOUR + 20)
    rvm.turn("stop", campaign)
    assert rvm.details(campaign) == []
    rvm.made(10, c_start="true")
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.called_again()) == 4


@pytest.mark.parametrize(("position", "calls"), [(False, 10), (True, 8)])
def test_blacklist_and_the_queued(sandbox: Sandbox, rvm: Any, position: bool, calls: int) -> None:
    """A number added after it was queued is called all the same, unless the option says otherwise."""
    _options(sandbox, blacklist_reaches_queued=position)
    campaign = rvm.made(10, c_start="true")
    sandbox.clock(advance=HOUR + 20)
    rvm.ask("/blacklist", "load", b_numbers="617-555-0000, 6175550008, 6175550009")
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == calls
    assert rvm.overview(campaign)["c_filtered"] == 10 - calls
    assert sandbox.ledger.called_from({"+16175550008", "+16175550009"}) == calls - 8


def test_blacklist_before_the_queue(sandbox: Sandbox, rvm: Any) -> None:
    """A number on the list is filtered when its turn comes: a row and a count, and nothing rings."""
    rvm.ask("/blacklist", "add", b_number="6175550001")
    campaign = rvm.made(3)
    assert rvm.overview(campaign)["c_filtered"] == 0
    rvm.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert sandbox.ledger.called_from({"+16175550001"}) == 0
    statuses = {row["r_number"]: row["r_status"] for row in rvm.details(campaign)}
    assert statuses == {"6175550000": "OK", "6175550001": "FILTERED", "6175550002": "OK"}
    assert rvm.overview(campaign)["c_filtered"] == 1


@pytest.mark.parametrize(("consent", "calls"), [("true", 2), ("false", 1), ("", 2)])
def test_states_that_ask_for_consent(sandbox: Sandbox, rvm: Any, consent: str, calls: int) -> None:
    """Without consent, numbers of Florida are filtered."""
    campaign = rvm.made(c_numbers="305-555-0100,6175550100", c_state_check=consent, c_start="true")
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == calls
    assert {row["r_state"] for row in rvm.details(campaign)} == {"FL", "MA"}


@pytest.mark.parametrize(("performance", "calls"), [("false", 3), ("true", 2)])
def test_in_house_list(sandbox: Sandbox, rvm: Any, performance: str, calls: int) -> None:
    """The vendor's own list filters only who asks for it."""
    _options(sandbox, in_house="0001, 0099")
    rvm.made(3, c_performance=performance, c_start="true")
    sandbox.clock(advance=DAY)
    assert len(sandbox.ledger.calls) == calls


def test_failing(sandbox: Sandbox, rvm: Any) -> None:
    """A delivery that fails was a call all the same."""
    _options(sandbox, failing="0002")
    campaign = rvm.made(3, c_start="true")
    sandbox.clock(advance=DAY)
    assert [row["r_status"] for row in rvm.details(campaign)] == ["OK", "OK", "Failure"]
    assert (rvm.overview(campaign)["c_failed"], len(sandbox.ledger.calls)) == (1, 3)


@pytest.mark.parametrize(
    ("position", "status", "hopper"), [("stays", "ACTIVE", 9), ("completes", "COMPLETED", 0)]
)
def test_after_the_last_day(sandbox: Sandbox, rvm: Any, position: str, status: str, hopper: int) -> None:
    """With numbers left a campaign stays as it is after its last day, or ends, as switched."""
    _options(sandbox, after_stop_date=position)
    campaign = rvm.made(10, c_start="true", c_throttle="1", c_stop_time="09:00", c_stop_date="2027-01-04")
    sandbox.clock(advance=3 * DAY)
    overview = rvm.overview(campaign)
    assert (overview["c_status"], overview["c_hopper"], len(sandbox.ledger.calls)) == (status, hopper, 1)
    if position != "stays":
        assert overview["c_timestampe"] == "2027-01-05 00:00:00"


def test_stopped_by_its_last_day(sandbox: Sandbox, rvm: Any) -> None:
    """The last day can also be switched to stop it, paused or not."""
    _options(sandbox, after_stop_date="stops")
    campaign = rvm.made(10)
    sandbox.clock(advance=9 * DAY)
    assert rvm.overview(campaign)["c_status"] == "STOPPED"


def test_details_lag_by_reads(sandbox: Sandbox, rvm: Any) -> None:
    """Who was tried shows only after so many reads of the details; counts and channels don't lag."""
    _options(sandbox, details_lag_reads=3)
    campaign = rvm.made(10, c_start="true")
    sandbox.clock(advance=HOUR + 20)
    rvm.turn("pause", campaign)
    sandbox.clock(advance=60)
    assert (rvm.channels(campaign), rvm.overview(campaign)["c_hopper"]) == (0, 6)
    assert [len(rvm.details(campaign)) for _ in range(5)] == [0, 0, 0, 4, 4]
    rvm.turn("start", campaign)
    sandbox.clock(advance=DAY)
    assert [len(rvm.details(campaign)) for _ in range(4)] == [4, 4, 4, 10]


def test_details_lag_by_time(sandbox: Sandbox, rvm: Any) -> None:
    """Who was tried shows only after so many seconds."""
    _options(sandbox, details_lag_seconds=600)
    campaign = rvm.made(1, c_start="true")
    sandbox.clock(advance=HOUR + 30 + 599)
    assert (rvm.overview(campaign)["c_status"], rvm.details(campaign)) == ("COMPLETED", [])
    sandbox.clock(advance=1)
    assert _numbers(rvm.details(campaign)) == ["6175550000"]


def test_details_by_pages(sandbox: Sandbox, rvm: Any) -> None:
    """Pages hold everybody once, in the order in which their drops ended."""
    campaign = rvm.made(10, c_start="true")
    sandbox.clock(advance=DAY)
    pages = [rvm.details(campaign, r_page_size=4, r_offset=offset) for offset in (0, 4, 8, 12)]
    assert [len(page) for page in pages] == [4, 4, 2, 0]
    assert [number for page in pages for number in _numbers(page)] == [
        f"617555{number:04}" for number in range(10)
    ]


def test_filtered_at_creation_is_nowhere(sandbox: Sandbox, rvm: Any) -> None:
    """Landlines, duplicates and invalid numbers appear in no report."""
    _options(sandbox, landlines="0001")
    campaign = rvm.made(c_numbers="6175550000,6175550001,6175550000,617", c_start="true")
    sandbox.clock(advance=DAY)
    assert _numbers(rvm.details(campaign)) == ["6175550000"]


def test_small_steps_are_one_big_step(sandbox: Sandbox, rvm: Any) -> None:
    """However the clock is advanced, and whoever looks, the same happens at the same times."""
    campaign = rvm.made(60, c_start="true")
    for _ in range(50):
        sandbox.clock(advance=83.7)
        rvm.overview(campaign)
    stepped = (sandbox.ledger.calls, rvm.details(campaign))
    sandbox.reset()
    campaign = rvm.made(60, c_start="true")
    sandbox.clock(advance=50 * 83.7)
    assert (sandbox.ledger.calls, rvm.details(campaign)) == stepped
    assert stepped[1]


def test_options_don_t_rewrite_the_past(sandbox: Sandbox, rvm: Any) -> None:
    """A switch turned later does not change what was due before."""
    campaign = rvm.made(3, c_start="true")
    sandbox.clock(advance=DAY)
    _options(sandbox, failing="0000", drop_seconds=10 * DAY)
    assert [row["r_status"] for row in rvm.details(campaign)] == ["OK"] * 3


@pytest.mark.slow
def test_thirty_thousand(sandbox: Sandbox, rvm: Any) -> None:
    """A create takes 30,000 numbers and the day calls each of them once."""
    numbers = ",".join(f"617{number:07}" for number in range(30000))
    campaign = rvm.create(c_numbers=numbers, c_start="true", c_throttle="18000")
    assert campaign["c_wireless"] == 30000
    sandbox.clock(advance=DAY)
    assert sandbox.ledger.summary()["people_called_once"] == 30000
    assert len(rvm.details(campaign["c_campaign_id"], r_page_size=1000, r_offset=29500)) == 500
