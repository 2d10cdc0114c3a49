"""How a run begins: made inert, filled, armed; filled within the create where the vendor takes people only there."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.model.kind import KindSpec
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Change, Held, Movement, Note
from reconciler.model.resource import Desired
from reconciler.model.state import Record
from reconciler.planning.basis.decision import NOTHING, Decision, joined
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.people import RunPeople
from reconciler.planning.basis.subject import creation, of_wanted
from reconciler.planning.basis.updates import later_settings
from reconciler.planning.decisions.enforcing import why_closed
from reconciler.planning.decisions.shared_objects import taken


def begin(
    desk: Desk,
    wanted: WantedObject,
    spec: KindSpec,
    record: Record | None,
    reason: str,
    people: RunPeople | None = None,
) -> Decision:
    """The chain of a fresh object: create, fill, arm. Nothing, where the run is stopped before it began.

    `people` are those that it begins with, if not everybody who is in no other object.
    """
    if wanted.desired is Desired.STOPPED:
        return never_began(wanted)
    held, problems = taken(desk, wanted, spec)
    made = creation(wanted, spec, record, reason, held)
    people = people or desk.people(wanted, None)
    if spec.fill_on_create:
        return Decision(problems=problems) + _made_full(desk, wanted, spec, record, made, people)
    filled = fill(wanted, record, people, Movement.NEUTRAL)
    changes = (made, *later_settings(wanted, spec))
    return joined((Decision(changes=changes, problems=problems), filled, arm(desk, wanted, record)))


def never_began(wanted: WantedObject) -> Decision:
    """The note that a run is over before it began."""
    text = f"run {wanted.key.run} is stopped and never began; nothing is made"
    return Decision(notes=(Note(str(wanted.key.address), text),))


def _made_full(
    desk: Desk, wanted: WantedObject, spec: KindSpec, record: Record | None, made: Change, people: RunPeople
) -> Decision:
    """The create with everybody in it, held where the list cannot be trusted; nothing where nobody is left."""
    if not (people.new or people.error):
        text = f"nobody is left to call in run {wanted.key.run}; nothing is made"
        return Decision(notes=(Note(str(wanted.key.address), text),))
    unread = (Held("contacts", people.error),) if people.error else ()
    full = _with_people(replace(made, held=(*made.held, *unread)), people)
    changes = (full, *later_settings(wanted, spec))
    return Decision(changes=changes, queued={full.id: people.new}) + arm(desk, wanted, record)


def fill(
    wanted: WantedObject,
    record: Record | None,
    people: RunPeople,
    movement: Movement,
    held: tuple[Held, ...] = (),
) -> Decision:
    """The append of everybody who is not queued yet, held where the list cannot be trusted."""
    if wanted.contacts is None or not (people.new or people.error):
        return NOTHING
    unread = (Held("contacts", people.error),) if people.error else ()
    reason = "contacts" if movement is Movement.NEUTRAL else "more contacts"
    empty = of_wanted(wanted, record).change(Action.APPEND, movement, reason, held=(*unread, *held))
    filled = _with_people(empty, people)
    return Decision(changes=(filled,), queued={filled.id: people.new})


def _with_people(change: Change, people: RunPeople) -> Change:
    return replace(change, people=len(people.new), people_digest=people.list_digest)


def arm(desk: Desk, wanted: WantedObject, record: Record | None, held: tuple[Held, ...] = ()) -> Decision:
    """The start, where the manifest wants it; on a day that is kept free here it arms, and a tick lets it ring."""
    if wanted.desired is not Desired.RUNNING:
        return NOTHING
    closed = why_closed(wanted.fields, desk.scene.now) or ""
    verb = "arm" if closed else "start"
    reason = f"{verb}, run {wanted.key.run}" + (f"; {closed}, so a tick lets it ring" if closed else "")
    start = of_wanted(wanted, record).change(Action.START, Movement.LOUDER, reason, held=held)
    return Decision(changes=(replace(start, waits=closed),))


def shrunk(desk: Desk, wanted: WantedObject, people: RunPeople) -> tuple[Held, ...]:
    """What holds a growth whose list lost more people than the project's limit allows."""
    if people.error or not people.vanished:
        return ()
    limit = desk.scene.limits.max_shrink_percent
    if len(people.vanished) * 100 <= limit * len(people.sent):
        return ()
    text = f"{len(people.vanished)} of {len(people.sent)} people left the list; the limit is {limit:g} %"
    return (Held("shrink", text, f"shrink:{wanted.key.address}"),)
