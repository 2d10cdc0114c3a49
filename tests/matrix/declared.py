"""The vendors of the matrix. To add one: how its project looks, what its books say, and what is representative."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from . import scenarios as acts
from .scenarios import DAY, Scenario, Thing, both, campaign, nothing
from .vendors import Folder, Hands, Vendor, face

# Plum Voice


def _plum_things(state: dict[str, Any]) -> list[Thing]:
    days = {item["id"]: item["nickname"] for item in state["schedules"]}
    words = {"created": "inert", "active": "armed", "stopped": "over"}
    fields = ("start_date", "end_date", "start_url", "result_url")
    return [
        *(Thing("schedule", item["id"], face(item, "nickname", "days")) for item in state["schedules"]),
        *(
            Thing("profile", item["id"], face(item, "nickname", "period", "amount_per_period"))
            for item in state["profiles"]
        ),
        *(
            Thing("campaign", item["id"], f"{days.get(item['schedule_id'])} {face(item, *fields)}", words[item["run"]])
            for item in state["campaigns"]
        ),
    ]  # fmt: skip


def _plum_strangers(hands: Hands) -> None:
    hands.headers["Authorization"] = f"Bearer {hands.facts['token']}"
    hands.form("/schedules", days='["sun"]', nickname="theirs")
    hands.form("/profiles", period="1", amount_per_period="1", time_between_periods="1", nickname="theirs")
    window = {"profile": "theirs", "start_time": "09:00", "end_time": "10:00"}
    hands.form(
        "/campaigns", start_date="2027-01-04", end_date="2027-01-29", schedule="theirs",
        profiles=json.dumps([window]), start_url="https://ivr.example/start",
    )  # fmt: skip


PLUM = Vendor(
    name="plum",
    settings={"token": {"env": "PLUM_TOKEN"}},
    credentials={"PLUM_TOKEN": "token"},
    things=_plum_things,
    strangers=_plum_strangers,
    acts=(
        acts.CREATE,
        Scenario("update", both(acts.slower_and_fewer_days, campaign(end_date="2027-02-05")), nothing),
        Scenario("update a draft", both(acts.slower_and_fewer_days, campaign(end_date="2027-02-05")),
                 campaign(state="draft")),
        acts.RERUN, acts.RERUN_AT_ONCE, acts.ARM, acts.REMADE,
        acts.GROWTH, acts.DELETE, acts.BLACKLIST, acts.STOP,
    ),
    creates=("POST /schedules", "POST /profiles", "POST /campaigns"),
    refusal='{"status": "error", "error": "not today"}',
    options=({}, {"show_pacing": True, "schedule_nickname": "current", "start_active": "redial"}),
)  # fmt: skip


# RVMpro


def _rvm_things(state: dict[str, Any]) -> list[Thing]:
    words = {"PAUSED": "inert", "ACTIVE": "armed", "COMPLETED": "armed", "STOPPED": "over"}
    return [
        *(
            Thing("campaign", int(item["id"]), face(item, "name", "throttle"), words[item["status"]])
            for item in state["campaigns"]
        ),
        *(Thing("blacklisted", 0, number) for number in {item["number"] for item in state["blacklist"]}),
    ]


def _rvm_strangers(hands: Hands) -> None:
    hands.form(
        "/campaigns", api="create", token=hands.facts["token"], c_name="January promo theirs",
        c_callback="6175550100", c_wav="https://media.example/theirs.wav",
        c_numbers="2025550111,2025550112", c_start_date="2027-01-04", c_stop_date="2027-03-29",
    )  # fmt: skip


_PROMO = {"callback": "617-555-0199", "wav": "https://media.example/promo.wav"}
_OPENED = 3 / 24 + 2 / DAY
"""Days until its window has been open for two seconds: some were tried, and some were not."""

_REPLACE = Scenario(
    "replace", campaign(rvm={**_PROMO, "callback": "617-555-0111"}), nothing, allow=("replace",), at_once=True
)
"""An armed campaign cannot be told another number to call back: the rest of its people go into another one."""

RVM = Vendor(
    name="rvm",
    settings={"token": {"env": "RVM_TOKEN"}},
    credentials={"RVM_TOKEN": "token"},
    things=_rvm_things,
    strangers=_rvm_strangers,
    acts=(
        acts.CREATE,
        Scenario("update a draft", campaign(end_date="2027-02-05"), campaign(state="draft")),
        acts.RERUN, acts.RERUN_AT_ONCE, acts.ARM, acts.REMADE, acts.PAUSE, acts.RESUME,
        _REPLACE, replace(_REPLACE, name="replace what rings", days=_OPENED),
        replace(acts.GROWTH, at_once=True), acts.DELETE, acts.BLACKLIST, acts.STOP,
    ),
    creates=("POST /campaigns create",),
    suppresses=("POST /blacklist load", "POST /blacklist add"),
    arms=("POST /campaigns start",),
    refusal='{"c_error": true, "c_error_msg": ["not today"]}',
    campaign={
        "title": "January promo",
        "plum": None,
        "rvm": _PROMO,
    },
    keeps_blacklists=True,
    options=(
        {"drop_seconds": 0},
        {"drop_seconds": 0, "start_active": "success", "ids": "zero_padded", "trailing_commas": True},
    ),
)  # fmt: skip


# CALLR

ZONED = {"start_date": None, "end_date": None}
"""Vendors that know no dates."""


def _callr_things(state: dict[str, Any]) -> list[Thing]:
    sounds = {str(item["id"]): item["name"] for item in state["media"]}
    return [
        *(Thing("addressbook", item["id"], face(item, "name", "description")) for item in state["addressbooks"]),
        *(Thing("medium", item["id"], face(item, "name", "source", "content")) for item in state["media"]),
        *(
            Thing("campaign", item["id"], _callr_face(item, sounds), _callr_status(item))
            for item in state["campaigns"]
        ),
    ]  # fmt: skip


def _callr_face(item: dict[str, Any], sounds: dict[str, str]) -> str:
    """What it plays by name: which of two sounds was made first is chance."""
    ivr = {**item["ivr"], "broadcast": [sounds.get(each, each) for each in item["ivr"]["broadcast"]]}
    days = item["schedule"]["days"]
    return face({**item, "days": days, "ivr": ivr}, "name", "type", "ivr", "options", "days")


def _callr_status(item: dict[str, Any]) -> str:
    state, enabled = item["status"]["state"], item["schedule"]["enabled"]
    if state == "STOPPED":
        return "over"
    if state == "PAUSED" and not enabled:
        return "paused"
    return "armed" if enabled or state != "CREATED" else "inert"


def _callr_strangers(hands: Hands) -> None:
    hands.auth = (hands.facts["login"], hands.facts["password"])

    def ask(method: str, *params: Any) -> Any:
        call = {"id": 417, "jsonrpc": "2.0", "method": method, "params": list(params)}
        return hands.send("POST", "/", json=call)["result"]

    hands.sandbox.options({"callr": {"zone": "America/New_York"}})
    hands.sandbox.next_ids({"callr": {"media": 1012345}})
    medium = ask("media/library.create", "greeting")
    ask("media/tts.set_content", medium, "Hello.", "TTS_EN-GB_SERENA", None)
    for _ in range(4):
        ask("media/library.get_list", None)
    book = ask("sendr/10/addressbook.create", "theirs", "")
    theirs = ask("sendr/10/campaign.get_object_template", "VOICE_SIMPLE")
    theirs["name"], theirs["addressbook"]["hash"] = "January reminders", book["hash"]
    theirs["ivr"] |= {"broadcast": [str(medium)], "voicemail_detect_method": "AUTO"}
    theirs["options"] |= {"cli": "BLOCKED"}
    ask("sendr/10/campaign.save", theirs)


_VOICE: dict[str, Any] = {
    "type": "VOICE_SIMPLE",
    "ivr": {"broadcast": [1012345], "voicemail_detect_method": "AUTO"},
    "options": {"cli": "+16175550199", "nature": "ALERTING", "ccl": 5},
}
_WINDOW = [{"start_time": "08:00", "end_time": "19:00"}]
_LATER = [{"start_time": "09:00", "end_time": "18:00"}]


def _with_media(project: Folder, text: str = "Good morning.", tune: bytes = b"sound") -> None:
    """It plays a spoken text and a file, which the vendor's library gets first."""
    (project.root / "audio").mkdir(exist_ok=True)
    (project.root / "audio" / "jingle.mp3").write_bytes(b"\xff\xfb" + tune * 2000)
    speech = {"provider": "callr", "text": text, "voice": "TTS_EN-GB_SERENA"}
    sound = {"provider": "callr", "title": "Jingle", "file": "../audio/jingle.mp3"}
    project.extra = {**project.extra, "media": {"greeting": speech, "jingle": sound}}
    played = {**_VOICE["ivr"], "broadcast": ["greeting", 1012345, "jingle"]}
    project.campaign = {**project.campaign, "callr": {**_VOICE, "ivr": played}}


