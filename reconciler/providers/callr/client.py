"""CALLR's methods as requests: one address for all, positional parameters, `null` for what is left out.

Only methods that a public source shows are here (callr SDKs and examples, the SENDR pages).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.transport.request import Effect, Request

Document = Mapping[str, Any]

MEDIA_TYPE = "application/json-rpc; charset=utf-8"
SENDR = "sendr/10"


def search_campaigns(offset: int, quantity: int) -> Request:
    """List a page of the campaigns."""
    return _read(f"{SENDR}/campaign.search", "list the campaigns", None, _page(offset, quantity))


def get_campaign(remote_id: str) -> Request:
    """Show one campaign whole."""
    return _read(f"{SENDR}/campaign.get", "look at a campaign", remote_id)


def campaign_template(type_name: str) -> Request:
    """Give a campaign of a type with the vendor's own defaults."""
    return _read(f"{SENDR}/campaign.get_object_template", "fetch a campaign's defaults", type_name)


def action_templates() -> Request:
    """Give the defaults of the actions behind keys."""
    return _read(f"{SENDR}/campaign.get_voice_ivr_action_objects_templates", "fetch the defaults of actions")


def check_campaign(campaign: Document) -> Request:
    """Ask what is wrong with a campaign; nothing is made."""
    return _request(Effect.CHECK, f"{SENDR}/campaign.check", "check a campaign", campaign)


def save_campaign(campaign: Document) -> Request:
    """Make a campaign, or with its `hash` in it change that one; by value, so the same again changes nothing."""
    what = "change a campaign" if campaign.get("hash") else "create a campaign"
    repeatable = bool(campaign.get("hash"))
    return _write(f"{SENDR}/campaign.save", what, campaign, repeatable=repeatable)


def start_campaign(remote_id: str) -> Request:
    """Start it, or let it go on: from here on people are called."""
    return _write(f"{SENDR}/campaign.start", "start a campaign", remote_id)


def pause_campaign(remote_id: str) -> Request:
    """Pause it."""
    return _write(f"{SENDR}/campaign.pause", "pause a campaign", remote_id)


def stop_campaign(remote_id: str) -> Request:
    """Stop it for good."""
    return _write(f"{SENDR}/campaign.stop", "stop a campaign", remote_id)


def delete_campaign(remote_id: str) -> Request:
    """Remove it."""
    return _write(f"{SENDR}/campaign.delete", "delete a campaign", remote_id)


def search_addressbooks(offset: int, quantity: int, remote_id: str | None = None) -> Request:
    """List a page of the addressbooks, or of those with an id."""
    filters = None if remote_id is None else {"hash": remote_id}
    return _read(f"{SENDR}/addressbook.search", "list the addressbooks", filters, _page(offset, quantity))


def create_addressbook(name: str, description: str) -> Request:
    """Make an empty addressbook."""
    return _write(f"{SENDR}/addressbook.create", "create an addressbook", name, description)


def delete_addressbook(remote_id: str) -> Request:
    """Remove an addressbook; refused while a campaign uses it."""
    return _write(f"{SENDR}/addressbook.delete", "delete an addressbook", remote_id)


def import_file(content: str) -> Request:
    """Take in a file as base64; answered with a job. What comes of it is temporary, so twice does no harm."""
    method = "media.import_file_from_base64_async"
    return _write(method, "hand over a file", content, None, repeatable=True)


def append_file(remote_id: str, filename: str, column: int, country: str) -> Request:
    """Add the rows of a file to an addressbook; answered with a job. Twice may add them twice."""
    method = f"{SENDR}/addressbook.append_file_async"
    return _write(method, "add people to an addressbook", remote_id, filename, column, country, None)


def get_job(job: str) -> Request:
    """Show how far a job is."""
    return _read("jobs.get", "look at a job", job)


def timestamp() -> Request:
    """Show the vendor's clock."""
    return _read("system.get_timestamp", "look at the vendor's clock")


def list_media() -> Request:
    """List the media library."""
    return _read("media/library.get_list", "list the media", None)


def create_media(name: str) -> Request:
    """Make an empty medium."""
    return _write("media/library.create", "create a medium", name)


def rename_media(remote_id: str, name: str) -> Request:
    """Give a medium another name; by value."""
    return _write("media/library.set_name", "rename a medium", int(remote_id), name, repeatable=True)


def set_media_file(remote_id: str, filename: str) -> Request:
    """Give a medium the content of a file; by value."""
    method = "media/library.set_content_from_file"
    return _write(method, "fill a medium", int(remote_id), filename, repeatable=True)


def set_media_speech(remote_id: str, text: str, voice: str) -> Request:
    """Give a medium spoken text as content; by value."""
    return _write(
        "media/tts.set_content", "fill a medium", int(remote_id), text, voice, None, repeatable=True
    )


def delete_media(remote_id: str) -> Request:
    """Remove a medium."""
    return _write("media/library.delete", "delete a medium", int(remote_id))


def _page(offset: int, quantity: int) -> dict[str, int]:
    return {"offset": offset, "quantity": quantity}


def _read(method: str, what: str, *parameters: Any) -> Request:
    return _request(Effect.READ, method, what, *parameters)


def _write(method: str, what: str, *parameters: Any, repeatable: bool = False) -> Request:
    return _request(Effect.WRITE, method, what, *parameters, repeatable=repeatable)


def _request(effect: Effect, method: str, what: str, *parameters: Any, repeatable: bool = False) -> Request:
    """Write one call; ids are of three digits, as those of the vendor's own programs."""
    number = random.randrange(100, 1000)
    call = {"id": number, "jsonrpc": "2.0", "method": method, "params": _sequence(parameters)}
    return Request("POST", "/", what, effect, json=call, media_type=MEDIA_TYPE, repeatable=repeatable)


def _sequence(parameters: Sequence[Any]) -> list[Any]:
    return list(parameters)
