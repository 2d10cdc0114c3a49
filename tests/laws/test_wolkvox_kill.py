"""SIGKILL at every request and at every durable write of an apply at wolkvox that suppresses, makes, fills and arms."""

from __future__ import annotations

from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .commands import settled
from .conftest import START
from .killing import killed_at_request, killed_at_write
from .wolkvox_hands import campaigns, people, wolkvox_folder, written

REQUESTS = 24
WRITES = 26
"""One more than there are, so that a run without a kill is among them."""
DAY = 86400


def project_at(root: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with one running campaign of twelve people, one of them suppressed."""
    made = wolkvox_folder(root, sandbox)
    made.blacklist = [made.numbers[3]]
    return written(made)


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
        killed_at_request(project, sandbox, number, when, "apply", "--yes", vendor="wolkvox")
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
        killed_at_write(project, number, when, "apply", "--yes")
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
        killed_at_request(project, sandbox, number, when, "apply", "--yes", vendor="wolkvox")
        settled(project)
        check(sandbox, project)
