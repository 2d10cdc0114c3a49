"""Days and dates that a vendor does not know: kept by `reconciler tick`, within hours that hold without it."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reconciler.providers.callr import imports
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder
from reconciler.testing.projects import people as numbers

from .callr_hands import VOICE, callr_folder
from .wolkvox_hands import Hands, only, people, wolkvox_folder, written

DAY = 86400
MONDAY, TUESDAY, WEDNESDAY = (f"2027-01-0{day}T05:50:00-05:00" for day in (4, 5, 6))


@pytest.fixture(autouse=True)
def quick_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are looked at without a second's pause between."""
    monkeypatch.setattr(imports, "POLL", 0.01)


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A campaign of 30 people on Mondays and Wednesdays, four calls an hour, from January 4 to 13."""
    sandbox.options({"wolkvox": {"calls_per_hour": 10}})
    sandbox.clock(set=MONDAY)
    made = wolkvox_folder(
        tmp_path / "project",
        sandbox,
        numbers=people(60),
        campaign={
            "enforce": "reconciler",
            "schedule": "weekdays",
            "start_date": "2027-01-04",
            "end_date": "2027-01-13",
        },
        schedule={"days": ["mon", "wed"]},
    )
    made.blacklist = [made.numbers[3]]
    return written(made)


@pytest.fixture
def hands(sandbox: Sandbox) -> Iterator[Hands]:
    """Somebody's hands at the vendor."""
    found = Hands(sandbox)
    yield found
    found.close()


def at(sandbox: Sandbox) -> str:
    """What the vendor's clock shows."""
    now: str = sandbox.clock()["now"]
    return now


def tick(project: ProjectFolder, sandbox: Sandbox, code: int = 0) -> dict[str, Any]:
    """Let the clock come, at the vendor's own time."""
    ran = project.run("tick", "--at", at(sandbox), "--format", "json")
    assert ran.code == code, ran.out + ran.err
    found: dict[str, Any] = ran.document["plan"]
    return found


def apply_now(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Apply at the vendor's time."""
    from reconciler.workflow import workspace

    moment = dt.datetime.fromisoformat(at(sandbox))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace.Workspace, "now", lambda _self: moment)
        ran = project.run("apply", "--yes")
    assert ran.code == 0, ran.out + ran.err


def days_called(sandbox: Sandbox) -> set[str]:
    """The days on which somebody was called."""
    return {f"{call.at:%a}" for call in sandbox.ledger.calls}


def hours_called(sandbox: Sandbox) -> set[int]:
    """The hours in which somebody was called."""
    return {call.at.hour for call in sandbox.ledger.calls}


def test_days_without_a_clock_of_ours_are_refused(project: ProjectFolder) -> None:
    """Wolkvox knows no days: without enforce: reconciler they are an error that says what to do."""
    project.campaign["enforce"] = None
    project.write()
    ran = project.run("validate")
    assert ran.code == 1
    assert "enforce: reconciler" in ran.out + ran.err


def test_days_without_hours_of_the_vendor_are_refused(project: ProjectFolder) -> None:
    """What nothing but a tick would keep from ringing at night is not armed at all."""
    project.campaign["windows"] = "any_hour"
    project.write()
    assert "WOL07" in project.run("validate").out


def test_a_tick_that_never_comes_costs_no_odd_hour(project: ProjectFolder, sandbox: Sandbox) -> None:
    """24 simulated hours without a tick: nobody is called outside the window."""
    apply_now(project, sandbox)
    assert only(sandbox)["started"] is True
    sandbox.clock(advance=DAY)
    assert sandbox.ledger.calls
    assert hours_called(sandbox) <= {8, 9, 10}
    assert days_called(sandbox) == {"Mon"}


