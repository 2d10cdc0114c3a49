"""People whom a vendor cannot take, found while planning: their list is refused before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from reconciler.model.objects import WantedObject
from reconciler.model.plan import Change
from reconciler.model.problem import Problem
from reconciler.planning.basis.scene import ListedPeople, Scene
from reconciler.planning.planner import Planned
from reconciler.providers import registry
from reconciler.workflow.people import Crowd
from reconciler.workflow.workspace import Workspace

if TYPE_CHECKING:
    from reconciler.contacts.contact import ContactFile

TWICE = "its reference is that of another person, and the vendor knows people by it"

SHOWN = 5
"""So many line numbers are named."""


class Refused(Struct, frozen=True):
    """A list that a campaign's vendor cannot take whole, and why."""

    contacts: str
    problem: Problem


def unsendable(workspace: Workspace, crowd: Crowd, planned: Planned) -> tuple[Refused, ...]:
    """The lists of which a plan would queue somebody whom the vendor refuses; only the new people are looked at."""
    found = []
    for item in planned.plan.changes:
        wanted = planned.wanted.get(item.key)
        queues = item.sends and item.id in planned.queued
        if queues and wanted is not None and wanted.contacts in crowd.files:
            refused = _refused(workspace, crowd, planned, item, wanted)
            found += [refused] if refused is not None else []
    return tuple(found)


def _refused(
    workspace: Workspace, crowd: Crowd, planned: Planned, item: Change, wanted: WantedObject
) -> Refused | None:
    name = str(wanted.contacts)
    kind = registry.get(workspace.project.providers[item.address.provider].type).kinds[item.kind]
    twice = _repeated(crowd.files[name]) if kind.spec.unique_reference else frozenset()
    reasons: Counter[str] = Counter()
    lines: list[int] = []
    for contact in crowd.files[name].contacts(planned.queued.get(item.id, {}).keys()):
        reason = kind.unsendable(wanted.fields, contact) or (TWICE if contact.reference in twice else None)
        if reason is not None:
            reasons[reason] += 1
            lines.append(contact.line)
    return Refused(name, _problem(workspace, wanted, name, reasons, lines)) if lines else None


def _repeated(file: ContactFile) -> frozenset[str]:
    """The references that several people of a list have."""
    counts = Counter(each.reference for each in file.contacts(file.people.keys()))
    return frozenset(each for each, count in counts.items() if each is not None and count > 1)


def _problem(
    workspace: Workspace, wanted: WantedObject, name: str, reasons: Mapping[str, int], lines: list[int]
) -> Problem:
    why = "; ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items()))
    shown = ", ".join(map(str, lines[:SHOWN])) + (" and more" if len(lines) > SHOWN else "")
    return Problem(
        "CTC01",
        f"{len(lines)} people of contact list {name} cannot be sent by {wanted.key.address}: {why}; lines {shown}",
        "mend these rows, or take them out; nothing of the list is sent before",
        location=workspace.loaded.manifests.contact_lists[name].location,
        address=wanted.key.address,
    )


def without(scene: Scene, refused: tuple[Refused, ...]) -> Scene:
    """The scene with those lists refused, and the problems said."""
    lists = {
        item.contacts: ListedPeople({}, "", "it holds people whom the vendor cannot take") for item in refused
    }
    problems = tuple(item.problem for item in refused)
    return replace(scene, lists={**scene.lists, **lists}, problems=(*scene.problems, *problems))
