"""Replacing: what an armed part cannot change is given to another one, for those whom it has not tried (law 10)."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.model.kind import KindSpec, Updatable
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Change, Difference, Held, Movement
from reconciler.model.state import Phase, Record
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.people import NOBODY, RunPeople, merged, sent_by
from reconciler.planning.basis.scene import live_of, namesakes, phase_of
from reconciler.planning.basis.subject import of_wanted
from reconciler.planning.basis.updates import Comparison, compared
from reconciler.planning.decisions.beginning import shrunk
from reconciler.planning.decisions.endings import protection
from reconciler.planning.decisions.parts import open_parts, run_people


def fixed(spec: KindSpec, seen: Comparison) -> tuple[Difference, ...]:
    """The differences of an armed object that its vendor cannot settle in place."""
    if not seen.proven:
        return ()
    return tuple(
        item for item in seen.differing if spec.field_index[item.field].updatable is not Updatable.ALWAYS
    )


def replacement(
    desk: Desk,
    wanted: WantedObject,
    record: Record,
    live: LiveObject,
    differing: tuple[Difference, ...],
) -> Change:
    """The change that rests a part, learns whom it tried, and stops it; held until somebody consents."""
    names = ", ".join(item.field for item in differing)
    text = f"{names} cannot be changed while the run is armed; it waits for the next run, or by consent for its rest"
    held = [Held("replace", text, f"replace:{wanted.key.address}"), *protection(record, wanted)]
    people = run_people(desk, wanted)
    if people.error:
        held.append(Held("contacts", people.error))
    held += shrunk(desk, wanted, people)
    if record.imported:
        held.append(Held("replace", "nobody knows who was queued in it at first; it waits for the next run"))
    if record.running and live.running is False:
        held.append(Held("restore", "paused outside", f"restore:{wanted.key.address}"))
    reason = f"{names}; its rest goes into another part"
    subject = of_wanted(wanted, record)
    return subject.change(Action.REPLACE, Movement.NEUTRAL, reason, differences=differing, held=tuple(held))


def leaving(desk: Desk, wanted: WantedObject, spec: KindSpec) -> dict[str, Record]:
    """The parts of a run that are replaced now, by the ids of the changes: all that holds them is consented to."""
    if not spec.replaceable:
        return {}
    found = {}
    for record in open_parts(desk, wanted):
        part, live = desk.index.wanted.get(record.key), live_of(desk.index, record)
        if part is None or live is None or phase_of(desk.index, record) is not Phase.ARMED:
            continue
        differing = fixed(spec, compared(desk, part, spec, record, live))
        change = replacement(desk, part, record, live, differing) if differing else None
        if change is not None and is_free(desk, change):
            found[change.id] = record
    return found


def is_free(desk: Desk, change: Change) -> bool:
    """Whether somebody consented to all that holds a change."""
    address, run = change.address, change.key.run
    return all(held.consent and desk.is_granted(held.action, address, run) for held in change.held)


def rest_of(desk: Desk, wanted: WantedObject, several: list[Record]) -> RunPeople:
    """The people of the part that takes over: at most all of those parts, and whoever is new."""
    people = desk.people(wanted, None)
    gone = {record.key for record in several}
    others = (item for item in namesakes(desk.index, wanted.key) if item.key not in gone)
    kept = NOBODY.union(*[sent_by(desk.scene, desk.index, item) for item in others])
    freed = merged(sent_by(desk.scene, desk.index, record) for record in several)
    over = {exact: broad for exact, broad in people.allowed.items() if exact in freed and exact not in kept}
    return replace(people, new={**people.new, **over})
