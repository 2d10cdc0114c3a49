"""Status says where each campaign stands, and never more than anybody knows."""

from __future__ import annotations

from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .by_hand import by_hand
from .conftest import Command

ADDRESS = "plum/campaign/january"


def row(command: Command) -> dict[str, Any]:
    """The one campaign of the project."""
    (found,) = command("status", "--format", "json").document["campaigns"]
    return dict(found)


@pytest.mark.slow
def test_a_run_from_draft_to_end(command: Command, project: ProjectFolder) -> None:
    """Not applied, draft, started as far as we know, ended with its reason; people queued as they are."""
    project.campaign = {"state": "draft"}
    project.write()
    assert (row(command)["state"], row(command)["queued"]) == ("not applied", 0)
    command("apply", "--yes")
    assert (row(command)["state"], row(command)["queued"], row(command)["opens"]) == ("draft", 11, None)
    project.campaign = {"state": "running"}
    project.write()
    command("apply", "--yes")
    started = row(command)
    assert (started["state"], started["told"]) == ("started", False)
    assert started["opens"] == "2027-01-04T08:00-05:00"
    command("stop", ADDRESS, "--reason", "wrong audio")
    assert (row(command)["state"], row(command)["why"]) == ("ended", "stop: wrong audio")


@pytest.mark.slow
def test_what_nobody_tells_is_not_zero(command: Command) -> None:
    """How many were called is n/a where the vendor shows no counts."""
    command("apply", "--yes")
    assert row(command)["done"] is None
    out = command("status").out
    assert "n/a" in out
    assert "started*" in out
    assert "the vendor shows no state" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.slow
def test_it_works_when_little_else_does(command: Command, project: ProjectFolder, sandbox: Sandbox) -> None:
    """Broken manifests cost the windows, a vendor that is down costs its word; the rest is shown."""
    command("apply", "--yes")
    (project.root / "manifests" / "campaigns.yaml").write_text("campaigns: [")
    sandbox.faults({"action": "status", "path": "campaigns$", "status": 500})
    ran = command("status", "--format", "json")
    assert ran.code == 69
    assert ran.document["windows_known"] is False
    assert ran.document["campaigns"][0]["state"] == "started"


@pytest.mark.slow
def test_an_unknown_stands_out(command: Command, sandbox: Sandbox) -> None:
    """A request of unknown end is marked at its campaign, and the exit code is 8."""
    sandbox.faults({"action": "reset", "path": "start$", "when": "after", "count": 1})
    command("apply", "--yes")
    ran = command("status")
    assert ran.code == 8
    assert "started* ?" in ran.out
    assert row(command)["unknown"] is True


@pytest.mark.slow
def test_what_was_deleted_outside_is_missing(command: Command, sandbox: Sandbox) -> None:
    """A campaign that is gone at the vendor is missing, not running."""
    command("apply", "--yes")
    by_hand(sandbox, "DELETE", "/campaigns/1")
    assert (row(command)["state"], row(command)["why"]) == ("missing", "deleted outside")
