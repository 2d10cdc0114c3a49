"""A project at a vendor's stand-in, and commands run there in this process: what every case is made of."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.backends.local import LocalBackend
from reconciler.errors import ReconcilerError
from reconciler.model.plan import Change, Plan
from reconciler.model.report import ApplyReport, Step, apply_codes, exit_code, plan_codes
from reconciler.sandbox import Sandbox
from reconciler.transport.client import Exchanged
from reconciler.workflow.apply import apply
from reconciler.workflow.options import Options
from reconciler.workflow.plan import make_plan
from reconciler.workflow.workspace import open_workspace

from .scenarios import DAY, Scenario, Thing
from .spoil import Clock, VirtualStop, has_met
from .vendors import Folder, Hands, Vendor, write_name

START = "2027-01-04T05:00:00-05:00"
"""A Monday, before anybody may be called."""


class Quiet:
    """Progress that nobody watches."""

    def planned(self, plan: Plan) -> None: ...

    def started(self, change: Change, number: int, total: int) -> None: ...

    def finished(self, step: Step, number: int, total: int) -> None: ...

    def waiting(self, text: str) -> None: ...


@dataclass
class Ended:
    """How a command ended: its exit code, what it said, and how each attempt that was spoiled ended.

    `waited` are the seconds for which it would have waited.
    """

    code: int
    said: str = ""
    met: list[str] = field(default_factory=list)
    requests: int = 0
    plan: Plan | None = None
    waited: float = 0.0


@dataclass
class Site:
    """A vendor with a project, as one case has it."""

    root: Path
    sandbox: Sandbox
    vendor: Vendor
    scenario: Scenario
    options: Mapping[str, Any]
    timeout: float = 5.0

    def __post_init__(self) -> None:
        self.sandbox.reset()
        if self.options:
            self.sandbox.options({self.vendor.name: dict(self.options)})
        self.vendor.strangers(Hands(self.sandbox, self.vendor.name))
        self.theirs = {(item.kind, item.id) for item in self.things()}
        self.untouched = self._raw_of_theirs()
        self.folder: Folder = self.vendor.folder(self.root, self.sandbox, self.timeout)
        self.clock = Clock(self.sandbox)
        self.queued_before = 0

    def prepare(self) -> None:
        """What is applied in peace, up to the edit whose apply is to be spoiled."""
        if self.scenario.before is not None:
            self.scenario.before(self.folder)
            self.folder.write()
            ended = self.apply()
            assert ended.code == 0, ("in peace", ended)
            self.sandbox.clock(advance=self.scenario.days * DAY)
        self.scenario.edit(self.folder)
        self.folder.write()

    # Commands

    def options_of(self, stop: threading.Event | None = None) -> Options:
        """What a command is given."""
        found = stop or VirtualStop()
        return Options(
            self.root, environment=dict(self.folder.tokens), now=self.clock.now, stop=found, backoff=1.0
        )

    def apply(self, backend: LocalBackend | None = None) -> Ended:
        """Apply, and say yes."""
        stop = VirtualStop()
        seen: list[str] = []
        asked: list[str] = []

        def watch(item: Exchanged) -> None:
            asked.append(item.path)
            if has_met():
                seen.append(item.result.name)

        try:
            with open_workspace(self.options_of(stop)) as workspace:
                workspace.watchers.append(watch)
                if backend is not None:
                    workspace.__dict__["backend"] = backend
                report = apply(
                    workspace,
                    allow=self.scenario.allow,
                    confirm=lambda _plan: True,
                    progress=Quiet(),
                    stop=stop,
                )
        except ReconcilerError as error:
            return Ended(error.exit_code, f"{type(error).__name__}: {error.message}", seen, len(asked))
        code = exit_code(apply_codes(report))
        return Ended(code, _said(report), seen, len(asked), waited=stop.waited)

    def plan(self) -> Ended:
        """Plan, and write nothing."""
        try:
            with open_workspace(self.options_of()) as workspace:
                plan = make_plan(workspace, allow=self.scenario.allow).plan
        except ReconcilerError as error:
            return Ended(error.exit_code, f"{type(error).__name__}: {error.message}")
        said = "; ".join([*(item.id for item in plan.changes), *(item.text for item in plan.findings)])
        return Ended(exit_code(plan_codes(plan, detailed=True)), said, plan=plan)

    # The vendor's side

    def things(self) -> list[Thing]:
        """All objects there, others' too."""
        return self.vendor.things(self.sandbox.state()[self.vendor.name])

    def ours(self) -> list[Thing]:
        """All objects there that no stranger made."""
        return [item for item in self.things() if (item.kind, item.id) not in self.theirs]

    def _raw_of_theirs(self) -> Counter[str]:
        theirs = {(item.kind, item.id) for item in self.things()} & self.theirs
        return Counter(f"{item}" for item in self.things() if (item.kind, item.id) in theirs)

    def touched(self) -> Counter[str]:
        """Strangers' objects that are not as they were."""
        return self.untouched - self._raw_of_theirs()

    def writes(self) -> list[tuple[str, int | None]]:
        """The writes that the vendor did, in order: their name, and the campaign they were for."""
        return [
            (write_name(item), item.campaign_id)
            for item in self.sandbox.ledger.writes
            if item.vendor == self.vendor.name and not item.refused and 200 <= item.status < 300
        ]

    def armed(self) -> set[int]:
        """Campaigns that were ever armed."""
        return {item.campaign_id for item in self.sandbox.ledger.armed if item.vendor == self.vendor.name}

    def queued(self, campaigns: set[int]) -> Counter[str]:
        """How often each person was queued in campaigns that were ever started."""
        return Counter(item.number for item in self.sandbox.ledger.queued if item.campaign_id in campaigns)

    def queued_while_active(self) -> Counter[str]:
        """Who was queued when phones could ring already."""
        return Counter(item.number for item in self.sandbox.ledger.queued if item.while_active)

    def called(self) -> Counter[str]:
        """How often each person was called."""
        return Counter(item.number for item in self.sandbox.ledger.calls)


def _said(report: ApplyReport) -> str:
    steps = [f"{step.change.id} {step.result.value} {step.detail}".strip() for step in report.steps]
    problems = [f"{item.code} {item.message}" for item in report.plan.problems]
    return "; ".join([*steps, *problems])


def texts(items: Counter[str]) -> str:
    """A few of them, for a table."""
    return json.dumps(dict(items.most_common(4)))


Work = Callable[[Site], Ended]
