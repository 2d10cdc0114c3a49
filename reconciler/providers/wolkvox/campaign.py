"""wolkvox campaigns: made stopped and empty, set, filled in chunks, then started and stopped, which is a pause.

What cannot be read back (hours, labels, filter, dialling order) is trusted as it was applied; the description
bears our marker, since names need not be unique.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, Updatable, other, same
from reconciler.model.objects import LiveObject
from reconciler.model.outcome import Outcome
from reconciler.model.standing import Counters
from reconciler.model.state import REMARK, Operation, Result
from reconciler.model.value import Fields, Value
from reconciler.providers import loudness
from reconciler.providers.base import Sendable, SendableContact, Sending
from reconciler.providers.kept import KEPT
from reconciler.providers.wolkvox import client as api
from reconciler.providers.wolkvox import contact as contacts_of
from reconciler.providers.wolkvox import reading, wire
from reconciler.providers.wolkvox.about import BATCH, POLLING
from reconciler.providers.wolkvox.dialect import (
    identity,
    list_of,
    read_added,
    read_created,
    read_deleted,
    read_records,
    read_write,
)
from reconciler.transport.client import Client
from reconciler.transport.outcome import Answer
from reconciler.transport.request import Request

NEVER = Updatable.NEVER
MINUTES_OF_AN_HOUR = 60
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


def encode(sending: Sending, skill_id: str | None) -> dict[str, str]:
    """Give the settings of a create as the vendor wants them; answering machines are left to an edit."""
    fields = sending.fields
    return {
        "campaign_name": str(fields["title"]),
        "campaign_description": wire.marked(str(fields["description"]), sending.marker),
        "start_time": wire.digits_of_clock(str(fields["start_time"])),
        "end_time": wire.digits_of_clock(str(fields["end_time"])),
        "skill_id": skill_id or "",
        **wire.labels(fields["optional_labels"]),
        "enable_edition": wire.word(value=fields["enable_edition"] is True),
    }


def encode_changes(sending: Sending, names: frozenset[str], skill_id: str | None) -> dict[str, Any]:
    """Give the named settings as an edit wants them; what an edit does not set is left out."""
    found = {key: write(sending.fields[name]) for name, (key, write) in _EDITS.items() if name in names}
    if "description" in names:
        found["campaign_description"] = wire.marked(str(sending.fields["description"]), sending.marker)
    return found if skill_id is None else {**found, "skill_id": skill_id}


def _word(value: Sendable) -> str:
    return wire.word(value=value is True)


_EDITS: Mapping[str, tuple[str, Callable[[Sendable], Any]]] = {
    "title": ("campaign_name", str),
    "type": ("type_camp", lambda value: str(value).capitalize()),
    "start_time": ("start_time", lambda value: wire.clock_with_seconds(str(value))),
    "end_time": ("end_time", lambda value: wire.clock_with_seconds(str(value))),
    "amd": ("amd_conf", str),
    "enable_edition": ("enable_edition", _word),
    "optional_labels": ("optional_labels", wire.labels),
    "turbo_dial": ("turbo_dial", _word),
    "routing_recall": ("routing_recall", _word),
    "camp_dial_order": ("camp_dial_order", str),
}


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one campaign of the list; what is not shown is left out."""
    description, marker = wire.unmarked(item.get("campaign_description"))
    title = wire.text(item.get("campaign_name"))
    shown: dict[str, Value] = {
        "title": title,
        "type": (wire.text(item.get("type_campaign")) or "").lower() or None,
        "skill_id": wire.text(item.get("skill_id")) or None,
        "skill": wire.text(item.get("skill_name")) or None,
        "speed": wire.number(item.get("speed")),
        "turbo_dial": wire.flag(item.get("turbo_dial")) if wire.text(item.get("turbo_dial")) else None,
    }
    fields = {name: value for name, value in shown.items() if value is not None}
    if "campaign_description" in item:
        fields["description"] = description
    return LiveObject(
        provider,
        SPEC.name,
        identity(item) or "",
        fields,
        natural_key=title,
        marker=marker,
        running=wire.running(item.get("status")),
        people=wire.number(item.get("records")),
    )


FAILED = ("no_answer", "busy/congestion/failed", "answer_machine")


def counters_of(row: Mapping[str, Any]) -> Counters:
    """Read one campaign of the live view: who is not clean any more is through; if not dialled, then left out."""
    total, clean, dialled = (wire.number(row.get(name)) for name in ("records", "clean", "dial"))
    done = dialled if total is None or clean is None else total - clean
    missed = [wire.number(row.get(name)) for name in FAILED]
    a_minute = wire.number(row.get("calls_x_min"))
    return Counters(
        done=done,
        total=total,
        answered=wire.number(row.get("answer")),
        failed=None if None in missed else sum(each or 0 for each in missed),
        filtered=None if done is None or dialled is None else max(0, done - dialled),
        rate=None if a_minute is None else float(a_minute * MINUTES_OF_AN_HOUR),
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
