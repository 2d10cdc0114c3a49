"""Possible renames: a campaign that would take over the people of one that the manifests lack now (law 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.model.address import Address, ObjectKey
from reconciler.model.plan import Action, Change, Held
from reconciler.model.state import Phase, Record
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.people import sent_by
from reconciler.planning.basis.scene import People, live_of, phase_of
from reconciler.planning.decisions.endings import over

BEGINS = (Action.CREATE, Action.APPEND, Action.START)
"""What a run that never rang begins with; the first of them that a plan has is held."""


class Renames(Struct, frozen=True):
    """What possible renames ask of a plan.

    `held`: by change, why it waits. `after`: by change, what must come before it. `keeps`: by dropped
    address, the changes before which nothing of it is deleted or forgotten, so that the next plan asks again.
    """

    held: Mapping[str, Held] = field(default_factory=dict)
    after: Mapping[str, frozenset[str]] = field(default_factory=dict)
    keeps: Mapping[Address, frozenset[str]] = field(default_factory=dict)


NONE = Renames()


def find_renames(
    desk: Desk, changes: tuple[Change, ...], queued: Mapping[str, People], reached: Mapping[str, People]
) -> Renames:
    """Where a plan begins to call whom an address that it drops has called, or calls still."""
    dropped = _dropped(desk)
    if not dropped:
        return NONE
    heads = _heads(desk, changes)
    held, keeps = _suspects(desk, dropped, heads, changes, {**reached, **queued})
    stops, elsewhere = _armed_elsewhere(desk, dropped, heads, changes)
    after = {item.id: keeps[item.address] for item in changes if _is_removal(item) and item.address in keeps}
    return Renames({**held, **elsewhere}, {**after, **stops}, keeps)


def hold_renames(changes: tuple[Change, ...], renames: Renames) -> tuple[Change, ...]:
    """The changes with what holds those that may be renames."""
    if not renames.held:
        return changes
    return tuple(
        replace(item, held=(*item.held, renames.held[item.id])) if item.id in renames.held else item
        for item in changes
    )


def _is_removal(item: Change) -> bool:
    return item.action is Action.DELETE


def _dropped(desk: Desk) -> dict[Address, list[Record]]:
    """The runs that rang of each address that this plan drops."""
    if not desk.scene.complete:
        return {}
    found: dict[Address, list[Record]] = {}
    for address, records in desk.index.runs.items():
        if address in desk.index.wanted_addresses or all(record.remote_id is None for record in records):
            continue
        rang = [record for record in records if phase_of(desk.index, record) is not Phase.INERT]
        if rang:
            found[address] = rang
    return found


def _heads(desk: Desk, changes: Iterable[Change]) -> dict[ObjectKey, Change]:
    """The first change of each run that is to begin."""
    found: dict[ObjectKey, Change] = {}
    for item in changes:
        if item.action not in BEGINS or _is_armed(desk, item.key):
            continue
        known = found.get(item.key)
        if known is None or BEGINS.index(item.action) < BEGINS.index(known.action):
            found[item.key] = item
    return found


def _is_armed(desk: Desk, key: ObjectKey) -> bool:
    record = desk.scene.snapshot.records.get(key)
    return record is not None and phase_of(desk.index, record) is Phase.ARMED


def _suspects(
    desk: Desk,
    dropped: Mapping[Address, list[Record]],
    heads: Mapping[ObjectKey, Change],
    changes: Iterable[Change],
    people: Mapping[str, People],
) -> tuple[dict[str, Held], dict[Address, frozenset[str]]]:
    called = _called(desk, dropped)
    held: dict[str, Held] = {}
    keeps: dict[Address, frozenset[str]] = {}
    for item in changes:
        both = called.keys() & people.get(item.id, {}).keys()
        if both and item.key in heads:
            head = heads[item.key]
            sources = Counter(address for exact in both for address in called[exact])
            held[head.id] = _again(item.address, sources)
            keeps |= {address: keeps.get(address, frozenset()) | {head.id} for address in sources}
    return held, keeps


def _called(desk: Desk, dropped: Mapping[Address, list[Record]]) -> dict[bytes, set[Address]]:
    """By whom each person was called."""
    found: dict[bytes, set[Address]] = {}
    for address, records in dropped.items():
        for record in records:
            for exact in sent_by(desk.scene, desk.index, record):
                found.setdefault(exact, set()).add(address)
    return found


def _again(target: Address, sources: Mapping[Address, int]) -> Held:
    source = min(sources, key=lambda address: (-sources[address], address))
    text = (
        f"{sources[source]} of its people were sent by {source}, which the manifests lack now: "
        f"renamed? then write moved: [{{from: {source}, to: {target}}}]"
    )
    return Held("again", text, f"again:{target}")


def _armed_elsewhere(
    desk: Desk,
    dropped: Mapping[Address, list[Record]],
    heads: Mapping[ObjectKey, Change],
    changes: Iterable[Change],
) -> tuple[dict[str, frozenset[str]], dict[str, Held]]:
    """A campaign whose provider changed begins once it is stopped where it is armed, and not otherwise."""
    stops = {item.key: item.id for item in changes if item.action is Action.STOP}
    ringing = _ringing(desk, dropped)
    after: dict[str, frozenset[str]] = {}
    held: dict[str, Held] = {}
    for key, item in heads.items():
        for record in ringing.get((key.address.kind, key.address.name), ()):
            if record.key in stops:
                after[item.id] = after.get(item.id, frozenset()) | {stops[record.key]}
            else:
                held[item.id] = Held("armed elsewhere", f"it is armed as {record.key}; end it there first")
    return after, held


def _ringing(desk: Desk, dropped: Mapping[Address, list[Record]]) -> dict[tuple[str, str], list[Record]]:
    """The runs of dropped addresses that may ring still, by kind and name."""
    found: dict[tuple[str, str], list[Record]] = {}
    for address, records in dropped.items():
        several = [record for record in records if _rings(desk, record)]
        if several:
            found.setdefault((address.kind, address.name), []).extend(several)
    return found


def _rings(desk: Desk, record: Record) -> bool:
    if phase_of(desk.index, record) is not Phase.ARMED:
        return False
    spec, live = desk.scene.spec(record.key, record.kind), live_of(desk.index, record)
    gone = live is None and record.key.address.provider in desk.scene.live
    return not gone and not (spec is not None and over(desk, spec, record, live))
