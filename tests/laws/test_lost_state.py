"""State that was lost, and a key that is another one."""

from __future__ import annotations

import shutil

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder


@pytest.mark.slow
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("grown", [True, False])
def test_rebuild(project: ProjectFolder, sandbox: Sandbox, whole: bool, grown: bool) -> None:
    """With the state gone nothing is made again; after a rebuild the plan is empty, and nobody is called again."""
    project.run("apply", "--yes")
    if grown:
        sandbox.clock(advance=6 * 3600)
    folder = project.root / ".reconciler"
    key = folder / "key"
    kept = key.read_text()
    shutil.rmtree(folder)
    if not whole:
        folder.mkdir(mode=0o700)
        key.write_text(kept)
        key.chmod(0o600)
    writes = sandbox.ledger.summary()["writes"]
    lost = project.run("apply", "--yes")
    assert lost.code == 1, lost.out + lost.err
    assert "state rebuild" in lost.out + lost.err
    rebuilt = project.run("state", "rebuild", "--yes")
    assert rebuilt.code == 0, rebuilt.out + rebuilt.err
    plan = project.run("plan")
    assert plan.code == 0, plan.out + plan.err
    assert "No changes" in plan.out
    assert project.run("apply", "--yes").code == 0
    assert sandbox.ledger.summary()["writes"] == writes
    sandbox.clock(advance=40 * 86400)
    assert sandbox.ledger.summary()["people_called_again"] == 0


@pytest.mark.slow
def test_another_key(project: ProjectFolder, sandbox: Sandbox) -> None:
    """With another key nothing that sends is done, exit 1; what is quieter still is."""
    project.run("apply", "--yes")
    key = project.root / ".reconciler" / "key"
    key.write_text("ab" * 32 + "\n")
    writes = sandbox.ledger.summary()["writes"]
    assert project.run("plan").code == 1
    project.numbers = [*project.numbers, "+12125550177"]
    project.write()
    assert project.run("apply", "--yes").code == 1
    assert sandbox.ledger.summary()["writes"] == writes
    project.campaign = {"state": "stopped"}
    project.write()
    project.run("apply", "--yes")
    assert sandbox.requests()[-1]["path"] == "/campaigns/stop" or any(
        item["path"] == "/campaigns/stop" for item in sandbox.requests()
    )


@pytest.mark.slow
def test_two_applies_at_once(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Of two applies one does it, and the other waits or exits 5; nothing is made twice."""
    first, second = project.start("apply", "--yes"), project.start("apply", "--yes")
    first.communicate()
    second.communicate()
    assert sorted((first.returncode, second.returncode)) in ([0, 5], [0, 0])
    assert sandbox.ledger.summary()["writes"] == 5
