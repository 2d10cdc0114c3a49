"""What CALLR's stand-in makes of a campaign: defaults, forms, refusals; and that a refusal changes nothing."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from reconciler.sandbox import Sandbox

from .conftest import week

TYPES = ("VOICE_SIMPLE", "VOICE_IVR", "VOICE_SURVEY", "SMS_SIMPLE", "SMS_SURVEY")
EMAIL = {"enabled": True, "emails": ["a@clinic.example"], "template": "t"}
ACTIONS: dict[str, dict[str, Any]] = {
    "BRIDGE": {
        "broadcast": [],
        "email": EMAIL,
        "noanswer": True,
        "ringtone": [],
        "targets": [{"number": "+33161550199", "timeout": 15}],
        "voicemail": EMAIL,
        "whisper": [],
    },
    "BROADCAST": {"broadcast": [], "goodbye": [], "prompt": []},
    "CALLBACK": {"broadcast": [], "delay": 240},
    "EMAIL": {"broadcast": [], "emails": ["a@clinic.example"], "template": "t"},
    "RECORD": {
        "broadcast": [],
        "emails": [],
        "goodbye": [],
        "prompt": [],
        "record_max_duration": 120,
        "template": "",
    },
    "NONE": {},
}
VOICE_OPTIONS = {
    "auto_stop": {
        "enabled": True,
        "per_answer_count": {"enabled": True, "count": 100},
        "per_key": {"enabled": True, **{f"key_{key}": key for key in range(10)}},
    },
    "call_recording": True,
    "ccl": 7,
    "cli": "+33161550100",
    "followup": {
        "enabled": True,
        "actions": {
            "callback": {"enabled": True, "count": 5, "delay_minutes": 240},
            "sms": {"enabled": True, "sender": "Clinic 1", "text": "We called"},
        },
        "conditions": {
            "no_response": True,
            "short_call": True,
            "short_call_duration": 60,
            "voicemail_detected": True,
        },
    },
    "nature": "MARKETING",
    "send_report": {"enabled": True, "emails": ["a@clinic.example"], "phones": ["+33161550100"]},
}


@pytest.mark.parametrize("kind", TYPES)
def test_the_template_is_the_background(callr: Any, kind: str) -> None:
    """What is not said is as the template has it, and saving what was read changes nothing."""
    draft = callr.draft(kind)
    bare = {name: draft[name] for name in ("type", "name", "addressbook", "ivr")}
    saved = callr.sendr("campaign.save", bare)
    template = callr.sendr("campaign.get_object_template", kind)
    assert (saved["options"], saved["schedule"]) == (template["options"], template["schedule"])
    again = callr.sendr("campaign.save", saved)
    assert {**again, "status": None} == {**saved, "status": None}
    assert callr.sendr("campaign.search", None, None)["total"] == 1


def test_every_action_and_option(callr: Any) -> None:
    """All six actions of a key and every option come back as they were sent."""
    draft = callr.draft("VOICE_IVR")
    for digit, (action, params) in enumerate(ACTIONS.items()):
        draft["ivr"]["keys"][f"key_{digit}"] = {"action": action, "params": params}
    draft["options"] = copy.deepcopy(VOICE_OPTIONS)
    draft["ivr"] |= {"voicemail_detect_method": "DTMF", "prompt": draft["ivr"]["broadcast"]}
    draft["schedule"] = {**week("08:00", "19:00"), "enabled": False}
    assert callr.sendr("campaign.check", draft) == []
    saved = callr.sendr("campaign.save", draft)
    shown = callr.sendr("campaign.get", saved["hash"])
    for name in ("name", "addressbook", "ivr", "options", "schedule"):
        assert shown[name] == draft[name], name


def test_normalisation(sandbox: Sandbox, callr: Any) -> None:
    """Numbers come as texts, sounds as numbers or alone, hours in any order, with keys nobody knows."""
    draft = callr.draft("VOICE_IVR")
    sound = draft["ivr"]["broadcast"][0]
    draft["ivr"] |= {"broadcast": [int(sound)], "prompt": sound, "unheard": 1}
    draft["options"]["ccl"] = "7"
    draft["schedule"] = {
        "enabled": False,
        "days": {
            "tue": [],
            "mon": [{"action": "pause", "hour": "19:00"}, {"action": "unpause", "hour": "08:00:00"}],
        },
    }
    saved = callr.sendr("campaign.save", draft | {"colour": "blue", "status": {"state": "STARTED"}})
    assert (saved["ivr"]["broadcast"], saved["ivr"]["prompt"]) == ([sound], [sound])
    assert saved["options"]["ccl"] == 7
    assert saved["status"]["state"] == "CREATED"
    assert not {"colour", "unheard"} & {*saved, *saved["ivr"]}
    hours = [{"action": "unpause", "hour": "08:00"}, {"action": "pause", "hour": "19:00"}]
    assert saved["schedule"]["days"] == {"mon": hours, "tue": []}
    sandbox.options({"callr": {"media_ids": "number", "hours": "HH:MM:SS", "days": "all"}})
    shown = callr.sendr("campaign.save", saved)
    assert shown["ivr"]["broadcast"] == [int(sound)]
    assert list(shown["schedule"]["days"]) == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert shown["schedule"]["days"]["mon"][0]["hour"] == "08:00:00"


def _put(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def put(draft: dict[str, Any]) -> None:
        for name in path[:-1]:
            draft = draft[name]
        draft[path[-1]] = value

    return put


CALLBACK = ("options", "followup", "actions", "callback")
WRONG: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("name", _put("name", value="")),
    ("type", _put("type", value="VOICE")),
    ("addressbook.hash", _put("addressbook", value={"hash": "NOSUCH12"})),
    ("addressbook.hash", _put("addressbook", value={})),
    ("ivr.broadcast", _put("ivr", "broadcast", value=[])),
    ("ivr.broadcast", _put("ivr", "broadcast", value=["999"])),
    ("ivr.broadcast", _put("ivr", "broadcast", value={"1": 2})),
    ("ivr.voicemail_detect_method", _put("ivr", "voicemail_detect_method", value="MAYBE")),
    ("ivr.keys.key_1.action", _put("ivr", "keys", "key_1", value={"action": "DANCE", "params": {}})),
    (
        "ivr.keys.key_1.params.delay",
        _put("ivr", "keys", "key_1", value={"action": "CALLBACK", "params": {"delay": 4}}),
    ),
    (
        "ivr.keys.key_1.params.delay",
        _put("ivr", "keys", "key_1", value={"action": "CALLBACK", "params": {"delay": 241}}),
    ),
    (
        "ivr.keys.key_1.params.record_max_duration",
        _put("ivr", "keys", "key_1", value={"action": "RECORD", "params": {"record_max_duration": 9}}),
    ),
    (
        "ivr.keys.key_1.params.targets",
        _put("ivr", "keys", "key_1", value={"action": "BRIDGE", "params": {"targets": []}}),
    ),
    (
        "ivr.keys.key_1.params.targets.0.timeout",
        _put(
            *("ivr", "keys", "key_1"),
            value={"action": "BRIDGE", "params": {"targets": [{"number": "+33161550199", "timeout": 4}]}},
        ),
    ),
    (
        "ivr.keys.key_1.params.targets.0.number",
        _put(
            *("ivr", "keys", "key_1"),
            value={"action": "BRIDGE", "params": {"targets": [{"number": "0161550199", "timeout": 5}]}},
        ),
    ),
    ("options.ccl", _put("options", "ccl", value=0)),
    ("options.ccl", _put("options", "ccl", value=True)),
    ("options.cli", _put("options", "cli", value="0161550100")),
    ("options.nature", _put("options", "nature", value="PLEASANT")),
    ("options.call_recording", _put("options", "call_recording", value="yes")),
    ("options.followup.actions.callback.count", _put(*CALLBACK, "count", value=6)),
    ("options.followup.actions.callback.count", _put(*CALLBACK, "count", value=0)),
    ("options.followup.actions.callback.delay_minutes", _put(*CALLBACK, "delay_minutes", value=4)),
    (
        "options.followup.conditions.short_call_duration",
        _put("options", "followup", "conditions", "short_call_duration", value=61),
    ),
    (
        "options.followup.actions.sms.sender",
        _put("options", "followup", "actions", "sms", "sender", value="123"),
    ),
    ("options.send_report.emails.0", _put("options", "send_report", "emails", value=["nobody"])),
    ("options.send_report.phones.0", _put("options", "send_report", "phones", value=["12"])),
    ("schedule", _put("schedule", value="weekdays")),
    ("schedule.days", _put("schedule", "days", value={"monday": []})),
    ("schedule.days.mon", _put("schedule", "days", value={"mon": [{"action": "start", "hour": "08:00"}]})),
    ("schedule.days.mon", _put("schedule", "days", value={"mon": [{"action": "pause", "hour": "8"}]})),
]


@pytest.mark.parametrize("case", range(len(WRONG)), ids=[place for place, _ in WRONG])
def test_what_is_wrong(sandbox: Sandbox, callr: Any, case: int) -> None:
    """A check names the place of what is wrong, and the same campaign is not saved."""
    place, spoil = WRONG[case]
    draft = callr.draft("VOICE_IVR")
    spoil(draft)
    problems = callr.sendr("campaign.check", draft)
    assert [problem.partition(":")[0] for problem in problems] == [place]
    before = sandbox.state()["callr"]
    error = callr.refused("sendr/10/campaign.save", draft)
    assert (error["code"], error["data"]) == (115, problems)
    assert sandbox.state()["callr"] == before
    assert sandbox.ledger.writes[-1].refused


@pytest.mark.parametrize(
    ("kind", "place", "change"),
    [
        ("SMS_SIMPLE", "ivr.text", {"text": ""}),
        ("SMS_SIMPLE", "ivr.sender", {"sender": "12345"}),
        ("SMS_SIMPLE", "ivr.sender", {"sender": "Clínica"}),
        ("SMS_SIMPLE", "ivr.encoding", {"encoding": "ASCII"}),
        ("SMS_SURVEY", "ivr.texts", {"texts": []}),
        ("VOICE_SURVEY", "ivr.questions", {"questions": []}),
        ("VOICE_SIMPLE", "ivr.broadcast", {"broadcast": None}),
    ],
)
def test_what_is_wrong_in_other_types(callr: Any, kind: str, place: str, change: dict[str, Any]) -> None:
    """Each type has its own limits."""
    draft = callr.draft(kind)
    draft["ivr"] |= change
    problems = callr.sendr("campaign.check", draft)
    assert [problem.partition(":")[0] for problem in problems] == [place]


def test_all_problems_at_once(callr: Any) -> None:
    """A check tells everything that is wrong."""
    draft = callr.draft(name="")
    draft["options"] |= {"ccl": 0, "cli": "x"}
    assert len(callr.sendr("campaign.check", draft)) == 3


def test_own_numbers(sandbox: Sandbox, callr: Any) -> None:
    """A campaign may show only a number of one's own, if the account has such a list."""
    draft = callr.draft()
    draft["options"]["cli"] = "+33161550100"
    assert callr.sendr("campaign.check", draft) == []
    sandbox.options({"callr": {"own_numbers": "+33161550111,+33161550112"}})
    assert callr.sendr("campaign.check", draft) == ["options.cli: is not authorised"]


