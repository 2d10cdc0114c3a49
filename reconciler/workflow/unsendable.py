"""People whom a vendor cannot take, found while planning: their list is refused before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.model.objects import WantedObject
from reconciler.model.plan import Change
from reconciler.model.problem import Problem
from reconciler.planning.planner import Planned
from reconciler.planning.scene import ListedPeople, Scene
from reconciler.providers import registry
from reconciler.workflow.people import Crowd
from reconciler.workflow.workspace import Workspace

SHOWN = 5
"""So many line numbers are named."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A list that a campaign's vendor cannot take whole, and why."""

    contacts: str
    problem: Problem


def unsendable(workspace: Workspace, crowd: Crowd, planned: Planned) -> tuple[Refused, ...]:
    """The lists of which a plan would queue somebody whom the vendor refuses; only the new people are looked at."""
    found = []
    for item in planned.plan.changes:
        wanted = planned.wanted.get(item.key)
        if item.id in planned.queued and wanted is not None and wanted.contacts in crowd.files:
            refused = _refused(workspace, crowd, planned, item, wanted)
            found += [refused] if refused is not None else []
    return tuple(found)


def _refused(
    workspace: Workspace, crowd: Crowd, planned: Planned, item: Change, wanted: WantedObject
) -> Refused | None:
    name = str(wanted.contacts)
    kind = registry.get(workspace.project.providers[item.address.provider].type).kinds[item.kind]
    reasons: Counter[str] = Counter()
    lines: list[int] = []
    for contact in crowd.files[name].contacts(planned.queued.get(item.id, {}).keys()):
        reason = kind.unsendable(wanted.fields, contact)
        if reason is not None:
            reasons[reason] += 1
            lines.append(contact.line)
    return Refused(name, _problem(workspace, wanted, name, reasons, lines)) if lines else None


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
