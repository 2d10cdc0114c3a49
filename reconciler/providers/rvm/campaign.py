"""RVM campaigns: made paused with everybody in them, then only started, paused and stopped.

There is no way to edit one, to add people or to delete it. `list` hides what ended; the report of campaigns
shows it, with fewer settings, so both are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, Updatable, other, same
from reconciler.model.outcome import Outcome
from reconciler.model.standing import Counters
from reconciler.model.state import Operation, Result
from reconciler.model.value import Fields
from reconciler.providers import loudness
from reconciler.providers.base import Progress, SendableContact, Sending
from reconciler.providers.rvm import client as api
from reconciler.providers.rvm import contact as contacts_of
from reconciler.providers.rvm import wire
from reconciler.providers.rvm.about import LAST_ZONE, POLLING
from reconciler.providers.rvm.counting import counted, counters_of, progress_of
from reconciler.providers.rvm.dialect import (
    TRIED_ONLY,
    identity,
    read_channels,
    read_create,
    read_overview,
    read_progress,
    read_reply,
    rows_of,
)
from reconciler.providers.rvm.document import ENDED, encode, merged, status
from reconciler.providers.rvm.reports import details_of, pages
from reconciler.transport.client import Client
from reconciler.transport.request import Request

NEVER = Updatable.NEVER

SPEC = KindSpec(
    name="campaign",
    fields=(
        FieldSpec("title", same, updatable=NEVER),
        FieldSpec("callback", other, updatable=NEVER),
        FieldSpec("wav", other, readable=False, updatable=NEVER),
        FieldSpec("audio", other, updatable=NEVER),
        FieldSpec("start_date", loudness.more_is_quieter, updatable=NEVER),
        FieldSpec("stop_date", loudness.more_is_louder, updatable=NEVER),
        FieldSpec("start_time", loudness.more_is_quieter, updatable=NEVER),
        FieldSpec("stop_time", loudness.more_is_louder, updatable=NEVER),
        FieldSpec("days", loudness.days, updatable=NEVER),
        FieldSpec("timezone", other, updatable=NEVER),
        FieldSpec("throttle", loudness.more_is_louder, updatable=NEVER),
        FieldSpec("state_check", other, readable=False, updatable=NEVER),
        FieldSpec("performance", other, readable=False, updatable=NEVER),
    ),
    operations=(
        OperationSpec(
            Operation.CREATE,
            Lookup.LIST,
            undoable=False,
            promise="Its name bears its marker, and list and report show it. One match is adopted; it drops "
            "nothing before it is started. Any other is stopped for good.",
        ),
        OperationSpec(
            Operation.START,
            Lookup.FIELDS,
            arms=True,
            undoable=False,
            promise="The list shows whether it runs. It is started again only if it shows three times that not.",
        ),
        OperationSpec(Operation.PAUSE, Lookup.FIELDS, promise="The list shows whether it is paused."),
        OperationSpec(
            Operation.RESUME, Lookup.FIELDS, arms=True, promise="The list shows whether it runs again."
        ),
        OperationSpec(
            Operation.STOP,
            Lookup.FIELDS,
            undoable=False,
            promise="The report shows whether it is stopped; sent again if it is not.",
        ),
        OperationSpec(
            Operation.DELETE,
            Lookup.FIELDS,
            undoable=False,
            promise="RVM deletes nothing: what never began is stopped for good, and its record stays.",
        ),
    ),
    runs=True,
    marker=True,
    deletable=False,
    shows_running=True,
    can_pause=True,
    fill_on_create=True,
    replaceable=True,
    ends_by_date="stop_date",
    clock_zone=LAST_ZONE,
    hidden=("numbers", "audio behind its name", "state_check", "performance"),
    order=2,
)


class CampaignKind:
    """The verbs of campaigns."""

    spec = SPEC
    tells = frozenset({"done", "total", "answered", "failed", "filtered"})
    pace = POLLING

    def counters(self, client: Client) -> Mapping[str, Counters]:
        """Read the report of campaigns: delivered, undelivered, left out, and what is still in the hopper."""
        rows = pages(client, api.report_campaigns, rows_of("r_campaign_id"))
        return {identity(row) or "": counters_of(row) for row in rows}

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:  # noqa: ARG002 - the interface
        """Say why a person cannot be sent."""
        return contacts_of.unsendable(contact)

    def read(self, client: Client) -> Sequence[Any]:
        """Read the list, then the report with what the list hides."""
        listed = client.fetch(api.list_campaigns(), rows_of("c_campaign_id", "c_campaign_ID"))
        return merged(listed, pages(client, api.report_campaigns, rows_of("r_campaign_id")))

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it, paused, with everybody in it."""
        numbers = contacts_of.numbers(sending.contacts)
        if not numbers:
            return Outcome(Result.REFUSED, "a contact cannot be sent to RVM, or there is none, so none was")
        answer = client.send(api.create_campaign(encode(sending), numbers), read_create)
        if not answer.done:
            return answer.outcome()
        return answer.outcome(identity(answer.value), counted(answer.value, len(numbers)))

    def check(self, client: Client, sending: Sending, missing: frozenset[str]) -> Outcome:  # noqa: ARG002 - it refers to nothing
        """Let RVM judge the settings, with a number that is nobody's; nothing is made."""
        numbers = contacts_of.numbers(sending.contacts) or []
        answer = client.send(api.check_campaign(encode(sending), numbers), read_reply)
        made = identity(answer.value) if answer.done else None
        if made not in (None, TRIED_ONLY):
            return Outcome(
                Result.UNKNOWN, f"asked to check alone, RVM answered with campaign {made}: look at it"
            )
        return answer.outcome()

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Refuse: nothing of a campaign can be changed."""
        raise NotImplementedError("RVM cannot edit a campaign")

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Stop it for good, which is all that RVM does."""
        return self.set_phase(client, remote_id, Operation.STOP)

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome:
        """Refuse: people go into the create alone."""
        raise NotImplementedError("RVM cannot add people to a campaign")

    def waiting(self, client: Client, remote_id: str) -> int | None:
        """Look at its queue."""
        return wire.number(client.fetch(api.overview(remote_id), read_overview).get("c_hopper"))

    def progress(self, client: Client, remote_id: str) -> Progress:
        """Look at its queue, its counters and the deliveries in progress."""
        shown = client.fetch(api.overview(remote_id), read_progress)
        busy = client.fetch(api.channels(remote_id), read_channels)
        state = status(shown["c_status"])
        return progress_of(shown, busy, running=state == "ACTIVE", over=state in ENDED)

    def tried(self, client: Client, remote_id: str) -> Sequence[str]:
        """Read all pages of its details; a number that comes twice was tried once."""
        rows = details_of(client, remote_id)
        return tuple(dict.fromkeys(contacts_of.international(str(row["r_number"])) for row in rows))

    def set_phase(
        self,
        client: Client,
        remote_id: str,
        operation: Operation,
        sending: Sending | None = None,  # noqa: ARG002 - the interface
    ) -> Outcome:
        """Start, pause or stop it. What RVM says where that is so already is not documented, so it is looked up."""
        request, reached = _PHASES[operation]
        outcome = client.send(request(remote_id), read_reply).outcome()
        if outcome.done or outcome.result is Result.NOT_SENT or outcome.credentials:
            return outcome
        if _state(client, remote_id) not in reached:
            return outcome
        return Outcome(Result.DONE, "its overview shows that it is so", request_id=outcome.request_id)


_OVER = frozenset(ENDED)

_PHASES: Mapping[Operation, tuple[Callable[[str], Request], frozenset[str]]] = {
    Operation.START: (api.start_campaign, frozenset({"ACTIVE"})),
    Operation.RESUME: (api.start_campaign, frozenset({"ACTIVE"})),
    Operation.PAUSE: (api.pause_campaign, _OVER | {"PAUSED"}),
    Operation.STOP: (api.stop_campaign, _OVER),
}
"""The request of each operation, and the states in which there is nothing left to do."""


def _state(client: Client, remote_id: str) -> str:
    try:
        return status(client.fetch(api.overview(remote_id), read_overview)["c_status"])
    except (UnreachableError, CredentialsError):
        return ""
