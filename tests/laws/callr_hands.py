"""A project at CALLR's stand-in, and somebody's hands there: the documented calls, sent past reconciler."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import httpx
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, Ran

VOICE = {
    "type": "VOICE_SIMPLE",
    "ivr": {"broadcast": [1012345], "voicemail_detect_method": "AUTO"},
    "options": {"cli": "+16175550199", "nature": "ALERTING", "ccl": 5},
}
MESSAGE = {
    "type": "SMS_SIMPLE",
    "ivr": {"sender": "ACME", "text": "Your appointment is tomorrow."},
    "options": {"nature": "ALERTING"},
}
WINDOW = [{"start_time": "08:00", "end_time": "19:00"}]


def callr_folder(root: Path, sandbox: Sandbox, **parts: Any) -> ProjectFolder:
    """A written project with one campaign of twelve people, on weekdays in a window."""
    facts = sandbox.ready()["providers"]["callr"]
    provider = {
        "type": "callr",
        "login": {"env": "CALLR_LOGIN"},
        "password": {"env": "CALLR_PASSWORD"},
        "base_url": facts["base_url"],
        "account_timezone": "America/New_York",
        "list_lag": 0.1,
        "timeout": 5,
    } | parts.pop("provider", {})
    tokens = {"CALLR_LOGIN": facts["login"], "CALLR_PASSWORD": facts["password"]}
    campaign = {
        "title": "January reminders",
        "plum": None,
        "start_date": None,
        "end_date": None,
        "windows": WINDOW,
        "callr": copy.deepcopy(VOICE),
    } | parts.pop("campaign", {})
    sandbox.options({"callr": {"zone": "America/New_York"}})
    with_media(sandbox)
    return ProjectFolder(root, {"callr": provider}, tokens, campaign=campaign, **parts).write()


def with_media(sandbox: Sandbox) -> None:
    """A medium in the library, ready to be played, of the id that campaigns here name."""
    hands = Hands(sandbox)
    sandbox.next_ids({"callr": {"media": 1012345}})
    medium = hands.ask("media/library.create", "greeting")
    hands.ask("media/tts.set_content", medium, "Hello.", "TTS_EN-GB_SERENA", None)
    for _ in range(4):
        hands.ask("media/library.get_list", None)
    hands.close()


class Hands:
    """Somebody at the vendor."""

    def __init__(self, sandbox: Sandbox) -> None:
        facts = sandbox.ready()["providers"]["callr"]
        self._url = facts["base_url"]
        self._client = httpx.Client(auth=(facts["login"], facts["password"]))

    def ask(self, method: str, *params: Any) -> Any:
        """One documented call; its result."""
        call = {"id": 417, "jsonrpc": "2.0", "method": method, "params": list(params)}
        body = self._client.post(self._url, json=call).raise_for_status().json()
        assert "error" not in body, body
        return body["result"]

    def campaign(self, at: int = 0) -> dict[str, Any]:
        """One campaign, whole."""
        found: dict[str, Any] = self.ask("sendr/10/campaign.search", None, None)["hits"][at]
        return found

    def save(self, **changes: Any) -> None:
        """Change parts of the first campaign."""
        self.ask("sendr/10/campaign.save", self.campaign() | changes)

    def clock(self, *, enabled: bool) -> None:
        """Turn the first campaign's clock on or off."""
        self.save(schedule=self.campaign()["schedule"] | {"enabled": enabled})

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def campaigns(sandbox: Sandbox, state: str | None = None) -> list[dict[str, Any]]:
    """The campaigns that the vendor holds, or those in one state."""
    found: list[dict[str, Any]] = sandbox.state()["callr"]["campaigns"]
    return [item for item in found if state in (None, item["status"]["state"])]


def only(sandbox: Sandbox) -> dict[str, Any]:
    """The one campaign there is."""
    (found,) = campaigns(sandbox)
    return found


def books(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The addressbooks that the vendor holds."""
    found: list[dict[str, Any]] = sandbox.state()["callr"]["addressbooks"]
    return found


def converged(project: ProjectFolder) -> Ran:
    """A plan with nothing in it."""
    ran = project.run("plan", "--detailed-exitcode", "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    assert ran.document["changes"] == []
    return ran


def apply(project: ProjectFolder, code: int = 0, *more: str) -> str:
    """Apply, and say how it has to end."""
    ran = project.run("apply", "--yes", *more)
    assert ran.code == code, ran.out + ran.err
    return ran.out + ran.err