def _with_other_media(project: Folder) -> None:
    """The same two sounds say something else."""
    _with_media(project, "Good evening.", b"noise")


CALLR = Vendor(
    name="callr",
    settings={
        "login": {"env": "CALLR_LOGIN"},
        "password": {"env": "CALLR_PASSWORD"},
        "account_timezone": "America/New_York",
    },
    credentials={"CALLR_LOGIN": "login", "CALLR_PASSWORD": "password"},
    things=_callr_things,
    strangers=_callr_strangers,
    acts=(
        acts.CREATE, Scenario("create with media", _with_media),
        Scenario("update media", _with_other_media, _with_media, at_once=True),
        Scenario("update", campaign(windows=_LATER), nothing, at_once=True),
        Scenario("update a draft", campaign(windows=_LATER), campaign(state="draft")),
        Scenario("rerun", both(campaign(run="2"), acts.grow), nothing, days=40),
        acts.RERUN_AT_ONCE, acts.ARM, acts.REMADE, acts.PAUSE, acts.RESUME,
        replace(acts.GROWTH, at_once=True), acts.DELETE, acts.BLACKLIST, acts.STOP,
    ),
    shared_looks=("POST / media/library.get_list",),
    creates=(
        "POST / sendr/10/addressbook.create", "POST / sendr/10/campaign.save", "POST / media/library.create",
    ),
    refusal='{"jsonrpc": "2.0", "id": null, "error": {"code": 115, "message": "not today"}}',
    campaign={"title": "January reminders", "plum": None, **ZONED, "windows": _WINDOW, "callr": _VOICE},
)  # fmt: skip


