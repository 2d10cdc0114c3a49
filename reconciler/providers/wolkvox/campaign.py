"""wolkvox campaigns: made stopped and empty, set, filled in chunks, then started and stopped, which is a pause.

What cannot be read back (hours, labels, filter, dialling order) is trusted as it was applied; the description
bears our marker, since names need not be unique.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, Updatable, other, same
from reconciler.model.outcome import Outcome
from reconciler.model.standing import Counters
from reconciler.model.state import REMARK, Operation, Result
from reconciler.model.value import Fields
from reconciler.providers import loudness
from reconciler.providers.base import Sendable, SendableContact, Sending
from reconciler.providers.kept import KEPT
from reconciler.providers.wolkvox import client as api
from reconciler.providers.wolkvox import contact as contacts_of
from reconciler.providers.wolkvox import reading, wire
from reconciler.providers.wolkvox.about import BATCH, POLLING
from reconciler.providers.wolkvox.dialect import (
    list_of,
    read_added,
    read_created,
    read_deleted,
    read_records,
    read_write,
)
from reconciler.providers.wolkvox.document import counters_of, encode, encode_changes
from reconciler.transport.client import Client
from reconciler.transport.outcome import Answer
from reconciler.transport.request import Request

NEVER = Updatable.NEVER

SPEED, FILTER = "speed", "filter"

SPEC = KindSpec(
    name="campaign",
    fields=(
        FieldSpec("title", same),
        FieldSpec("description", same),
        FieldSpec("type", other, updatable=Updatable.INERT),
        FieldSpec("start_time", loudness.more_is_quieter, readable=False),
        FieldSpec("end_time", loudness.more_is_louder, readable=False),
        FieldSpec("skill_id", other),
        FieldSpec("skill", other, looked_up=True, stands_for="skill_id"),
        FieldSpec("amd", other, readable=False, on_create=False, initial="default"),
        FieldSpec("enable_edition", same, readable=False),
        FieldSpec("optional_labels", same, readable=False),
        FieldSpec("turbo_dial", loudness.more_is_louder, on_create=False),
        FieldSpec("routing_recall", other, readable=False, on_create=False),
        FieldSpec("camp_dial_order", same, readable=False, on_create=False),
        FieldSpec(SPEED, loudness.more_is_louder, on_create=False, request=SPEED),
        FieldSpec(FILTER, other, readable=False, on_create=False, initial=None, request=FILTER),
        FieldSpec("region", other, readable=False, updatable=NEVER),
        FieldSpec("dial_prefix", other, readable=False, updatable=NEVER),
        *KEPT,
    ),
    operations=(
        OperationSpec(
            Operation.CREATE,
            Lookup.LIST,
            promise="Its description bears its marker, and the list shows it. One match is adopted; it calls "
            "nobody before it is started.",
        ),
        OperationSpec(
            Operation.UPDATE,
            Lookup.FIELDS,
            repeatable=True,
            promise="The same values again change nothing, so what does not show is sent again.",
        ),
        OperationSpec(
            Operation.APPEND,
            Lookup.LIST,
            undoable=False,
            shows=True,
            promise="The campaign's records are read back: who is there counts as sent, and only who is missing is "
            "sent again.",
        ),
        OperationSpec(
            Operation.WITHDRAW,
            Lookup.NONE,
            repeatable=True,
            undoable=False,
            promise="Marking somebody twice does no harm: the next apply reads the records again, and marks them.",
        ),
        OperationSpec(
            Operation.START,
            Lookup.FIELDS,
            arms=True,
            undoable=False,
            promise="The list shows whether it runs. It is started again only if it shows three times that not.",
        ),
        OperationSpec(
            Operation.PAUSE,
            Lookup.FIELDS,
            repeatable=True,
            promise="The list shows whether it is stopped; sent again if it is not.",
        ),
        OperationSpec(
            Operation.RESUME, Lookup.FIELDS, arms=True, promise="The list shows whether it runs again."
        ),
        OperationSpec(
            Operation.STOP,
            Lookup.FIELDS,
            repeatable=True,
            promise="Sent again until it is confirmed: a second stop stops nothing more.",
        ),
        OperationSpec(
            Operation.DELETE,
            Lookup.LIST,
            repeatable=True,
            undoable=False,
            promise="Absent from the list is deleted.",
        ),
    ),
    runs=True,
    marker=True,
    shows_running=True,
    can_pause=True,
    rests=True,
    unique_reference=True,
    batch=BATCH,
    hidden=("hours", "labels", "filter", "dialling order", "answering machine detection"),
    order=2,
)


class CampaignKind:
    """The verbs of campaigns."""

    spec = SPEC
    tells = frozenset({"done", "total", "answered", "failed", "filtered", "rate"})
    pace = POLLING

    def counters(self, client: Client) -> Mapping[str, Counters]:
        """Read today's counters of all campaigns; one that is through may still show as started."""
        rows = reading.items(client, api.live_campaigns(), list_of("campaign"))
        return {reading.live_id(row): counters_of(row) for row in rows}

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:
        """Say why a person cannot be sent: another country's number, or a text that is too long."""
        return contacts_of.unsendable(contact, contacts_of.dialling(fields))

    def read(self, client: Client) -> Sequence[Any]:
        """List all, each with the name of its skill."""
        return reading.campaigns(client)

    def queued(self, client: Client, remote_id: str, fields: Fields) -> Sequence[str]:
        """Read back whom a campaign holds, by number."""
        dial = contacts_of.dialling(fields)
        records = reading.items(client, api.all_records(remote_id), read_records)
        found = (contacts_of.number_of(each, dial) for each in records)
        return [number for number in found if number is not None]

    def withdraw(
        self, client: Client, remote_id: str, fields: Fields, is_meant: Callable[[str], bool]
    ) -> Outcome:
        """Mark their records as not to be called; those of a preview campaign, which has no such mark, go."""
        dial, type_ = contacts_of.dialling(fields), str(fields.get("type"))
        try:
            records = reading.items(client, api.all_records(remote_id), read_records)
        except (UnreachableError, CredentialsError) as error:
            return Outcome(Result.NOT_SENT, error.message)
        customers = [
            str(each.get(contacts_of.ID[1]) or "")
            for each in records
            if (number := contacts_of.number_of(each, dial)) is not None and is_meant(number)
        ]
        if not customers:
            return Outcome(Result.DONE, "none of them is in it any more")
        if type_ == "preview":
            return _sent(client, api.remove_records(type_, remote_id, customers))
        return _sent(client, api.block_records(remote_id, customers))

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it, empty; should the vendor start it, it is stopped at once."""
        skill, refusal = self._skill(client, sending.fields)
        if refusal is not None:
            return refusal
        type_ = str(sending.fields["type"])
        answer = client.send(api.create_campaign(type_, encode(sending, skill)), read_created)
        if not answer.done:
            return answer.outcome()
        return answer.outcome(answer.value, _stopped_again(client, type_, answer.value, "when it was made"))

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Set what changed, by the request that its fields share."""
        type_ = str(sending.fields["type"])
        if SPEED in changed:
            speed = sending.fields[SPEED]
            return _sent(client, api.set_speed(type_, remote_id, speed if isinstance(speed, int) else 0))
        if FILTER in changed:
            body = wire.filter_body(sending.fields[FILTER])
            return _sent(client, api.set_filter(type_, remote_id, body))
        skill, refusal = None, None
        if changed & {"skill", "skill_id"}:
            skill, refusal = self._skill(client, sending.fields)
        if refusal is not None:
            return refusal
        changes = encode_changes(sending, changed, skill)
        if not changes:
            return Outcome(Result.DONE, "nothing of this is kept at the vendor")
        return _sent(client, api.edit_campaign(remote_id, changes))

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Remove it; what is not there any more is removed."""
        answer = client.send(api.delete_campaign(reading.type_of(client, remote_id), remote_id), read_deleted)
        if answer.missing and reading.is_absent(client, remote_id):
            return Outcome(Result.DONE, "it is not there", request_id=answer.request_id)
        return answer.outcome()

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome:
        """Add these people while it is stopped. Should the vendor start it, it is stopped at once (A3)."""
        if len(contacts) > BATCH:
            raise ValueError(f"more than {BATCH} contacts in one request")
        type_, dial = str(sending.fields["type"]), contacts_of.dialling(sending.fields)
        records = [contacts_of.record(each, type_, dial, sending.marker) for each in contacts]
        whole = [each for each in records if each is not None]
        if len(whole) < len(records):
            return Outcome(Result.REFUSED, "a contact cannot be dialled by the operation, so none was sent")
        answer = client.send(api.add_records(type_, remote_id, whole), read_added(len(whole)))
        if not answer.done:
            return answer.outcome()
        return answer.outcome(facts=_stopped_again(client, type_, remote_id, "when people were added"))

    def set_phase(
        self, client: Client, remote_id: str, operation: Operation, sending: Sending | None = None
    ) -> Outcome:
        """Start or stop it; a pause is a stop, and a resume a start. Its type is looked up where nobody tells it."""
        starts = operation in (Operation.START, Operation.RESUME)
        type_ = str(sending.fields["type"]) if sending is not None else reading.type_of(client, remote_id)
        request = api.start_campaign(type_, remote_id) if starts else api.stop_campaign(type_, remote_id)
        return _sent(client, request)

    def unresolved(self, client: Client, several: Mapping[str, Fields]) -> Mapping[str, str]:
        """Say of which campaigns the skill is not known by its name."""
        there = reading.skills(client)
        told = {name: reading.skill_of(there, str(fields["skill"]))[1] for name, fields in several.items()}
        return {name: why for name, why in told.items() if why}

    def _skill(self, client: Client, fields: Mapping[str, Sendable]) -> tuple[str | None, Outcome | None]:
        """Look up the skill by its name where the manifest gives that; the id, or why there is none."""
        if fields.get("skill") is None:
            return str(fields.get("skill_id") or ""), None
        try:
            found, why = reading.skill_of(reading.skills(client), str(fields["skill"]))
        except (UnreachableError, CredentialsError) as error:
            return None, Outcome(Result.NOT_SENT, error.message)
        return found, Outcome(Result.REFUSED, why) if why else None


def _stopped_again(client: Client, type_: str, remote_id: str, when: str) -> dict[str, str]:
    """Stop what the vendor started of itself, and say so; in which state it leaves a campaign is not documented."""
    if not reading.is_started(client, remote_id):
        return {}
    stopped = client.send(api.stop_campaign(type_, remote_id), read_write)
    how = "it was stopped at once" if stopped.done else f"the stop after it failed: {stopped.reason}"
    return {REMARK: f"the vendor started it {when}; {how}"}


def _sent(client: Client, request: Request) -> Outcome:
    answer: Answer = client.send(request, read_write)
    return answer.outcome()
