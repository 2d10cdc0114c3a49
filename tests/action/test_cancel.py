"""A cancelled job loses nothing: whatever GitHub's runner does to end it, the next one finishes what it began, once."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import event, on_base
from .forge import Forge
from .runner import SIGINT_SECONDS, SIGTERM_SECONDS, Job, Runner
from .test_merge import SHA
from .test_plan import planned

pytestmark = pytest.mark.slow
REQUESTS = (2, 4, 5)
"""Which request of the apply is under way: a create, people being added, the start."""


def cancelled(
    runner: Runner,
    forge: Forge,
    sandbox: Sandbox,
    number: int,
    how: Callable[[int], None] = lambda _pid: None,
) -> Job:
    """An apply that is cancelled while its n-th writing request is at the vendor."""
    sandbox.faults(
        {"vendor": "plum", "action": "hold", "method": "POST", "when": "after", "nth": number, "count": 1}
    )

    def now(step: str, process: subprocess.Popen[str]) -> bool:
        if step != "run" or sandbox.held(0.02) is None:
            return False
        how(process.pid)
        return True

    if SHA not in forge.pulls:
        forge.merge(7, SHA)
    return runner.run("push", event("push"), cancel=now, command="apply", path="outreach")


def finished(runner: Runner, sandbox: Sandbox, project: ProjectFolder, attempts: int = 3) -> Job:
    """The same workflow, run again; what the review no longer covers is shown, read, and applied by its digest."""
    sandbox.release()
    sandbox.clear_faults()
    digest: dict[str, str] = {}
    for _ in range(attempts):
        job = runner.run("push", event("push"), command="apply", path="outreach", **digest)
        if job.outputs["exit-code"] in {"0", "8"}:
            break
        if job.outputs["exit-code"] == "4":
            digest = {"plan_digest": job.outputs["plan-digest"]}
        else:
            time.sleep(0.5)
    sandbox.clock(advance=40 * 86400)
    summary = sandbox.ledger.summary()
    assert summary["queued_again"] == 0
    assert summary["people_called_again"] == 0
    assert sandbox.ledger.called_from(project.blacklist) == 0
    if job.outputs["exit-code"] == "0":
        assert summary["people_called_once"] == len(project.numbers) - len(project.blacklist)
    else:
        assert "unknown" in job.log, "what nobody knows is said"
    return job


@pytest.mark.one_in(3)
@pytest.mark.parametrize("number", REQUESTS)
def test_first_signal_is_enough(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder, number: int
) -> None:
    """Cancelled, the tool itself hears of it, takes the reply in, and ends by itself with everything written down."""
    planned(runner)
    job = cancelled(runner, forge, sandbox, number, lambda _pid: _later(sandbox))
    assert job.cancelled
    assert "stopping: " in job.log
    assert job.outcomes["report"] in {"success", "failure", "cancelled"}
    assert job.outputs["failure-reason"]
    ended = finished(runner, sandbox, project)
    assert ended.outputs["exit-code"] == "0", ended.log


@pytest.mark.one_in(3)
@pytest.mark.parametrize("number", REQUESTS)
def test_second_signal_leaves_it_unknown(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder, number: int
) -> None:
    """With no reply within 7.5 s the second signal ends it at once; the next run looks and settles, or says so."""
    planned(runner)
    assert runner.seconds == (SIGINT_SECONDS, SIGTERM_SECONDS) == (7.5, 2.5)
    patient(runner, project, forge)
    began = time.monotonic()
    job = cancelled(runner, forge, sandbox, number)
    assert job.cancelled
    assert time.monotonic() - began > SIGINT_SECONDS
    finished(runner, sandbox, project)


@pytest.mark.one_in(3)
@pytest.mark.parametrize("number", REQUESTS)
def test_third_signal_kills(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder, number: int
) -> None:
    """A tool that cannot even hear is killed after ten seconds, and what it began is in the state."""
    planned(runner)
    runner.seconds = (0.3, 0.2)
    job = cancelled(runner, forge, sandbox, number, lambda pid: os.kill(pid, signal.SIGSTOP))
    assert job.cancelled
    assert "was ended before it could report" in job.summary
    assert job.outputs["failure-reason"] == "cancelled"
    assert "was ended before it could report" in forge.plans(7)[-1]
    finished(runner, sandbox, project)


def test_shared_state_survives_a_killed_job(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder, tmp_path: Path
) -> None:
    """With the state in a Git ref, a job that was killed on one machine is finished by a job on another."""
    shared(project, forge, tmp_path)
    runner.lease = 6.0
    planned(runner)
    runner.seconds = (0.3, 0.2)
    job = cancelled(runner, forge, sandbox, 4, lambda pid: os.kill(pid, signal.SIGSTOP))
    assert job.cancelled
    other = tmp_path / "second"
    subprocess.run(["git", "clone", "-q", str(tmp_path / "remote.git"), str(other)], check=True)
    runner.workspace, project.root = other, other / "outreach"
    ended = finished(runner, sandbox, project, attempts=20)
    assert ended.outputs["exit-code"] in {"0", "8"}, ended.log


def _later(sandbox: Sandbox) -> None:
    """The vendor replies, a moment after the signal."""
    threading.Timer(0.5, sandbox.release).start()


def patient(runner: Runner, project: ProjectFolder, forge: Forge) -> None:
    """Wait longer for a reply than a cancelled job has."""
    del runner
    project.providers = {"plum": {**project.providers["plum"], "timeout": 60}}
    project.write()
    on_base(forge, project)


def shared(project: ProjectFolder, forge: Forge, folder: Path) -> None:
    """The project in a repository whose remote keeps the state."""
    key = {"env": "RECONCILER_KEY"}
    project.providers = {"plum": {**project.providers["plum"], "timeout": 1}}
    project.project = {"backend": {"type": "git", "key": key, "lease_seconds": 30}}
    project.write()
    on_base(forge, project)
    remote, clone = folder / "remote.git", project.root.parent
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(remote)], check=True)
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["remote", "add", "origin", str(remote)],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "project"],
        ["push", "-q", "origin", "main"],
    ):
        subprocess.run(["git", *arguments], cwd=clone, check=True)
