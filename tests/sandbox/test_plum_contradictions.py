"""How Plum's stand-in reads the contradictions of its page; numbers are those of our notes."""

import json
from typing import Any

import pytest
from reconciler.sandbox import Sandbox


def test_pacing_is_hidden_unless_switched_on(sandbox: Sandbox, plum: Any) -> None:
    """A1: profiles read back without pacing, as in the sample; a switch shows it, as the text says."""
    plum.profile()
    assert plum.listed("profiles") == [{"profile_id": 1, "nickname": "steady"}]
    sandbox.options({"plum": {"show_pacing": True}})
    pace = {"period": 30, "amount_per_period": 100, "time_between_periods": 10}
    assert plum.listed("profiles") == [{"profile_id": 1, "nickname": "steady", **pace}]


@pytest.mark.parametrize("parameter", ["name", "nickname"])
def test_rename_by_either_name(plum: Any, parameter: str) -> None:
    """A3: a schedule can be renamed by `name` and by `nickname`."""
    plum.schedule()
    reply = plum.send("PATCH", "/schedules/1", days='["sun"]', **{parameter: "sundays"})
    assert reply.json()["response"]["nickname"] == "sundays"
    assert plum.listed("schedules")[0]["nickname"] == "sundays"


@pytest.mark.parametrize("parameter", ["schedule", "schedule_id"])
@pytest.mark.parametrize("entered", ["1", "weekdays"])
def test_schedule_reads_back_as_entered(plum: Any, parameter: str, entered: str) -> None:
    """A4, A10: create takes `schedule` and `schedule_id`, id and nickname, and shows what was entered."""
    plum.schedule()
    plum.profile()
    plum.campaign(**{"schedule": "", parameter: entered})
    assert plum.listed("campaigns")[0]["schedule_nickname"] == entered


def test_schedule_can_show_its_nickname_now(sandbox: Sandbox, plum: Any) -> None:
    """A10: with the other position of the switch the schedule's present nickname is shown."""
    plum.ready_campaign(schedule="1")
    sandbox.options({"plum": {"schedule_nickname": "current"}})
    plum.send("PATCH", "/schedules/1", days='["mon"]', name="mondays")
    assert plum.listed("campaigns")[0]["schedule_nickname"] == "mondays"


def test_days_required_in_an_update_is_a_switch(sandbox: Sandbox, plum: Any) -> None:
    """A5: days are required in an update as tabled, or left alone as the text says."""
    plum.schedule()
    assert plum.send("PATCH", "/schedules/1", name="other").status_code == 422
    sandbox.options({"plum": {"patch_schedule_needs_days": False}})
    assert plum.send("PATCH", "/schedules/1", name="other").status_code == 200
    assert plum.listed("schedules")[0]["days"] == ["mon", "tue", "wed", "thu", "fri"]


def test_days_in_the_update_reply_are_text(plum: Any) -> None:
    """A6: days are a string of JSON in the update's reply and an array when read."""
    plum.schedule()
    assert (
        plum.send("PUT", "/schedules/1", days='["sat", "sun"]').json()["response"]["days"] == '["sat","sun"]'
    )
    assert plum.listed("schedules")[0]["days"] == ["sat", "sun"]


def test_digits_name_an_id_first(plum: Any) -> None:
    """A9: a nickname made of digits loses against the id."""
    plum.schedule("2")
    plum.ready_campaign(schedule="2")
    assert plum.http.delete("/schedules/1").json() == {"status": "success"}
    assert plum.http.delete("/schedules/2").json()["status"] == "error"


@pytest.mark.parametrize("position", ["null", "absent", "empty"])
def test_no_nickname(sandbox: Sandbox, plum: Any, position: str) -> None:
    """A17: an object without nickname shows null, nothing or an empty text, as switched."""
    sandbox.options({"plum": {"missing_nickname": position}})
    all_shown: dict[str, dict[str, Any]] = {
        "null": {"nickname": None},
        "absent": {},
        "empty": {"nickname": ""},
    }
    shown = all_shown[position]
    assert plum.send("POST", "/schedules", days='["mon"]').json()["response"] == {"id": 1, **shown}
    assert plum.listed("schedules") == [{"schedule_id": 1, **shown, "days": ["mon"]}]
    assert plum.send("POST", "/schedules", days='["mon"]').json()["response"] == {"id": 2, **shown}


def test_numbers_of_a_create_wait_for_the_start(sandbox: Sandbox, plum: Any) -> None:
    """A15: a campaign created with numbers calls nobody before its start, unless switched so."""
    plum.schedule()
    plum.profile()
    numbers = json.dumps(["tel:+16175550100;ani=6175550100"])
    plum.campaign(phone_numbers=numbers)
    sandbox.options({"plum": {"dial_on_create": True}})
    plum.campaign(phone_numbers=numbers)
    sandbox.clock(advance=86400)
    assert [call.campaign_id for call in sandbox.ledger.calls] == [2]


def test_only_what_is_sent_changes(sandbox: Sandbox, plum: Any) -> None:
    """An update leaves alone what it does not name."""
    plum.ready_campaign()
    before = plum.listed("campaigns")[0]
    plum.send("PATCH", "/campaigns/1", end_date="2027-02-01")
    assert plum.listed("campaigns") == [before | {"end_date": "2027-02-01 00:00:00"}]
    sandbox.options({"plum": {"show_pacing": True}})
    plum.send("PATCH", "/profiles/1", time_between_periods="0")
    assert plum.listed("profiles")[0] == {
        "profile_id": 1,
        "nickname": "steady",
        "period": 30,
        "amount_per_period": 100,
        "time_between_periods": 0,
    }


def test_an_update_has_no_body(plum: Any) -> None:
    """Parameters of an update are read from the query; a body is not looked at."""
    plum.ready_campaign()
    before = plum.listed("campaigns")
    assert plum.http.patch("/campaigns/1", data={"end_date": "2027-02-01"}).status_code == 200
    assert plum.listed("campaigns") == before


def test_lists_follow_every_change(plum: Any) -> None:
    """What a list shows of a campaign follows changes of the campaign and of its profile."""
    plum.ready_campaign()
    assert plum.listed("campaigns")[0]["profiles"][0]["nickname"] == "steady"
    plum.send("PATCH", "/profiles/1", nickname="slow")
    assert plum.listed("campaigns")[0]["profiles"][0]["nickname"] == "slow"
    plum.send("PATCH", "/campaigns/1", result_url="")
    assert plum.listed("campaigns")[0]["result_url"] is None
    plum.http.delete("/campaigns/1")
    assert plum.listed("campaigns") == []
