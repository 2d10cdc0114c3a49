"""What holds for every stand-in alike: faults, the ledger's form, credentials, switches, ids, a reset."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from reconciler.sandbox import Sandbox

VENDORS = ("plum", "rvm", "callr", "wolkvox")
GIVES_NO_ANSWER = {"reset", "timeout"}
GIVES_NO_JSON = {"html", "empty", "truncate"}


@dataclass(frozen=True)
class Vendor:
    """One stand-in, and how a test makes and starts a campaign there."""

    name: str
    client: Any
    create: Callable[[], httpx.Response]  # nothing but one request that makes one campaign
    started: Callable[[], Any]  # makes a campaign of three people and starts it
    wrong: Callable[[], httpx.Response]  # a read with wrong credentials


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest, sandbox: Sandbox) -> Vendor:
    """Each of them."""
    client = request.getfixturevalue(request.param)
    made: Vendor = MAKERS[request.param](sandbox, client)
    return made


def _plum(sandbox: Sandbox, client: Any) -> Vendor:
    client.schedule()
    client.profile()
    window = '[{"profile":"steady","start_time":"08:00","end_time":"11:00"}]'
    fields = {
        "start_date": "2027-01-04",
        "end_date": "2027-01-29",
        "schedule": "weekdays",
        "profiles": window,
        "start_url": "https://ivr.example/start",
    }

    def started() -> None:
        campaign = client.campaign()
        client.add_calls(campaign, 3)
        client.start(campaign)

    return Vendor(
        "plum",
        client,
        lambda: client.send("POST", "/campaigns", **fields),
        started,
        lambda: httpx.get(sandbox.base_url("plum") + "/campaigns", headers={"Authorization": "Bearer x"}),
    )


def _rvm(sandbox: Sandbox, client: Any) -> Vendor:
    fields = {
        "c_name": "Spring",
        "c_callback": "5555555555",
        "c_wav": "https://media.example/a.wav",
        "c_numbers": "6175550000",
    }
    return Vendor(
        "rvm",
        client,
        lambda: client.send("/campaigns", "create", **fields),
        lambda: client.turn("start", client.made(3)),
        lambda: httpx.post(sandbox.base_url("rvm") + "/campaigns", data={"api": "list", "token": "x"}),
    )


def _callr(sandbox: Sandbox, client: Any) -> Vendor:
    asked = {"id": 1, "jsonrpc": "2.0", "method": "sendr/10/campaign.save", "params": [client.draft()]}
    base_url = sandbox.base_url("callr")
    read = {"id": 1, "jsonrpc": "2.0", "method": "sendr/10/campaign.search", "params": [None, None]}
    return Vendor(
        "callr",
        client,
        lambda: client.http.post(base_url, json=asked),
        lambda: client.sendr("campaign.start", client.campaign()),
        lambda: httpx.post(base_url, json=read, auth=("x", "x")),
    )


def _wolkvox(sandbox: Sandbox, client: Any) -> Vendor:
    made = {"campaign_name": "spring", "skill_id": "4069"}
    return Vendor(
        "wolkvox",
        client,
        lambda: client.send("POST", "campaign", "create_campaign", made, type_campaign="predictive"),
        lambda: client.turn("start", client.made(3)),
        lambda: httpx.get(
            sandbox.base_url("wolkvox") + "information.php?api=campaigns", headers={"wolkvox-token": "x"}
        ),
    )


MAKERS = {"plum": _plum, "rvm": _rvm, "callr": _callr, "wolkvox": _wolkvox}


def _campaigns(sandbox: Sandbox, vendor: Vendor) -> int:
    return len(sandbox.state()[vendor.name]["campaigns"])


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("action", ["status", "reset", "timeout", "html", "empty", "redirect"])
def test_a_fault_before_or_after(sandbox: Sandbox, vendor: Vendor, action: str, when: str) -> None:
    """Whatever becomes of the reply, the vendor made the campaign if the fault comes after, and else did not."""
    sandbox.faults({"action": action, "vendor": vendor.name, "when": when, "count": 1})
    vendor.client.http.timeout = 0.3
    if action in GIVES_NO_ANSWER:
        with pytest.raises(httpx.TransportError):
            vendor.create()
    else:
        assert vendor.create().status_code == {"status": 500, "redirect": 302}.get(action, 200)
    assert _campaigns(sandbox, vendor) == (when == "after")
    assert sandbox.requests()[-1]["processed"] == (when == "after")


@pytest.mark.slow
@pytest.mark.parametrize("action", ["truncate", "content_type", "trickle", "lag"])
def test_a_fault_of_the_reply(sandbox: Sandbox, vendor: Vendor, action: str) -> None:
    """What is cut, mislabelled, slow or late in lists was done all the same."""
    sandbox.faults({"action": action, "vendor": vendor.name, "count": 1, "delay": 0.0001})
    try:
        assert vendor.create().is_success
    except httpx.RemoteProtocolError:
        assert action == "truncate"
    assert _campaigns(sandbox, vendor) == 1
    assert sandbox.requests()[-1]["fault"] == action


def test_too_many_requests(sandbox: Sandbox, vendor: Vendor) -> None:
    """A 429 does nothing, and names the time to wait."""
    sandbox.faults({"action": "retry_after", "vendor": vendor.name, "seconds": 2, "count": 1})
    reply = vendor.create()
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "2")
    assert _campaigns(sandbox, vendor) == 0


def test_a_kept_connection_is_cut(sandbox: Sandbox, vendor: Vendor) -> None:
    """A further request on a kept connection can be lost before it is read."""
    assert vendor.create().is_success
    sandbox.faults({"action": "drop_reused", "vendor": vendor.name, "count": 1})
    with pytest.raises(httpx.TransportError):
        vendor.create()
    assert _campaigns(sandbox, vendor) == 1


def test_a_request_is_held(sandbox: Sandbox, vendor: Vendor) -> None:
    """A parked request names itself; if its client is gone when it is released, it is not carried out."""
    sandbox.faults({"action": "hold", "vendor": vendor.name, "when": "before", "count": 1})
    vendor.client.http.timeout = 0.1
    with pytest.raises(httpx.TimeoutException):
        vendor.create()
    sandbox.release()
    assert _campaigns(sandbox, vendor) == 0


def test_ledger(sandbox: Sandbox, vendor: Vendor) -> None:
    """Who was queued, what was armed, who was called and each write are told in the same form."""
    vendor.started()
    sandbox.clock(advance=86400)
    ledger = sandbox.ledger
    number = ledger.calls[0].campaign_id
    mine = [each for each in ledger.queued if each.campaign_id == number]
    assert [each.campaign_id for each in ledger.armed] == [number]
    assert sorted(each.number for each in mine) == sorted(call.number for call in ledger.calls)
    assert len(mine) == 3
    assert {each.vendor for each in (*ledger.calls, *mine, *ledger.armed)} == {vendor.name}
    assert ledger.armed[0].at.isoformat() == "2027-01-04T12:00:00+00:00"
    assert [write.campaign_id for write in ledger.writes][-1] == number
    assert not any(write.refused for write in ledger.writes)
    assert ledger.as_json()["armed"][0]["campaign_id"] == number


def test_strangers_learn_and_change_nothing(sandbox: Sandbox, vendor: Vendor) -> None:
    """With wrong credentials there is neither a list nor a write."""
    vendor.create()
    before = sandbox.state(), len(sandbox.ledger.writes)
    reply = vendor.wrong()
    assert (sandbox.state(), len(sandbox.ledger.writes)) == before
    assert "pring" not in reply.text
    assert reply.status_code in {200, 401, 403}
    assert not reply.is_success or "error" in reply.json()


def test_switches(sandbox: Sandbox, vendor: Vendor) -> None:
    """A switch that does not exist, or a position that does not, is refused by name."""
    for name, position in sandbox.options()[vendor.name].items():
        with pytest.raises(ValueError, match=name):
            sandbox.options({vendor.name: {name: object()}})
        assert sandbox.options({vendor.name: {name: position}})[vendor.name][name] == position
    with pytest.raises(ValueError, match="no option 'nothing'"):
        sandbox.options({vendor.name: {"nothing": 1}})


def test_next_ids(sandbox: Sandbox, vendor: Vendor) -> None:
    """Ids count up from wherever chosen; a kind without ids is refused by name."""
    sandbox.next_ids({vendor.name: {"campaigns": 500}})
    vendor.create()
    assert int(sandbox.state()[vendor.name]["campaigns"][0]["id"]) == 500
    with pytest.raises(ValueError, match="no kind 'people'"):
        sandbox.next_ids({vendor.name: {"people": 1}})


def test_reset(sandbox: Sandbox, vendor: Vendor) -> None:
    """A reset leaves an empty account, and the same client goes on."""
    vendor.started()
    sandbox.reset()
    assert _campaigns(sandbox, vendor) == 0
    assert (sandbox.ledger.armed, sandbox.ledger.queued, sandbox.requests()) == ([], [], [])


def test_requests_hold_no_secret(sandbox: Sandbox, vendor: Vendor) -> None:
    """The log of requests names what was asked for, and nothing that was said."""
    vendor.started()
    told = str(sandbox.requests())
    for secret in sandbox.ready()["providers"][vendor.name].values():
        assert secret not in told.replace(sandbox.base_url(vendor.name), "") or secret == "sandbox"
    assert "617555" not in told
    assert "spring" not in told.lower()