@pytest.mark.slow
def enforced_at_callr(root: Path, sandbox: Sandbox) -> ProjectFolder:
    """A campaign at CALLR on Mondays and Wednesdays, from January 4 to 6, that has work for a week: nobody answers."""
    block: dict[str, Any] = copy.deepcopy(VOICE)
    block["options"]["followup"] = {
        "enabled": True,
        "actions": {"callback": {"enabled": True, "count": 5, "delay_minutes": 240}},
        "conditions": {"no_response": True},
    }
    sandbox.options({"callr": {"no_answer": "0,1,2,3,4,5,6,7,8,9"}})
    sandbox.clock(set=MONDAY)
    return callr_folder(
        root,
        sandbox,
        numbers=numbers(60),
        campaign={
            "enforce": "reconciler",
            "start_date": "2027-01-04",
            "end_date": "2027-01-06",
            "windows": [{"start_time": "08:00", "end_time": "11:00"}],
            "callr": block,
        },
        schedule={"days": ["mon", "wed"]},
    )


@pytest.mark.slow
@pytest.mark.parametrize("now", [MONDAY, TUESDAY])
@pytest.mark.parametrize("vendor", ["callr", "wolkvox"])
def test_24_hours_without_a_tick_ring_at_no_odd_hour(
    tmp_path: Path, project: ProjectFolder, sandbox: Sandbox, vendor: str, now: str
) -> None:
    """Applied on a calling day or before one, and no tick for 24 hours: nobody is called outside the window."""
    made = project if vendor == "wolkvox" else enforced_at_callr(tmp_path / "callr", sandbox)
    sandbox.clock(set=now)
    apply_now(made, sandbox)
    sandbox.clock(advance=DAY)
    assert bool(sandbox.ledger.calls) == (now == MONDAY)
    assert hours_called(sandbox) <= {8, 9, 10}
    sandbox.clock(advance=7 * DAY)
    assert hours_called(sandbox) <= {8, 9, 10}