def test_media_must_be_ready(sandbox: Sandbox, callr: Any) -> None:
    """A sound that is not ready is refused until it is; after some seconds it is ready though nobody asked."""
    number = callr.call("media/library.create", "late")
    draft = callr.draft()
    draft["ivr"]["broadcast"] = [str(number)]
    assert callr.sendr("campaign.check", draft) == ["ivr.broadcast: media is not ready"]
    callr.call("media/tts.set_content", number, "Hello", "TTS_EN-GB_SERENA", None)
    sandbox.clock(advance=3)
    assert callr.sendr("campaign.check", draft) == []


def test_updates(sandbox: Sandbox, callr: Any) -> None:
    """A2: with its hash a campaign is changed, not made; what is left out takes the template's value, or stays."""
    made = callr.sendr("campaign.save", callr.draft(schedule={**week("08:00", "19:00"), "enabled": False}))
    sandbox.clock(advance=60)
    less = {name: made[name] for name in ("hash", "type", "addressbook", "ivr")} | {"name": "other"}
    sandbox.options({"callr": {"absent_on_update": "kept"}})
    kept = callr.sendr("campaign.save", less)
    assert (kept["hash"], kept["name"], kept["schedule"]) == (made["hash"], "other", made["schedule"])
    assert (kept["created_at"], kept["updated_at"]) == ("2027-01-04 12:00:00", "2027-01-04 12:01:00")
    sandbox.options({"callr": {"absent_on_update": "template"}})
    assert callr.sendr("campaign.save", less)["schedule"] == {"enabled": False, "days": {}}
    assert callr.sendr("campaign.search", None, None)["total"] == 1
    assert len(sandbox.ledger.queued) == 3


