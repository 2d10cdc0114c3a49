"""The operations of wolkvox's Manager API that we use, as requests; nothing personal stands in a URL but one's own ids.

Every page takes `api=<operation>` and ids in the query, and data as a JSON body, on DELETE too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.transport.request import Effect, Request

CAMPAIGN, INFORMATION, CONFIGURATION = "/campaign.php", "/information.php", "/configuration.php"
REAL_TIME = "/real_time.php"


def list_campaigns(remote_id: str | None = None) -> Request:
    """List the campaigns, or one."""
    more = {} if remote_id is None else {"campaign": remote_id}
    return _read(INFORMATION, "campaigns", "list the campaigns", more)


def list_skills() -> Request:
    """List the skills that campaigns may use."""
    return _read(INFORMATION, "skills", "list the skills")


def token_info() -> Request:
    """Ask how many calls are left; costs one."""
    return _read(INFORMATION, "token_info", "look at the token's quota")


def list_dnc() -> Request:
    """List the numbers that are never called out to."""
    return _read(INFORMATION, "get_dnc", "list the do-not-call numbers", {"type": "outbound"})


def live_campaigns() -> Request:
    """List the campaigns with their counters of today."""
    return _read(REAL_TIME, "campaigns", "look at the campaigns' counters")


def all_records(remote_id: str) -> Request:
    """List every record of a campaign, dialled or not."""
    return _read(CAMPAIGN, "campaign_15", "read a campaign's records", {"campaign_id": remote_id})


def create_campaign(type_: str, settings: Mapping[str, str]) -> Request:
    """Make a campaign, without records and stopped."""
    return _write(
        "POST", CAMPAIGN, "create_campaign", "create a campaign", {"type_campaign": type_}, settings
    )


def edit_campaign(remote_id: str, changes: Mapping[str, Any]) -> Request:
    """Set what is given of a campaign, and nothing else."""
    query = {"campaign_id": remote_id}
    return _write("PUT", CAMPAIGN, "edit_campaign", "edit a campaign", query, changes, repeatable=True)


def set_speed(type_: str, remote_id: str, speed: int) -> Request:
    """Set how fast a campaign dials."""
    query, body = _of(type_, remote_id), {"speed": str(speed)}
    return _write("PUT", CAMPAIGN, "speed", "set a campaign's speed", query, body, repeatable=True)


def set_filter(type_: str, remote_id: str, body: Mapping[str, Any]) -> Request:
    """Set which of its records a campaign dials."""
    query = _of(type_, remote_id)
    return _write("PUT", CAMPAIGN, "campaign_filter", "set a campaign's filter", query, body, repeatable=True)


def start_campaign(type_: str, remote_id: str) -> Request:
    """Start a campaign, or let it go on: from here on phones can ring."""
    return _write("PUT", CAMPAIGN, "start", "start a campaign", _of(type_, remote_id))


def stop_campaign(type_: str, remote_id: str) -> Request:
    """Stop a campaign, which is a pause: a start lets it go on."""
    return _write("PUT", CAMPAIGN, "stop", "stop a campaign", _of(type_, remote_id), repeatable=True)


def delete_campaign(type_: str, remote_id: str) -> Request:
    """Remove a campaign, by the way that names one (A15)."""
    query = _of(type_, remote_id)
    return _write("DELETE", CAMPAIGN, "delete_campaign", "delete a campaign", query, repeatable=True)


def add_records(type_: str, remote_id: str, records: Sequence[Mapping[str, str]]) -> Request:
    """Add records to a stopped campaign; `campaign_status` never says start (A3)."""
    query = _of(type_, remote_id)
    if type_ == "predictive":
        query["campaign_status"] = "stop"
    return _write("POST", CAMPAIGN, "add_record", "add records to a campaign", query, list(records))


def block_records(remote_id: str, customers: Sequence[str]) -> Request:
    """Mark records of a predictive campaign as not to be called; its key is spelt so on the page (A2)."""
    body = {"id_campaing": remote_id, "id_cliente": list(customers)}
    what = "keep people of a campaign from being called"
    return _write("PUT", CONFIGURATION, "block_predictive_dnc", what, {}, body, repeatable=True)


def remove_records(type_: str, remote_id: str, customers: Sequence[str]) -> Request:
    """Take records out of a campaign."""
    query, body = _of(type_, remote_id), {"customer_id": ",".join(customers)}
    what = "take people out of a campaign"
    return _write("DELETE", CAMPAIGN, "remove_record", what, query, body, repeatable=True)


def add_dnc(numbers: Sequence[str]) -> Request:
    """Add numbers that are never called out to; adding one twice does no harm."""
    body = {"type_call": "outbound", "telephones": list(numbers)}
    return _write("POST", CONFIGURATION, "add_dnc", "add do-not-call numbers", {}, body, repeatable=True)


def _of(type_: str, remote_id: str) -> dict[str, str]:
    """Name one campaign; the type is required on the web pages and missing in the collection (A4)."""
    if not remote_id:
        raise ValueError("no id for a campaign")
    return {**({"type_campaign": type_} if type_ else {}), "campaign_id": remote_id}


def _read(page: str, operation: str, what: str, more: Mapping[str, str] | None = None) -> Request:
    query = (("api", operation), *(more or {}).items())
    return Request("GET", page, what, Effect.READ, query=query)


def _write(
    method: str,
    page: str,
    operation: str,
    what: str,
    query: Mapping[str, str],
    body: Any = None,
    *,
    repeatable: bool = False,
) -> Request:
    pairs = (("api", operation), *query.items())
    return Request(method, page, what, Effect.WRITE, query=pairs, json=body, repeatable=repeatable)
