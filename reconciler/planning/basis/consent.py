"""Consents, limits and holds: what keeps a change from being made, and what lets it go on (laws 7, 10, 17)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from reconciler.model.address import Address, ObjectKey
from reconciler.model.plan import Action, Change, Held, LimitUse, Movement
from reconciler.model.resource import Consent
from reconciler.planning.basis.people import NOBODY
from reconciler.planning.basis.scene import People, Scene

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

LIMITS = ("people", "deletes", "updates")
"""Consents that lift a limit of the project."""

FEW = 10
"""Percent limits count from so many objects on."""


def granted(scene: Scene) -> Callable[[str, Address | None, str], bool]:
    """Whether an action at an address and run was consented to, on the command line or in a manifest."""
    today = scene.now.astimezone(ZoneInfo(scene.project.timezone or "UTC")).date()
    lines = frozenset(scene.allow)
    written: dict[str, list[Consent]] = {}
    for item in scene.consents:
        if item.until is None or item.until >= today:
            written.setdefault(item.action, []).append(item)

    def is_granted(action: str, address: Address | None, run: str) -> bool:
        if action in lines or f"{action}:{address}" in lines:
            return True
        return any(_covers(item, address, run) for item in written.get(action, ()))

    return is_granted


def _covers(item: Consent, address: Address | None, run: str) -> bool:
    return (item.address is None or item.address == address) and (item.run is None or item.run == run)


def consented(scene: Scene, changes: tuple[Change, ...]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes without the holds that somebody consented to, and those consents."""
    if not (scene.allow or scene.consents):
        return changes, ()
    is_granted = granted(scene)
    used: set[str] = set()
    found = []
    for item in changes:
        free = [held for held in item.held if _is_free(held, item, is_granted)]
        used |= {held.consent for held in free if held.consent is not None}
        kept = tuple(held for held in item.held if held not in free)
        found.append(replace(item, held=kept) if free else item)
    return tuple(found), tuple(sorted(used))


def _is_free(held: Held, item: Change, is_granted: Callable[[str, Address | None, str], bool]) -> bool:
    """Whether a hold was consented to; what names no address takes a consent that names none.

    A limit is the project's, and may be lifted for one address.
    """
    if held.consent is None:
        return False
    general = held.consent == held.action and held.action not in LIMITS
    return is_granted(held.action, None if general else item.address, item.key.run)


def braked(scene: Scene, changes: tuple[Change, ...], blocked: Mapping[Address, Held]) -> tuple[Change, ...]:
    """Holds that no address asks for itself: the project's brake, a blacklist that failed, an open unknown."""
    general = _general(scene)
    if not (general or blocked or scene.observers):
        return changes
    return tuple(_braked(scene, item, general, blocked.get(item.address)) for item in changes)


def _general(scene: Scene) -> tuple[Held, ...]:
    found = []
    if scene.snapshot.hold is not None:
        text = f"the project is on hold: {scene.snapshot.hold.reason}"
        found.append(Held("hold", f"{text}; release it with: reconciler hold release --reason ..."))
    for name, listed in sorted(scene.blacklists.items()):
        if listed.error is not None:
            consent = listed.consent
            text = f"blacklist {name}: {listed.error}" if name else listed.error
            found.append(Held("shrink" if consent else "suppression", text, consent))
    return tuple(found)


def _braked(scene: Scene, item: Change, general: tuple[Held, ...], unknown: Held | None) -> Change:
    extra: tuple[Held, ...] = ()
    if item.address.provider in scene.observers:
        extra += (Held("access", f"provider {item.address.provider} has access: observe"),)
    if item.movement is Movement.LOUDER or (item.sends and item.movement is not Movement.QUIETER):
        extra += general
    if unknown is not None and item.movement is not Movement.QUIETER:
        extra += (unknown,)
    return replace(item, held=(*item.held, *extra)) if extra else item


def limited(
    scene: Scene, changes: tuple[Change, ...], reached: Mapping[str, People]
) -> tuple[tuple[Change, ...], tuple[LimitUse, ...]]:
    """The changes with the project's limits applied, and how much of each limit they use.

    Only what would be made counts. `reached` are the people whom each change makes reachable; each
    person counts once. An object that is deleted and made again is one update.
    """
    todo = [item for item in changes if not item.held]
    made = {item.key for item in todo if item.action is Action.CREATE}
    names = {item.id: _limit_of(item, made, reached) for item in todo}
    people = len(NOBODY.union(*[reached[item.id].keys() for item in todo if item.id in reached]))
    deletes = sum(name == "deletes" for name in names.values())
    updates = len({item.key for item in todo if names[item.id] == "updates"})
    owned = sum(record.remote_id is not None for record in scene.snapshot.records.values())
    uses = (
        LimitUse("people", people, scene.limits.max_people, people > scene.limits.max_people),
        _percent("deletes", deletes, owned, scene.limits.max_delete_percent),
        _percent("updates", updates, owned, scene.limits.max_update_percent),
    )
    over = {use.name: use for use in uses if use.exceeded}
    if not over:
        return changes, uses
    return tuple(_limited(item, over.get(names.get(item.id, ""))) for item in changes), uses


def _limit_of(item: Change, made: Collection[ObjectKey], reached: Mapping[str, People]) -> str:
    """Which limit a change counts against, if any; what is quieter counts against none."""
    if item.id in reached:
        return "people"
    if item.movement is Movement.QUIETER:
        return ""
    if item.action is Action.DELETE:
        return "updates" if item.key in made else "deletes"
    return "updates" if item.action is Action.UPDATE and item.key not in made else ""


def _percent(name: str, used: int, owned: int, percent: float) -> LimitUse:
    if owned < FEW:
        return LimitUse(name, used, max(owned, used))
    allowed = int(owned * percent / 100)
    return LimitUse(name, used, allowed, used > allowed)


def _limited(item: Change, use: LimitUse | None) -> Change:
    if use is None:
        return item
    line = f"; to raise it: limits: {{max_people: {use.used}}}" if use.name == "people" else ""
    text = f"{use.used} {use.name}, the limit is {use.allowed}{line}"
    return replace(item, held=(*item.held, Held(use.name, text, use.name)))
