"""Consents, limits and holds: what keeps a change from being made, and what lets it go on (laws 7, 10, 17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from reconciler.model.address import Address
from reconciler.model.plan import Action, Change, Held, LimitUse, Movement
from reconciler.model.resource import Consent
from reconciler.planning.scene import People, Scene

ACTIONS = (
    "delete",
    "replace",
    "end-run",
    "rerun",
    "restore",
    "again",
    "grow",
    "people",
    "deletes",
    "updates",
    "shrink",
    "shared",
    "account",
    "spend",
)
"""What can be consented to. There is no `all`."""

FEW = 10
"""Percent limits count from so many objects on."""

SENDS = (Action.APPEND, Action.START, Action.RESUME)


def granted(scene: Scene) -> Callable[[str, Address | None, str], bool]:
    """Whether an action at an address and run was consented to, on the command line or in a manifest."""
    today = scene.now.date()
    lines = frozenset(scene.allow)
    written = [item for item in scene.consents if item.until is None or item.until >= today]

    def is_granted(action: str, address: Address | None, run: str) -> bool:
        if action in lines or f"{action}:{address}" in lines:
            return True
        return any(_covers(item, action, address, run) for item in written)

    return is_granted


def _covers(item: Consent, action: str, address: Address | None, run: str) -> bool:
    return (
        item.action == action
        and (item.address is None or item.address == address)
        and (item.run is None or item.run == run)
    )


def consented(scene: Scene, changes: Iterable[Change]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes without the holds that somebody consented to, and those consents."""
    is_granted = granted(scene)
    used: set[str] = set()
    found = []
    for item in changes:
        free = {
            held
            for held in item.held
            if held.consent is not None
            and is_granted(held.action, None if held.consent == held.action else item.address, item.key.run)
        }
        used |= {held.consent for held in free if held.consent is not None}
        found.append(
            replace(item, held=tuple(held for held in item.held if held not in free)) if free else item
        )
    return tuple(found), tuple(sorted(used))


def braked(scene: Scene, changes: Iterable[Change], blocked: Mapping[Address, Held]) -> tuple[Change, ...]:
    """Holds that no address asks for itself: the project's brake, a blacklist that failed, an open unknown."""
    general = _general(scene)
    return tuple(_braked(scene, item, general, blocked.get(item.address)) for item in changes)


def _general(scene: Scene) -> tuple[Held, ...]:
    found = []
    if scene.snapshot.hold is not None:
        text = f"the project is on hold: {scene.snapshot.hold.reason}"
        found.append(Held("hold", f"{text}; release it with: reconciler hold release --reason ..."))
    for name, listed in sorted(scene.blacklists.items()):
        if listed.error is not None:
            consent = listed.consent
            found.append(
                Held("shrink" if consent else "suppression", f"blacklist {name}: {listed.error}", consent)
            )
    return tuple(found)


def _braked(scene: Scene, item: Change, general: tuple[Held, ...], unknown: Held | None) -> Change:
    extra: tuple[Held, ...] = ()
    if item.address.provider in scene.observers:
        extra += (Held("access", f"provider {item.address.provider} has access: observe"),)
    if item.movement is Movement.LOUDER or item.action in SENDS:
        extra += general
    if unknown is not None and item.movement is not Movement.QUIETER:
        extra += (unknown,)
    return replace(item, held=(*item.held, *extra)) if extra else item


def limited(
    scene: Scene, changes: tuple[Change, ...], reached: Mapping[str, People]
) -> tuple[tuple[Change, ...], tuple[LimitUse, ...]]:
    """The changes with the project's limits applied, and how much of each limit they use.

    `reached` are the people whom each change makes reachable; each person counts once.
    """
    people = len(frozenset().union(*(frozenset(reached[item.id]) for item in changes if item.id in reached)))
    owned = sum(record.remote_id is not None for record in scene.snapshot.records.values())
    deletes = sum(item.action is Action.DELETE for item in changes)
    updates = len({item.key for item in changes if item.action is Action.UPDATE})
    uses = (
        LimitUse("people", people, scene.limits.max_people, people > scene.limits.max_people),
        _percent("deletes", deletes, owned, scene.limits.max_delete_percent),
        _percent("updates", updates, owned, scene.limits.max_update_percent),
    )
    over = {use.name: use for use in uses if use.exceeded}
    return tuple(_limited(item, over, reached) for item in changes), uses


def _percent(name: str, used: int, owned: int, percent: float) -> LimitUse:
    allowed = int(owned * percent / 100)
    return LimitUse(
        name, used, allowed if owned >= FEW else max(owned, used), owned >= FEW and used > allowed
    )


def _limited(item: Change, over: Mapping[str, LimitUse], reached: Mapping[str, People]) -> Change:
    name = {Action.DELETE: "deletes", Action.UPDATE: "updates"}.get(item.action, "")
    if item.id in reached:
        name = "people"
    use = over.get(name)
    if use is None or item.movement is Movement.QUIETER:
        return item
    line = f"limits: {{max_people: {use.used}}}" if name == "people" else f"--allow {name}"
    text = f"{use.used} {name}, the limit is {use.allowed}; to go on: {line}"
    return replace(item, held=(*item.held, Held(name, text, name)))
