"""The control endpoints over HTTP, and the methods of the same names."""

import json
import time
from typing import Any

import httpx
import pytest
from reconciler.sandbox import Sandbox


class Doors:
    """A client of the control endpoints."""

    def __init__(self, sandbox: Sandbox, http: httpx.Client) -> None:
        self._base = sandbox.ready()["ledger"].removesuffix("ledger")
        self._http = http

    def get(self, name: str) -> Any:
        return self._http.get(self._base + name).json()

    def post(self, name: str, **order: Any) -> Any:
        return self._http.post(self._base + name, json=order).json()

    def send(self, method: str, name: str, content: bytes = b"") -> httpx.Response:
        return self._http.request(method, self._base + name, content=content)


@pytest.fixture
def doors(sandbox: Sandbox, plum: Any) -> Doors:
    """The control endpoints of the sandbox."""
    return Doors(sandbox, plum.http)


def test_ready(sandbox: Sandbox, doors: Doors) -> None:
    """The addresses and credentials stand where the documented first line has them."""
    ready = sandbox.ready()
    assert ready["ready"] is True
    assert ready["providers"]["plum"]["base_url"] == sandbox.base_url("plum")
    assert sandbox.base_url("plum").startswith("http://127.0.0.1:")
    assert sandbox.base_url("plum").endswith("/plum/api")
    assert len(ready["providers"]["plum"]["token"]) == 36
    assert doors.get("ready") == ready


def test_token_can_be_chosen() -> None:
    """A token is as given, equal for equal seeds, and else never the same."""
    with (
        Sandbox(tokens={"plum": "mine"}) as given,
        Sandbox(seed=1) as one,
        Sandbox(seed=1) as two,
        Sandbox() as new,
    ):
        tokens = [each.ready()["providers"]["plum"]["token"] for each in (given, one, two, new)]
    assert tokens[0] == "mine"
    assert tokens[1] == tokens[2]
    assert len(set(tokens)) == 3


def test_clock(doors: Doors) -> None:
    """Time stands, jumps and runs as told, and never goes back."""
    assert doors.get("clock") == {"now": "2027-01-04T12:00:00+00:00", "speed": 0.0}
    assert doors.post("clock", advance=90)["now"] == "2027-01-04T12:01:30+00:00"
    assert doors.post("clock", set="2027-01-05T00:00:00-05:00")["now"] == "2027-01-05T05:00:00+00:00"
    assert doors.post("clock", speed=3600)["speed"] == 3600
    assert doors.get("clock")["now"] > "2027-01-05T05:00:00"
    for order in (
        {"advance": -1},
        {"set": "2027-01-05T00:00:00-05:00"},
        {"set": "2027-02-01"},
        {"speed": -1},
        {"x": 1},
    ):
        assert list(doors.post("clock", **order)) == ["error"]


def test_running_clock_places_calls(sandbox: Sandbox, plum: Any) -> None:
    """With a running clock calls are placed without anybody asking for it."""
    campaign = plum.ready_campaign(people=5)
    plum.start(campaign)
    sandbox.clock(advance=3599, speed=360000)
    while len(sandbox.ledger.calls) < 5:
        time.sleep(0.001)
    assert sandbox.ledger.summary()["people_called_once"] == 5


def test_ledger(sandbox: Sandbox, plum: Any, doors: Doors) -> None:
    """The ledger tells every call, every number queued and every write, and counts people."""
    campaign = plum.ready_campaign(people=2)
    plum.add_calls(campaign, 1)
    plum.start(campaign)
    plum.start(99)
    sandbox.clock(advance=86400)
    ledger = doors.get("ledger")
    assert ledger["calls"][0] == {
        "vendor": "plum",
        "account": "main",
        "campaign_id": campaign,
        "number": "+16175550000",
        "at": "2027-01-04T08:00:00-05:00",
        "reference": None,
    }
    assert ledger["queued_per_campaign"] == {str(campaign): {"+16175550000": 2, "+16175550001": 1}}
    assert ledger["calls_per_number"] == {"+16175550000": 2, "+16175550001": 1}
    writes = [
        (write["sequence"], write["path"], write["campaign_id"], write["status"])
        for write in ledger["writes"]
    ]
    assert writes == [
        (1, "/schedules", None, 200),
        (2, "/profiles", None, 200),
        (3, "/campaigns", 1, 200),
        (4, "/campaigns/add-calls", 1, 200),
        (5, "/campaigns/add-calls", 1, 200),
        (6, "/campaigns/start", 1, 200),
        (7, "/campaigns/start", None, 404),
    ]
    assert (
        doors.get("ledger?summary=1")
        == ledger["summary"]
        == {
            "calls": 3,
            "people_called": 2,
            "people_called_once": 1,
            "people_called_again": 1,
            "queued": 3,
            "people_queued": 2,
            "queued_again": 1,
            "writes": 7,
        }
    )
    assert doors.post("ledger", numbers=["+16175550000", "+16175559999"]) == {"calls": 2}
    assert sandbox.ledger.called_from({"+16175550001"}) == 1


