"""Plum profiles: so many calls in a period, then a rest."""

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

ID_NAMES = ("profile_id", "id")
PACING = ("period", "amount_per_period", "time_between_periods")

SPEC = KindSpec(
    name="profile",
    fields=(
        FieldSpec("nickname", same, updatable=Updatable.NEVER),
        FieldSpec("period", loudness.more_is_quieter),
        FieldSpec("amount_per_period", loudness.more_is_louder),
        FieldSpec("time_between_periods", loudness.more_is_quieter),
    ),
    operations=(
        OperationSpec(
            Operation.CREATE,
            Lookup.LIST,
            promise="Nicknames are unique: the list tells whether it was made; its pace is then sent again.",
        ),
        OperationSpec(
            Operation.UPDATE,
            Lookup.FIELDS,
            repeatable=True,
            promise="The list may not show the pace, so it is sent again: the same numbers change nothing.",
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
    hidden=("pace (if the list leaves it out)",),
    order=1,
)


def encode(fields: Mapping[str, Sendable], names: Sequence[str] = PACING) -> api.Fields:
    """Give the named numbers as the vendor wants them."""
    return tuple((name, str(fields[name])) for name in PACING if name in names)


def decode(provider: str, item: Mapping[str, Any]) -> LiveObject:
    """Read one item of the list, with its numbers if they are shown (A1)."""
    nickname = wire.text(item.get("nickname"))
    shown = {"nickname": nickname, **{name: wire.number(item.get(name)) for name in PACING}}
    fields = {name: value for name, value in shown.items() if value is not None}
    return LiveObject(provider, SPEC.name, verbs.id_of(item, *ID_NAMES), fields, natural_key=nickname)


class ProfileKind(HoldsNobody):
    """The verbs of profiles."""

    spec = SPEC

    def read(self, client: Client) -> Sequence[Any]:
        """List all."""
        return verbs.listed(client, api.list_profiles(), *ID_NAMES)

    def create(self, client: Client, sending: Sending) -> Outcome:
        """Make it."""
        request = api.create_profile(encode(sending.fields), str(sending.fields["nickname"]))
        return verbs.created(client, request)

    def update(self, client: Client, remote_id: str, sending: Sending, changed: frozenset[str]) -> Outcome:
        """Set what changed; all three numbers if nothing is named, as after a lost reply."""
        pacing = encode(sending.fields, tuple(changed.intersection(PACING)) or PACING)
        renamed = (("nickname", str(sending.fields["nickname"])),) if "nickname" in changed else ()
        return verbs.written(client, api.update_profile(remote_id, (*pacing, *renamed)))

    def delete(self, client: Client, remote_id: str) -> Outcome:
        """Remove it."""
        request = api.delete_profile(remote_id)
        return verbs.deleted(client, request, remote_id, api.list_profiles(), *ID_NAMES)
