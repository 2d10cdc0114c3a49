"""Healing: the changes that need nobody, since each of them can only make things quieter."""

from __future__ import annotations

from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Change, Movement
from reconciler.planning.review.reviewed import loads

_SILENCING = (Action.STOP, Action.PAUSE)
_HARMLESS = (Loudness.QUIETER, Loudness.SAME)


def heals(item: Change) -> bool:
    """Whether a change stops, pauses, slows, narrows or suppresses, and does nothing else beside.

    What is held waits for somebody's consent here, too; what is deleted cannot be had back, so it waits as well.
    """
    if item.held or item.movement is not Movement.QUIETER:
        return False
    if item.action in _SILENCING or loads(item.id):
        return True
    steps = [each.loudness for each in item.differences]
    return (
        item.action is Action.UPDATE
        and Loudness.QUIETER in steps
        and all(each in _HARMLESS for each in steps)
    )
