"""Faults aimed at one of RVMpro's operations, which share a path and two methods."""

from typing import Any

import httpx
import pytest
from reconciler.sandbox import Sandbox


def test_a_fault_for_one_operation(sandbox: Sandbox, rvm: Any) -> None:
    """Many operations share a path; a fault can mean one of them, by whatever method it comes."""
    sandbox.faults({"action": "status", "vendor": "rvm", "operation": "^start$", "status": 503})
    campaign = rvm.made()
    assert rvm.send("/campaigns", "overview", c_campaign_id=campaign).status_code == 200
    assert rvm.send("/campaigns", "start", c_campaign_id=campaign).status_code == 503
    query = {"api": "start", "token": rvm.token, "c_campaign_id": campaign}
    assert rvm.http.get("/campaigns", params=query).status_code == 503
    assert [entry["operation"] for entry in sandbox.requests()] == ["create", "overview", "start", "start"]


def test_path_and_operation(sandbox: Sandbox, rvm: Any) -> None:
    """`campaigns` is an operation of the reports and a path of its own."""
    sandbox.faults({"action": "status", "path": "^/reports$", "operation": "^campaigns$"})
    assert rvm.send("/campaigns", "list").status_code == 200
    assert rvm.send("/reports", "agents").status_code == 200
    assert rvm.send("/reports", "campaigns").status_code == 500


def test_bad_pattern(sandbox: Sandbox) -> None:
    """An operation that is no regular expression is refused when ordered."""
    with pytest.raises(ValueError, match="operation is no regular expression"):
        sandbox.faults({"action": "status", "operation": "("})


def test_what_the_client_made_up_is_not_logged(sandbox: Sandbox, rvm: Any) -> None:
    """Neither a token nor a made-up operation gets into the log of requests."""
    rvm.send("/campaigns", rvm.token)
    rvm.http.get("/campaigns", params={"api": "secret", "token": rvm.token})
    told = str(sandbox.requests())
    assert [entry["operation"] for entry in sandbox.requests()] == ["", ""]
    assert rvm.token not in told
    assert "secret" not in told


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_lost_reply_to_a_create(sandbox: Sandbox, rvm: Any, when: str, made: int) -> None:
    """A create whose reply is lost was carried out or not, and the campaign can be found."""
    sandbox.faults({"action": "reset", "operation": "create", "when": when, "nth": 1})
    with pytest.raises(httpx.TransportError):
        rvm.create()
    assert rvm.ask("/campaigns", "list")["c_rows"] == made
    assert len(sandbox.ledger.writes) == made


def test_held_names_the_operation(sandbox: Sandbox, rvm: Any) -> None:
    """A parked request says what it wants."""
    sandbox.faults({"action": "hold", "operation": "stop", "when": "before", "count": 1})
    campaign = rvm.made()
    with pytest.raises(httpx.ReadTimeout):
        rvm.http.post(
            "/campaigns",
            data={"api": "stop", "token": rvm.token, "c_campaign_id": campaign},
            timeout=0.05,
        )
    held = sandbox.held()
    assert held is None or held["operation"] == "stop"
    sandbox.release()
    assert rvm.overview(campaign)["c_status"] == "PAUSED"


def test_lists_may_lag(sandbox: Sandbox, rvm: Any) -> None:
    """A new campaign can stay out of the first lists and reports; by its id it is there at once."""
    sandbox.faults({"action": "lag", "operation": "create", "reads": 2, "nth": 1})
    campaign = rvm.made()
    shown = [
        rvm.ask("/campaigns", "list")["c_rows"],
        rvm.overview(campaign)["c_status"],
        rvm.ask("/reports", "campaigns")["r_rows"],
        rvm.ask("/campaigns", "list")["c_rows"],
        rvm.ask("/reports", "campaigns")["r_rows"],
    ]
    assert shown == [0, "PAUSED", 0, 1, 1]


def test_a_reset_empties_the_account(sandbox: Sandbox, rvm: Any) -> None:
    """After a reset nothing is left but address and token."""
    rvm.ask("/blacklist", "add", b_number="2025550155")
    rvm.ask("/repcheck", "check", rc_number="2025550155")
    sandbox.options({"rvm": {"ids": "numbers"}})
    rvm.made()
    sandbox.reset()
    assert sandbox.state()["rvm"] == {
        "campaigns": [],
        "blacklist": [],
        "credits": {"spent": 0, "left": 1000},
    }
    assert sandbox.options()["rvm"]["ids"] == "text"
    assert rvm.made() == "0000000001"


def test_ready(sandbox: Sandbox, rvm: Any) -> None:
    """The address stands for the vendor's base exactly, and the state can be read over HTTP."""
    ready = sandbox.ready()
    entry = ready["providers"]["rvm"]
    assert sorted(entry) == ["base_url", "token"]
    assert entry["base_url"] == sandbox.base_url("rvm")
    assert entry["base_url"].endswith("/rvm")
    rvm.made()
    state = rvm.http.get(ready["ledger"].replace("ledger", "state")).json()["rvm"]
    shown = state["campaigns"][0]
    assert (shown["id"], shown["status"], shown["queued"], shown["hopper"]) == (
        "0000000001",
        "PAUSED",
        3,
        3,
    )
