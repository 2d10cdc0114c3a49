"""Blacklists that a vendor keeps, too: only ever added to, before anybody is called there (law 8)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.objects import WantedObject
from reconciler.model.plan import Action, Movement, Note
from reconciler.model.state import Record
from reconciler.planning.decision import NOTHING, Decision, Desk, of_wanted
from reconciler.planning.people import EMPTY, sent_by
from reconciler.planning.reviewed import LOAD


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
