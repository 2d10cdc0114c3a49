"""Plum campaigns: dates, a schedule, windows with their pace, and the application that each call runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, other, same
from reconciler.model.objects import LiveObject
from reconciler.model.outcome import Outcome
from reconciler.model.state import Operation, Result
from reconciler.model.value import Fields, Value
from reconciler.providers.base import Bound, Sendable, SendableContact, Sending
from reconciler.providers.plum import address, loudness, verbs, wire
from reconciler.providers.plum import client as api
from reconciler.providers.plum import contact as contacts_of
from reconciler.providers.plum.about import BATCH, ZONE
from reconciler.transport.client import Client

ID_NAMES = ("campaign_id", "id")
URLS = ("start_url", "result_url")

SPEC = KindSpec(
    name="campaign",
    fields=(
        FieldSpec("start_date", loudness.more_is_quieter),
        FieldSpec("end_date", loudness.more_is_louder),
        FieldSpec("schedule", other, references=True),
        FieldSpec("windows", loudness.windows, references=True),
        FieldSpec("start_url", other),
        FieldSpec("result_url", same),
        FieldSpec("ani", same, readable=False),
    ),
    operations=(
        OperationSpec(
            Operation.CREATE,
            Lookup.LIST,
            promise="The list shows its marker. One match is adopted; it cannot call before it is started.",
        ),
        OperationSpec(
            Operation.UPDATE,
            Lookup.FIELDS,
            repeatable=True,
            promise="The list shows every field; the same values again change nothing.",
        ),
        OperationSpec(
            Operation.APPEND,
            Lookup.NONE,
            undoable=False,
            promise="Nothing shows a campaign's numbers. Before it is started it is deleted and filled anew; "
            "after that its calls count as sent and are never sent again.",
        ),
        OperationSpec(
            Operation.START,
            Lookup.NONE,
            arms=True,
            undoable=False,
            promise="Nothing shows the run state. It counts as started and is not started again by itself.",
        ),
        OperationSpec(
            Operation.STOP,
            Lookup.NONE,
            repeatable=True,
            undoable=False,
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
    batch=BATCH,
    ends_by_date="end_date",
    ranges=(("start_date", "end_date"),),
    clock_zone=ZONE,
    hidden=("run state", "numbers", "counts"),
    order=2,
)


class Names(Struct, frozen=True):
    """Which ids there are, and which nicknames stand for them: campaigns are shown by either (A10)."""

    schedules: Mapping[str, str] = field(default_factory=dict)
    profiles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, schedules: Sequence[LiveObject], profiles: Sequence[LiveObject]) -> Names:
        """Collect them from the other two lists."""
        return cls(_by_spelling(schedules), _by_spelling(profiles))


def _by_spelling(objects: Sequence[LiveObject]) -> dict[str, str]:
    """Map nickname and id to the id; a nickname that is another one's id loses (A9)."""
    nicknames = {item.natural_key: item.remote_id for item in objects if item.natural_key}
    return {**nicknames, **{item.remote_id: item.remote_id for item in objects}}


def encode(sending: Sending, names: Sequence[str]) -> api.Fields:
    """Give the named fields as the vendor wants them; both addresses or neither: one bears the marker."""
    addresses = _marked_addresses(sending) if any(name in names for name in URLS) else {}
    found = {name: _ENCODERS[name](sending.fields[name]) for name in _ENCODERS if name in names}
    return tuple((_PARAMETERS.get(name, name), value) for name, value in {**found, **addresses}.items())


def _marked_addresses(sending: Sending) -> dict[str, str]:
    """Give both addresses; the marker goes where the called person's application sees least of it."""
    found = {name: str(sending.fields.get(name) or "") for name in URLS}
    bearer = "result_url" if found["result_url"] else "start_url"
    if sending.marker is not None:
        found[bearer] = address.marked(found[bearer], sending.marker)
    return found


def _schedule_id(value: Sendable) -> str:
    return value.remote_id if isinstance(value, Bound) else str(value)


def _profile_windows(value: Sendable) -> str:
    windows = value if isinstance(value, tuple) else ()
    return api.array([_profile_window(window) for window in windows if isinstance(window, tuple)])


def _profile_window(window: Sequence[Sendable]) -> dict[str, str]:
    start, end, profile = window
    nickname = profile.natural_key if isinstance(profile, Bound) else str(profile)
    return {"profile": nickname or "", "start_time": str(start), "end_time": str(end)}


_ENCODERS: Mapping[str, Callable[[Sendable], str]] = {
    "start_date": str,
    "end_date": str,
    "schedule": _schedule_id,
    "windows": _profile_windows,
}
_PARAMETERS = {"windows": "profiles"}


