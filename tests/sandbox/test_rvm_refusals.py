"""What RVMpro's stand-in refuses, and that a refusal changes nothing and costs nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox

CASES = json.loads((Path(__file__).parent / "cases" / "rvm_refusals.json").read_text())
CAMPAIGN = {
    "api": "create",
    "c_name": "Test Campaign9",
    "c_callback": "Unknown",
    "c_wav": "https://media.example/a.wav",
    "c_numbers": "2025550155",
}


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_refused(sandbox: Sandbox, rvm: Any, case: list[Any]) -> None:
    """A failure names the fields under the family's prefix, comes with 200, and nothing changes."""
    _, path, parameters, prefix, fields = case
    rvm.made(1)
    rvm.made(1, c_start="true")
    rvm.turn("stop", rvm.made(1))
    before, queued, writes = sandbox.state(), sandbox.ledger.queued, len(sandbox.ledger.writes)
    filled = {**CAMPAIGN, **parameters["CAMPAIGN"]} if "CAMPAIGN" in parameters else parameters
    reply = rvm.http.post(path, data={**filled, "token": rvm.token})
    problems = reply.json()
    assert (reply.status_code, list(problems)) == (200, [f"{prefix}error", f"{prefix}error_msg"])
    assert problems[f"{prefix}error"] is True
    assert sorted(text.partition(":")[0] for text in problems[f"{prefix}error_msg"]) == fields
    assert (sandbox.state(), sandbox.ledger.queued) == (before, queued)
    assert all(write.refused for write in sandbox.ledger.writes[writes:])


@pytest.mark.parametrize(
    "limit",
    [
        {"c_name": "abc"},
        {"c_name": "a campaign of 25 letters 1"[:25]},
        {"c_callback": "+1 (555) 555-5555"},
        {"c_callback": "Unknown"},
        {"c_callback": "1234567890123"},
        {"c_throttle": "18000"},
        {"c_throttle": "1"},
        {"c_start_time": "12:00", "c_stop_time": "12:00"},
        {"c_start_time": "00:00", "c_stop_time": "23:59"},
        {"c_start_date": "2027-01-04", "c_stop_date": "2027-01-04", "c_run_days": ""},
        {"c_start_date": "2026-12-01", "c_stop_date": "2027-01-04"},
        {"c_run_days": "0"},
        {"c_timezone": "Pacific/Honolulu"},
        {"c_wav": "http://media.example/some/where/a.mp4?key=1"},
    ],
    ids=str,
)
def test_just_allowed(rvm: Any, limit: dict[str, str]) -> None:
    """What lies on the edge of the documented limits is accepted."""
    assert rvm.create(1, **limit)["c_error"] == "false"


def test_all_problems_at_once(rvm: Any) -> None:
    """A failure tells every field that is wrong."""
    reply = rvm.create(1, c_name="x", c_throttle="0", c_run_days="9", c_stop_time="8")
    fields = [text.partition(":")[0] for text in reply["c_error_msg"]]
    assert fields == ["c_name", "c_stop_time", "c_run_days", "c_throttle"]


@pytest.mark.parametrize(
    ("path", "api", "prefix"),
    [
        ("/campaigns", "list", "c_"),
        ("/blacklist", "add", "c_"),
        ("/reports", "agents", "r_"),
        ("/repcheck", "check", "rc_"),
    ],
)
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_no_token(sandbox: Sandbox, rvm: Any, path: str, api: str, prefix: str, token: str | None) -> None:
    """Without the token nothing is read or written; the body is a failure like any other."""
    parameters = {"api": api, "b_number": "2025550155", "rc_number": "2025550155", "token": token}
    sent = {name: value for name, value in parameters.items() if value is not None}
    for reply in (rvm.http.post(path, data=sent), rvm.http.get(path, params=sent)):
        assert reply.status_code == 401
        assert reply.json() == {f"{prefix}error": True, f"{prefix}error_msg": ["token: is missing or wrong"]}
    assert sandbox.ledger.writes == []
    assert sandbox.state()["rvm"] == {
        "campaigns": [],
        "blacklist": [],
        "credits": {"spent": 0, "left": 1000},
    }


def test_token_beside_the_form(rvm: Any) -> None:
    """A POST is read from its form alone: a token in the address or a header is none."""
    header = {"Authorization": f"Bearer {rvm.token}"}
    reply = rvm.http.post(f"/campaigns?token={rvm.token}", data={"api": "list"}, headers=header)
    assert reply.status_code == 401


def test_json_is_not_read(rvm: Any) -> None:
    """JSON bodies are the successor's; here they are no parameters."""
    assert rvm.http.post("/campaigns", json={"api": "list", "token": rvm.token}).status_code == 401


def test_a_foreign_address(sandbox: Sandbox, rvm: Any) -> None:
    """The token is tied to addresses; from elsewhere a good one fails, with a status that can be chosen."""
    sandbox.options({"rvm": {"address_allowed": False, "token_status": 403}})
    reply = rvm.send("/campaigns", "list")
    assert (reply.status_code, list(reply.json())) == (403, ["c_error", "c_error_msg"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/nothing"), ("GET", "/campaigns/1"), ("DELETE", "/campaigns"), ("PUT", "/blacklist")],
)
def test_no_such_place(rvm: Any, method: str, path: str) -> None:
    """Other paths and methods meet the web server and not the API."""
    reply = rvm.http.request(method, path, params={"token": rvm.token, "api": "list"})
    assert (reply.status_code, reply.headers["content-type"][:9]) == (404, "text/html")


def test_credits_end(sandbox: Sandbox, rvm: Any) -> None:
    """Each check costs 20 credits, also of the same number, and without enough of them it fails."""
    sandbox.options({"rvm": {"credits": 50}})
    asked = [rvm.ask("/repcheck", "check", rc_number="2025550155") for _ in range(3)]
    assert [reply["rc_error"] for reply in asked] == ["false", "false", True]
    assert sandbox.state()["rvm"]["credits"] == {"spent": 40, "left": 10}
    assert rvm.ask("/repcheck", "history")["r_rows"] == 2
    assert [write.refused for write in sandbox.ledger.writes] == [False, False, True]


def test_a_trial_is_no_write(sandbox: Sandbox, rvm: Any) -> None:
    """`c_debug` makes nothing, takes no id, queues nobody and does not count as a write."""
    assert rvm.create(c_debug="true", c_start="true")["c_campaign_id"] == "0000000000"
    assert rvm.create(c_debug="1", c_name="x")["c_error"] is True
    assert (sandbox.ledger.writes, sandbox.ledger.queued) == ([], [])
    assert sandbox.state()["rvm"]["campaigns"] == []
    assert rvm.made() == "0000000001"
