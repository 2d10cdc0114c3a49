"""Plum schedules: the days of the week on which campaigns may call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.model.kind import FieldSpec, KindSpec, Lookup, OperationSpec, Updatable, same
from reconciler.model.objects import LiveObject
from reconciler.model.outcome import Outcome
from reconciler.model.state import Operation
from reconciler.providers.base import Sendable, Sending
from reconciler.providers.partial import HoldsNobody
from reconciler.providers.plum import client as api
from reconciler.providers.plum import loudness, verbs, wire
from reconciler.providers.plum.about import ZONE
from reconciler.transport.client import Client

ID_NAMES = ("schedule_id", "id")

SPEC = KindSpec(
    name="schedule",
    fields=(
        FieldSpec("nickname", same, updatable=Updatable.NEVER),
        FieldSpec("days", loudness.days),
    ),
    operations=(
        OperationSpec(
            Operation.CREATE,
            Lookup.LIST,
            promise="Nicknames are unique: the list tells whether it was made, and shows its days.",
        ),
        OperationSpec(
            Operation.UPDATE,
            Lookup.FIELDS,
            repeatable=True,
            promise="The list shows the days; setting the same days again changes nothing.",
        ),
        OperationSpec(
            Operation.DELETE,
            Lookup.LIST,
            repeatable=True,
            undoable=False,
            promise="Absent from the list is deleted.",
        ),
    ),
    unique_name=True,
    clock_zone=ZONE,
    order=0,
)


def encode(fields: Mapping[str, Sendable]) -> tuple[tuple[str, ...], str]:
    """Give days and nickname as the vendor wants them."""
    days = fields["days"]
    return (tuple(str(day) for day in days) if isinstance(days, tuple) else ()), str(fields["nickname"])


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one item of the list."""
    nickname, days = wire.text(item.get("nickname")), wire.days(item.get("days"))
    shown = {"nickname": nickname, "days": days}
    fields = {name: value for name, value in shown.items() if value is not None}
    return LiveObject(provider, SPEC.name, verbs.id_of(item, *ID_NAMES), fields, natural_key=nickname)


class ScheduleKind(HoldsNobody):
    """The verbs of schedules."""

    spec = SPEC

    def read(self, client: Client) -> Sequence[Any]:
        """List all."""
        return verbs.listed(client, api.list_schedules(), *ID_NAMES)

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it."""
        return verbs.created(client, api.create_schedule(*encode(sending.fields)))

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Set the days, and the nickname only if that changed."""
        days, nickname = encode(sending.fields)
        renamed = nickname if "nickname" in changed else None
        return verbs.written(client, api.update_schedule(remote_id, days, renamed))

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Remove it."""
        request = api.delete_schedule(remote_id)
        return verbs.deleted(client, request, remote_id, api.list_schedules(), *ID_NAMES)
