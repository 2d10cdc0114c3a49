"""CALLR's status of a campaign: state, progress, and counters that differ by type."""

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.sandbox.vendors.callr.account import Account, stamp
from reconciler.sandbox.vendors.callr.dialing import BLACKLISTED, COMPLETE, INCOMPLETE, UNALLOCATED
from reconciler.sandbox.vendors.callr.forms import KEYS
from reconciler.sandbox.vendors.callr.records import Campaign, State

CALL_STATUSES = (
    "ANSWERED/COMPLETE", "ANSWERED/INCOMPLETE", "ABSENT/NO_ANSWER", "ABSENT/BUSY", "ABSENT/VOICEMAIL_DETECTED",
    "ERROR/UNALLOCATED_NUMBER", "ERROR/REJECTED", "ERROR/BLACKLISTED", "ERROR/OTHER",
)  # fmt: skip
SENT_STATUSES = ("ERROR", "EXPIRED", "FAILED", "PENDING", "RECEIVED", "REMOTE_QUEUED", "SENT", "UNKNOWN")
CAUSES = ("CALLBACK", "NO_RESPONSE", "SHORTCALL", "VOICEMAIL_DETECTED")


def shown(account: Account, campaign: Campaign) -> dict[str, Any]:
    """Describe where a campaign is; `percent` is a number here (A8)."""
    total = campaign.total
    shown = campaign.outset if account.options.items_total == "outset" else None
    return {
        "run_id": campaign.run,
        "state": campaign.state.value,
        "finished_cause": campaign.cause,
        "finished_cause_data": None,
        "percent": 100 * campaign.done // total if total else int(campaign.state is State.FINISHED) * 100,
        "items_done": campaign.done,
        "items_total": shown if shown is not None else total,
        "items_total_t": total + campaign.counts["retries"] + len(campaign.retries),
        "counters": COUNTERS[campaign.type](account, campaign),
        "scheduled": campaign.schedule["enabled"],
        "started_at": stamp(campaign.started_at),
        "ended_at": stamp(campaign.ended_at),
        "reports": [{"hash": report, "run_id": run} for report, run in campaign.reports],
        "state_history": _history(account, campaign),
    }


def _history(account: Account, campaign: Campaign) -> list[dict[str, str]]:
    """List changes of state, newest first; the sample's dates run the other way (A19)."""
    dates = [stamp(each.at) for each in campaign.history]
    if account.options.history_dates == "swapped":
        dates.reverse()
    return [
        {"old_state": each.old.value, "new_state": each.new.value, "origin": each.origin, "date": date}
        for each, date in zip(campaign.history, dates, strict=True)
    ]


def _voice(account: Account, campaign: Campaign) -> dict[str, Any]:
    counts = campaign.counts
    answered = counts[COMPLETE] + counts[INCOMPLETE]
    return {
        "calls": counts["calls"],
        "calls_active": len(campaign.active),
        "calls_answered": answered,
        "acd": account.options.call_seconds if answered else 0,
        "cost": "2.00" if answered else "0.00",
        "optouts": 0,
        "call_status": {status: counts[status] for status in CALL_STATUSES},
        "retries": {
            "count": counts["retries"],
            "sms_sent": counts["sms_sent"],
            "cause": {cause: counts[f"retry {cause}"] for cause in CAUSES},
        },
    }


def _voice_simple(account: Account, campaign: Campaign) -> dict[str, Any]:
    keys = {key: campaign.counts[key] for key in KEYS}
    broadcast = {"completed": campaign.counts[COMPLETE], "history": {}}
    return {"broadcast": broadcast, **_voice(account, campaign), "keys": keys}


def _voice_ivr(account: Account, campaign: Campaign) -> dict[str, Any]:
    """Show what keys were pressed under `actions`, which is described nowhere (A13)."""
    return {**_voice(account, campaign), "actions": {key: {"count": campaign.counts[key]} for key in KEYS}}


def _voice_survey(account: Account, campaign: Campaign) -> dict[str, Any]:
    questions = [
        {
            "text": question["text"],
            "answers": [
                {
                    "text": answer["text"],
                    "key": answer["key"],
                    "count": campaign.counts[f"key_{answer['key']}"],
                }
                for answer in question["answers"]
            ],
        }
        for question in campaign.ivr["questions"]
    ]
    return {**_voice(account, campaign), "questions": questions}


def _sms(campaign: Campaign) -> dict[str, Any]:
    counts = campaign.counts
    return {
        "sent": counts["calls"],
        "errors": counts[UNALLOCATED] + counts[BLACKLISTED],
        "optouts": 0,
        "answers": 0,
        "billed": f"{4 * counts['calls']}.00",
        "cost": "4.00" if counts["calls"] else "0.00",
    }


def _sms_simple(account: Account, campaign: Campaign) -> dict[str, Any]:
    del account
    sent = dict.fromkeys(SENT_STATUSES, 0)
    sent |= {"RECEIVED": campaign.counts[COMPLETE], "FAILED": campaign.counts[UNALLOCATED]}
    return {**_sms(campaign), "answers_unique": 0, "sent_status": sent}


def _sms_survey(account: Account, campaign: Campaign) -> dict[str, Any]:
    del account
    questions = [{"text": text, "answers": []} for text in campaign.ivr["texts"]]
    return {**_sms(campaign), "questions": questions}


COUNTERS: Mapping[str, Callable[[Account, Campaign], dict[str, Any]]] = {
    "VOICE_SIMPLE": _voice_simple,
    "VOICE_IVR": _voice_ivr,
    "VOICE_SURVEY": _voice_survey,
    "SMS_SIMPLE": _sms_simple,
    "SMS_SURVEY": _sms_survey,
}