# wolkvox


def _colombians(count: int, first: int = 0) -> list[str]:
    return [f"+5760{number:08}" for number in range(first, first + count)]


_PREVIEW = campaign(
    windows="any_hour", wolkvox={"skill_id": "4070", "type": "preview", "description": "Winter checks"}
)
"""Whom its agents are shown one by one: somebody is taken out by the record, not by the number."""


def _wolkvox_things(state: dict[str, Any]) -> list[Thing]:
    fields = ("name", "description", "skill_id", "speed", "opens", "closes", "kind", "amd")
    return [
        *(
            Thing("campaign", item["id"], face(item, *fields), "armed" if item["started"] else "inert")
            for item in state["campaigns"]
        ),
        *(Thing("blacklisted", 0, number) for number in {item["number"] for item in state["do_not_call"]}),
    ]


def _wolkvox_strangers(hands: Hands) -> None:
    hands.headers["wolkvox-token"] = hands.facts["token"]
    theirs = {"campaign_name": "January checks", "description": "Winter checks", "skill_id": "4069"}
    theirs |= {"start_time": "080000", "end_time": "110000"}
    asked = {"api": "create_campaign", "type_campaign": "predictive"}
    hands.send("POST", "/campaign.php", params=asked, json=theirs)


WOLKVOX = Vendor(
    name="wolkvox",
    settings={
        "token": {"env": "WOLKVOX_TOKEN"}, "account_timezone": "America/Bogota", "region": "CO", "dial_prefix": "9",
    },
    told=("server",),
    credentials={"WOLKVOX_TOKEN": "token"},
    things=_wolkvox_things,
    strangers=_wolkvox_strangers,
    acts=(
        acts.CREATE,
        Scenario("update", campaign(wolkvox={"skill_id": "4069", "description": "Spring checks"}), nothing),
        Scenario("update a draft", campaign(wolkvox={"skill_id": "4069", "description": "Spring checks"}),
                 campaign(state="draft")),
        Scenario("rerun", both(campaign(run="2"), acts.grow), nothing, days=40, allow=("end-run",)),
        acts.RERUN_AT_ONCE, acts.ARM, acts.REMADE, acts.PAUSE, acts.RESUME,
        replace(acts.GROWTH, at_once=True), acts.DELETE, acts.BLACKLIST, acts.STOP,
        Scenario("create a preview", _PREVIEW),
        Scenario("blacklist growth of a preview", acts.suppress, _PREVIEW, at_once=True),
    ),
    creates=("POST /campaign.php create_campaign",),
    suppresses=("POST /configuration.php add_dnc",),
    arms=("PUT /campaign.php start",),
    refusal='{"code": "400", "error": "yes", "msg": "not today"}',
    busy=(403, '{"code": "403", "error": "yes", "msg": "EXCEEDS THE LIMIT OF SIMULTANEOUS REQUESTS PER TOKEN (2)"}'),
    campaign={
        "title": "January checks", "plum": None, "schedule": None, **ZONED,
        "wolkvox": {"skill_id": "4069", "description": "Winter checks"},
    },
    parts={
        "profile": {"wolkvox": {"speed": 40}},
        "project": {
            "defaults": {"timezone": "America/Bogota", "on_queued_suppression": "stop"},
            "limits": {"max_people": 100_000},
        },
    },
    region="CO",
    people=_colombians,
    keeps_blacklists=True,
)  # fmt: skip


VENDORS = {vendor.name: vendor for vendor in (PLUM, RVM, CALLR, WOLKVOX)}
