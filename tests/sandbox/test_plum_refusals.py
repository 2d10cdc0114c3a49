"""What Plum's stand-in refuses, and that a refusal changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox

CASES = json.loads((Path(__file__).parent / "cases" / "plum_refusals.json").read_text())
CAMPAIGN = {
    "start_date": "2027-01-04",
    "end_date": "2027-01-29",
    "schedule": "weekdays",
    "profiles": '[{"profile":"steady","start_time":"08:00","end_time":"11:00"}]',
    "start_url": "https://ivr.example/start",
}


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_refused(sandbox: Sandbox, plum: Any, case: list[Any]) -> None:
    """What the vendor can't accept is refused by the right keys, and nothing changes."""
    _, method, path, parameters, status, keys = case
    plum.ready_campaign()
    plum.schedule("other")
    plum.profile("other")
    before = sandbox.state()
    reply = plum.send(method, path, **_filled(parameters))
    assert (reply.status_code, sorted(reply.json())) == (status, keys)
    assert sandbox.state() == before
    assert sandbox.ledger.queued == []


def _filled(parameters: dict[str, Any]) -> dict[str, Any]:
    """A whole campaign with the changes of the case; too long a nickname where one is asked for."""
    if "CAMPAIGN" in parameters:
        return {**CAMPAIGN, **parameters["CAMPAIGN"]}
    return {name: "n" * 65 if value == "LONG" else value for name, value in parameters.items()}


def test_nickname_of_64_characters(plum: Any) -> None:
    """A nickname may be as long as documented."""
    assert plum.schedule("n" * 64) == 1


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic {}", "{}", "Bearer {} x"])
def test_no_token(sandbox: Sandbox, plum: Any, header: str | None) -> None:
    """Without the bearer token nothing is read or written, and the answer is JSON."""
    del plum.http.headers["authorization"]
    headers = {} if header is None else {"Authorization": header.format(_token(sandbox))}
    for method, path in (("GET", "/schedules"), ("POST", "/schedules"), ("GET", "/nowhere")):
        reply = plum.http.request(method, path, headers=headers, data={"days": '["mon"]'})
        assert (reply.status_code, reply.headers["content-type"]) == (401, "application/json")
        assert reply.json()
    assert sandbox.state()["plum"]["schedules"] == []


def _token(sandbox: Sandbox) -> str:
    token: str = sandbox.ready()["providers"]["plum"]["token"]
    return token


def test_deleting_what_several_use_names_the_highest(plum: Any) -> None:
    """Of several campaigns that use a schedule or profile, the one with the highest id is named."""
    plum.ready_campaign()
    plum.campaign()
    plum.campaign(schedule="1")
    plum.http.delete("/campaigns/2")
    assert (
        plum.http.delete("/schedules/1")
        .json()["error"]
        .endswith("weekdays(id 1) is being used with campaign id 3.")
    )
    assert (
        plum.http.delete("/profiles/1")
        .json()["error"]
        .endswith("steady(id 1) is being used with campaign id 3.")
    )
    for campaign in (1, 3):
        plum.http.delete(f"/campaigns/{campaign}")
    assert (
        plum.http.delete("/schedules/1").json()
        == plum.http.delete("/profiles/1").json()
        == {"status": "success"}
    )


def test_a_deleted_nickname_is_free_again(plum: Any) -> None:
    """Nicknames are unique among what exists, and ids are never given twice."""
    plum.schedule()
    plum.http.delete("/schedules/1")
    assert plum.schedule() == 2


def test_own_nickname_is_not_taken(plum: Any) -> None:
    """An update may repeat the nickname an object already has."""
    plum.schedule()
    assert (
        plum.send("PATCH", "/schedules/1", days='["sun"]', nickname="weekdays").json()["status"] == "success"
    )


def test_in_use_status_is_a_switch(sandbox: Sandbox, plum: Any) -> None:
    """The HTTP status of undocumented refusals can be chosen, so that a client can be tried with each."""
    plum.ready_campaign()
    assert plum.http.delete("/schedules/1").status_code == 200
    sandbox.options({"plum": {"in_use_status": 409, "validation_status": 400}})
    assert plum.http.delete("/schedules/1").status_code == 409
    assert plum.send("POST", "/schedules").status_code == 400
