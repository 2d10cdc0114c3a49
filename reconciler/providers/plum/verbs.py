"""What the verbs of all three kinds share: one request each, read in one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.outcome import Outcome
from reconciler.model.state import Result
from reconciler.providers.plum.dialect import identity, list_of, read_create, read_write
from reconciler.transport.client import Client
from reconciler.transport.request import Request


def listed(client: Client, request: Request, *id_names: str) -> list[dict[str, Any]]:
    """Read a list; raises UnreachableError for anything but the documented array."""
    items: list[dict[str, Any]] = client.fetch(request, list_of(*id_names))
    return items


def created(client: Client, request: Request) -> Outcome:
    """Make one object; done only when the reply tells its id."""
    answer = client.send(request, read_create)
    return answer.outcome(remote_id=answer.value)


def written(client: Client, request: Request) -> Outcome:
    """Change one object."""
    return client.send(request, read_write).outcome()


def deleted(client: Client, request: Request, remote_id: str, listing: Request, *id_names: str) -> Outcome:
    """Remove one object. What Plum says of an id that is gone is not documented, so a refusal is checked."""
    outcome = written(client, request)
    if outcome.done or not (outcome.missing or outcome.result is Result.REFUSED):
        return outcome
    try:
        items = listed(client, listing, *id_names)
    except (UnreachableError, CredentialsError):
        return outcome
    if any(id_of(item, *id_names) == remote_id for item in items):
        return outcome
    return Outcome(Result.DONE, "it was gone already", request_id=outcome.request_id)


def id_of(item: Mapping[str, Any], *id_names: str) -> str:
    """Read an id under the first of its names that is there (A16)."""
    for name in id_names:
        found = identity(item.get(name))
        if found is not None:
            return found
    return ""
