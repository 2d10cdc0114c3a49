"""JSON-RPC as CALLR's stand-in speaks it: who may ask, for whom, and what is no request."""

import json
from typing import Any

import httpx
import pytest
from reconciler.sandbox import Sandbox

ASKED = {"id": 417, "jsonrpc": "2.0", "method": "sendr/10/campaign.search", "params": [None, None]}


def _post(sandbox: Sandbox, **headers: str) -> dict[str, Any]:
    reply = httpx.post(sandbox.base_url("callr"), json=ASKED, headers=headers)
    assert reply.status_code == 200
    body: dict[str, Any] = reply.json()
    return body


@pytest.mark.parametrize(
    ("body", "code", "number"),
    [
        ("{", -32700, None),
        ("[]", -32600, None),
        (json.dumps([ASKED]), -32600, None),
        ('{"id": 1, "method": "jobs.get", "params": []}', -32600, None),
        ('{"id": 1, "jsonrpc": "2.0", "params": []}', -32600, None),
        ('{"id": 1, "jsonrpc": "2.0", "method": "sendr/10/report.get", "params": []}', -32601, 1),
        ('{"id": 1, "jsonrpc": "2.0", "method": "sendr/10/blacklist.search", "params": []}', -32601, 1),
        ('{"id": 1, "jsonrpc": "2.0", "method": "jobs.get", "params": {"id": "x"}}', -32602, 1),
        ('{"id": 1, "jsonrpc": "2.0", "method": "jobs.get", "params": []}', -32602, 1),
        ('{"id": 1, "jsonrpc": "2.0", "method": "jobs.get", "params": [7]}', -32602, 1),
        ('{"id": 1, "jsonrpc": "2.0", "method": "media/library.get", "params": ["x"]}', -32602, 1),
        ('{"id": 1, "jsonrpc": "2.0", "method": "jobs.get", "params": ["nosuchjob"]}', 115, 1),
    ],
)
def test_what_is_no_request(callr: Any, body: str, code: int, number: int | None) -> None:
    """What is wrong with a request is an error with status 200; several at once are no request."""
    reply = callr.http.post(callr.base_url, content=body)
    assert (reply.status_code, reply.json()["error"]["code"], reply.json()["id"]) == (200, code, number)


def test_elsewhere(callr: Any) -> None:
    """There is one address, and it takes POST."""
    assert callr.http.post(callr.base_url + "sendr", json=ASKED).status_code == 404
    assert callr.http.get(callr.base_url).status_code == 404


@pytest.mark.slow
def test_ways_to_say_who_asks(sandbox: Sandbox) -> None:
    """Login and password, a key, or a session; what is not set is not taken, and all else is error 22."""
    for header in ("Api-Key secret", "Session secret", "Bearer secret", "Basic !", "Basic eDp4", ""):
        assert _post(sandbox, Authorization=header)["error"]["code"] == 22
    sandbox.options({"callr": {"api_key": "secret", "session": "token"}})
    assert "result" in _post(sandbox, Authorization="Api-Key secret")
    assert "result" in _post(sandbox, Authorization="Session token")
    assert _post(sandbox, Authorization="Session secret")["error"]["code"] == 22


@pytest.mark.parametrize("name", ["CALLR-Login-As", "callr-login-as"])
def test_sub_accounts(sandbox: Sandbox, callr: Any, name: str) -> None:
    """A sub-account has its own objects, and its calls are its own in the ledger; one that is none is error 22."""
    callr.campaign()
    callr.http.headers[name] = "User.login clinic"
    assert callr.refused("sendr/10/campaign.search", None, None)["code"] == 22
    sandbox.options({"callr": {"sub_accounts": "clinic, H4SH"}})
    assert callr.sendr("campaign.search", None, None)["total"] == 0
    callr.sendr("campaign.start", callr.campaign(people=2))
    callr.http.headers[name] = "Account.hash H4SH"
    assert callr.sendr("addressbook.search", None, None)["total"] == 0
    callr.http.headers[name] = "Someone clinic"
    assert callr.refused("sendr/10/campaign.search", None, None)["code"] == 22
    sandbox.clock(advance=3600)
    assert [call.account for call in sandbox.ledger.calls] == ["clinic", "clinic"]
    assert [each["account"] for each in sandbox.state()["callr"]["campaigns"]] == ["main", "clinic"]


def test_an_account_that_reads(sandbox: Sandbox, callr: Any) -> None:
    """Credentials that may only read get lists, templates and checks, and an error for each write."""
    draft = callr.draft()
    sandbox.options({"callr": {"access": "observe"}})
    before = sandbox.state()["callr"]
    assert callr.sendr("campaign.check", draft) == []
    assert callr.sendr("addressbook.search", None, None)["total"] == 1
    for method in ("sendr/10/campaign.save", "sendr/10/addressbook.create", "media/library.create"):
        assert callr.refused(method, draft)["message"] == "Permission denied"
    assert sandbox.state()["callr"] == before


def test_what_the_system_tells(callr: Any) -> None:
    """Time, zones, countries, voices, and webhooks, which are noted and never called."""
    assert callr.call("system.get_timestamp") == 1799064000
    assert "Europe/Paris" in [zone["iana"] for zone in callr.call("list.timezones")]
    assert "FR" in [country["code"] for country in callr.call("list.countries")]
    hook = callr.call("webhooks.subscribe", "sms.mt.status_update", "https://clinic.example/hook", None)
    assert callr.call("webhooks.get_list") == [hook]
    assert callr.refused("webhooks.subscribe", "sendr.done", "https://clinic.example", None)["code"] == 115


def test_operations_in_the_log(sandbox: Sandbox, callr: Any) -> None:
    """The log of requests names documented methods and nothing that a client made up; faults find them by name."""
    callr.refused("secret", 1)
    sandbox.faults({"action": "status", "vendor": "callr", "operation": r"campaign\.search$", "count": 1})
    assert callr.http.post(callr.base_url, json=ASKED).status_code == 500
    assert [each["operation"] for each in sandbox.requests()] == ["", "sendr/10/campaign.search"]


def test_blacklists_as_an_extension(sandbox: Sandbox, callr: Any) -> None:
    """Switched on, black lists can be made, filled and found; a campaign that heeds them passes over who is on them."""
    sandbox.options({"callr": {"extensions": True, "blacklist_place": "campaign"}})
    lists = [callr.sendr("blacklist.create", name, None)["hash"] for name in ("one", "two")]
    for at, each in enumerate(lists):
        file = callr.file(callr.rows(1, first=at))
        callr.done(callr.sendr("blacklist.append_file_async", each, file, 0, "US", None))
    found = callr.sendr("blacklist.search", None, None)["hits"]
    assert [(hit["name"], hit["items_count"]) for hit in found] == [("one", 1), ("two", 1)]
    choices = [("ALL", []), ("NONE", []), ("SELECT", lists[:1]), ("SELECT", [])]
    for method, selected in choices:
        campaign = callr.campaign(people=3, blacklist={"method": method, "selected": selected})
        callr.sendr("campaign.start", campaign)
    sandbox.clock(advance=3600)
    called = [
        [call.number[-1] for call in sandbox.ledger.calls if call.campaign_id == at] for at in (1, 2, 3, 4)
    ]
    assert called == [["2"], ["0", "1", "2"], ["1", "2"], ["2"]]
    assert callr.sendr("blacklist.delete", lists[0]) is True
