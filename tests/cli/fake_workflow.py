"""A workflow without vendors: the command line can be tried, also as a program on a terminal.

As a program: `python fake_workflow.py ARGUMENT...`; FAKE_SECONDS says how long each change takes.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from msgspec import structs
from reconciler.model.address import Address, ObjectKey
from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Change, Finding, FirstRing, Movement, PeopleRow, Plan
from reconciler.model.report import ApplyReport, Step, StepResult

JANUARY = Address("plum", "campaign", "january")
KEY = ObjectKey(JANUARY, "2027-01")


def plan(*, changes: bool = True, findings: bool = False) -> Plan:
    """A plan that queues 4,120 people and starts, or finds nothing to do."""
    steps = (
        Change("1", KEY, "campaign", Action.CREATE, Movement.NEUTRAL, "new"),
        Change("2", KEY, "campaign", Action.APPEND, Movement.LOUDER, "contacts", people=4120, after=("1",)),
        Change("3", KEY, "campaign", Action.START, Movement.LOUDER, "", after=("2",)),
    )
    return Plan(
        project="clinic",
        project_id="7kq2m9x4",
        lineage="9d2f",
        serial=41,
        key_fingerprint="7c1e-90ab",
        created="2026-12-22T10:30:00-05:00",
        expires="2026-12-23T10:30:00-05:00",
        changes=steps if changes else (),
        findings=(Finding(KEY, "campaign", "changed", Loudness.QUIETER, "paused by hand"),)
        if findings
        else (),
        people=(PeopleRow(JANUARY, "2027-01", 4120, 4120, 0, 0, added=4120 if changes else 0),),
        people_total=PeopleRow(JANUARY, "", 4120, 4120, 0, 0, added=4120 if changes else 0),
        first_ring=FirstRing(JANUARY, "2027-01-04T08:00:00-05:00") if changes else None,
        objects=3,
        digest="91fd2c07aa",
    )


@contextlib.contextmanager
def open_workspace(options: Any) -> Iterator[Any]:
    """A workspace that remembers what it was opened with."""
    yield SimpleNamespace(options=options)


def apply(
    workspace: Any, *, confirm: Callable[[Plan], bool], progress: Any, stop: threading.Event, **others: Any
) -> ApplyReport:
    """Ask, then do each change in turn from a thread of its own, as the engine does."""
    del others
    planned = plan()
    progress.planned(planned)
    if not confirm(planned):
        return ApplyReport(planned, (), "ana", declined=True)
    steps: list[Step] = []
    seconds = float(workspace.options.environment.get("FAKE_SECONDS", "0"))
    worker = threading.Thread(target=_work, args=(planned, progress, stop, seconds, steps))
    worker.start()
    while worker.is_alive():
        worker.join(0.05)
    return ApplyReport(planned, tuple(steps), "ana", stopped=stop.is_set(), seconds=1.5)


def _work(planned: Plan, progress: Any, stop: threading.Event, seconds: float, steps: list[Step]) -> None:
    total = len(planned.changes)
    for number, change in enumerate(planned.changes, 1):
        step = Step(change, StepResult.SKIPPED, "stopped")
        if not stop.is_set():
            progress.started(change, number, total)
            time.sleep(seconds)
            step = Step(change, StepResult.DONE, seconds=seconds)
        steps.append(step)
        progress.finished(step, number, total)


def make_plan(workspace: Any, **options: Any) -> Any:
    """The plan, and what it was asked for."""
    return SimpleNamespace(
        plan=structs.replace(plan(), consents=tuple(options["allow"])), workspace=workspace
    )


def write_plan(workspace: Any, planned: Any, path: Path) -> None:
    """Something in a file."""
    del workspace
    path.write_text(planned.plan.digest, "utf-8")


def read_plan(workspace: Any, path: Path) -> Any:
    """What was in it."""
    del workspace
    return SimpleNamespace(digest=path.read_text("utf-8"))


def drift(workspace: Any) -> Plan:
    """A finding, and nothing to do."""
    del workspace
    return plan(changes=False, findings=True)


FAKES = {
    "reconciler.workflow.workspace.open_workspace": open_workspace,
    "reconciler.workflow.plan.make_plan": make_plan,
    "reconciler.workflow.plan_file.write_plan": write_plan,
    "reconciler.workflow.plan_file.read_plan": read_plan,
    "reconciler.workflow.apply.apply": apply,
    "reconciler.workflow.drift.drift": drift,
}

if __name__ == "__main__":
    # The real workflow is not even imported: a terminal's test starts many programs.
    for name, fake in FAKES.items():
        module, _, attribute = name.rpartition(".")
        setattr(sys.modules.setdefault(module, ModuleType(module)), attribute, fake)
    sys.modules["reconciler.workflow.workspace"].Options = SimpleNamespace  # type: ignore[attr-defined]
    from reconciler.cli.main import main

    main(sys.argv[1:])
