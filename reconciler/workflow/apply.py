"""The use case of applying: under the lease, plan anew, ask, and carry out what was agreed to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from reconciler.backends.base import Lease
from reconciler.engine.account import Account
from reconciler.engine.apply import Applying
from reconciler.engine.observe import observe
from reconciler.engine.recover import Recovery
from reconciler.engine.steps import Bench
from reconciler.model.plan import Change, Plan
from reconciler.model.report import ApplyReport, Step
from reconciler.planning.reviewed import Reviewed, check_fresh, unreviewed, vanished
from reconciler.providers.base import SendableContact
from reconciler.workflow.people import remember
from reconciler.workflow.plan import Planned, decide, move_entries
from reconciler.workflow.workspace import Workspace


class Progress(Protocol):
    """Who is told what happens; called from several threads."""

    def planned(self, plan: Plan) -> None:
        """What is about to be done."""

    def started(self, change: Change, number: int, total: int) -> None:
        """A change begins."""

    def finished(self, step: Step, number: int, total: int) -> None:
        """A change ended."""

    def waiting(self, text: str) -> None:
        """Nothing happens for a while, and why."""


def apply(
    workspace: Workspace,
    *,
    allow: Sequence[str] = (),
    only: Sequence[str] = (),
    reviewed: Reviewed | None = None,
    confirm: Callable[[Plan], bool],
    progress: Progress,
    stop: threading.Event,
) -> ApplyReport:
    """Plan anew and do what `confirm` agrees to; of a reviewed plan, only what is as it was reviewed."""
    began = time.monotonic()
    _ = workspace.manifests
    with workspace.backend.lease(workspace.holder) as lease:
        workspace.journal.refresh()
        workspace.begin()
        accounts = workspace.accounts(write=True)
        planned = _plan(workspace, accounts, reviewed, allow, only, progress, stop)
        if reviewed is not None:
            check_fresh(reviewed, planned.plan, workspace.now())
        refused = unreviewed(reviewed, planned.plan) if reviewed is not None else {}
        progress.planned(planned.plan)
        if any(item.id not in refused for item in planned.plan.todo) and not confirm(planned.plan):
            return ApplyReport(planned.plan, (), workspace.holder, declined=True)
        steps = _carry_out(workspace, accounts, planned, refused, progress, stop, lease)
        workspace.journal.compact_if_large()
    return ApplyReport(
        plan=planned.plan,
        steps=steps,
        holder=workspace.holder,
        stopped=stop.is_set(),
        credentials=_refused_credentials(planned.plan),
        head=workspace.journal.head,
        seconds=time.monotonic() - began,
        vanished=vanished(reviewed, planned.plan) if reviewed is not None else (),
    )


def _plan(
    workspace: Workspace,
    accounts: Mapping[str, Account],
    reviewed: Reviewed | None,
    allow: Sequence[str],
    only: Sequence[str],
    progress: Progress,
    stop: threading.Event,
) -> Planned:
    """Settle what is open, write that down, and plan on what is then known."""
    journal = workspace.journal
    observation = observe(accounts.values())
    journal.write(*move_entries(workspace, journal.snapshot))
    recovery = _recovery(workspace, accounts, progress, stop)
    observation = recovery.run(journal, observation)
    return decide(
        workspace,
        journal.snapshot,
        observation,
        only=(*only, *(reviewed.only if reviewed is not None else ())),
        allow=(*allow, *(reviewed.allow if reviewed is not None else ())),
        suppressed=reviewed.suppressed if reviewed is not None else frozenset(),
    )


def _recovery(
    workspace: Workspace, accounts: Mapping[str, Account], progress: Progress, stop: threading.Event
) -> Recovery:
    return Recovery(workspace.project, accounts, workspace.now, stop, progress.waiting)


def _carry_out(
    workspace: Workspace,
    accounts: Mapping[str, Account],
    planned: Planned,
    refused: Mapping[str, str],
    progress: Progress,
    stop: threading.Event,
    lease: Lease,
) -> tuple[Step, ...]:
    journal = workspace.journal
    journal.write(*planned.decided.entries, *remember(workspace, planned.crowd))
    numbers = {item.id: number for number, item in enumerate(planned.plan.changes, 1)}
    total = len(numbers)
    bench = Bench(
        journal=journal,
        accounts=accounts,
        wanted=planned.decided.wanted,
        queued=planned.decided.queued,
        lists=planned.crowd.files,
        holder=workspace.holder,
        clock=workspace.stamp,
        stopping=stop.is_set,
        digest=_digest(workspace),
        check=lease.check,
    )
    applying = Applying(
        bench=bench,
        recovery=_recovery(workspace, accounts, progress, stop),
        observation=planned.observation,
        stop=stop,
        started=lambda item: progress.started(item, numbers[item.id], total),
        finished=lambda step: progress.finished(step, numbers[step.change.id], total),
        refused=refused,
    )
    return applying.run(planned.plan.changes)


def _digest(workspace: Workspace) -> Callable[[SendableContact], bytes]:
    return lambda contact: workspace.digester.exact(contact.number)


def _refused_credentials(plan: Plan) -> bool:
    return any(failure.credentials for failure in plan.failures)
