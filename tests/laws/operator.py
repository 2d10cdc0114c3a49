"""Somebody at work with a project in this very process: plan, apply, drift and resolve against a sandbox."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from reconciler.backends.local import LocalBackend
from reconciler.model.plan import Change, Plan
from reconciler.model.report import ApplyReport, Step, exit_code, plan_codes
from reconciler.model.state import Intent, Operation, Record
from reconciler.model.unknowns import Answer
from reconciler.sandbox import Sandbox
from reconciler.state.people import decode_people
from reconciler.testing.generated import POOL, number
from reconciler.workflow.apply import apply
from reconciler.workflow.options import Options
from reconciler.workflow.plan import make_plan
from reconciler.workflow.resolve import resolve
from reconciler.workflow.workspace import Workspace, open_workspace

EVERYTHING = (
    "delete", "replace", "end-run", "rerun", "restore", "again", "grow", "people", "deletes", "updates", "shrink",
    "shared", "account", "spend",
)  # fmt: skip
"""Every consent that there is."""


class Quiet:
    """Progress that nobody watches."""

    def planned(self, plan: Plan) -> None: ...

    def started(self, change: Change, number: int, total: int) -> None: ...

    def finished(self, step: Step, number: int, total: int) -> None: ...

    def waiting(self, text: str) -> None: ...


class Operator:
    """Runs commands at a project; every one opens it anew, as a process would."""

    def __init__(self, root: Path, sandbox: Sandbox) -> None:
        self.root = root
        self.sandbox = sandbox

    def provider(self, timeout: float = 5.0) -> dict[str, object]:
        """The provider as the project file has it."""
        return {
            "type": "plum",
            "token": {"env": "PLUM_TOKEN"},
            "base_url": self.sandbox.base_url("plum"),
            "list_lag": 0.02,
            "timeout": timeout,
        }

    def now(self) -> dt.datetime:
        """The vendor's simulated time."""
        return dt.datetime.fromisoformat(self.sandbox.clock()["now"])

    def open(self) -> Workspace:
        """The project, opened anew."""
        token = self.sandbox.ready()["providers"]["plum"]["token"]
        return open_workspace(
            Options(self.root, environment={"PLUM_TOKEN": token}, now=self.now, backoff=0.002)
        )

    def apply(self, allow: Sequence[str] = (), backend: LocalBackend | None = None) -> ApplyReport:
        """Apply, and say yes; `backend` stands in for the project's own."""
        with self.open() as workspace:
            if backend is not None:
                workspace.__dict__["backend"] = backend
            return apply(
                workspace, allow=allow, confirm=lambda _plan: True, progress=Quiet(), stop=threading.Event()
            )

    def plan(self) -> Plan:
        """Plan, and write nothing."""
        with self.open() as workspace:
            return make_plan(workspace).plan

    def resolve_by_truth(self, lie: Callable[[Answer], Answer] = lambda answer: answer) -> int:
        """Answer every question that apply cannot, as the vendor's own books say; how many there were."""
        with self.open() as workspace:
            snapshot = workspace.journal.snapshot
            answers = [
                (intent, lie(self._truth(workspace, intent, snapshot.records[intent.key])))
                for intent in snapshot.intents.values()
                if self._is_open(intent, snapshot.records.get(intent.key))
            ]
            for intent, answer in answers:
                resolve(workspace, [(intent, answer)], "looked into the vendor's books")
        return len(answers)

    def _is_open(self, intent: Intent, record: Record | None) -> bool:
        from reconciler.planning.settling.answers import settles_itself

        return record is not None and record.remote_id is not None and not settles_itself(intent, record)

    def _truth(self, workspace: Workspace, intent: Intent, record: Record) -> Answer:
        campaign = int(record.remote_id or 0)
        if intent.operation is Operation.START:
            happened = campaign in started(self.sandbox)
        else:
            assert intent.contacts is not None
            meant = decode_people(workspace.journal.read_blob(intent.contacts)).keys()
            queued = {item.number for item in self.sandbox.ledger.queued if item.campaign_id == campaign}
            happened = any(
                workspace.digester.exact(number(at)) in meant for at in range(POOL) if number(at) in queued
            )
        return Answer.HAPPENED if happened else Answer.DID_NOT_HAPPEN


def started(sandbox: Sandbox) -> list[int]:
    """The campaigns that the vendor started, once for each time."""
    return [
        item.campaign_id
        for item in sandbox.ledger.writes
        if item.path == "/campaigns/start" and item.status == 200 and item.campaign_id is not None
    ]


def code_of(plan: Plan) -> int:
    """The exit code of a plan."""
    return exit_code(plan_codes(plan))
