"""A frozen sandbox, and a client for each of its stand-ins."""

import base64
import json
import ssl
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from reconciler.sandbox import Sandbox

CONTEXT = ssl.SSLContext(
    ssl.PROTOCOL_TLS_CLIENT
)  # loopback needs none, and loading the usual one takes 40 ms
MONDAY_MORNING = "2027-01-04T07:00:00-05:00"
WINDOW = {"profile": "steady", "start_time": "08:00", "end_time": "11:00"}
CAMPAIGN = {
    "start_date": "2027-01-04",
    "end_date": "2027-01-29",
    "schedule": "weekdays",
    "profiles": json.dumps([WINDOW]),
    "start_url": "https://ivr.example/start",
    "result_url": "https://ivr.example/done",
}


class PlumClient:
    """Short names for what most tests do at the vendor."""

    def __init__(self, base_url: str, token: str) -> None:
        self.http = httpx.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, verify=CONTEXT
        )

    def send(self, method: str, path: str, **parameters: Any) -> httpx.Response:
        """POST parameters travel in a form, those of an update in the query, as the vendor documents."""
        if method == "POST":
            return self.http.post(path, data=parameters)
        return self.http.request(method, path, params=parameters or None)

    def listed(self, kind: str) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = self.http.get(f"/{kind}").json()
        return shown

    def schedule(
        self, nickname: str = "weekdays", days: Sequence[str] = ("mon", "tue", "wed", "thu", "fri")
    ) -> int:
        return self._made("/schedules", nickname=nickname, days=json.dumps(days))

    def profile(self, nickname: str = "steady", period: int = 30, amount: int = 100, rest: int = 10) -> int:
        pace = {"period": period, "amount_per_period": amount, "time_between_periods": rest}
        return self._made("/profiles", nickname=nickname, **pace)

    def campaign(self, **changes: Any) -> int:
        return self._made("/campaigns", **(CAMPAIGN | changes))

    def ready_campaign(self, people: int = 0, **changes: Any) -> int:
        """A campaign with all it needs, not started."""
        self.schedule()
        self.profile()
        campaign = self.campaign(**changes)
        if people:
            self.add_calls(campaign, people)
        return campaign

    def add_calls(self, campaign: int, people: int, first: int = 0) -> httpx.Response:
        entries = [f"tel:+1617555{number:04};ani=6175550100" for number in range(first, first + people)]
        return self.send(
            "POST", "/campaigns/add-calls", campaign_id=campaign, phone_numbers=json.dumps(entries)
        )

    def start(self, campaign: int) -> httpx.Response:
        return self.send("POST", "/campaigns/start", campaign_id=campaign)

    def stop(self, campaign: int) -> httpx.Response:
        return self.send("POST", "/campaigns/stop", campaign_id=campaign)

    def _made(self, path: str, **parameters: Any) -> int:
        reply = self.send("POST", path, **parameters).json()
        made: int = reply["response"]["id"]
        return made


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An empty account on a Monday at seven, Eastern; time stands still until a test moves it."""
    with Sandbox(speed=0, start_at=MONDAY_MORNING) as running:
        yield running


@pytest.fixture
def plum(sandbox: Sandbox) -> Iterator[PlumClient]:
    """A client of the sandbox's Plum account."""
    client = PlumClient(sandbox.base_url("plum"), sandbox.ready()["providers"]["plum"]["token"])
    with client.http:
        yield client


DROPS = {
    "c_name": "Test Campaign1",
    "c_callback": "555-555-5555",
    "c_wav": "https://media.example/Test.wav",
    "c_throttle": "600",
}