def decode(provider: str, item: Mapping[str, Any], names: Names) -> LiveObject:
    """Read one item of the list; what it does not show is left out."""
    addresses, marker = _plain_addresses(item)
    schedule, windows = _schedule(item, names), _windows(item, names)
    shown: dict[str, Value] = {
        "start_date": wire.date(item.get("start_date")),
        "end_date": wire.date(item.get("end_date")),
        "schedule": schedule,
        "windows": windows,
    }
    fields = {name: value for name, value in shown.items() if value is not None}
    remote_id = verbs.id_of(item, *ID_NAMES)
    uses = _uses(schedule, windows)
    return LiveObject(provider, SPEC.name, remote_id, {**fields, **addresses}, marker=marker, uses=uses)


def _plain_addresses(item: Mapping[str, Any]) -> tuple[dict[str, Value], str | None]:
    """Read both addresses without marker, and the marker; one shown as empty is none."""
    found: dict[str, Value] = {}
    marker: str | None = None
    for name in URLS:
        if name in item:
            plain, seen = address.unmarked(wire.text(item[name]) or "")
            found[name] = address.canonical(plain) or None
            marker = seen or marker
    return found, marker


def _schedule(item: Mapping[str, Any], names: Names) -> str | None:
    shown = item.get("schedule_nickname", item.get("schedule_id"))
    spelling = wire.text(shown) or verbs.id_of({"id": shown}, "id")
    return names.schedules.get(spelling, spelling) or None


def _windows(item: Mapping[str, Any], names: Names) -> tuple[tuple[str, str, str], ...] | None:
    items = wire.array(item.get("profiles"))
    if items is None or not all(isinstance(window, dict) for window in items):
        return None
    return tuple(sorted([_window(window, names) for window in items]))


def _window(window: Mapping[str, Any], names: Names) -> tuple[str, str, str]:
    spelling = wire.text(window.get("nickname")) or wire.text(window.get("profile")) or ""
    profile = verbs.id_of(window, *PROFILE_ID_NAMES) or names.profiles.get(spelling, spelling)
    return _clock(window.get("start_time")), _clock(window.get("end_time")), profile


PROFILE_ID_NAMES = ("profile_id", "id")


def _clock(value: Any) -> str:
    return wire.clock(value) or str(value)


def _uses(
    schedule: str | None, windows: tuple[tuple[str, str, str], ...] | None
) -> tuple[tuple[str, str], ...]:
    profiles = sorted({profile for _, _, profile in windows or ()})
    return (*((("schedule", schedule),) if schedule else ()), *(("profile", item) for item in profiles))


class CampaignKind:
    """The verbs of campaigns."""

    spec = SPEC

    def unsendable(self, fields: Fields, contact: SendableContact) -> str | None:
        """Say why a person cannot be queued: no North American number or caller ID, a comma in the reference."""
        return contacts_of.unsendable(contact, wire.text(fields.get("ani")))

    def read(self, client: Client) -> Sequence[Any]:
        """List all."""
        return verbs.listed(client, api.list_campaigns(), *ID_NAMES)

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it, empty and not started."""
        settings = encode(sending, tuple(sending.fields))
        return verbs.created(client, api.create_campaign(tuple(pair for pair in settings if pair[1])))

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Set what changed. The caller ID lives in each call and not here, so it needs no request."""
        changes = encode(sending, tuple(changed))
        if not changes:
            return Outcome(Result.DONE, "nothing of this is kept at the vendor")
        return verbs.written(client, api.update_campaign(remote_id, changes))

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Remove it."""
        request = api.delete_campaign(remote_id)
        return verbs.deleted(client, request, remote_id, api.list_campaigns(), *ID_NAMES)

    def append(
        self, client: Client, remote_id: str, sending: Sending, contacts: Sequence[SendableContact]
    ) -> Outcome:
        """Queue these people, all or, if one of them cannot be sent, none."""
        if len(contacts) > BATCH:
            raise ValueError(f"more than {BATCH} contacts in one request")
        ani = sending.fields.get("ani")
        shown = ani if isinstance(ani, str) else None
        refusal = contacts_of.refusal(contacts, shown)
        if refusal is not None:
            return Outcome(Result.REFUSED, refusal)
        entries = [contacts_of.entry(person, shown) for person in contacts]
        return verbs.written(client, api.add_calls(remote_id, entries))

    def set_phase(
        self,
        client: Client,
        remote_id: str,
        operation: Operation,
        sending: Sending | None = None,  # noqa: ARG002 - the interface
    ) -> Outcome:
        """Start or stop it; Plum cannot pause."""
        requests = {Operation.START: api.start_campaign, Operation.STOP: api.stop_campaign}
        if operation not in requests:
            raise NotImplementedError(f"Plum cannot {operation.value} a campaign")
        return verbs.written(client, requests[operation](remote_id))
