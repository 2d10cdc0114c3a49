"""The vendor's own library for Python, PyPI `callr`, works against CALLR's stand-in as it does against CALLR."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from reconciler.sandbox import Sandbox

library = pytest.importorskip("callr", reason="the extra `test` has the vendor's library")

ROWS = "name,number\nA,+33161550101\nB,01 61 55 01 02\nC,+33161550103\n"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOURS = [{"action": "unpause", "hour": "08:00"}, {"action": "pause", "hour": "19:00"}]
Api = Callable[..., Any]


@pytest.fixture
def connect(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The library, told the sandbox's address; a proxy of this machine is not asked for loopback."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    entry = sandbox.ready()["providers"]["callr"]

    def connected(password: str = entry["password"]) -> Any:
        api = library.Api(entry["login"], password)
        api.set_api_url(entry["base_url"])
        return api

    return connected


def _done(api: Any, job: str) -> dict[str, Any]:
    """Ask until the job is done, as the vendor's samples do."""
    while (shown := api.call("jobs.get", job))["status"] != "DONE":
        pass
    result: dict[str, Any] = shown["result"]
    return result


def _book(api: Any) -> str:
    data = base64.b64encode(ROWS.encode()).decode()
    file = _done(api, api.call("media.import_file_from_base64_async", data, None))["filename"]
    book: str = api.call("sendr/10/addressbook.create", "spring", "first wave")["hash"]
    job = api.call("sendr/10/addressbook.append_file_async", book, file, 1, "FR", None)
    assert _done(api, job) == {"numbers_imported": 3}
    return book


def _sound(api: Any) -> str:
    number = api.call("media/library.create", "hello")
    api.call("media/tts.set_content", number, "Hello", "TTS_EN-GB_SERENA", None)
    while api.call("media/library.get", number)["status"] != "READY":
        pass
    return str(number)


def _saved(api: Any, **changes: Any) -> str:
    campaign = api.call("sendr/10/campaign.get_object_template", "VOICE_SIMPLE")
    campaign["addressbook"]["hash"] = _book(api)
    campaign["ivr"]["broadcast"] = [_sound(api)]
    campaign |= {"name": "spring", **changes}
    assert api.call("sendr/10/campaign.check", campaign) == []
    saved: str = api.call("sendr/10/campaign.save", campaign)["hash"]
    return saved


def test_address_book(connect: Api) -> None:
    """A book is made, filled, found, and deleted."""
    api = connect()
    book = _book(api)
    found = api.call("sendr/10/addressbook.search", {"name": "spring"}, {"offset": 0, "quantity": 10})
    assert [(hit["hash"], hit["items_count"], hit["in_use"]) for hit in found["hits"]] == [(book, 3, False)]
    assert api.call("sendr/10/addressbook.delete", book) is True
    assert api.call("sendr/10/addressbook.search", None, None)["total"] == 0


def test_life_of_a_campaign(sandbox: Sandbox, connect: Api) -> None:
    """Made, started, paused, started, finished: everybody is called once, and then it can be deleted."""
    api = connect()
    campaign = _saved(api)
    assert api.call("sendr/10/campaign.get", campaign)["status"]["state"] == "CREATED"
    assert api.call("sendr/10/campaign.start", campaign)["state"] == "STARTED"
    sandbox.clock(advance=1)
    assert api.call("sendr/10/campaign.pause", campaign)["state"] == "PAUSED"
    sandbox.clock(advance=3600)
    assert len(sandbox.ledger.calls) == 1
    api.call("sendr/10/campaign.start", campaign)
    sandbox.clock(advance=3600)
    hit = api.call("sendr/10/campaign.search", None, None)["hits"][0]
    assert (hit["status"]["state"], hit["status"]["items_done"], hit["report"]) == ("FINISHED", 3, True)
    assert sandbox.ledger.summary()["people_called_once"] == 3
    book = hit["addressbook"]["hash"]
    with pytest.raises(library.CallrException) as refused:
        api.call("sendr/10/addressbook.delete", book)
    assert refused.value.msg == "the addressbook is in use"
    assert api.call("sendr/10/campaign.delete", campaign) is True
    assert api.call("sendr/10/addressbook.delete", book) is True


def test_a_schedule_of_its_own(sandbox: Sandbox, connect: Api) -> None:
    """Saved with a schedule at one in the afternoon, it calls at once, stops by hand, and is over for good."""
    api = connect()
    days = dict.fromkeys(WORKDAYS, HOURS)
    campaign = _saved(api, schedule={"enabled": True, "days": days})
    sandbox.clock(advance=5)
    assert len(sandbox.ledger.calls) == 1
    assert api.call("sendr/10/campaign.stop", campaign)["finished_cause"] == "STOPPED"
    sandbox.clock(advance=7 * 86400)
    assert len(sandbox.ledger.calls) == 1


def test_what_is_wrong_is_raised(connect: Api) -> None:
    """Errors arrive with their code: 22 for credentials, others for what is refused."""
    with pytest.raises(library.CallrException) as refused:
        connect("wrong").call("system.get_timestamp")
    assert refused.value.code == 22
    with pytest.raises(library.CallrException) as refused:
        connect().call("sendr/10/campaign.get", "NOSUCH12")
    assert refused.value.msg == "campaign not found"
