"""A hold lets nothing start, grow or speed up, by whatever route, until it is released."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reconciler.backends.local import LocalBackend
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import Command

Campaigns = Callable[[], dict[int, str]]


@pytest.mark.slow
def test_under_a_hold_nothing_is_armed(command: Command, campaigns: Campaigns, sandbox: Sandbox) -> None:
    """Apply under a hold makes what is inert, queues and starts nobody, and ends with 6 until the release."""
    assert command("hold", "--reason", "audit").code == 0
    ran = command("apply", "--yes", "--format", "json")
    assert ran.code == 6
    assert set(campaigns().values()) <= {"created"}
    assert not sandbox.ledger.queued
    assert command("hold", "release", "--reason", "done").code == 0
    assert command("apply", "--yes").code == 0
    assert list(campaigns().values()) == ["active"]


@pytest.mark.slow
@pytest.mark.usefixtures("applied")
def test_what_is_quieter_goes_on(command: Command, project: ProjectFolder, sandbox: Sandbox) -> None:
    """A hold keeps nobody from narrowing days, and no wider days come through."""
    command("hold", "--reason", "audit")
    project.schedule = {"days": ["mon"]}
    project.write()
    assert command("apply", "--yes").code == 0
    assert sandbox.state()["plum"]["schedules"][0]["days"] == ["mon"]
    project.schedule = {"days": ["mon", "tue"]}
    project.write()
    assert command("apply", "--yes").code == 6
    assert sandbox.state()["plum"]["schedules"][0]["days"] == ["mon"]


@pytest.mark.slow
def test_it_says_why(command: Command) -> None:
    """A hold, and its release, need a reason; state and status show who set it and why."""
    assert command("hold").code == 64
    assert command("hold", "release").code == 64
    command("hold", "--reason", "audit of the audio")
    assert "audit of the audio" in command("status").out
    assert command("state", "list", "--format", "json").document["hold"]["reason"] == "audit of the audio"
    again = command("hold", "--reason", "second thoughts", "--format", "json").document
    assert (again["before"]["reason"], again["hold"]["reason"]) == ("audit of the audio", "second thoughts")
    released = command("hold", "release", "--reason", "fine", "--format", "json").document
    assert (released["before"]["reason"], released["hold"]) == ("second thoughts", None)
    assert command("hold", "release", "--reason", "fine").code == 0


def test_it_waits_for_nobody(command: Command, project: ProjectFolder) -> None:
    """A hold is set while another process has the lock, with broken manifests, and without any token."""
    (project.root / "manifests" / "campaigns.yaml").write_text("campaigns: [")
    with LocalBackend(project.root / ".reconciler").lease("somebody else"):
        assert command("hold", "--reason", "now").code == 0
    assert command("state", "list", "--format", "json").document["hold"]["reason"] == "now"
