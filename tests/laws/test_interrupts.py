"""Signals to a real process: the first ends gently, the second at once, and the next apply converges (law 16)."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import folder

TIMEOUT = 2.0
"""The time-out of one step of a request; a write lasts two of them at most."""

LATEST = 3 * TIMEOUT
"""Seconds after the first signal by which the command has ended, whatever the vendor does."""

WRITES = ["^/schedules$", "^/campaigns$", "^/campaigns/add-calls$", "^/campaigns/start$"]
EVERYWHERE = [*((path, signal.SIGINT) for path in WRITES), (WRITES[2], signal.SIGTERM)]

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project whose vendor has two seconds for each step of a request."""
    made = folder(tmp_path / "project", sandbox)
    made.providers = {"plum": {**made.providers["plum"], "timeout": TIMEOUT}}
    made.blacklist = [made.numbers[3]]
    return made.write()


@contextmanager
def held(
    project: ProjectFolder, sandbox: Sandbox, path: str, **fault: Any
) -> Iterator[subprocess.Popen[str]]:
    """An apply whose first request to a path has reached the vendor and gets no reply."""
    asked = {"vendor": "plum", "path": path, "action": "hold", "nth": 1, "count": 1}
    sandbox.faults(asked | {"method": "POST", "when": "before"} | fault)
    with project.start("apply", "--yes") as process:
        assert sandbox.held(30) is not None
        try:
            yield process
        finally:
            process.kill()
            sandbox.release()
            sandbox.clear_faults()


def ended(process: subprocess.Popen[str], within: float) -> str:
    """What a process said, which must end in time."""
    began = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < within, err
    return out + err


def nobody_twice(project: ProjectFolder, sandbox: Sandbox) -> None:
    """One object each, and everybody who may be called was called once."""
    state = sandbox.state()["plum"]
    assert [len(state[kind]) for kind in ("schedules", "profiles", "campaigns")] == [1, 1, 1]
    sandbox.clock(advance=40 * 86400)
    summary = sandbox.ledger.summary()
    assert summary["queued_again"] == 0
    assert summary["people_called_again"] == 0
    assert summary["people_called_once"] == len(project.numbers) - len(project.blacklist)


def settled(project: ProjectFolder, sandbox: Sandbox, path: str, *, happened: bool) -> None:
    """The next applies converge; a start alone takes a person, who says how it was."""
    codes = [project.run("apply", "--yes").code for _ in range(2)]
    if "start" in path:
        assert codes == [8, 8]
        answer = "--happened" if happened else "--did-not-happen"
        assert project.run("resolve", "plum/campaign/january", answer, "--reason", "asked").code == 0
        codes.append(project.run("apply", "--yes").code)
    assert codes[-1] == 0
    assert project.run("plan").code == 0
    nobody_twice(project, sandbox)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("path", "number"), EVERYWHERE)
def test_one_signal_while_no_reply_comes(
    project: ProjectFolder, sandbox: Sandbox, path: str, when: str, number: signal.Signals
) -> None:
    """A signal during a request without a reply: it ends within the time-outs, says what is unknown, exits 8."""
    with held(project, sandbox, path, when=when) as process:
        process.send_signal(number)
        text = ended(process, LATEST)
        assert process.returncode == 8, text
        assert "stopping: " in text
        assert "1 unknown" in text
        sent = [item["path"] for item in sandbox.requests() if item["method"] == "POST"]
        assert sent[-1] == path.strip("^$") or sent[-1] == "/profiles"
    settled(project, sandbox, path, happened=when == "after")


@pytest.mark.parametrize(("path", "number"), EVERYWHERE)
def test_one_signal_before_the_reply(
    project: ProjectFolder, sandbox: Sandbox, path: str, number: signal.Signals
) -> None:
    """A signal while a reply is on its way: what is under way is taken in, nothing new is sent, and it exits 7."""
    with held(project, sandbox, path) as process:
        process.send_signal(number)
        time.sleep(0.3)
        sandbox.release()
        text = ended(process, LATEST)
        assert process.returncode == 7, text
        assert "Stopped by a signal" in text
    for _ in range(2):
        assert project.run("apply", "--yes").code == 0
    nobody_twice(project, sandbox)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("path", "number"), EVERYWHERE)
def test_two_signals(
    project: ProjectFolder, sandbox: Sandbox, path: str, when: str, number: signal.Signals
) -> None:
    """A second signal ends it at once; what was announced is durable, and is settled by the next applies."""
    with held(project, sandbox, path, when=when) as process:
        process.send_signal(number)
        time.sleep(0.3)
        process.send_signal(number)
        text = ended(process, 1.0)
        assert process.returncode == 8, text
        assert "left: " in text
    settled(project, sandbox, path, happened=when == "after")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_while_the_lists_are_read(
    project: ProjectFolder, sandbox: Sandbox, number: signal.Signals
) -> None:
    """A signal before the plan stands: nothing is asked and nothing is sent."""
    with held(project, sandbox, "^/campaigns$", method="GET") as process:
        process.send_signal(number)
        text = ended(process, LATEST)
        assert process.returncode == 7, text
    assert not [item for item in sandbox.requests() if item["method"] != "GET"]
