"""A run that never rang: changed and filled freely, thrown away where that is simpler, armed once (laws 1, 2)."""

from __future__ import annotations

from reconciler.model.kind import KindSpec, Updatable
from reconciler.model.objects import LiveObject, WantedObject
from reconciler.model.plan import Action, Difference, Held, Movement
from reconciler.model.resource import Desired
from reconciler.model.state import Record
from reconciler.planning.basis.decision import Decision, joined
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.entries import adopted
from reconciler.planning.basis.people import RunPeople
from reconciler.planning.basis.subject import of_wanted
from reconciler.planning.basis.transitions import DOUBT
from reconciler.planning.basis.updates import Comparison, compared, updates
from reconciler.planning.decisions.beginning import arm, begin, fill, never_began, shrunk
from reconciler.planning.decisions.endings import disposal, remove_inert
from reconciler.planning.decisions.strays import astray, copy_notes, held_by_copies

DOUBTS = {
    "append": "nobody knows who is queued in it",
    "stop": "it was asked to stop before it began",
    "key": "its people are known under a lost key",
}
"""Why an inert object is thrown away, by the value of its DOUBT."""


def decide_inert(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record, live: LiveObject
) -> Decision:
    """An object that never rang: changed freely, and thrown away where it cannot be changed."""
    if wanted.desired is Desired.STOPPED:
        return remove_inert(desk, spec, record, live, "stopped before it began") + never_began(wanted)
    people = desk.people(wanted, record)
    seen = compared(desk, wanted, spec, record, live)
    copied = desk.marked(spec, record.key, record.marker)
    why = _disposable(spec, record, people, seen.differing) or _miscounted(desk, spec, record, live)
    if why and seen.proven and not copied:
        return _again(desk, wanted, spec, record, why, people, seen)
    held = (*held_by_copies(copied), *((Held("replace", why),) if why else ()))
    settled = Decision(changes=updates(spec, wanted, record, seen), findings=seen.findings)
    learned = adopted(desk.scene, record, seen.known(record.fields), protect=wanted.protect)
    notes = copy_notes(wanted, copied)
    if spec.fill_on_create:
        unread = (Held("contacts", people.error),) if people.error else ()
        return joined((settled, learned, arm(desk, wanted, record, (*held, *unread)), notes))
    filled = fill(wanted, record, people, Movement.NEUTRAL, (*held, *shrunk(desk, wanted, people)))
    return joined((settled, learned, filled, arm(desk, wanted, record, held), notes))


def _again(
    desk: Desk,
    wanted: WantedObject,
    spec: KindSpec,
    record: Record,
    why: str,
    people: RunPeople,
    seen: Comparison,
) -> Decision:
    """Thrown away and made again; its people are read anew."""
    gone = of_wanted(wanted, record).change(
        Action.DELETE, Movement.NEUTRAL, disposal(spec, why), held=shrunk(desk, wanted, people)
    )
    fresh = begin(desk, wanted, spec, record, "made again")
    return Decision(changes=(gone,), findings=seen.findings) + fresh


def _disposable(
    spec: KindSpec, record: Record, people: RunPeople, differing: tuple[Difference, ...]
) -> str | None:
    """Why an inert object is better made again than changed, if it is."""
    if doubt := record.facts.get(DOUBT):
        return f"{DOUBTS.get(doubt, DOUBTS['append'])}; never armed, so it is made again"
    if people.queued_suppressed:
        return f"{len(people.queued_suppressed)} suppressed people are queued in it; never armed, made again"
    if people.vanished and not people.error:
        return f"{len(people.vanished)} people left its list; never armed, made again"
    if spec.fill_on_create and people.new and not people.error:
        return f"{len(people.new)} people joined its list; never armed, made again"
    fixed = [item.field for item in differing if spec.field_index[item.field].updatable is Updatable.NEVER]
    return f"{', '.join(fixed)} cannot be changed; never armed, made again" if fixed else None


def _miscounted(desk: Desk, spec: KindSpec, record: Record, live: LiveObject) -> str | None:
    """Why an inert object would call others than those whom we queued in it."""
    found = astray(desk, spec, record, live)
    return None if found is None else f"{found[0]}; never armed, so it is made again"
