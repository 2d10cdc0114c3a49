"""A question that stood for minutes: what was shown is what was reviewed, and everything is read again (law 11)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from reconciler.model.plan import Plan
from reconciler.model.report import ApplyReport, StepResult
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people
from reconciler.workflow import apply as module

from .conftest import Vendor
from .operator import Operator, Quiet


@pytest.fixture
def slow_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer takes too long."""
    monkeypatch.setattr(module, "FRESH", -1.0)


def answered(root: Path, sandbox: Sandbox, meanwhile: Callable[[], object]) -> ApplyReport:
    """Apply; while the question stands, something happens, and then somebody says yes."""

    def confirm(_plan: Plan) -> bool:
        meanwhile()
        return True

    with Operator(root, sandbox).open() as workspace:
        return module.apply(workspace, confirm=confirm, progress=Quiet(), stop=threading.Event())


def results(report: ApplyReport) -> dict[str, StepResult]:
    """What became of each change."""
    return {f"{step.change.address.kind} {step.change.action.value}": step.result for step in report.steps}


@pytest.mark.usefixtures("slow_answer")
def test_nothing_happened(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Where nothing happened meanwhile, all of it is done."""
    report = answered(project.root, sandbox, lambda: None)
    assert set(results(report).values()) == {StepResult.DONE}
    assert sandbox.ledger.summary()["people_queued"] == 11


@pytest.mark.usefixtures("slow_answer")
def test_somebody_was_suppressed(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Whoever was put on a blacklist while the question stood is not queued; all others are."""

    def meanwhile() -> None:
        project.blacklist = [*project.blacklist, project.numbers[5]]
        project.write()

    report = answered(project.root, sandbox, meanwhile)
    assert set(results(report).values()) == {StepResult.DONE}
    assert sandbox.ledger.summary()["people_queued"] == 10
    sandbox.clock(advance=40 * 86400)
    assert sandbox.ledger.called_from(project.blacklist) == 0


@pytest.mark.usefixtures("slow_answer")
def test_the_list_grew(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Nobody is queued from a list that is not the one that was shown, and nothing is armed."""

    def meanwhile() -> None:
        project.numbers = [*project.numbers, *people(3, first=40)]
        project.write()

    found = results(answered(project.root, sandbox, meanwhile))
    assert found["campaign append"] is StepResult.STALE
    assert found["campaign start"] is StepResult.STALE
    assert not sandbox.ledger.summary()["people_queued"]


@pytest.mark.usefixtures("slow_answer")
def test_somebody_changed_what_it_uses(project: ProjectFolder, sandbox: Sandbox, vendor: Vendor) -> None:
    """A run is not armed on days that somebody set while the question stood; its next plan shows them."""
    project.campaign = {"state": "draft"}
    project.write()
    assert project.run("apply", "--yes").code == 0
    project.campaign = {"state": "running"}
    project.write()
    report = answered(project.root, sandbox, lambda: vendor.patch("schedules", 1, days='["sun"]'))
    assert results(report)["campaign start"] is StepResult.STALE
    assert "/campaigns/start" not in [item["path"] for item in sandbox.requests()]
