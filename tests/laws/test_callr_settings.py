"""CALLR's settings: the tests' project of all options has all there are, and what is out of range is said offline."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from reconciler.providers.callr import parameters
from reconciler.providers.callr.about import IVR, SMS, VOICE
from reconciler.testing.projects import ProjectFolder

from .callr_hands import WINDOW, everything

RANGES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("callr_ranges.json").read_text("utf-8"))
OPTIONS = {
    "VOICE": "ccl cli nature call_recording auto_stop.enabled auto_stop.per_answer_count.enabled "
    "auto_stop.per_answer_count.count auto_stop.per_key.enabled followup.enabled "
    "followup.actions.callback.enabled followup.actions.callback.count followup.actions.callback.delay_minutes "
    "followup.actions.sms.enabled followup.actions.sms.sender followup.actions.sms.text "
    "followup.conditions.no_response followup.conditions.short_call followup.conditions.short_call_duration "
    "followup.conditions.voicemail_detected send_report.enabled send_report.emails send_report.phones",
    "SMS": "nature send_report.enabled send_report.emails send_report.phones",
}
IVRS = {
    "VOICE_SIMPLE": "broadcast prompt goodbye voicemail_broadcast voicemail_detect_media voicemail_detect_method",
    "VOICE_IVR": "broadcast prompt voicemail_broadcast voicemail_detect_media voicemail_detect_method",
    "VOICE_SURVEY": "broadcast goodbye key_error key_valid voicemail_broadcast voicemail_detect_media "
    "voicemail_detect_method questions",
    "SMS_SIMPLE": "text sender encoding optout_suffix optout_confirmed",
    "SMS_SURVEY": "texts final_text sender",
}
ACTIONS = {
    "BRIDGE": "broadcast ringtone whisper noanswer targets voicemail email",
    "BROADCAST": "broadcast prompt goodbye",
    "CALLBACK": "broadcast delay",
    "EMAIL": "broadcast emails template",
    "NONE": "",
    "RECORD": "broadcast prompt goodbye emails template record_max_duration",
}
"""The vendor's pages once more, field by field, written from them and not from our tables."""


@pytest.mark.parametrize("type_name", [*VOICE, *SMS])
def test_all_options_are_all(type_name: str) -> None:
    """Of each type, the project that must converge names each documented setting, and our tables know just those."""
    keys = [f"key_{digit}" for digit in range(10)] if type_name in VOICE else []
    pages = {f"options.{name}" for name in OPTIONS[type_name.split("_", maxsplit=1)[0]].split()}
    pages |= {f"options.auto_stop.per_key.{key}" for key in keys}
    pages |= {f"ivr.{name}" for name in IVRS[type_name].split()}
    block = {name: value for name, value in everything()[type_name].items() if name != "type"}
    said = {".".join(path) for path in parameters.leaves(block) if path[:2] != ("ivr", "keys")}
    known = {item.name for item in parameters.of_type(type_name) if item.path[:2] != ("ivr", "keys")}
    assert said == pages
    assert known == pages


def test_all_actions_are_all() -> None:
    """Behind the keys stand all six actions, each with each of its documented parameters."""
    keys = everything()[IVR]["ivr"]["keys"].values()
    assert {key["action"]: set(key.get("params", {})) for key in keys} == {
        name: set(text.split()) for name, text in ACTIONS.items()
    }
    assert {name: set(several) for name, several in parameters.ACTIONS.items()} == {
        name: set(text.split()) for name, text in ACTIONS.items()
    }
    bridge = next(key["params"] for key in keys if key["action"] == "BRIDGE")
    assert set(bridge["voicemail"]) == set(bridge["email"]) == {"enabled", "emails", "template"}


def with_setting(block: dict[str, Any], setting: str, value: Any) -> dict[str, Any]:
    """The block with one setting as it is given."""
    found = copy.deepcopy(block)
    part, path = found, setting.split(".")
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    return found


def project_of(root: Path, which: str) -> tuple[ProjectFolder, dict[str, dict[str, Any]]]:
    """A project with a campaign for each value that is good, or bad; and the cases by campaign."""
    cases = {
        f"case-{at}-{number}": {**case, "value": value}
        for at, case in enumerate(RANGES)
        for number, value in enumerate(case[which])
    }
    common = {"title": "T", "state": "draft", "windows": WINDOW, "contacts": "people", "provider": "callr"}
    campaigns = {
        name: {**common, "callr": with_setting(everything()[case["type"]], case["setting"], case["value"])}
        for name, case in cases.items()
    }
    provider = {"type": "callr", "api_key": {"env": "CALLR_KEY"}, "account_timezone": "America/New_York"}
    extra = {"campaigns": campaigns}
    project = ProjectFolder(root, {"callr": provider}, {}, campaign=common | {"plum": None}, extra=extra)
    project.campaign |= {"start_date": None, "end_date": None, "callr": everything()["SMS_SIMPLE"]}
    return project.write(), cases


@pytest.mark.slow
def test_what_is_in_range_is_taken(tmp_path: Path) -> None:
    """The least and the most of every documented range, and every word of a documented choice."""
    project, _ = project_of(tmp_path, "good")
    ran = project.run("validate", "--format", "json")
    assert ran.code == 0, ran.out + ran.err


@pytest.mark.slow
def test_what_is_out_of_range_is_said_offline(tmp_path: Path) -> None:
    """One less, one more, another word, another type: each an error at its own place, and no vendor is asked."""
    project, cases = project_of(tmp_path, "bad")
    ran = project.run("validate", "--format", "json")
    assert ran.code == 1
    lines = (project.root / "manifests" / "campaigns.yaml").read_text("utf-8").splitlines()
    found: set[str] = set()
    for problem in ran.document["problems"]:
        above = [line.strip().split('"')[1] for line in lines[: problem["line"]] if '"case-' in line]
        found |= set(above[-1:])
    assert found == set(cases)
