"""The other commands: validate, stop and tick, and what may be installed."""

from __future__ import annotations

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import event
from .forge import Forge
from .runner import Runner
from .test_drift import running  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow


def test_validate_needs_nothing(runner: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """A check asks neither vendor nor GitHub for anything but its comment."""
    job = runner.run("push", event("push"), command="validate", path="outreach")
    assert not job.failed, job.log
    assert forge.requests == []
    assert sandbox.requests() == []


def test_stop_by_hand(running: Runner, sandbox: Sandbox) -> None:  # noqa: F811 - the fixture
    """Somebody stops everything from the page of the workflow; the hold stays, and says why."""
    job = running.run(
        "workflow_dispatch", event("workflow_dispatch"), command="stop", path="outreach", reason="wrong audio"
    )
    assert job.outputs["exit-code"] == "8", "Plum cannot show that it is silent"
    assert [each.path for each in sandbox.ledger.writes][-1] == "/campaigns/stop"
    after = running.run("push", event("push"), command="plan", path="outreach")
    assert "wrong audio" in after.summary


def test_tick_on_schedule(running: Runner, sandbox: Sandbox) -> None:  # noqa: F811 - the fixture
    """A tick with nothing to keep does nothing, and ends well."""
    before = len(sandbox.ledger.writes)
    job = running.run("schedule", event("schedule"), command="tick", path="outreach")
    assert not job.failed, job.log
    assert len(sandbox.ledger.writes) == before


@pytest.mark.parametrize(
    "inputs", [{"wheel": "outreach/tool.whl"}, {"extras": "s3;rm"}, {"wheel": "none.whl"}]
)
def test_branch_brings_no_program(runner: Runner, project: ProjectFolder, inputs: dict[str, str]) -> None:
    """No wheel of the workspace is installed on a pull request, and no extra that is none."""
    (project.root / "tool.whl").write_bytes(b"")
    job = runner.run(
        "pull_request",
        event("pull_request"),
        ref="refs/pull/7/merge",
        command="plan",
        path="outreach",
        **inputs,
    )
    assert job.outcomes["install"] == "failure"
    assert job.outcomes["run"] == "skipped"
    assert job.outputs["failure-reason"] == "usage"
