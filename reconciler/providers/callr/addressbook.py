"""CALLR addressbooks: one for each run, made empty, filled through its campaign, and gone with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, Updatable, same
from reconciler.model.objects import LiveObject
from reconciler.model.outcome import Outcome
from reconciler.model.state import Operation
from reconciler.providers.base import Sending
from reconciler.providers.callr import client as api
from reconciler.providers.callr import names, verbs, wire
from reconciler.providers.callr.about import PAGE
from reconciler.providers.callr.dialect import identity, is_object, pages, send, written
from reconciler.providers.partial import HoldsNobody
from reconciler.transport.client import Client

SPEC = KindSpec(
    name="addressbook",
    fields=(FieldSpec("name", same, updatable=Updatable.NEVER),),
    operations=(
        OperationSpec(
            Operation.CREATE,
            Lookup.LIST,
            promise="Its description bears its marker. One match is adopted; it is empty until its campaign fills it.",
        ),
        OperationSpec(
            Operation.DELETE, Lookup.LIST, undoable=False, promise="Absent from the list is deleted."
        ),
    ),
    marker=True,
    companion=True,
    hidden=("numbers",),
    order=0,
)


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one; a description may be null (A14)."""
    name, description = wire.text(item.get("name")), wire.text(item.get("description"))
    fields = {"name": name} if name is not None else {}
    marker = names.marker_in(description or "")
    people = wire.number(item.get("items_count"))
    remote_id = identity(item) or ""
    return LiveObject(provider, SPEC.name, remote_id, fields, natural_key=name, marker=marker, people=people)


class AddressbookKind(HoldsNobody):
    """The verbs of addressbooks."""

    spec = SPEC

    def read(self, client: Client) -> Sequence[Any]:
        """List all."""
        return pages(client, lambda offset: api.search_addressbooks(offset, PAGE))

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it, empty."""
        name = str(sending.fields["name"])
        answer = send(client, api.create_addressbook(name, names.described(sending.marker)), is_object)
        return answer.outcome(identity(answer.value))

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Refuse: no public source names a method that renames one."""
        raise NotImplementedError("CALLR's addressbooks are not changed")

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Remove it; refused while a campaign uses it."""
        outcome = written(client, api.delete_addressbook(remote_id))
        return outcome if outcome.done else verbs.gone_already(outcome, _is_there(client, remote_id))


def _is_there(client: Client, remote_id: str) -> bool | None:
    """Whether one exists; None where that could not be read."""
    try:
        return book(client, remote_id) is not None
    except verbs.UNREAD:
        return None


def book(client: Client, remote_id: str) -> dict[str, Any] | None:
    """Look one up by its id, compared exactly; raises like `Client.fetch`."""
    found = pages(client, lambda offset: api.search_addressbooks(offset, PAGE, remote_id))
    return next((item for item in found if identity(item) == remote_id), None)


def people_in(client: Client, remote_id: str) -> int | None:
    """How many rows one has; None where it is not there, or does not say. Raises like `Client.fetch`."""
    found = book(client, remote_id)
    return wire.number(found.get("items_count")) if found is not None else None
