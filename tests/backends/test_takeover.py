"""One apply dies or is unlocked over a shared backend, and another takes over: real commands, one after the other."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox

from .test_appliers import BACKENDS, START, projects
from .test_git import git

STATE = "refs/reconciler/state"


def held_lease(bare: Path) -> dict[str, object]:
    """Return the lease as the ref has it."""
    return json.loads(git(bare, "cat-file", "blob", f"{STATE}:root.json"))["lease"]


@pytest.mark.slow
def test_unlocked_apply_is_outwaited(tmp_path: Path) -> None:
    """After `state unlock` the next apply waits until the old one's requests are over before it settles them.

    The old one, which goes on, sends nothing more; the campaign that it had under way is found, not made twice.
    """
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        one, two = projects(tmp_path, sandbox, BACKENDS["git"])
        for project in (one, two):
            project.providers["plum"]["timeout"] = 2
            project.project["backend"] = {**project.project["backend"], "lease_seconds": 30}
            project.write()
        sandbox.faults({"vendor": "plum", "action": "hold", "when": "after", "nth": 6, "count": 1})
        first = one.start("apply", "--yes")
        while not sandbox.held(0.05):
            assert first.poll() is None
        os.kill(first.pid, signal.SIGSTOP)
        locked = two.run("apply", "--yes")
        assert locked.code == 5
        assert two.run("state", "unlock").code == 0
        sandbox.clear_faults()
        began = time.monotonic()
        second = two.start("apply", "--yes", "--events", str(tmp_path / "events"))
        time.sleep(3)
        os.kill(first.pid, signal.SIGCONT)
        sandbox.release()
        said = first.communicate(timeout=120)
        assert first.returncode in {5, 8}, said
        said = second.communicate(timeout=240)
        assert second.returncode == 0, said
        assert time.monotonic() - began > 10
        assert len(sandbox.state()["plum"]["campaigns"]) == 1
        sandbox.clock(advance=40 * 86400)
        summary = sandbox.ledger.summary()
        assert summary["queued_again"] == summary["people_called_again"] == 0
        assert summary["people_called_once"] == 12


@pytest.mark.slow
def test_killed_apply_is_taken_over(tmp_path: Path) -> None:
    """An apply that was killed keeps the lock no longer than the lease lasts; then another one finishes its work."""
    with Sandbox(port=0, speed=0.0, start_at=START) as sandbox:
        one, two = projects(tmp_path, sandbox, BACKENDS["git"])
        for project in (one, two):
            project.providers["plum"]["timeout"] = 2
            project.project["backend"] = {**project.project["backend"], "lease_seconds": 30}
            project.write()
        sandbox.faults({"vendor": "plum", "action": "hold", "when": "before", "nth": 6, "count": 1})
        first = one.start("apply", "--yes")
        while not sandbox.held(0.05):
            assert first.poll() is None
        first.kill()
        first.communicate()
        sandbox.release()
        sandbox.clear_faults()
        died = time.monotonic()
        while (ran := two.run("apply", "--yes")).code == 5:
            assert time.monotonic() - died < 120, ran.err
            time.sleep(1)
        assert ran.code == 0, ran.err
        assert time.monotonic() - died > 20
        assert held_lease(tmp_path / "origin.git") is None
        assert len(sandbox.state()["plum"]["campaigns"]) == 1
        sandbox.clock(advance=40 * 86400)
        assert sandbox.ledger.summary()["people_called_once"] == 12
