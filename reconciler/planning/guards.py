"""Guards over a whole plan: another account, a possible rename, a choice of addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.model.address import Address
from reconciler.model.plan import Action, Change, Held
from reconciler.model.state import Intent, Operation, Phase, Record
from reconciler.planning.decision import Desk
from reconciler.planning.people import sent_by
from reconciler.planning.scene import People, live_of, phase_of

SEVERAL = 3
"""So many owned objects of a provider missing together say that the account is another one (law 12)."""


def vanished_providers(desk: Desk) -> frozenset[str]:
    """Providers of which nothing that we own shows any more."""
    owned: dict[str, list[Record]] = {}
    for record in desk.scene.snapshot.records.values():
        if record.remote_id is not None and record.phase is not Phase.ENDED:
            owned.setdefault(record.key.address.provider, []).append(record)
    return frozenset(
        provider
        for provider, records in owned.items()
        if len(records) >= SEVERAL
        and provider in desk.scene.live
        and not any(live_of(desk.index, r) for r in records)
    )


def hold_accounts(changes: Iterable[Change], providers: frozenset[str]) -> tuple[Change, ...]:
    """Everything at a provider of which all is gone is held until somebody says that it is the account."""
    text = "all that we own there is missing: another account, or an empty answer"
    return tuple(
        replace(item, held=(*item.held, Held("account", text, f"account:{item.address}")))
        if item.address.provider in providers
        else item
        for item in changes
    )


def hold_renames(desk: Desk, changes: tuple[Change, ...], queued: Mapping[str, People]) -> tuple[Change, ...]:
    """A creation that would reach people whom an address that this plan drops has reached is held (law 1)."""
    dropped = [
        record
        for record in desk.scene.snapshot.records.values()
        if record.sent
        and record.key.address not in desk.index.wanted_addresses
        and phase_of(desk.index, record) is not Phase.INERT
        and (record.remote_id is not None)
    ]
    if not dropped or not desk.scene.complete:
        return changes
    sent = [(record, sent_by(desk.scene, desk.index, record)) for record in dropped]
    held = {item.key: held for item in changes if (held := _possible_rename(item, sent, queued)) is not None}
    return tuple(
        replace(item, held=(*item.held, held[item.key]))
        if item.key in held and item.action is Action.CREATE
        else item
        for item in changes
    )


def _possible_rename(
    item: Change, sent: list[tuple[Record, People]], queued: Mapping[str, People]
) -> Held | None:
    people = queued.get(item.id)
    if item.action is not Action.APPEND or not people:
        return None
    for record, reached in sent:
        both = len(people.keys() & reached.keys())
        if both:
            text = (
                f"{both} of its people were sent by {record.key.address}, which the manifests lack now: "
                f"renamed? then write moved: [{{from: {record.key.address}, to: {item.address}}}]"
            )
            return Held("again", text, f"again:{item.address}")
    return None


def chosen(changes: tuple[Change, ...], only: tuple[str, ...]) -> tuple[tuple[Change, ...], int]:
    """The changes at some addresses, all that they come after, and all that is quieter; and how many are left out."""
    if not only:
        return changes, 0
    addresses = {Address.parse(text) for text in only}
    by_id = {item.id: item for item in changes}
    kept: set[str] = set()
    waiting = [item.id for item in changes if item.address in addresses or item.movement == 1]
    while waiting:
        name = waiting.pop()
        if name not in kept and name in by_id:
            kept.add(name)
            waiting.extend(by_id[name].after)
    return tuple(item for item in changes if item.id in kept), len(changes) - len(kept)


def unknown_holds(unknown: Iterable[Intent]) -> dict[Address, Held]:
    """What holds everything but the quieter at addresses where a request's end is not known."""
    found = {}
    for intent in unknown:
        text = f"the end of {_words(intent)} is not known; settle it: reconciler resolve {intent.key.address}"
        found[intent.key.address] = Held("unknown", text)
    return found


def _words(intent: Intent) -> str:
    if intent.operation is Operation.APPEND and intent.contacts is not None:
        return f"sending {intent.contacts.count} people"
    return f"its {intent.operation.value}"
