"""The use case of applying: under the lease, plan anew, ask, and carry out what was agreed to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from reconciler.backends.base import Lease
from reconciler.engine.account import Account
from reconciler.engine.apply import Applying
from reconciler.engine.ask import unresolved
from reconciler.engine.bench import Bench
from reconciler.engine.fresh import FRESH, Sight
from reconciler.engine.observe import Observation, observe
from reconciler.engine.recover import Recovery
from reconciler.errors import ReconcilerError, Stopped
from reconciler.model.plan import Change, Plan
from reconciler.model.report import ApplyReport, Step
from reconciler.model.state import ObjectShown, Review, ReviewBegun
from reconciler.planning.review.carrying_on import begin, left_of
from reconciler.planning.review.pins import Pins
from reconciler.planning.review.reviewed import Reviewed, check_fresh, unreviewed, vanished
from reconciler.planning.settling.read_back import read_back
from reconciler.workflow.people import remember
from reconciler.workflow.plan import Planned, counted, decide, move_entries, reviewed_of
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
    reviewed: Reviewed | Pins | None = None,
    choose: Callable[[Change], bool] | None = None,
    confirm: Callable[[Plan], bool],
    progress: Progress,
    stop: threading.Event,
) -> ApplyReport:
    """Plan anew and do what `confirm` agrees to; of a reviewed plan, only what is as it was reviewed.

    `choose` leaves of the plan those changes alone that it picks; the others are as if nobody had planned them.
    """
    began = time.monotonic()
    _ = workspace.manifests
    with workspace.leased() as lease:
        workspace.journal.refresh()
        workspace.begin()
        task = Task(workspace, workspace.accounts(write=True), progress, stop, lease, choose)
        agreed = task.planned(allow, only, reviewed)
        progress.planned(agreed.plan)
        asked = time.monotonic()
        if agreed.todo and not confirm(agreed.plan):
            return ApplyReport(agreed.plan, (), workspace.holder, declined=True)
        if time.monotonic() - asked > FRESH:
            agreed = task.planned_anew(agreed)
        steps = task.carry_out(agreed)
        with suppress(ReconcilerError):  # it saves time alone, and must not cost the report of what was done
            workspace.journal.compact_if_large()
    return ApplyReport(
        plan=agreed.plan,
        steps=steps,
        holder=workspace.holder,
        stopped=stop.is_set(),
        credentials=any(failure.credentials for failure in agreed.plan.failures),
        head=workspace.journal.head,
        seconds=time.monotonic() - began,
        vanished=agreed.vanished,
    )


class Agreed(Struct, frozen=True):
    """A plan, the changes of it that are not as they were reviewed, and reviewed ones that it lacks.

    `review` is what the state is told of the review before any of it is done.
    """

    planned: Planned
    refused: Mapping[str, str]
    vanished: tuple[str, ...] = ()
    review: Review | None = None

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        return self.planned.plan

    @property
    def todo(self) -> bool:
        """Whether anything is left that may be done."""
        return any(item.id not in self.refused for item in self.plan.todo)


class Task(Struct, frozen=True):
    """What every part of an apply works with."""

    workspace: Workspace
    accounts: Mapping[str, Account]
    progress: Progress
    stop: threading.Event
    lease: Lease
    choose: Callable[[Change], bool] | None = None

    @property
    def recovery(self) -> Recovery:
        """How what got no reply is looked for."""
        return Recovery(
            self.workspace.project,
            self.accounts,
            self.workspace.now,
            self.stop,
            self.progress.waiting,
            self.vouch,
            self.workspace.read_back,
        )

    def planned(self, allow: Sequence[str], only: Sequence[str], review: Reviewed | Pins | None) -> Agreed:
        """Settle what is open, write that down, and plan on what is then known; raises Stopped after a signal."""
        journal = self.workspace.journal
        begun = journal.snapshot.review  # before anything is written, which may end it
        journal.write(*move_entries(self.workspace, journal.snapshot))
        observation = counted(self.workspace, self.accounts, journal.snapshot, self.observed())
        reviewed = review if isinstance(review, Reviewed) else None
        planning = partial(
            decide,
            self.workspace,
            journal.snapshot,
            observation,
            only=(*only, *(reviewed.only if reviewed is not None else ())),
            allow=(*allow, *(reviewed.allow if reviewed is not None else ())),
            suppressed=reviewed.suppressed if reviewed is not None else frozenset(),
        )
        planned = planning()
        refused = unresolved(self.accounts, planned.plan.changes, planned.decided.wanted)
        planned = planning(refused=refused) if refused else planned
        if self.choose is not None:
            planned = _left_with(planned, self.choose)
        return Agreed(planned, {}) if review is None else self._as_reviewed(planned, review, begun)

    def _as_reviewed(self, planned: Planned, review: Reviewed | Pins, begun: Review | None) -> Agreed:
        """What of a plan may be done by a review, and by what of that was begun before."""
        plan = planned.plan
        reviewed = review.against(plan) if isinstance(review, Pins) else review
        check_fresh(reviewed, plan, self.workspace.now())
        left = left_of(begun, review.name, plan)
        refused = unreviewed(reviewed, plan, left.covers)
        agreed = [item for item in plan.todo if item.id not in refused]
        gone = () if left.alone and agreed else vanished(reviewed, plan)
        going_on = begin(begun, review.name, agreed, self.workspace.holder) if agreed else None
        return Agreed(planned, refused, gone, going_on)

    def observed(self) -> Observation:
        """What shows now, with all settled that looking can settle; raises Stopped after a signal."""
        self._outwait()
        observation = observe(self.accounts.values())
        self._refuse_to_go_on()
        observation = self.recovery.run(self.workspace.journal, observation)
        self._refuse_to_go_on()
        return observation

    def vouch(self) -> None:
        """Raise StateLocked unless the lease is ours, and for longer than any request may take."""
        self.lease.check(self.workspace.longest_request)

    def _outwait(self) -> None:
        """Wait while whoever had the lease before may have requests under way: until then they are unknown."""
        seconds = self.lease.others_end_in()
        if seconds > 0 and self.workspace.journal.snapshot.intents:
            self.progress.waiting(f"the lock was taken away: what is under way may last {seconds:.0f} s more")
            self.stop.wait(seconds)

    def planned_anew(self, agreed: Agreed) -> Agreed:
        """Whoever was asked took their time: what they saw is what was reviewed, and all is read again."""
        seen = reviewed_of(agreed.planned)
        changes = {name: digest for name, digest in seen.changes.items() if name not in agreed.refused}
        fresh = self.planned((), (), replace(seen, changes=changes))
        return Agreed(
            fresh.planned,
            {**fresh.refused, **agreed.refused},
            (*agreed.vanished, *fresh.vanished),
            agreed.review,
        )

    def _refuse_to_go_on(self) -> None:
        if self.stop.is_set():
            raise Stopped("stopped before anything was changed", "run the command again")

    def carry_out(self, agreed: Agreed) -> tuple[Step, ...]:
        """Write down what was learnt, and do what was agreed to."""
        changes = agreed.plan.changes
        review, time = agreed.review, self.workspace.stamp()
        self.workspace.journal.write(
            *((ReviewBegun(review, time),) if review is not None else ()),
            *agreed.planned.decided.entries,
            *self._read_back(agreed.planned.observation),
            *remember(self.workspace, agreed.planned.crowd, agreed.plan.consents),
        )
        numbers = {item.id: number for number, item in enumerate(changes, 1)}
        wanted, record = agreed.planned.decided.wanted, self.workspace.journal.record
        sight = Sight(self.accounts, wanted, record, self.stop.wait, agreed.planned.observation)
        applying = Applying(
            bench=self._bench(agreed.planned, sight),
            recovery=self.recovery,
            sight=sight,
            stop=self.stop,
            started=lambda item: self.progress.started(item, numbers[item.id], len(numbers)),
            finished=lambda step: self.progress.finished(step, numbers[step.change.id], len(numbers)),
            refused=agreed.refused,
        )
        return applying.run(changes)

    def _read_back(self, observation: Observation) -> Iterator[ObjectShown]:
        """What shows of every object to which a request was sent since it was read last, by any command."""
        now = self.workspace.stamp()
        for key, record in self.workspace.journal.snapshot.records.items():
            if record.shown != record.generation and record.remote_id is not None:
                live = observation.find(key.address.provider, record.kind, record.remote_id)
                yield from read_back(record, live, now)

    def _bench(self, planned: Planned, sight: Sight) -> Bench:
        workspace = self.workspace
        return Bench(
            journal=workspace.journal,
            accounts=self.accounts,
            wanted=planned.decided.wanted,
            queued=planned.decided.queued,
            lists=planned.crowd.files,
            suppressions=planned.crowd.suppressions,
            holder=workspace.holder,
            clock=workspace.stamp,
            stopping=self.stop.is_set,
            digest=lambda contact: workspace.digester.exact(contact.number),
            check=self.vouch,
            wait=self.stop.wait,
            read_back=workspace.read_back,
            shown=sight.people,
        )


def _left_with(planned: Planned, choose: Callable[[Change], bool]) -> Planned:
    """The plan without the changes that were not chosen, and so without any that waits for one of them."""
    plan = planned.plan
    chosen = tuple(item for item in plan.changes if choose(item))
    return replace(planned, decided=replace(planned.decided, plan=replace(plan, changes=chosen)))
