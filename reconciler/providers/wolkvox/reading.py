"""What is read of an account, where an answer of 404 may mean that there is none (A17).

It does only after another call has shown that token and server are right: otherwise an account of another server
would look empty, and everything in it would be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.providers.wolkvox import client as api
from reconciler.providers.wolkvox import wire
from reconciler.providers.wolkvox.dialect import ID_NAMES, identity, list_of
from reconciler.transport.client import Client
from reconciler.transport.outcome import Answer, Dialect
from reconciler.transport.request import Request

NUMBER_NAMES = ("phone_number", "telephone", "phone")
TOKEN_NAMES = ("token_limit", "description", "token_use_today", "available_consumption_options")


def items(client: Client, request: Request, dialect: Dialect) -> list[Any]:
    """Read a list; an empty one is believed once the token's own page was read, too."""
    answer = client.send(request, dialect)
    if answer.done and answer.value:
        return list(answer.value)
    if answer.done or (answer.missing and not answer.credentials):
        quota(client)
        return []
    raise _failure(client, request, answer)


def _failure(client: Client, request: Request, answer: Answer) -> Exception:
    message = f"{client.provider}: {request.what}: {answer.reason} (request {answer.request_id})"
    if answer.credentials:
        return CredentialsError(message, f"check the credentials of provider {client.provider}")
    return UnreachableError(message, "run the command again; reconciler doctor tells more")


def quota(client: Client) -> Mapping[str, Any]:
    """Read how many calls the token may make, which proves token and server as well."""
    found = client.fetch(api.token_info(), list_of(*TOKEN_NAMES))
    return found[0] if found else {}


def campaigns(client: Client) -> list[dict[str, Any]]:
    """List all campaigns, each with the name of its skill where it has one."""
    found = items(client, api.list_campaigns(), list_of(*ID_NAMES))
    if not any(wire.text(item.get("skill_id")) for item in found):
        return found
    names = {identity(item, "skill_id"): item.get("skill_name") for item in skills(client)}
    return [{**item, "skill_name": names.get(wire.text(item.get("skill_id")))} for item in found]


def skills(client: Client) -> Sequence[Mapping[str, Any]]:
    """List all skills."""
    return items(client, api.list_skills(), list_of("skill_id"))


def skill_of(there: Sequence[Mapping[str, Any]], name: str) -> tuple[str | None, str]:
    """The id of the one skill of a name, or why there is none: with what may have been meant."""
    names = [wire.text(item.get("skill_name")) or "" for item in there]
    found = [identity(item, "skill_id") for item, called in zip(there, names, strict=True) if called == name]
    if len(found) == 1 and found[0] is not None:
        return found[0], ""
    if found:
        return None, f"{len(found)} skills are called {name!r}; name the one that is meant by skill_id"
    close = get_close_matches(name.casefold(), [each.casefold() for each in names], n=1)
    meant = next((each for each in names if close and each.casefold() == close[0]), "")
    return None, f"no skill is called {name!r}; " + (f"did you mean {meant!r}?" if meant else "see skill_id")


def live_id(row: Mapping[str, Any]) -> str:
    """Read the id off the live view, whose `campaign` is one text, "id - name"."""
    return (wire.text(row.get("campaign_id")) or wire.text(row.get("campaign")) or "").partition(" ")[0]


def one(client: Client, remote_id: str) -> Mapping[str, Any] | None:
    """Look at one campaign: what shows of it, empty if it is not there, None if nothing could be read."""
    try:
        found = items(client, api.list_campaigns(remote_id), list_of(*ID_NAMES))
    except (UnreachableError, CredentialsError):
        return None
    return next((item for item in found if identity(item) == remote_id), {})


def type_of(client: Client, remote_id: str) -> str:
    """Tell a campaign's type; empty where it does not show, for then a request goes without it (A4)."""
    return (wire.text((one(client, remote_id) or {}).get("type_campaign")) or "").lower()


def is_started(client: Client, remote_id: str) -> bool:
    """Whether a campaign shows that it runs."""
    return wire.running((one(client, remote_id) or {}).get("status")) is True


def is_absent(client: Client, remote_id: str) -> bool:
    """Whether the list was read and does not have it."""
    return one(client, remote_id) == {}