class RvmClient:
    """Short names for what most tests do at the vendor of voicemails."""

    def __init__(self, base_url: str, token: str) -> None:
        self.http = httpx.Client(base_url=base_url, verify=CONTEXT)
        self.token = token

    def send(self, path: str, api: str, **parameters: Any) -> httpx.Response:
        """A POST of a form, as the vendor's PHP samples are."""
        return self.http.post(path, data={"api": api, "token": self.token, **parameters})

    def ask(self, path: str, api: str, **parameters: Any) -> dict[str, Any]:
        reply: dict[str, Any] = self.send(path, api, **parameters).json()
        return reply

    def create(self, people: int = 3, first: int = 0, **changes: Any) -> dict[str, Any]:
        numbers = ",".join(f"617555{number:04}" for number in range(first, first + people))
        return self.ask("/campaigns", "create", **{**DROPS, "c_numbers": numbers, **changes})

    def made(self, people: int = 3, **changes: Any) -> str:
        made: str = self.create(people, **changes)["c_campaign_id"]
        return made

    def turn(self, api: str, campaign: str) -> dict[str, Any]:
        """Start, pause or stop."""
        return self.ask("/campaigns", api, c_campaign_id=campaign)

    def overview(self, campaign: str) -> dict[str, Any]:
        return self.turn("overview", campaign)

    def channels(self, campaign: str) -> int:
        in_progress: int = self.turn("channels", campaign)["c_channels"]
        return in_progress

    def details(self, campaign: str, **page: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.ask("/reports", "details", r_campaign_id=campaign, **page)["data"]
        return rows


@pytest.fixture
def rvm(sandbox: Sandbox) -> Iterator[RvmClient]:
    """A client of the sandbox's RVMpro account."""
    client = RvmClient(sandbox.base_url("rvm"), sandbox.ready()["providers"]["rvm"]["token"])
    with client.http:
        yield client


class CallrClient:
    """Short names for what most tests do at the vendor of JSON-RPC."""

    def __init__(self, base_url: str, login: str, password: str) -> None:
        self.http = httpx.Client(auth=(login, password), verify=CONTEXT)
        self.base_url = base_url

    def answer(self, method: str, *params: Any) -> dict[str, Any]:
        """The whole body of a reply."""
        asked = {"id": 417, "jsonrpc": "2.0", "method": method, "params": params}
        body: dict[str, Any] = self.http.post(self.base_url, json=asked).json()
        return body

    def call(self, method: str, *params: Any) -> Any:
        body = self.answer(method, *params)
        assert "result" in body, body
        return body["result"]

    def sendr(self, method: str, *params: Any) -> Any:
        return self.call(f"sendr/10/{method}", *params)

    def refused(self, method: str, *params: Any) -> dict[str, Any]:
        error: dict[str, Any] = self.answer(method, *params)["error"]
        return error

    def done(self, job: str) -> dict[str, Any]:
        """The result of a job, once it is there."""
        while (shown := self.call("jobs.get", job))["status"] != "DONE":
            assert shown["status"] in {"PENDING", "RUNNING"}
        result: dict[str, Any] = shown["result"]
        return result

    def file(self, content: str) -> str:
        data = base64.b64encode(content.encode()).decode()
        name: str = self.done(self.call("media.import_file_from_base64_async", data, None))["filename"]
        return name

    def rows(self, people: int, first: int = 0) -> str:
        return "".join(f"+1617555{number:04}\n" for number in range(first, first + people))

    def book(self, people: int = 3, name: str = "spring") -> str:
        made: str = self.sendr("addressbook.create", name, "first wave")["hash"]
        if people:
            self.append(made, people)
        return made

    def append(self, book: str, people: int, first: int = 0) -> None:
        file = self.file(self.rows(people, first))
        self.done(self.sendr("addressbook.append_file_async", book, file, 0, "US", None))

    def sound(self) -> int:
        number: int = self.call("media/library.create", "Sample message 1")
        self.call("media/tts.set_content", number, "Hello", "TTS_EN-GB_SERENA", None)
        while self.call("media/library.get", number)["status"] != "READY":
            pass
        return number

    def draft(self, kind: str = "VOICE_SIMPLE", people: int = 3, **changes: Any) -> dict[str, Any]:
        """A whole campaign of a type, not saved."""
        whole: dict[str, Any] = self.sendr("campaign.get_object_template", kind)
        whole |= {"name": "Campaign 1", "addressbook": {"hash": self.book(people)}}
        if kind == "VOICE_SURVEY":
            answers = [{"broadcast": "", "key": "1", "text": "yes"}]
            whole["ivr"]["questions"] = [{"answers": answers, "broadcast": [], "text": "Again?"}]
        elif kind.startswith("VOICE"):
            whole["ivr"]["broadcast"] = [str(self.sound())]
        elif kind == "SMS_SIMPLE":
            whole["ivr"]["text"] = "Hello"
        else:
            whole["ivr"]["texts"] = ["Again?"]
        return whole | changes

    def campaign(self, kind: str = "VOICE_SIMPLE", people: int = 3, **changes: Any) -> str:
        made: str = self.sendr("campaign.save", self.draft(kind, people, **changes))["hash"]
        return made

    def status(self, campaign: str) -> dict[str, Any]:
        status: dict[str, Any] = self.sendr("campaign.get", campaign)["status"]
        return status


def week(
    opens: str, closes: str, days: Sequence[str] = ("mon", "tue", "wed", "thu", "fri")
) -> dict[str, Any]:
    """A schedule as the vendor's sample has it."""
    entries = [{"action": "unpause", "hour": opens}, {"action": "pause", "hour": closes}]
    return {"enabled": True, "days": {day: list(entries) for day in days}}


@pytest.fixture
def callr(sandbox: Sandbox) -> Iterator[CallrClient]:
    """A client of the sandbox's CALLR account."""
    entry = sandbox.ready()["providers"]["callr"]
    client = CallrClient(entry["base_url"], entry["login"], entry["password"])
    with client.http:
        yield client


class WolkvoxClient:
    """Short names for what most tests do at the vendor of `api=`."""

    def __init__(self, base_url: str, token: str) -> None:
        self.http = httpx.Client(base_url=base_url, headers={"wolkvox-token": token}, verify=CONTEXT)

    def send(self, method: str, page: str, api: str, body: Any = None, **query: Any) -> httpx.Response:
        return self.http.request(method, f"{page}.php", params={"api": api, **query}, json=body)

    def create(self, kind: str = "predictive", **changes: Any) -> str:
        hours = {"start_time": "080000", "end_time": "180000"}
        body = {"campaign_name": "spring", "skill_id": "4069", **hours, **changes}
        reply = self.send("POST", "campaign", "create_campaign", body, type_campaign=kind).json()
        made: str = reply["data"][0]["id_campaign"]
        return made

    def add(self, campaign: str, people: int = 3, first: int = 0, **query: Any) -> httpx.Response:
        rows = [
            {"customer_id": f"C{number:05}", "tel1": f"93{number:09}"}
            for number in range(first, first + people)
        ]
        query = {"type_campaign": "predictive", "campaign_id": campaign, "campaign_status": "stop", **query}
        return self.send("POST", "campaign", "add_record", rows, **query)

    def turn(self, api: str, campaign: str, body: Any = None, **query: Any) -> httpx.Response:
        """Start, stop, speed and the like."""
        return self.send("PUT", "campaign", api, body, campaign_id=campaign, **query)

    def made(self, people: int = 3, **changes: Any) -> str:
        campaign = self.create(**changes)
        self.add(campaign, people)
        return campaign

    def listed(self) -> list[dict[str, Any]]:
        reply = self.send("GET", "information", "campaigns")
        rows: list[dict[str, Any]] = reply.json()["data"] if reply.status_code == 200 else []
        return rows

    def records(self, campaign: str) -> list[dict[str, Any]]:
        reply = self.send("GET", "campaign", "campaign_15", campaign_id=campaign)
        rows: list[dict[str, Any]] = reply.json()["records"] if reply.status_code == 200 else []
        return rows

    def bar(self, *numbers: str, direction: str = "outbound") -> httpx.Response:
        body = {"type_call": direction, "telephones": list(numbers)}
        return self.send("POST", "configuration", "add_dnc", body)


@pytest.fixture
def wolkvox(sandbox: Sandbox) -> Iterator[WolkvoxClient]:
    """A client of the sandbox's wolkvox operation, whose clock is that of Bogota: the same hour as Eastern."""
    entry = sandbox.ready()["providers"]["wolkvox"]
    client = WolkvoxClient(entry["base_url"], entry["token"])
    with client.http:
        yield client
