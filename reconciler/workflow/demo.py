"""The product in a minute: a vendor on this host, a project, and the loop from plan to repair, really run."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.model.address import Address, ObjectKey
from reconciler.model.demonstration import Demonstration, DemoStep
from reconciler.model.plan import Change, Plan
from reconciler.model.report import (
    ApplyReport,
    Step,
    StepResult,
    apply_codes,
    drift_codes,
    exit_code,
    plan_codes,
)
from reconciler.model.state import Record
from reconciler.providers.base import Sending
from reconciler.render import words
from reconciler.sandbox import Sandbox
from reconciler.workflow import demo_files
from reconciler.workflow.apply import apply
from reconciler.workflow.drift import drift
from reconciler.workflow.options import Options
from reconciler.workflow.plan import make_plan
from reconciler.workflow.workspace import Workspace, open_workspace

START = "2027-01-04T06:00:00-05:00"
AFTER = "2027-01-31T00:00:00-05:00"
"""When the simulated time begins, and a moment after the campaign's last day."""

PROVIDER = "plum"
PROFILE = ObjectKey(Address(PROVIDER, "profile", "morning-pace"))
PACE = "amount_per_period"

Tell = Callable[[DemoStep], None]


class _Silent:
    """Progress that nobody watches."""

    def planned(self, plan: Plan) -> None:
        """Say nothing."""

    def started(self, change: Change, number: int, total: int) -> None:
        """Say nothing."""

    def finished(self, step: Step, number: int, total: int) -> None:
        """Say nothing."""

    def waiting(self, text: str) -> None:
        """Say nothing."""


@dataclass
class _Stage:
    """Where the demonstration plays: a project and the vendor it points to."""

    folder: Path
    sandbox: Sandbox
    tell: Tell
    steps: list[DemoStep] = field(default_factory=list)

    def open(self) -> Workspace:
        """The project, opened anew for every step, as every command does."""
        token = self.sandbox.ready()["providers"][PROVIDER]["token"]
        environment = {demo_files.TOKEN: str(token)}
        return open_workspace(Options(self.folder, environment=environment, now=self.now))

    def now(self) -> dt.datetime:
        """The vendor's simulated time; nothing here looks at the real one."""
        return dt.datetime.fromisoformat(self.sandbox.clock()["now"])

    def end(self, step: DemoStep) -> None:
        """Note how a step ended, and tell it."""
        self.steps.append(step)
        self.tell(step)


def demonstrate(folder: Path, tell: Tell = lambda _step: None) -> Demonstration:
    """Play all steps in a new project in `folder`; `tell` hears each as it ends."""
    began = time.monotonic()
    with Sandbox(speed=0.0, start_at=START) as sandbox:
        # Without this the vendor would not show a pace, and a change of it could not be found.
        sandbox.options({PROVIDER: {"show_pacing": True}})
        demo_files.write(folder, sandbox.base_url(PROVIDER))
        stage = _Stage(folder, sandbox, tell)
        for play in (_plan, _apply, _plan_again, _by_hand, _drift, _repair, _let_time_pass):
            play(stage)
        ledger = sandbox.ledger
        return Demonstration(
            steps=tuple(stage.steps),
            people=demo_files.PEOPLE,
            called_once=len(ledger.called_once()),
            called_again=len(ledger.called_again()),
            called_blacklisted=ledger.called_from(demo_files.blacklisted()),
            seconds=time.monotonic() - began,
        )


def _plan(stage: _Stage) -> None:
    with stage.open() as workspace:
        plan = make_plan(workspace).plan
    people = plan.people_total.added if plan.people_total else 0
    ring = words.moment(plan.first_ring.at, weekday=True) if plan.first_ring else "never"
    changes = words.counted(len(plan.todo), "change")
    text = f"{changes}, {words.people(people)}, first ring {ring}"
    stage.end(_planned("plan", text, plan, as_expected=people == demo_files.PEOPLE))


