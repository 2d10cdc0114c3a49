"""The use case of the clock: days and dates that vendors do not know, kept by pausing and resuming."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator

from msgspec.structs import replace

from reconciler.engine.observe import Observation
from reconciler.errors import ReconcilerError
from reconciler.model.plan import Change, Note, Plan, ProviderFailure
from reconciler.model.report import ApplyReport
from reconciler.model.state import Phase, Record
from reconciler.planning.basis.consent import braked
from reconciler.planning.basis.scene import Scene, build_index
from reconciler.planning.decisions.enforcing import is_kept_here, next_turn, ticks
from reconciler.planning.planner import build_plan
from reconciler.workflow.accounts import reached
from reconciler.workflow.apply import Agreed, Progress, Task
from reconciler.workflow.people import Crowd
from reconciler.workflow.plan import Planned, decide, specs_of
from reconciler.workflow.workspace import Workspace

UNREAD = "nothing is resumed while the manifests cannot be read: nobody knows who is suppressed"


def tick(
    workspace: Workspace, *, at: dt.datetime | None, progress: Progress, stop: threading.Event
) -> ApplyReport:
    """Pause what rings on a wrong day and resume what rested; it never creates, sends, changes or arms.

    Pausing follows from the state alone. Resuming needs the manifests, since whom a list suppresses by now must
    not be called.
    """
    began = time.monotonic()
    with workspace.leased() as lease:
        workspace.journal.refresh()
        names = {record.key.address.provider for record in _kept(workspace)}
        accounts, unreached = reached(workspace, names, write=True)
        task = Task(workspace, {item.name: item for item in accounts}, progress, stop, lease)
        planned = _planned(workspace, task.observed(), at or workspace.now(), unreached)
        progress.planned(planned.plan)
        steps = task.carry_out(Agreed(planned, {}))
    return ApplyReport(
        plan=planned.plan,
        steps=steps,
        holder=workspace.holder,
        stopped=stop.is_set(),
        credentials=any(failure.credentials for failure in planned.plan.failures),
        head=workspace.journal.head,
        seconds=time.monotonic() - began,
    )


def _kept(workspace: Workspace) -> Iterator[Record]:
    """The runs whose days and dates are kept here."""
    for record in workspace.journal.snapshot.records.values():
        if record.phase is Phase.ARMED and is_kept_here(record.fields):
            yield record


def _planned(
    workspace: Workspace, observation: Observation, now: dt.datetime, unreached: tuple[ProviderFailure, ...]
) -> Planned:
    """The pauses and resumes that are due, as a plan of nothing else; the people of the whole plan stay aside."""
    snapshot = workspace.journal.snapshot
    scene = Scene(
        workspace.project,
        (),
        snapshot,
        observation.live,
        specs_of(workspace.project),
        now,
        failures=(*unreached, *observation.failures),
        observers=workspace.project.watched,
        complete=False,
    )
    frame, crowd = build_plan(scene), Crowd()
    whole: tuple[Change, ...] = ()
    notes = [*_turns(workspace, now)]
    try:
        several = decide(workspace, snapshot, observation, at=now)
        frame, crowd, whole = several.decided, several.crowd, several.plan.changes
    except ReconcilerError as error:
        notes.append(Note("", f"{UNREAD}: {error.message}"))
    changes = tuple(braked(scene, (item,), {})[0] for item in ticks(scene, build_index(scene), whole))
    plan = _alone(frame.plan, changes, tuple(notes), scene.failures)
    return Planned(replace(frame, plan=plan, entries=(), queued={}), crowd, observation)


def _alone(
    plan: Plan, changes: tuple[Change, ...], notes: tuple[Note, ...], failures: tuple[ProviderFailure, ...]
) -> Plan:
    """A plan of these changes and of nothing else."""
    return replace(
        plan,
        changes=changes,
        notes=notes,
        failures=failures,
        findings=(),
        people=(),
        people_total=None,
        first_ring=None,
        limits=(),
        consents=(),
        problems=(),
        not_visible=(),
    )


def _turns(workspace: Workspace, now: dt.datetime) -> Iterator[Note]:
    """When the clock has to come next."""
    for record in _kept(workspace):
        turn = next_turn(record.fields, now)
        when = "never again" if turn is None else f"at {turn.isoformat(timespec='minutes')}"
        yield Note(str(record.key.address), f"turns next {when}")
