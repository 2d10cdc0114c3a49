"""Every parameter of CALLR's SENDR 1.0 and of what it needs besides, and its place here."""

from __future__ import annotations

from typing import Final

from reconciler.providers.callr.parameters import ACTIONS, KEYS, PARAMETERS
from reconciler.providers.documented import Documented, computed, left_out, placed

SAVE: Final = "sendr/10/campaign.save"
HASH: Final = "the object's hash, out of the state"
MEDIUM: Final = "the medium's id, out of the state"
UNKNOWN: Final = "no public source names a method, and none is invented"
ACT: Final = "an act of somebody, and no state"
HOOK: Final = "null: jobs are asked for, nobody calls back"
KEPT: Final = "the vendor's own, read and never set"
ALL: Final = {"filters": "null: all of them", "options": "page after page"}
SETTINGS: Final = {item.name: f"campaign.callr.{item.name}" for item in PARAMETERS if "keys" not in item.path}
ACTION: Final = dict.fromkeys(
    dict.fromkeys(["action", *(f"params.{name}" for names in ACTIONS.values() for name in names)]),
    "campaign.callr.ivr.keys",
)
"""What one of the keys 0 to 9 of a VOICE_IVR does."""

DOCUMENTED: Final[tuple[Documented, ...]] = (
    *placed(
        "every request",
        {
            "Authorization: Basic": "provider.login, provider.password",
            "Authorization: Api-Key": "provider.api_key",
            "Authorization: Session": "provider.session",
            "CALLR-Login-As": "provider.login_as",
        },
    ),
    *computed("every request", {"id": "a number of ours", "jsonrpc": "2.0", "method": "the operation"}),
    *computed(
        "sendr/10/addressbook.create",
        {"name": "campaign and run, with our marker", "description": "who made it"},
    ),
    *computed(
        "sendr/10/addressbook.append_file_async",
        {
            "hash": HASH,
            "file": "what the import job gave",
            "column": "of the file that is made here",
            "country": "numbers are sent in E.164",
            "webhook": HOOK,
        },
    ),
    *computed("sendr/10/addressbook.search", ALL),
    *computed("sendr/10/addressbook.delete", {"hash": HASH}),
    *placed("media.import_file_from_base64_async", {"content": "campaign.contacts"}),
    *computed("media.import_file_from_base64_async", {"webhook": HOOK}),
    *left_out("media.import_file_from_url_async", {"": "people are never put where the web can fetch them"}),
    *computed("jobs.get", {"id": "the job's id, out of the log"}),
    *left_out("jobs.cancel", {"": "a job that was taken is followed to its end"}),
    *placed("sendr/10/campaign.get_object_template", {"type": "campaign.callr.type"}),
    *placed("media/library.create", {"name": "media.title"}),
    *computed("media/library.set_name", {"id": MEDIUM}),
    *placed("media/library.set_name", {"name": "media.title"}),
    *computed(
        "media/library.set_content_from_file", {"id": MEDIUM, "file": "what the import of media.file gave"}
    ),
    *computed("media/tts.set_content", {"id": MEDIUM}),
    *placed("media/tts.set_content", {"text": "media.text", "voice": "media.voice"}),
    *left_out("media/tts.set_content", {"options": "null: what they hold is not shown"}),
    *left_out("media/library.get_list", {"": "no parameter of ours; read by every plan"}),
    *computed("media/library.delete", {"id": MEDIUM}),
    *left_out(
        "media/library.get, .search, .set_tags", {"": "the list has what is compared; tags are the account's"}
    ),
    *left_out("sendr/10/campaign.get_voice_ivr_action_objects_templates", {"": "no parameter"}),
    *computed(
        "sendr/10/campaign.check", {"campaign": "the object of campaign.save, under plan --online-check"}
    ),
    *computed("sendr/10/campaign.get", {"hash": HASH}),
    *computed("sendr/10/campaign.search", ALL),
    *(
        each
        for name in ("start", "pause", "stop", "delete")
        for each in computed(f"sendr/10/campaign.{name}", {"hash": HASH})
    ),
    *placed(SAVE, {"name": "campaign.title", "type": "campaign.callr.type"}),
    *computed(
        SAVE,
        {
            "hash": HASH,
            "addressbook.hash": "that of the run's own addressbook",
            "schedule.enabled": "off with every save; on where campaign.state arms it",
            "schedule.days": "hours of campaign.windows, on the days of its schedule, on the account's clock",
        },
    ),
    *placed(SAVE, {**SETTINGS, "options.ccl": "campaign.callr.options.ccl, profile.callr.ccl"}),
    *placed(f"{SAVE}, each of ivr.keys.{KEYS[0]} to {KEYS[-1]}", ACTION),
    *left_out(SAVE, dict.fromkeys(("created_at", "updated_at", "report", "status"), KEPT)),
    *left_out(
        SAVE,
        dict.fromkeys(
            ("Campaign.Blacklist method", "Campaign.Blacklist selected"),
            "its place in a campaign is not shown, nor a method that lists blacklists; what is chosen at CALLR is kept",
        ),
    ),
    *left_out("Sendr.10.Blacklist, Sendr.10.Report", {"": UNKNOWN}),
    *left_out("Sendr.10.Campaign.TestCall", {"": f"{ACT}; {UNKNOWN}"}),
    *left_out("system.get_timestamp", {"": "no parameter; tells whether the account can be reached"}),
    *left_out("media/tts.get_voice_list, list.timezones, list.countries", {"": KEPT}),
    *left_out("webhooks.subscribe, webhooks.get_list", {"": "results are asked for, nobody calls back"}),
)