def _planned(name: str, text: str, plan: Plan, *, as_expected: bool) -> DemoStep:
    code = exit_code(plan_codes(plan))
    return DemoStep(name, text, as_expected and code == 0, exit_code=code)


def _apply(stage: _Stage) -> None:
    report = _applied(stage)
    text = f"{_done(report)} of {len(report.steps)} done in {report.seconds:.1f} s"
    stage.end(_reported("apply", text, report))


def _applied(stage: _Stage) -> ApplyReport:
    with stage.open() as workspace:
        return apply(workspace, confirm=lambda _plan: True, progress=_Silent(), stop=threading.Event())


def _done(report: ApplyReport) -> int:
    return report.count(StepResult.DONE)


def _reported(name: str, text: str, report: ApplyReport, *, as_expected: bool = True) -> DemoStep:
    code = exit_code(apply_codes(report))
    whole = bool(report.steps) and _done(report) == len(report.steps)
    return DemoStep(name, text, as_expected and whole and code == 0, exit_code=code)


def _plan_again(stage: _Stage) -> None:
    with stage.open() as workspace:
        plan = make_plan(workspace).plan
    text = "nothing to do" if not plan.changes else f"{len(plan.changes)} changes"
    stage.end(_planned("plan", text, plan, as_expected=not plan.changes and not plan.findings))


def _by_hand(stage: _Stage) -> None:
    """Somebody doubles the pace in the vendor's own interface: a request that our state knows nothing of."""
    with stage.open() as workspace:
        record = _profile(workspace)
        before = record.fields[PACE]
        doubled = before * 2 if isinstance(before, int) else before
        account = workspace.accounts(write=True)[PROVIDER]
        sending = Sending({**record.fields, PACE: doubled}, record.natural_key, None)
        remote_id = str(record.remote_id)
        outcome = account.kind("profile").update(account.client, remote_id, sending, frozenset({PACE}))
    text = f"somebody doubles the pace of {PROFILE.address.name} at the vendor"
    stage.end(DemoStep("by hand", text, getattr(outcome, "done", False)))


def _profile(workspace: Workspace) -> Record:
    record = workspace.journal.record(PROFILE)
    if record is None:
        raise LookupError(f"{PROFILE} was not created")
    return record


def _drift(stage: _Stage) -> None:
    with stage.open() as workspace:
        found = drift(workspace)
    told = [
        f"{finding.grade.value.upper()}  {finding.kind}/{finding.key.address.name} "
        f"{each.field} {each.applied} -> {each.live}"
        for finding in found.findings
        for each in finding.differences
    ]
    alarm = found.findings[0].grade.value.upper() if found.findings else ""
    code = exit_code(drift_codes(found))
    as_expected = len(told) == 1 and alarm == "LOUDER" and code == 3  # noqa: PLR2004 - the exit code of drift
    stage.end(DemoStep("drift", "; ".join(told) or "nothing found", as_expected, alarm, code))


def _repair(stage: _Stage) -> None:
    report = _applied(stage)
    with stage.open() as workspace:
        plan = make_plan(workspace).plan
        account = workspace.accounts()[PROVIDER]
        raw = {"profile": account.kind("profile").read(account.client)}
        (live,) = account.provider.decode(PROVIDER, raw)
        right = _profile(workspace).fields[PACE] == live.fields[PACE] and not plan.changes
    text = f"{live.fields[PACE]} again; plan: {'nothing to do' if not plan.changes else 'changes'}"
    stage.end(_reported("repair", text, report, as_expected=right))


def _let_time_pass(stage: _Stage) -> None:
    """To the end of the campaign; that it is over is neither drift nor anything to do."""
    stage.sandbox.clock(set=AFTER)
    with stage.open() as workspace:
        plan = make_plan(workspace).plan
    calm = not plan.changes and not plan.findings
    text = f"it is {words.moment(AFTER)}; the campaign is over: no drift"
    stage.end(_planned("clock", text, plan, as_expected=calm))
