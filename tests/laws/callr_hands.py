"""A project at CALLR's stand-in, and somebody's hands there: the documented calls, sent past reconciler."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import httpx
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

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
        self._client = httpx.Client(auth=(facts["login"], facts["password"]), verify=False)  # noqa: S501 - plain HTTP

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


def reports() -> dict[str, Any]:
    """Who is told how it went."""
    return {"enabled": True, "emails": ["b@example.com", "a@example.com"], "phones": ["+16175550198"]}


def voice_options() -> dict[str, Any]:
    """Every option of a voice campaign."""
    keys = {f"key_{digit}": digit + 1 for digit in range(10)}
    return {
        "ccl": 7,
        "cli": "BLOCKED",
        "nature": "MARKETING",
        "call_recording": True,
        "auto_stop": {
            "enabled": True,
            "per_answer_count": {"enabled": True, "count": 900},
            "per_key": {"enabled": True, **keys},
        },
        "followup": {
            "enabled": True,
            "actions": {
                "callback": {"enabled": True, "count": 5, "delay_minutes": 240},
                "sms": {"enabled": True, "sender": "ACME 2", "text": "We called."},
            },
            "conditions": {
                "no_response": True,
                "short_call": True,
                "short_call_duration": 60,
                "voicemail_detected": True,
            },
        },
        "send_report": reports(),
    }


MEDIA = [1012345]
MAIL = {"enabled": True, "emails": ["b@example.com", "a@example.com"], "template": "T1"}
VOICEMAIL = {
    "voicemail_broadcast": MEDIA,
    "voicemail_detect_media": MEDIA,
    "voicemail_detect_method": "DTMF",
}
KEYS: dict[str, dict[str, Any]] = {
    "key_0": {"action": "NONE"},
    "key_1": {
        "action": "BRIDGE",
        "params": {
            "broadcast": MEDIA,
            "ringtone": MEDIA,
            "whisper": MEDIA,
            "noanswer": True,
            "targets": [
                {"number": "+16175550197", "timeout": 300},
                {"number": "+16175550196", "timeout": 5},
            ],
            "voicemail": MAIL,
            "email": MAIL,
        },
    },
    "key_2": {"action": "BROADCAST", "params": {"broadcast": MEDIA, "prompt": MEDIA, "goodbye": MEDIA}},
    "key_3": {"action": "CALLBACK", "params": {"broadcast": MEDIA, "delay": 240}},
    "key_4": {
        "action": "EMAIL",
        "params": {"broadcast": MEDIA, "emails": ["b@example.com", "a@example.com"], "template": "T2"},
    },
    "key_9": {
        "action": "RECORD",
        "params": {
            "broadcast": MEDIA,
            "prompt": MEDIA,
            "goodbye": MEDIA,
            "emails": ["a@example.com"],
            "template": "T3",
            "record_max_duration": 120,
        },
    },
}
QUESTIONS = [
    {
        "text": "Satisfied?",
        "broadcast": MEDIA,
        "answers": [
            {"key": "2", "text": "no", "broadcast": 1012345},
            {"key": "1", "text": "yes"},
        ],
    },
    {"text": "Again?", "broadcast": MEDIA, "answers": [{"key": "1", "text": "yes"}]},
]


def everything() -> dict[str, dict[str, Any]]:
    """Each type of campaign with every option that it has."""
    sound = {"broadcast": MEDIA, **VOICEMAIL}
    blocks: dict[str, dict[str, Any]] = {
        "VOICE_SIMPLE": {"ivr": {**sound, "prompt": MEDIA, "goodbye": MEDIA}, "options": voice_options()},
        "VOICE_IVR": {"ivr": {**sound, "prompt": MEDIA, "keys": KEYS}, "options": voice_options()},
        "VOICE_SURVEY": {
            "ivr": {
                **sound,
                "goodbye": MEDIA,
                "key_error": MEDIA,
                "key_valid": MEDIA,
                "questions": QUESTIONS,
            },
            "options": voice_options(),
        },
        "SMS_SIMPLE": {
            "ivr": {
                "sender": "ACME-1_a b",
                "text": "Hello",
                "encoding": "UNICODE",
                "optout_suffix": "Answer STOP",
                "optout_confirmed": "Never again",
            },
            "options": {"nature": "MARKETING", "send_report": reports()},
        },
        "SMS_SURVEY": {
            "ivr": {"sender": "ACME", "texts": ["Satisfied?", "Again?"], "final_text": "Thank you"},
            "options": {"nature": "ALERTING", "send_report": reports()},
        },
    }
    return copy.deepcopy({name: {"type": name, **block} for name, block in blocks.items()})