def test_what_an_update_may_not(sandbox: Sandbox, callr: Any) -> None:
    """A2: a campaign that runs or has ended is not changed, nor is its type, nor, once it began, its book."""
    made = callr.sendr("campaign.save", callr.draft(people=500))
    other = callr.draft("SMS_SIMPLE")
    assert "type" in callr.refused("sendr/10/campaign.save", other | {"hash": made["hash"]})["message"]
    callr.sendr("campaign.start", made["hash"])
    assert "STARTED" in callr.refused("sendr/10/campaign.save", made)["message"]
    sandbox.options({"callr": {"save_started": "allow"}})
    assert callr.sendr("campaign.save", made | {"name": "new"})["name"] == "new"
    callr.sendr("campaign.pause", made["hash"])
    book = {"addressbook": {"hash": callr.book(1)}}
    assert "addressbook" in callr.refused("sendr/10/campaign.save", made | book)["message"]
    callr.sendr("campaign.stop", made["hash"])
    assert "STOPPED" in callr.refused("sendr/10/campaign.save", made)["message"]
    assert callr.refused("sendr/10/campaign.save", made | {"hash": "NOSUCH12"})["message"] == (
        "campaign not found"
    )


@pytest.mark.parametrize("place", ["campaign", "addressbook"])
def test_the_choice_of_blacklists(sandbox: Sandbox, callr: Any, place: str) -> None:
    """A4: the choice stands in one of two places, or in none, as the template shows."""
    sandbox.options({"callr": {"blacklist_place": place}})
    draft = callr.draft()
    where = draft if place == "campaign" else callr.sendr("campaign.get_object_template", "SMS_SIMPLE")[place]
    assert where["blacklist"] == {"method": "ALL", "selected": []}
    chosen = {"method": "NONE", "selected": []}
    draft["blacklist"] = chosen
    draft["addressbook"] = {**draft["addressbook"], "blacklist": chosen}
    saved = callr.sendr("campaign.save", draft)
    assert (saved if place == "campaign" else saved["addressbook"])["blacklist"] == chosen
    assert ("blacklist" in saved) == (place == "campaign")


