"""Plum's fifteen operations as requests: paths, spellings and encodings, nothing else.

POST sends multipart/form-data with arrays as JSON text (A12); PATCH and PUT send a query; DELETE only an id.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from reconciler.transport.request import Effect, Request

Fields = tuple[tuple[str, str], ...]


def create_schedule(days: Sequence[str], nickname: str) -> Request:
    """Make a schedule; the nickname must be free."""
    form = (("days", array(days)), ("nickname", nickname))
    return _post("/schedules", "create a schedule", form)


def list_schedules() -> Request:
    """List all schedules."""
    return _list("/schedules", "list the schedules")


def update_schedule(
    remote_id: str, days: Sequence[str], nickname: str | None, method: str = "PATCH"
) -> Request:
    """Change a schedule: always with its days (A5), and the name under both of its names (A3)."""
    rename = () if nickname is None else (("name", nickname), ("nickname", nickname))
    return _change("schedules", remote_id, "update a schedule", (("days", array(days)), *rename), method)


def delete_schedule(remote_id: str) -> Request:
    """Remove a schedule; refused while a campaign uses it."""
    return _delete("schedules", remote_id, "delete a schedule")


def create_profile(pacing: Fields, nickname: str) -> Request:
    """Make a profile from its three numbers; the nickname must be free."""
    return _post("/profiles", "create a profile", (*pacing, ("nickname", nickname)))


def list_profiles() -> Request:
    """List all profiles; the sample shows no numbers (A1)."""
    return _list("/profiles", "list the profiles")


def update_profile(remote_id: str, changes: Fields, method: str = "PATCH") -> Request:
    """Change what is given of a profile."""
    return _change("profiles", remote_id, "update a profile", changes, method)


def delete_profile(remote_id: str) -> Request:
    """Remove a profile; refused while a campaign uses it."""
    return _delete("profiles", remote_id, "delete a profile")


def create_campaign(settings: Fields) -> Request:
    """Make a campaign, without numbers: whether those would be dialled at once is not said (A15)."""
    return _post("/campaigns", "create a campaign", settings)


def list_campaigns() -> Request:
    """List all campaigns; without run state, numbers or counts."""
    return _list("/campaigns", "list the campaigns")


def update_campaign(remote_id: str, changes: Fields, method: str = "PATCH") -> Request:
    """Change what is given of a campaign; `profiles` replaces the whole set."""
    return _change("campaigns", remote_id, "update a campaign", changes, method)


def delete_campaign(remote_id: str) -> Request:
    """Remove a campaign; its schedule and profiles stay."""
    return _delete("campaigns", remote_id, "delete a campaign")


def start_campaign(remote_id: str) -> Request:
    """Start a campaign: from here on phones can ring."""
    return _post("/campaigns/start", "start a campaign", (("campaign_id", remote_id),))


def stop_campaign(remote_id: str) -> Request:
    """Stop a campaign; a second stop stops nothing more."""
    form = (("campaign_id", remote_id),)
    return _post("/campaigns/stop", "stop a campaign", form, repeatable=True)


def add_calls(remote_id: str, entries: Sequence[str]) -> Request:
    """Append numbers to a campaign; if it runs they go to the end of its queue."""
    form = (("phone_numbers", array(entries)), ("campaign_id", remote_id))
    return _post("/campaigns/add-calls", "add calls to a campaign", form)


def array(items: Sequence[object]) -> str:
    """Write an array as the JSON text that travels in one parameter."""
    return json.dumps(items, ensure_ascii=False, separators=(",", ":"))


def _list(path: str, what: str) -> Request:
    return Request("GET", path, what, Effect.READ)


def _post(path: str, what: str, form: Fields, *, repeatable: bool = False) -> Request:
    return Request("POST", path, what, Effect.WRITE, form=form, repeatable=repeatable)


def _change(collection: str, remote_id: str, what: str, query: Fields, method: str) -> Request:
    path = _path(collection, remote_id)
    return Request(method, path, what, Effect.WRITE, query=query, repeatable=True)


def _delete(collection: str, remote_id: str, what: str) -> Request:
    return Request("DELETE", _path(collection, remote_id), what, Effect.WRITE, repeatable=True)


def _path(collection: str, remote_id: str) -> str:
    """Name one object. Without an id a change would be answered with a list, and change nothing."""
    if not remote_id:
        raise ValueError(f"no id for one of the {collection}")
    return f"/{collection}/{quote(remote_id, safe='')}"