def test_without_a_tick_a_vendor_that_knows_days_costs_a_late_week_at_most(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    """At CALLR the days hold though no tick comes: what a missing one costs is a Monday after the last date."""
    apply_now(enforced_at_callr(tmp_path / "callr", sandbox), sandbox)
    sandbox.clock(advance=8 * DAY)
    assert days_called(sandbox) == {"Mon", "Wed"}
    assert {f"{call.at:%m-%d}" for call in sandbox.ledger.calls} - {"01-04", "01-06"} <= {"01-11"}


@pytest.mark.slow
def test_with_ticks_a_vendor_that_knows_days_keeps_its_dates(tmp_path: Path, sandbox: Sandbox) -> None:
    """At CALLR a tick each morning: the days of the manifest, up to its last date, and silence after it."""
    made = enforced_at_callr(tmp_path / "callr", sandbox)
    apply_now(made, sandbox)
    for _ in range(9):
        tick(made, sandbox)
        assert tick(made, sandbox)["changes"] == []
        sandbox.clock(advance=DAY)
    assert {f"{call.at:%m-%d}" for call in sandbox.ledger.calls} == {"01-04", "01-06"}
    assert hours_called(sandbox) <= {8, 9, 10}


@pytest.mark.slow
def test_with_ticks_nobody_is_called_on_another_day(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A tick at each 05:50 keeps Mondays and Wednesdays, and the last date; the second of a day does nothing."""
    apply_now(project, sandbox)
    for _ in range(14):
        tick(project, sandbox)
        assert tick(project, sandbox)["changes"] == []
        sandbox.clock(advance=DAY)
    assert days_called(sandbox) == {"Mon", "Wed"}
    assert max(call.at.date() for call in sandbox.ledger.calls) <= dt.date(2027, 1, 13)
    assert hours_called(sandbox) <= {8, 9, 10}
    assert only(sandbox)["started"] is False


@pytest.mark.slow
def test_applied_on_a_wrong_day_it_is_armed_and_silent(project: ProjectFolder, sandbox: Sandbox) -> None:
    """On a Tuesday nothing is started; the tick of Wednesday does it, and the plan between is empty."""
    sandbox.clock(set=TUESDAY)
    apply_now(project, sandbox)
    assert (only(sandbox)["started"], only(sandbox)["records"]) == (False, 59)
    assert project.run("plan", "--at", at(sandbox), "--detailed-exitcode").code == 0
    assert tick(project, sandbox)["changes"] == []
    sandbox.clock(set=WEDNESDAY)
    tick(project, sandbox)
    assert only(sandbox)["started"] is True
    sandbox.clock(advance=DAY)
    assert days_called(sandbox) == {"Wed"}


@pytest.mark.slow
def test_a_tick_does_nothing_but_pause_and_resume(project: ProjectFolder, sandbox: Sandbox) -> None:
    """An edited manifest that nobody applied changes nothing: what is kept is what was applied."""
    apply_now(project, sandbox)
    writes = len(sandbox.ledger.writes)
    project.schedule = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
    project.numbers = people(80)
    project.profile = {"wolkvox": {"speed": 99}}
    project.write()
    sandbox.clock(set=TUESDAY)
    tick(project, sandbox)
    assert [item.operation for item in sandbox.ledger.writes][writes:] == ["stop"]
    sandbox.clock(set=WEDNESDAY)
    tick(project, sandbox)
    assert [item.operation for item in sandbox.ledger.writes][writes:] == ["stop", "start"]


@pytest.mark.slow
def test_a_broken_manifest_keeps_no_pause_from_coming(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A pause needs no manifest; a resume does, and says so."""
    apply_now(project, sandbox)
    (project.root / "manifests" / "campaigns.yaml").write_text("campaigns: [")
    sandbox.clock(set=TUESDAY)
    tick(project, sandbox)
    assert only(sandbox)["started"] is False
    sandbox.clock(set=WEDNESDAY)
    assert "manifests" in str(tick(project, sandbox))
    assert only(sandbox)["started"] is False


@pytest.mark.slow
def test_a_hand_and_a_hold_stop_the_clock_from_starting(
    project: ProjectFolder, sandbox: Sandbox, hands: Hands
) -> None:
    """What somebody stopped on a calling day stays so, and a hold lets nothing ring again."""
    apply_now(project, sandbox)
    hands.ask("PUT", "stop", campaign_id="1")
    assert tick(project, sandbox, 6)["changes"][0]["held"]
    assert only(sandbox)["started"] is False
    hands.ask("PUT", "start", campaign_id="1")
    sandbox.clock(set=TUESDAY)
    tick(project, sandbox)
    assert project.run("hold", "--reason", "complaints").code == 0
    sandbox.clock(set=WEDNESDAY)
    tick(project, sandbox, 6)
    assert only(sandbox)["started"] is False


def test_whoever_is_suppressed_by_now_keeps_a_run_at_rest(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Somebody queued got onto a blacklist over night: the morning's tick waits for an apply."""
    apply_now(project, sandbox)
    sandbox.clock(set=TUESDAY)
    tick(project, sandbox)
    project.blacklist = [*project.blacklist, project.numbers[9]]
    written(project)
    sandbox.clock(set=WEDNESDAY)
    assert "apply" in str(tick(project, sandbox, 6)["changes"][0]["held"])
    assert only(sandbox)["started"] is False


@pytest.mark.slow
def test_dates_are_kept_at_a_vendor_that_knows_days(tmp_path: Path, sandbox: Sandbox) -> None:
    """CALLR keeps days and hours itself; its dates are kept by ticks, and what waits for its first day is silent."""
    dates = {"enforce": "reconciler", "start_date": "2027-01-06", "end_date": "2027-01-06"}
    project = callr_folder(tmp_path / "callr", sandbox, campaign=dates)
    apply_now(project, sandbox)
    sandbox.clock(set="2027-01-05T20:00:00-05:00")
    assert sandbox.ledger.calls == []
    assert tick(project, sandbox)["changes"] == []
    sandbox.clock(set=WEDNESDAY)
    assert [item["action"] for item in tick(project, sandbox)["changes"]] == ["resume"]
    sandbox.clock(set="2027-01-07T05:50:00-05:00")
    assert days_called(sandbox) == {"Wed"}
    assert [item["action"] for item in tick(project, sandbox)["changes"]] in ([], ["pause"])
    sandbox.clock(advance=3 * DAY)
    assert days_called(sandbox) == {"Wed"}
