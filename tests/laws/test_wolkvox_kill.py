"""SIGKILL at every request and at every durable write of an apply at wolkvox that suppresses, makes, fills and arms."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import START
from .wolkvox_hands import campaigns, people, wolkvox_folder, written

REQUESTS = 24
WRITES = 26
"""One more than there are, so that a run without a kill is among them."""
LAUNCHER = str(Path(__file__).with_name("kill_at_write.py"))
DAY = 86400


def project_at(root: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with one running campaign of twelve people, one of them suppressed."""
    made = wolkvox_folder(root, sandbox)
    made.blacklist = [made.numbers[3]]
    return written(made)


def settled(project: ProjectFolder) -> None:
    """Run the command again, up to twice, as an operator would."""
    for _ in range(2):
        ran = project.run("apply", "--yes")
        if ran.code == 0:
            return
    raise AssertionError(f"exit {ran.code}\n{ran.out}{ran.err}")


def check(sandbox: Sandbox, project: ProjectFolder) -> None:
    """One campaign; nobody queued or called twice; everybody called but who is suppressed; nothing left to do."""
    assert len(campaigns(sandbox)) == 1
    ran = project.run("plan", "--detailed-exitcode")
    assert ran.code == 0, ran.out + ran.err
    sandbox.clock(advance=2 * DAY)
    summary = sandbox.ledger.summary()
    assert (summary["queued_again"], summary["people_called_again"]) == (0, 0)
    assert sandbox.ledger.called_from(project.blacklist) == 0
    assert summary["people_called_once"] == len(project.numbers) - len(project.blacklist)


def killed_at_request(project: ProjectFolder, sandbox: Sandbox, number: int, when: str) -> bool:
    """Apply, and kill it at its n-th request; False when it had fewer."""
    sandbox.faults({"vendor": "wolkvox", "action": "hold", "when": when, "nth": number, "count": 1})
    process = project.start("apply", "--yes")
    held = None
    while process.poll() is None and held is None:
        held = sandbox.held(0.05)
    if held is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    sandbox.release()
    sandbox.clear_faults()
    return held is not None


def test_there_are_not_more_requests_than_kills(tmp_path: Path, sandbox: Sandbox) -> None:
    """The last of the kills comes after the last request, so that none is left out."""
    project = project_at(tmp_path, sandbox)
    assert project.run("apply", "--yes").code == 0
    assert len(sandbox.requests()) < REQUESTS


@pytest.mark.slow
@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_killed_at_every_request(tmp_path: Path, number: int, when: str) -> None:
    """Killed before or after the vendor took in any request, the next applies make and call everything once."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = project_at(tmp_path, sandbox)
        killed_at_request(project, sandbox, number, when)
        settled(project)
        check(sandbox, project)


@pytest.mark.slow
@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_killed_at_every_write(tmp_path: Path, number: int, when: str) -> None:
    """Killed before or after any durable write of the state, the next applies make and call everything once."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = project_at(tmp_path, sandbox)
        project.run_process("apply", "--yes", launcher=(LAUNCHER, str(number), when))
        settled(project)
        check(sandbox, project)


@pytest.mark.slow
@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 20))
def test_killed_while_a_run_rests(tmp_path: Path, number: int, when: str) -> None:
    """Killed at any request of a change to a run that rings: it goes on in the end, with everybody in it once."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = project_at(tmp_path, sandbox)
        assert project.run("apply", "--yes").code == 0
        project.numbers = [*project.numbers, *people(3, 700)]
        project.profile = {"wolkvox": {"speed": 50}}
        project.write()
        killed_at_request(project, sandbox, number, when)
        settled(project)
        check(sandbox, project)
