"""One apply dies or is unlocked over a shared backend, and another takes over: real commands, one after the other."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from reconciler.backends import opening
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .places import PLACES
from .test_appliers import START, projects

pytestmark = pytest.mark.slow
LEASE = 4.0
"""Seconds; at least three times what one request may take, with a time-out of half a second."""

LONGER = 12.0
"""Seconds; so long that some of them are left when the next apply has begun."""

SHARED = [name for name in PLACES if name != "local"]
"""A lease on one machine ends with its process: the kernel sees to it."""


class Two:
    """Two clones of a project whose leases are short, and what their vendor saw."""

    def __init__(self, sandbox: Sandbox, one: ProjectFolder, two: ProjectFolder) -> None:
        self.sandbox = sandbox
        self.one, self.two = one, two
        self.lease = LEASE

    def start(self, project: ProjectFolder) -> subprocess.Popen[str]:
        """Start an apply whose lease lasts for `lease` seconds."""
        launcher = ("-m", "tests.backends.short_lease", str(self.lease))
        return project.start("apply", "--yes", launcher=launcher)

    def begin(self, when: str) -> subprocess.Popen[str]:
        """Start the first apply, up to where a request of its is at the vendor, before or after that did it."""
        self.sandbox.faults({"vendor": "plum", "action": "hold", "when": when, "nth": 6, "count": 1})
        first = self.start(self.one)
        while not self.sandbox.held(0.05):
            assert first.poll() is None
        return first

    def once(self) -> bool:
        """Whether there is one campaign, and each of its people was called, and once."""
        self.sandbox.clock(advance=40 * 86400)
        summary = self.sandbox.ledger.summary()
        again = summary["queued_again"] + summary["people_called_again"]
        made = len(self.sandbox.state()["plum"]["campaigns"])
        return (made, again, summary["people_called_once"]) == (1, 0, 12)


@pytest.fixture(params=SHARED)
def both(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    """Return two clones over a place for shared state."""
    monkeypatch.setattr(opening, "_lease_seconds", lambda *_: LEASE)
    with (
        PLACES[request.param](tmp_path) as shared,
        Sandbox(port=0, speed=0.0, start_at=START) as sandbox,
    ):
        pair = projects(tmp_path, sandbox, shared)
        for project in pair:
            project.providers["plum"]["timeout"] = 0.5
            project.write()
        yield Two(sandbox, *pair)


@pytest.mark.one_in(7)
def test_unlocked_apply_is_outwaited(both: Two) -> None:
    """After `state unlock` the next apply waits until the old one's requests are over before it settles them.

    The old one, which goes on, sends nothing more; the campaign that it had under way is found, not made twice.
    """
    both.lease = LONGER
    first = both.begin("after")
    os.kill(first.pid, signal.SIGSTOP)
    assert both.two.run("state", "unlock").code == 0
    both.sandbox.clear_faults()
    second = both.start(both.two)
    time.sleep(0.5)
    os.kill(first.pid, signal.SIGCONT)
    both.sandbox.release()
    said = first.communicate(timeout=120)
    assert first.returncode in {5, 8}, said
    said = second.communicate(timeout=240)
    assert second.returncode == 0, said
    assert "the lock was taken away" in said[1]
    assert both.once()


@pytest.mark.one_in(4)
def test_killed_apply_is_taken_over(both: Two) -> None:
    """An apply that was killed keeps the lock no longer than the lease lasts; then another one finishes its work."""
    first = both.begin("before")
    first.kill()
    first.communicate()
    both.sandbox.release()
    both.sandbox.clear_faults()
    died = time.monotonic()
    assert both.two.run("apply", "--yes").code == 5
    while (ran := both.two.run("apply", "--yes")).code == 5:
        assert time.monotonic() - died < 60, ran.err
        time.sleep(0.2)
    assert ran.code == 0, ran.err
    assert time.monotonic() - died > LEASE / 2
    assert both.two.run("apply", "--yes").code == 0, "nobody holds it any more"
    assert both.once()


@pytest.mark.one_in(4)
def test_late_write_of_the_old_holder_is_refused(both: Two) -> None:
    """An apply that sleeps for longer than its lease, and wakes when another is done, sends and writes nothing."""
    first = both.begin("after")
    os.kill(first.pid, signal.SIGSTOP)
    both.sandbox.clear_faults()
    until = time.monotonic() + 60
    while (ran := both.two.run("apply", "--yes")).code == 5:
        assert time.monotonic() < until, ran.err
        time.sleep(0.2)
    assert ran.code == 0, ran.err
    history = both.two.run("state", "history", "--limit", "1000", "--format", "json").document
    sent = len(both.sandbox.ledger.writes)
    os.kill(first.pid, signal.SIGCONT)
    both.sandbox.release()
    said = first.communicate(timeout=120)
    assert first.returncode in {5, 8}, said
    assert len(both.sandbox.ledger.writes) == sent
    assert both.two.run("state", "history", "--limit", "1000", "--format", "json").document == history
    assert both.once()
