"""A frozen sandbox, a client for Plum's stand-in, and the stand-in's first objects."""

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
