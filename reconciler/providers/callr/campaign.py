"""CALLR campaigns: of five types, with a clock of their own, and changed only while they rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, Updatable, other, same
from reconciler.model.objects import LiveObject
from reconciler.model.outcome import Outcome, Pending
from reconciler.model.standing import Counters
from reconciler.model.state import Operation, Result
from reconciler.model.value import Fields
from reconciler.providers.base import Bound, SendableContact, Sending
from reconciler.providers.callr import (
    checking,
    counting,
    document,
    hours,
    imports,
    parameters,
    phases,
    templates,
    verbs,
)
from reconciler.providers.callr import client as api
from reconciler.providers.callr import people as people_of
from reconciler.providers.callr.about import BATCH, PAGE
from reconciler.providers.callr.dialect import fetch, identity, is_object, pages, send, written
from reconciler.providers.kept import KEPT, REQUEST
from reconciler.transport.client import Client

NEVER = Updatable.NEVER

SPEC = KindSpec(
    name=document.KIND,
    fields=(
        FieldSpec("title", same),
        FieldSpec("type", other, updatable=NEVER),
        FieldSpec("addressbook", other, updatable=NEVER, references=True),
        FieldSpec("schedule", hours.graded),
        FieldSpec("zone", other, readable=False, kept=True, request=REQUEST),
        *(FieldSpec(item.name, item.loudness, reset_by=item.action) for item in parameters.PARAMETERS),
        *KEPT,
    ),
    operations=(
        OperationSpec(
            Operation.CREATE,
            Lookup.LIST,
            promise="Its name bears its marker. One match is adopted; it is made with its clock off.",
        ),
        OperationSpec(
            Operation.UPDATE,
            Lookup.FIELDS,
            repeatable=True,
            pauses=True,
            promise="It shows every setting; the same ones again change nothing. Every save turns its clock off.",
        ),
        OperationSpec(
            Operation.APPEND,
            Lookup.NONE,
            undoable=False,
            staged=True,
            promise="The job is in the log and is asked for again. Where even the job is not known, the addressbook's "
            "count tells; if it does not, an inert run is made again, and an armed one keeps its people as sent.",
        ),
        OperationSpec(
            Operation.START,
            Lookup.FIELDS,
            arms=True,
            undoable=False,
            promise="It shows whether its clock is on or it is started; else, after three looks, it is done again.",
        ),
        OperationSpec(
            Operation.PAUSE, Lookup.FIELDS, promise="It shows whether its clock is off and it rests."
        ),
        OperationSpec(
            Operation.RESUME, Lookup.FIELDS, arms=True, promise="It shows whether its clock is on again."
        ),
        OperationSpec(
            Operation.STOP,
            Lookup.FIELDS,
            undoable=False,
            promise="It shows whether it is stopped; sent again if it is not.",
        ),
        OperationSpec(
            Operation.DELETE, Lookup.LIST, undoable=False, promise="Absent from the list is deleted."
        ),
    ),
    runs=True,
    marker=True,
    shows_running=True,
    can_pause=True,
    rests=True,
    batch=BATCH,
    hidden=("numbers",),
    order=2,
)


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one campaign."""
    return document.decode(provider, item)


