"""Drift on a schedule: one issue for a project, opened, written anew and closed; healing in between."""

from __future__ import annotations

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import KEY, event
from .forge import BOT, Forge
from .runner import Job, Runner
from .test_merge import change_days

pytestmark = pytest.mark.slow
DAYS = ["mon", "wed", "fri"]


def scheduled(runner: Runner, command: str = "drift", **inputs: str) -> Job:
    """The workflow of a schedule."""
    return runner.run("schedule", event("schedule"), **{"command": command, "path": "outreach", **inputs})


@pytest.fixture
def running(runner: Runner, project: ProjectFolder) -> Runner:
    """The project, applied: within this process, which is much quicker than a job."""
    project.tokens = {**project.tokens, "RECONCILER_KEY": KEY}
    ran = project.run("apply", "--yes")
    assert ran.code == 0, ran.err
    return runner


def test_issue_is_opened_updated_and_closed(running: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """While something is not as it was left there is one open issue about it, and none when all is well."""
    clean = scheduled(running)
    assert not clean.failed, clean.log
    assert forge.issues == []
    change_days(sandbox, ["mon", "tue", "wed", "fri"])
    louder = scheduled(running)
    assert louder.failed
    assert louder.outputs["drift"] == "1"
    assert louder.outputs["failure-reason"] == "drift"
    (issue,) = forge.issues
    assert issue["title"] == "Drift: laws"
    assert "LOUDER" in issue["body"]
    assert "plum/schedule/weekdays" in issue["body"]
    assert any(
        line.startswith("::warning file=outreach/manifests/campaigns.yaml") for line in louder.commands
    )
    before = issue["body"]
    assert "issue unchanged" in scheduled(running).log
    change_days(sandbox, ["mon"])
    quieter = scheduled(running)
    assert [each["state"] for each in forge.issues] == ["open"]
    assert issue["body"] != before
    assert "QUIETER" in issue["body"]
    assert any(line.startswith("::notice file=") for line in quieter.commands)
    change_days(sandbox, DAYS)
    assert not scheduled(running).failed
    assert [each["state"] for each in forge.issues] == ["closed"]
    assert "Clean again" in forge.comments[1][0]["body"]


@pytest.mark.one_in(2)
@pytest.mark.parametrize(("fail_on", "days", "failed"), [
    ("louder", ["mon"], False),
    ("louder", ["mon", "tue", "wed", "fri"], True),
    ("none", ["mon", "tue", "wed", "fri"], False),
    ("any", ["mon"], True),
])  # fmt: skip
def test_what_fails_is_chosen(
    running: Runner, forge: Forge, sandbox: Sandbox, fail_on: str, days: list[str], failed: bool
) -> None:
    """A step fails for the drift that it was asked to fail for; the issue is opened for any."""
    change_days(sandbox, days)
    job = scheduled(running, fail_on=fail_on)
    assert job.failed == failed, job.log
    assert len(forge.issues) == 1


def test_issues_of_others_are_left_alone(running: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """An issue that somebody else opened with our text, or a pull request, is neither written nor closed."""
    change_days(sandbox, ["mon"])
    scheduled(running)
    body = forge.issues[0]["body"]
    forge.issues[0]["state"] = "closed"
    forge.issues.append(
        {"number": 2, "id": 502, "state": "open", "title": "x", "body": body, "user": {"login": "mallory"}}
    )
    forge.issues.append(
        {
            "number": 3,
            "id": 503,
            "state": "open",
            "title": "y",
            "body": body,
            "user": {"login": BOT},
            "pull_request": {},
        }
    )
    change_days(sandbox, DAYS)
    scheduled(running)
    assert [each["state"] for each in forge.issues] == ["closed", "open", "open"]


def test_vendor_that_was_not_read_closes_nothing(running: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """An issue stays open while nobody could look."""
    change_days(sandbox, ["mon"])
    scheduled(running)
    sandbox.faults({"vendor": "plum", "action": "status", "status": 503, "count": 1000})
    job = scheduled(running)
    assert job.failed
    assert job.outputs["failure-reason"] == "unreachable", job.log
    assert [each["state"] for each in forge.issues] == ["open"]


def test_heal_on_schedule(running: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """A louder hand is taken back by a schedule, and the next drift closes the issue."""
    change_days(sandbox, ["mon", "tue", "wed", "fri"])
    scheduled(running)
    healed = scheduled(running, "heal")
    assert not healed.failed, healed.log
    assert sandbox.state()["plum"]["schedules"][0]["days"] == DAYS
    assert not scheduled(running).failed
    assert [each["state"] for each in forge.issues] == ["closed"]
