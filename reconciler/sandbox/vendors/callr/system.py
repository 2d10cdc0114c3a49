"""What CALLR tells about itself and the world, and who wants to be told."""

from typing import Any

from reconciler.sandbox.vendors.callr.account import Call, Refused
from reconciler.sandbox.vendors.callr.files import COUNTRIES

KINDS = ("media.recording.status_update", "media.recording.new", "sms.mt.status_update")
ZONES = {"Europe/Paris": ("Paris", "FR"), "America/New_York": ("New York", "US"), "UTC": ("UTC", "")}


def timestamp(call: Call) -> int:
    """`system.get_timestamp`: seconds since 1970."""
    return int(call.account.now().timestamp())


def timezones(call: Call) -> Any:
    """`list.timezones`: some."""
    del call
    return [
        {
            "id": number,
            "iana": name,
            "iana_names": [name],
            "label": label,
            "dst": "",
            "country_codes": [country] if country else [],
        }
        for number, (name, (label, country)) in enumerate(ZONES.items(), start=1)
    ]


def countries(call: Call) -> Any:
    """`list.countries`: those whose national numbers are known here."""
    del call
    return [{"code": code, "prefix": country.code} for code, country in COUNTRIES.items()]


def subscribe(call: Call) -> dict[str, Any]:
    """`webhooks.subscribe`: noted, and never called."""
    account, kind, endpoint = call.account, call.text(0, "type"), call.text(1, "endpoint")
    if kind not in KINDS:
        raise Refused(f"type: must be one of {', '.join(KINDS)}")
    hook = {
        "hash": account.new_hash("webhook", len(account.webhooks)),
        "type": kind,
        "endpoint": endpoint,
        "options": call.object(2, "options"),
        "status": "ENABLED",
        "created_at": f"{account.now():%Y-%m-%d %H:%M:%S}.000",
        "updated_at": f"{account.now():%Y-%m-%d %H:%M:%S}.000",
    }
    account.webhooks.append(hook)
    return hook


def webhooks(call: Call) -> list[dict[str, Any]]:
    """`webhooks.get_list`: all of them."""
    return call.account.webhooks