class CampaignKind:
    """The verbs of campaigns."""

    spec = SPEC
    tells = counting.TELLS
    pace = counting.PACE

    def counters(self, client: Client) -> Mapping[str, Counters]:
        """Read the status of all campaigns, which each of them shows."""
        return {identity(item) or "": counting.counters_of(item) for item in self.read(client)}

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:  # noqa: ARG002 - the interface
        """Say why a person cannot be sent."""
        return people_of.unsendable(contact)

    def read(self, client: Client) -> Sequence[Any]:
        """List all, each whole: a search may show less than a look at one."""
        listed = pages(client, lambda offset: api.search_campaigns(offset, PAGE))
        return [item if _is_whole(item) else _looked_at(client, item) for item in listed]

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it from the vendor's template, with its clock off."""
        try:
            made = templates.fresh(client, sending)
        except verbs.UNREAD as error:
            return Outcome(Result.NOT_SENT, error.message)
        answer = send(client, api.save_campaign(made), is_object)
        return answer.outcome(identity(answer.value))

    def check(self, client: Client, sending: Sending, missing: frozenset[str]) -> Outcome:
        """Let CALLR judge it; nothing is made."""
        return checking.checked(client, sending, missing)

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Set what changed, with its clock off, and read it back."""
        try:
            return _saved(client, remote_id, sending, changed)
        except verbs.UNREAD as error:
            return Outcome(Result.UNKNOWN, error.message)

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Remove it."""
        outcome = written(client, api.delete_campaign(remote_id))
        return outcome if outcome.done else verbs.gone_already(outcome, _is_there(client, remote_id))

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome | Pending:
        """Import these people into its addressbook, while it rests."""
        try:
            if document.is_running(phases.whole(client, remote_id)):
                return Outcome(Result.REFUSED, "it does not rest, so nobody was added")
        except verbs.UNREAD as error:
            return Outcome(Result.NOT_SENT, error.message)
        book = sending.fields["addressbook"]
        return imports.begin(client, book.remote_id if isinstance(book, Bound) else str(book), contacts)

    def poll(self, client: Client, remote_id: str, handle: str) -> Outcome | Pending:  # noqa: ARG002 - the interface
        """Look how far an import is."""
        return imports.poll(client, handle)

    def proceed(self, client: Client, remote_id: str, handle: str) -> Outcome | Pending:  # noqa: ARG002 - the interface
        """Ask for the rows of an import."""
        return imports.proceed(client, handle)

    def set_phase(
        self, client: Client, remote_id: str, operation: Operation, sending: Sending | None = None
    ) -> Outcome:
        """Start, pause, resume or stop it."""
        return phases.set_phase(client, remote_id, operation, sending)


def _is_whole(item: Mapping[str, Any]) -> bool:
    return all(isinstance(item.get(part), Mapping) for part in ("ivr", "options", "status", "schedule"))


def _looked_at(client: Client, item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = fetch(client, api.get_campaign(str(identity(item))), is_object)
    return {**item, **found}


def _is_there(client: Client, remote_id: str) -> bool | None:
    try:
        listed = pages(client, lambda offset: api.search_campaigns(offset, PAGE))
    except verbs.UNREAD:
        return None
    return any(identity(item) == remote_id for item in listed)


def _saved(client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
    """Change the whole object in place. One that rings is silenced first, and stays so."""
    now = phases.whole(client, remote_id)
    if document.state_of(now) in document.OVER:
        return Outcome(Result.REFUSED, "it is over; its settings wait for the next run")
    if document.is_running(now):
        quiet = phases.set_phase(client, remote_id, Operation.PAUSE, None)
        if not quiet.done:
            return quiet
        now = phases.whole(client, remote_id)
    actions = templates.actions(client, sending, changed)
    fresh = document.filled(now, sending.fields, sending.marker, changed=changed, actions=actions)
    outcome = written(client, api.save_campaign(fresh), is_object)
    return _read_back(client, remote_id, fresh, changed) if outcome.done else outcome


def _read_back(client: Client, remote_id: str, sent: Mapping[str, Any], changed: frozenset[str]) -> Outcome:
    seen = phases.whole(client, remote_id)
    if document.is_clocked(seen):
        return Outcome(Result.UNKNOWN, "it was saved with its clock off, and shows it on")
    wanted, shown = document.decode("", sent).fields, document.decode("", seen).fields
    lost = sorted(name for name in changed if name in shown and shown[name] != wanted.get(name))
    if lost:
        return Outcome(Result.REFUSED, f"CALLR took the settings, and shows others: {', '.join(lost)}")
    return Outcome(Result.DONE)