def test_the_bridge_template(sandbox: Sandbox, callr: Any) -> None:
    """A9, A11: `noanswer` is a flag or sounds, and the e-mail block is there or not, as the template shows."""
    bridge = callr.sendr("campaign.get_voice_ivr_action_objects_templates")["BRIDGE"]
    assert (bridge["noanswer"], "email" in bridge) == (False, True)
    sandbox.options({"callr": {"noanswer": "media", "bridge_email": "absent"}})
    bridge = callr.sendr("campaign.get_voice_ivr_action_objects_templates")["BRIDGE"]
    assert (bridge["noanswer"], "email" in bridge) == ([], False)


def test_search(sandbox: Sandbox, callr: Any) -> None:
    """A search matches names loosely and comes in pages, whether or not pages were asked for."""
    draft = callr.draft()
    for number in range(25):
        callr.sendr("campaign.save", draft | {"name": f"Wave {number}"})
    first = callr.sendr("campaign.search", None, None)
    assert (len(first["hits"]), first["total"], first["has_more"]) == (20, 25, True)
    rest = callr.sendr("campaign.search", None, {"offset": 20})
    assert (len(rest["hits"]), rest["has_more"], rest["offset"]) == (5, False, 20)
    loose = callr.sendr("campaign.search", {"name": "wave 2"}, {"quantity": 100})
    assert [hit["name"] for hit in loose["hits"]] == ["Wave 2", *(f"Wave 2{digit}" for digit in range(5))]
    sandbox.options({"callr": {"name_filter": "equals", "order": "newest first", "page_size": 100}})
    assert callr.sendr("campaign.search", {"name": "Wave 2"}, None)["total"] == 1
    assert callr.sendr("campaign.search", None, None)["hits"][0]["name"] == "Wave 24"
    wanted = first["hits"][3]["hash"]
    assert callr.sendr("campaign.search", {"hash": wanted}, None)["total"] == 1
    assert callr.sendr("campaign.search", {"hash": wanted.lower()}, None)["total"] == 0


