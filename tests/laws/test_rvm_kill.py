"""SIGKILL at every request and every durable write of an apply at RVM: loaded, made full, counted, started once."""

from __future__ import annotations

from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .commands import converged
from .conftest import START
from .killing import killed_at_request, killed_at_write
from .rvm_hands import campaigns, rvm_folder, written

REQUESTS = 10
WRITES = 20
"""One more than an apply that loads, makes and starts has, so that a run without a kill is among them."""


def made(root: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with twelve people, one of them suppressed, of which the vendor knows nothing yet."""
    project = rvm_folder(root, sandbox)
    project.blacklist = [project.numbers[3]]
    return written(project)


def judge(sandbox: Sandbox, project: ProjectFolder) -> None:
    """After at most two more applies: one campaign rings, nobody suppressed is in it, everybody is called once."""
    for _ in range(2):
        ran = project.run("apply", "--yes")
        if ran.code == 0:
            break
    assert ran.code == 0, ran.out + ran.err
    converged(project)
    assert len(campaigns(sandbox, "ACTIVE")) == 1
    assert {item["number"] for item in sandbox.state()["rvm"]["blacklist"]} == set(project.blacklist)
    sandbox.clock(advance=40 * 86400)
    summary = sandbox.ledger.summary()
    assert (summary["people_called_once"], summary["people_called_again"]) == (11, 0)
    assert sandbox.ledger.called_from(project.blacklist) == 0


@pytest.mark.slow
@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_killed_at_every_request(tmp_path: Path, number: int, when: str) -> None:
    """Killed before or after the vendor took in any request, the next applies call everybody once."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = made(tmp_path, sandbox)
        was_killed = killed_at_request(project, sandbox, number, when, "apply", "--yes", vendor="rvm")
        assert was_killed or number > REQUESTS - 2
        judge(sandbox, project)


@pytest.mark.slow
@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_killed_at_every_write(tmp_path: Path, number: int, when: str) -> None:
    """Killed before or after any durable write of the state, the next applies call everybody once."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = made(tmp_path, sandbox)
        killed_at_write(project, number, when, "apply", "--yes")
        judge(sandbox, project)


@pytest.mark.slow
@pytest.mark.one_in(7)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_killed_at_every_request_of_a_growth(tmp_path: Path, number: int, when: str) -> None:
    """The same while an armed run gets its further part, and its blacklist one more number."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        project = made(tmp_path, sandbox)
        assert project.run("apply", "--yes").code == 0
        project.numbers = [*project.numbers, *(f"+1202555017{at}" for at in range(5))]
        project.blacklist = [*project.blacklist, project.numbers[-1]]
        written(project)
        killed_at_request(project, sandbox, number, when, "apply", "--yes", vendor="rvm")
        for _ in range(2):
            ran = project.run("apply", "--yes")
            if ran.code == 0:
                break
        assert ran.code == 0, ran.out + ran.err
        converged(project)
        assert sorted(item["queued"] for item in campaigns(sandbox, "ACTIVE")) == [4, 11]
        sandbox.clock(advance=40 * 86400)
        summary = sandbox.ledger.summary()
        assert (summary["people_called_once"], summary["people_called_again"]) == (15, 0)
