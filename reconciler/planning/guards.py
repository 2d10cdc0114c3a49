"""Guards over a whole plan: another account, what is still in use, a choice of addresses, open unknowns."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.model.address import Address, ObjectKey
from reconciler.model.plan import Action, Change, Held, Movement, Note
from reconciler.model.state import Intent, Operation, Phase, Record
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.scene import Index, Scene, live_of, phase_of

SEVERAL = 3
"""So many owned objects of a provider missing together say that the account is another one (law 12)."""


def vanished_providers(scene: Scene, index: Index) -> frozenset[str]:
    """Providers of which nothing that we own shows any more, ended runs included."""
    owned: dict[str, list[Record]] = {}
    for record in scene.snapshot.records.values():
        if record.remote_id is not None and record.key.address.provider in scene.live:
            owned.setdefault(record.key.address.provider, []).append(record)
    return frozenset(
        provider
        for provider, records in owned.items()
        if len(records) >= SEVERAL and not any(live_of(index, record) for record in records)
    )


def hold_accounts(changes: tuple[Change, ...], providers: frozenset[str]) -> tuple[Change, ...]:
    """Everything at a provider of which all is gone is held until somebody says that it is the account."""
    if not providers:
        return changes
    text = "all that we own there is missing: another account, or an empty answer"
    return tuple(
        replace(item, held=(*item.held, Held("account", text, f"account:{item.address}")))
        if item.address.provider in providers
        else item
        for item in changes
    )


class Kept(Struct, frozen=True):
    """The changes without deletions of what is still used, a note about each, and what others wait for."""

    changes: tuple[Change, ...]
    notes: tuple[Note, ...] = ()
    after: Mapping[str, frozenset[str]] = field(default_factory=dict)


def keep_used(desk: Desk, changes: tuple[Change, ...]) -> Kept:
    """What may be deleted, once all of our objects that use it at the vendor have let it go.

    Runs that have ended keep what they refer to; a vendor refuses to remove it, or breaks them.
    """
    leaving: dict[ObjectKey, set[str]] = {}
    for item in changes:
        if _lets_go(desk, item):
            leaving.setdefault(item.key, set()).add(item.id)
    users = {item.id: _users(desk, item) for item in changes if item.action is Action.DELETE}
    keepers = {name: [key for key in keys if key not in leaving] for name, keys in users.items() if keys}
    return Kept(
        changes=tuple(item for item in changes if not keepers.get(item.id)),
        notes=tuple(
            Note(str(item.address), f"not deleted yet: {keepers[item.id][0]} uses it")
            for item in changes
            if keepers.get(item.id)
        ),
        after={
            name: frozenset(change for key in users[name] for change in leaving[key])
            for name, several in keepers.items()
            if not several
        },
    )


def _lets_go(desk: Desk, item: Change) -> bool:
    if item.action in (Action.DELETE, Action.CREATE):
        return item.action is Action.DELETE
    spec = desk.scene.spec(item.key, item.kind)
    return spec is not None and any(spec.field_index[each.field].references for each in item.differences)


def _users(desk: Desk, item: Change) -> list[ObjectKey]:
    """The objects of ours that use one at the vendor."""
    record = desk.scene.snapshot.records.get(item.key)
    live = live_of(desk.index, record) if record is not None else None
    if live is None:
        return []
    owners = (desk.owner(user) for user in desk.users(live))
    return sorted(owner.key for owner in owners if owner is not None)


def chosen(changes: tuple[Change, ...], only: tuple[str, ...]) -> tuple[tuple[Change, ...], int]:
    """The changes at some addresses, all that they come after, and all that is quieter; and how many are left out."""
    if not only:
        return changes, 0
    addresses = {Address.parse(text) for text in only}
    by_id = {item.id: item for item in changes}
    kept: set[str] = set()
    waiting = [item.id for item in changes if item.address in addresses or item.movement is Movement.QUIETER]
    while waiting:
        name = waiting.pop()
        if name not in kept and name in by_id:
            kept.add(name)
            waiting.extend(by_id[name].after)
    return tuple(item for item in changes if item.id in kept), len(changes) - len(kept)


def unknown_holds(scene: Scene, index: Index) -> dict[Address, Held]:
    """What holds everything but the quieter where a request's end is not known.

    That is its address, and once it may ring, the addresses of all that it uses: what they have in
    common gets no louder either.
    """
    found: dict[Address, Held] = {}
    for intent in scene.snapshot.intents.values():
        text = _open(intent)
        found[intent.key.address] = Held("unknown", text)
        for key in _used_by(scene, index, intent):
            found.setdefault(key.address, Held("unknown", f"{intent.key.address} uses it, and {text}"))
    return found


def _used_by(scene: Scene, index: Index, intent: Intent) -> tuple[ObjectKey, ...]:
    record = scene.snapshot.records.get(intent.key)
    if record is None or phase_of(index, record) is not Phase.ARMED:
        return ()
    return record.depends_on


def _open(intent: Intent) -> str:
    if intent.handle:
        return f"{_words(intent)} is under way at the vendor; apply goes on with it"
    return f"the end of {_words(intent)} is not known; settle it: reconciler resolve {intent.key.address}"


def _words(intent: Intent) -> str:
    if intent.operation is Operation.APPEND and intent.contacts is not None:
        return f"sending {intent.contacts.count} people"
    return f"its {intent.operation.value}"
