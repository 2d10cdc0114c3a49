"""SIGKILL at every request and at every durable write of an apply that creates, fills and arms."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import START, folder

REQUESTS = 15
WRITES = 26
"""One more than an apply that creates, fills and arms has, so that a run without a kill is among them."""
LAUNCHER = str(Path(__file__).with_name("kill_at_write.py"))


def settle(project: ProjectFolder) -> None:
    """Run the command again, up to twice, as an operator would."""
    for _ in range(2):
        ran = project.run("apply", "--yes")
        if ran.code == 0:
            return
    if ran.code == 8:
        return
    raise AssertionError(f"exit {ran.code}\n{ran.out}{ran.err}")


def check(sandbox: Sandbox, project: ProjectFolder) -> None:
    """One object each; nobody queued twice; nobody blacklisted queued; everybody called at most once."""
    state = sandbox.state()["plum"]
    ledger = sandbox.ledger
    plan = project.run("plan")
    sandbox.clock(advance=40 * 86400)
    summary = ledger.summary()
    names = Counter(item["nickname"] for item in state["schedules"])
    assert names == Counter({"weekdays": 1}), state
    assert len(state["profiles"]) == 1
    assert len(state["campaigns"]) == 1, state["campaigns"]
    assert summary["queued_again"] == 0
    assert summary["people_called_again"] == 0
    assert ledger.called_from(project.blacklist) == 0
    if plan.code == 8:
        assert "unknown" in plan.out
    else:
        assert plan.code == 0, plan.out
        assert summary["people_called_once"] == len(project.numbers) - len(project.blacklist)


def killed_at_request(project: ProjectFolder, sandbox: Sandbox, number: int, when: str) -> bool:
    """Apply, and kill it at its n-th request; False when it had fewer."""
    sandbox.faults({"vendor": "plum", "action": "hold", "when": when, "nth": number, "count": 1})
    process = project.start("apply", "--yes")
    held = None
    while process.poll() is None and held is None:
        held = sandbox.held(0.05)
    if held is None:
        process.communicate()
        return False
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    sandbox.release()
    sandbox.clear_faults()
    return True


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_killed_at_every_request(tmp_path: Path, number: int, when: str) -> None:
    """Killed before or after the vendor took in any request, the next applies make and call everything once."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = folder(tmp_path, sandbox)
        project.blacklist = [project.numbers[3]]
        project.write()
        killed_at_request(project, sandbox, number, when)
        settle(project)
        check(sandbox, project)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_killed_at_every_write(tmp_path: Path, number: int, when: str) -> None:
    """Killed before or after any durable write of the state, the next applies make and call everything once."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = folder(tmp_path, sandbox)
        project.blacklist = [project.numbers[3]]
        project.write()
        project.run_process("apply", "--yes", launcher=(LAUNCHER, str(number), when))
        settle(project)
        check(sandbox, project)