def test_deleting(sandbox: Sandbox, callr: Any) -> None:
    """A book goes after its campaign, a campaign not while it runs, and nothing twice."""
    campaign = callr.campaign(people=500)
    book = callr.sendr("campaign.get", campaign)["addressbook"]["hash"]
    assert callr.sendr("addressbook.search", None, None)["hits"][0]["in_use"] is True
    assert callr.refused("sendr/10/addressbook.delete", book)["message"] == "the addressbook is in use"
    callr.sendr("campaign.start", campaign)
    assert "STARTED" in callr.refused("sendr/10/campaign.delete", campaign)["message"]
    callr.sendr("campaign.pause", campaign)
    assert callr.sendr("campaign.delete", campaign) is True
    assert callr.refused("sendr/10/campaign.delete", campaign)["message"] == "campaign not found"
    assert callr.sendr("addressbook.delete", book) is True
    sandbox.options({"callr": {"void_result": "null"}})
    assert callr.answer("sendr/10/addressbook.delete", callr.book(0)) == {
        "jsonrpc": "2.0",
        "id": 417,
        "result": None,
    }


def test_media(callr: Any) -> None:
    """A sound has a name and tags that can change, is found, and goes."""
    number = callr.sound()
    assert callr.call("media/library.set_name", number, "other") is True
    assert callr.call("media/library.set_tags", str(number), {"team": "a"}) is True
    shown = callr.call("media/library.search", {"name": "other"}, None)["hits"][0]
    assert (shown["id"], shown["tags"], shown["duration"]) == (number, {"team": "a"}, 1)
    assert callr.call("media/library.delete", number) is True
    assert callr.refused("media/library.get", number)["message"] == "media not found"
    error = callr.refused(
        "media/tts.set_content", callr.call("media/library.create", "x"), "Hi", "TTS_X", None
    )
    assert error["message"] == "voice: not found"


def test_media_in_a_map(sandbox: Sandbox, callr: Any) -> None:
    """A17: the list of sounds is an array or a map."""
    number = callr.sound()
    sandbox.options({"callr": {"media_list": "map"}})
    assert callr.call("media/library.get_list", None)[str(number)]["id"] == number
