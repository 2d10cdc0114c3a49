"""Whatever is done to campaigns, in whatever order: the laws of RVMpro's stand-in hold."""

from collections import Counter
from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reconciler.sandbox import Sandbox

steps = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(3600, 100000)),
        st.tuples(st.just("advance"), st.integers(0, 400)),
        st.tuples(st.sampled_from(["create", "create_active"]), st.integers(1, 40)),
        st.tuples(st.just("suppress"), st.integers(0, 60)),
        st.tuples(st.sampled_from(["start", "pause", "stop", "details"]), st.integers(1, 4)),
    ),
    min_size=4,
    max_size=16,
)
hours = st.tuples(st.integers(0, 23), st.integers(0, 23)).map(sorted)
days = st.sets(st.integers(0, 6), min_size=3)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, hours, days, st.sampled_from([1, 7, 600, 18000]))
def test_laws(
    sandbox: Sandbox,
    rvm: Any,
    steps: list[tuple[str, int]],
    hours: list[int],
    days: set[int],
    throttle: int,
) -> None:
    """At most one drop for each number of a campaign, inside its calendar, and everybody accounted for."""
    sandbox.reset()
    sandbox.options({"rvm": {"failing": "07,13", "drop_seconds": 45}})
    calendar = {
        "c_start_time": f"{hours[0]:02}:00",
        "c_stop_time": f"{hours[1]:02}:30",
        "c_run_days": ",".join(map(str, sorted(days))),
        "c_throttle": throttle,
        "c_timezone": "America/Chicago",
        "c_stop_date": "2027-01-09",
    }
    for step, value in [("create_active", 30), ("suppress", 3), ("create_active", 9), *steps]:
        _do(sandbox, rvm, step, value, calendar)
    _check_numbers(sandbox)
    _check_calendar(sandbox, hours, days)
    _check_counts(sandbox, rvm)


def _do(sandbox: Sandbox, rvm: Any, step: str, value: int, calendar: dict[str, Any]) -> None:
    if step == "advance":
        sandbox.clock(advance=value)
    elif step.startswith("create"):
        rvm.create(value, c_start="true" if step == "create_active" else "false", **calendar)
    elif step == "suppress":
        rvm.ask("/blacklist", "add", b_number=f"617555{value:04}")
    elif step == "details":
        rvm.ask("/reports", "details", r_campaign_id=value)
    else:
        rvm.turn(step, str(value))


def _check_numbers(sandbox: Sandbox) -> None:
    """Each queued number is called once at most, and nobody else is."""
    called = Counter((call.campaign_id, call.number) for call in sandbox.ledger.calls)
    queued = {(entry.campaign_id, entry.number) for entry in sandbox.ledger.queued}
    assert max(called.values(), default=0) <= 1
    assert called.keys() <= queued


def _check_calendar(sandbox: Sandbox, hours: list[int], days: set[int]) -> None:
    for call in sandbox.ledger.calls:
        assert time(hours[0]) <= call.at.time() < time(hours[1], 30)
        assert (call.at.weekday() + 1) % 7 in days
        assert date(2027, 1, 4) <= call.at.date() <= date(2027, 1, 9)


def _check_counts(sandbox: Sandbox, rvm: Any) -> None:
    """Queued = left + in progress + tried; tried = rows; calls = tried but the filtered + in progress."""
    calls = Counter(call.campaign_id for call in sandbox.ledger.calls)
    for campaign in sandbox.state()["rvm"]["campaigns"]:
        tried = campaign["delivered"] + campaign["failed"] + campaign["filtered"]
        assert campaign["queued"] == campaign["hopper"] + campaign["in_progress"] + tried
        assert tried == len(rvm.details(campaign["id"]))
        assert calls[int(campaign["id"])] == tried - campaign["filtered"] + campaign["in_progress"]
        assert rvm.channels(campaign["id"]) == campaign["in_progress"]


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 60), st.integers(3600, 3900), st.integers(0, 4), st.integers(1, 90))
def test_patience_shows_everybody(
    sandbox: Sandbox, rvm: Any, people: int, pause_at: int, lag: int, delivery: int
) -> None:
    """After a pause, once nothing is in progress and the lag is read away, what left the hopper is in rows."""
    sandbox.reset()
    sandbox.options({"rvm": {"details_lag_reads": lag, "drop_seconds": delivery}})
    campaign = rvm.made(people, c_start="true")
    sandbox.clock(advance=pause_at)
    rvm.turn("pause", campaign)
    while rvm.channels(campaign):
        sandbox.clock(advance=7)
    hopper = rvm.overview(campaign)["c_hopper"]
    reads = [rvm.details(campaign) for _ in range(lag + 1)]
    shown = {f"+1{row['r_number']}" for row in reads[-1]}
    assert len(shown) == people - hopper
    assert shown == {call.number for call in sandbox.ledger.calls}
