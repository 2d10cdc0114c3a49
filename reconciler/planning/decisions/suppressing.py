"""Blacklists that a vendor keeps, too: only ever added to, before anybody is called there (law 8)."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.model.kind import KindSpec
from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Movement, Note
from reconciler.model.state import Operation, Record
from reconciler.planning.basis.decision import NOTHING, Decision
from reconciler.planning.basis.desk import Desk
from reconciler.planning.basis.people import EMPTY, RunPeople, sent_by
from reconciler.planning.basis.subject import of_wanted
from reconciler.planning.review.reviewed import LOAD


def decide_suppression(desk: Desk, wanted: WantedObject) -> Decision:
    """The load of everybody who was not loaded yet. It is as quiet as a stop, so nothing holds it back.

    A list that cannot be read whole holds what calls; whom it does name is loaded all the same.
    """
    listed = desk.scene.blacklists.get(wanted.key.address.name)
    if listed is None:
        return NOTHING
    record = desk.scene.snapshot.records.get(wanted.key)
    loaded = sent_by(desk.scene, desk.index, record) if record is not None else EMPTY
    there = desk.scene.stored.get(wanted.key.address.provider)
    known = loaded.keys() if there is None else loaded.keys() & there
    fresh = {broad: broad for broad in listed.broad if broad not in known}
    if not fresh:
        return NOTHING
    reason = "suppressed people, before anybody is called there"
    load = of_wanted(wanted, record).change(Action.APPEND, Movement.QUIETER, reason, suffix=LOAD)
    return Decision(changes=(replace(load, people=len(fresh)),), queued={load.id: fresh})


def drop_suppression(record: Record) -> Decision:
    """The note that what was loaded stays: a vendor's list is never shortened."""
    count = sum(ref.count for ref in record.sent)
    text = f"not in the manifests for this provider any more; {count} people stay suppressed there"
    return Decision(notes=(Note(str(record.key.address), text),))


def withdrawal(wanted: WantedObject, spec: KindSpec, record: Record, people: RunPeople) -> Decision:
    """The vendor's own means against calling people who are queued and suppressed by now, before any other change."""
    if not people.queued_suppressed or Operation.WITHDRAW not in spec.operation_index:
        return NOTHING
    queued = {exact: people.sent[exact] for exact in sorted(people.queued_suppressed)}
    reason = "suppressed, though queued"
    drawn = of_wanted(wanted, record).change(Action.WITHDRAW, Movement.QUIETER, reason)
    return Decision(changes=(replace(drawn, people=len(queued)),), queued={drawn.id: queued})
