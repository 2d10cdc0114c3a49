"""A campaign as one object: what the template has, what was sent, what is shown."""

from typing import Any

from reconciler.sandbox.vendors.callr import forms, media, schedule, statuses
from reconciler.sandbox.vendors.callr.account import Account, Call, by_hash, stamp
from reconciler.sandbox.vendors.callr.dialing import settle
from reconciler.sandbox.vendors.callr.records import TYPES, Book, Campaign
from reconciler.sandbox.vendors.callr.shapes import Fields, Items, Reading, Text, Word

BLACKLIST = Fields({"method": Word(("ALL", "NONE", "SELECT")), "selected": Items(Text())})


def shown(account: Account, campaign: Campaign) -> dict[str, Any]:
    """Describe a campaign."""
    book: dict[str, Any] = {"hash": campaign.book.hash}
    whole = {
        "hash": campaign.hash,
        "type": campaign.type,
        "name": campaign.name,
        "addressbook": book,
        "ivr": campaign.ivr,
        "options": campaign.options,
        "schedule": schedule.shown(campaign.schedule, account.options),
        "status": statuses.shown(account, campaign),
        "report": bool(campaign.reports),
        "created_at": stamp(campaign.created_at),
        "updated_at": stamp(campaign.updated_at),
    }
    return _with_blacklist(account, whole, campaign.blacklist)


def template(account: Account, kind: str) -> dict[str, Any]:
    """What a type has before anything is said."""
    whole = {
        "type": kind,
        "name": "",
        "addressbook": {"hash": ""},
        "ivr": forms.ivr(kind, account.options).default(),
        "options": forms.settings(kind, account.options).default(),
        "schedule": schedule.template(),
    }
    return _with_blacklist(account, whole, BLACKLIST.default())


def _with_blacklist(account: Account, whole: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    """Show which black lists it heeds, in whichever place that is (A4)."""
    match account.options.blacklist_place:
        case "campaign":
            whole["blacklist"] = chosen
        case "addressbook":
            whole["addressbook"]["blacklist"] = chosen
        case "absent":
            pass
    return whole


def read(call: Call) -> tuple[dict[str, Any], list[str]]:
    """Take the campaign that was sent, on the background of the template; extra keys are dropped."""
    account, sent = call.account, call.object(0, "campaign")
    known = known_campaign(call)
    kind = sent.get("type") or (known.type if known else "")
    if kind not in TYPES:
        return {}, [f"type: must be one of {', '.join(TYPES)}"]
    background = template(account, kind)
    if known is not None and account.options.absent_on_update == "kept":
        background = shown(account, known)
    whole = {**background, **sent}
    reading = Reading(
        lambda each: _media_problem(account, each),
        frozenset(filter(None, account.options.own_numbers.split(","))),
        account.options.media_ids == "number",
    )
    saved: dict[str, Any] = {
        "type": kind,
        "name": Text(required=True).read(whole["name"], "name", reading),
        "book": _book(account, whole["addressbook"], reading),
        "ivr": forms.ivr(kind, account.options).read(whole["ivr"], "ivr", reading),
        "options": forms.settings(kind, account.options).read(whole["options"], "options", reading),
        "schedule": schedule.read(whole["schedule"], reading),
        "blacklist": _blacklist(account, whole, reading),
    }
    _check_name(account, saved["name"], known, reading)
    return saved, reading.problems


def known_campaign(call: Call) -> Campaign | None:
    """The campaign that the one sent stands for, if it has a hash."""
    known = call.object(0, "campaign").get("hash")
    if not known:
        return None
    campaign = by_hash(call.account.campaigns, str(known), "campaign")
    settle(call.account, campaign)
    return campaign


def _book(account: Account, sent: Any, reading: Reading) -> Book | None:
    wanted_hash = sent.get("hash") if isinstance(sent, dict) else None
    found = next((book for book in account.books if book.hash == wanted_hash), None)
    if found is None:
        reading.refuse("addressbook.hash", "names no addressbook")
    elif not found.numbers and account.options.empty_book == "refuse":
        reading.refuse("addressbook.hash", "is empty")
    return found


def _blacklist(account: Account, whole: dict[str, Any], reading: Reading) -> dict[str, Any]:
    match account.options.blacklist_place:
        case "campaign":
            sent = whole.get("blacklist")
        case "addressbook":
            sent = whole["addressbook"].get("blacklist") if isinstance(whole["addressbook"], dict) else None
        case "absent":
            sent = None
    return BLACKLIST.read(sent, "blacklist", reading)


def _media_problem(account: Account, each: str) -> str:
    found = account.media.get(int(each)) if each.isascii() and each.isdigit() else None
    if found is None:
        return "media not found"
    media.look(account, found)
    return "media is not ready" if account.options.media_must_be_ready and found.status != "READY" else ""


def _check_name(account: Account, name: str, known: Campaign | None, reading: Reading) -> None:
    if account.options.unique_names and any(
        each.name == name and each is not known for each in account.campaigns
    ):
        reading.refuse("name", "is already in use")