def test_requests_hold_no_secret(sandbox: Sandbox, plum: Any, doors: Doors) -> None:
    """The request log has reads too, and neither tokens nor values nor bodies."""
    plum.ready_campaign(people=1)
    plum.http.patch("/campaigns/1?end_date=2031-05-09&start_url=")
    plum.http.get("/campaigns", headers={"Authorization": "Bearer wrong-secret"})
    requests = doors.get("requests")
    assert [request["sequence"] for request in requests] == list(range(1, 7))
    assert requests[4] == {
        "sequence": 5,
        "vendor": "plum",
        "method": "PATCH",
        "path": "/campaigns/1",
        "query_keys": ["end_date", "start_url"],
        "at": "2027-01-04T12:00:00+00:00",
        "status": 422,
        "processed": True,
        "fault": None,
        "operation": "",
        "connection": requests[0]["connection"],
        "items": None,
    }
    told = json.dumps(requests)
    for secret in (sandbox.ready()["providers"]["plum"]["token"], "wrong-secret", "2031", "6175550000"):
        assert secret not in told


def test_faults_over_http(plum: Any, doors: Doors) -> None:
    """Faults are added, listed with hits, and taken away."""
    assert doors.post("faults", action="status", status=502, path="^/prof")[0]["hits"] == 0
    assert plum.http.get("/profiles").status_code == 502
    assert doors.get("faults")[0]["hits"] == 1
    assert doors.send("DELETE", "faults").json() == []
    assert plum.http.get("/profiles").status_code == 200
    assert list(doors.post("faults", action="nonsense")) == ["error"]


def test_held_over_http(doors: Doors) -> None:
    """`held` and `release` answer when nothing is parked."""
    assert doors.get("held?wait=0.01") is None
    assert doors.post("release") == {"released": 0}


def test_options(doors: Doors) -> None:
    """Switches turn only into positions that exist."""
    assert doors.get("options")["plum"]["restart_after_stop"] == "redial"
    assert (
        doors.post("options", plum={"restart_after_stop": "refuse"})["plum"]["restart_after_stop"] == "refuse"
    )
    wrong: list[dict[str, Any]] = [
        {"plum": {"restart_after_stop": "maybe"}},
        {"plum": {"show_pacing": 1}},
        {"plum": {"x": 1}},
        {"x": {}},
    ]
    for order in wrong:
        assert list(doors.post("options", **order)) == ["error"]
    assert doors.get("options")["plum"]["show_pacing"] is False


def test_options_of_the_beginning() -> None:
    """Switches that a sandbox begins with are there again after a reset."""
    with Sandbox(options={"callr": {"zone": "UTC"}}) as sandbox:
        sandbox.options({"callr": {"zone": "Asia/Kolkata", "page_size": 5}})
        sandbox.reset()
        shown = sandbox.options()["callr"]
    assert (shown["zone"], shown["page_size"]) == ("UTC", 20)


def test_next_ids(plum: Any, doors: Doors) -> None:
    """Ids count up from wherever chosen, and none is given twice."""
    doors.post("next-ids", plum={"campaigns": 77, "profiles": 5})
    assert (plum.ready_campaign(), plum.campaign()) == (77, 78)
    assert list(doors.post("next-ids", plum={"campaigns": 78})) == ["error"]
    assert list(doors.post("next-ids", plum={"numbers": 1})) == ["error"]


def test_first_id() -> None:
    """All kinds can begin at another id."""
    with Sandbox(speed=0, first_id=500, tokens={"plum": "t"}) as sandbox:
        headers = {"Authorization": "Bearer t"}
        reply = httpx.post(sandbox.base_url("plum") + "/schedules", data={"days": '["mon"]'}, headers=headers)
    assert reply.json()["response"]["id"] == 500


def test_state(plum: Any, doors: Doors) -> None:
    """The state shows what the vendor hides: run states, queue sizes, pacing."""
    campaign = plum.ready_campaign(people=3)
    plum.start(campaign)
    doors.post("clock", advance=86400)
    state = doors.get("state")["plum"]
    assert state["profiles"][0]["amount_per_period"] == 100
    shown = state["campaigns"][0]
    assert (shown["id"], shown["run"], shown["queued"], shown["called"]) == (campaign, "active", 3, 3)


def test_reset(sandbox: Sandbox, plum: Any, doors: Doors) -> None:
    """A reset leaves nothing but address and token, and the same client goes on."""
    campaign = plum.ready_campaign(people=3)
    plum.start(campaign)
    doors.post("clock", advance=86400)
    doors.post("options", plum={"show_pacing": True})
    doors.post("faults", action="status", path="^/campaigns/stop$")
    ready = sandbox.ready()
    assert doors.post("reset") == ready
    assert sandbox.ledger.summary() == dict.fromkeys(sandbox.ledger.summary(), 0)
    assert doors.get("requests") == doors.get("faults") == []
    assert doors.get("clock")["now"] == "2027-01-04T12:00:00+00:00"
    assert doors.get("options")["plum"]["show_pacing"] is False
    assert plum.ready_campaign() == 1


def test_unknown_doors(doors: Doors) -> None:
    """What is no door, or no order, is answered with a sentence."""
    assert doors.send("GET", "nothing").status_code == 404
    assert doors.send("POST", "clock", b"[]").status_code == 400
    assert doors.send("POST", "clock", b"{").status_code == 400
    assert doors.send("POST", "ledger", b"{}").status_code == 400
