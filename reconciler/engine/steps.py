"""One change carried out, by the verb that its action asks for; a hold that was set meanwhile leaves it undone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from reconciler.engine.bench import Bench, step_of
from reconciler.engine.deleting import delete
from reconciler.engine.phases import set_phase
from reconciler.engine.queueing import append, withdraw
from reconciler.engine.sending import NotBound
from reconciler.engine.updating import update
from reconciler.errors import Held
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Action, Change, Movement
from reconciler.model.report import Step, StepResult
from reconciler.model.state import Operation, Phase


def may_wait(bench: Bench, change: Change) -> bool:
    """Whether a change's intent may be written a while before its request: what it lost is settled without a person.

    An update that is repeatable is planned anew, and who is queued in an object that was never armed is settled by
    making that again.
    """
    spec, record = bench.spec(change), bench.journal.record(change.key)
    if change.action is Action.UPDATE:
        return change.movement is not Movement.LOUDER and spec.operation(Operation.UPDATE).repeatable
    inert = record is not None and record.phase is Phase.INERT
    if change.action is not Action.APPEND or not inert or not spec.deletable:
        return False
    return not spec.operation(Operation.APPEND).staged


def carry_out(bench: Bench, change: Change) -> Step:
    """Carry out any change but a create; a hold that was set meanwhile leaves it undone."""
    began = time.monotonic()
    verbs: Mapping[Action, Callable[[Bench, Change], Outcome]] = {
        Action.UPDATE: update,
        Action.DELETE: delete,
        Action.APPEND: append,
        Action.WITHDRAW: withdraw,
    }
    verb = verbs.get(change.action, set_phase)
    try:
        outcome = verb(bench, change)
    except Held as held:
        return Step(change, StepResult.HELD, held.message, time.monotonic() - began)
    except NotBound as missing:
        return Step(change, StepResult.FAILED, f"{missing} does not exist", time.monotonic() - began)
    return step_of(bench, change, outcome, began)
