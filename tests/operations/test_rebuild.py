"""A lost state is rebuilt from what the vendors show, and nobody is called again."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .by_hand import copy_campaign
from .conftest import AFTER, Command

Campaigns = Callable[[], dict[int, str]]
ADDRESS = "plum/campaign/january"
REBUILD = ("state", "rebuild", "--yes", "--format", "json")


def lose_state(project: ProjectFolder) -> None:
    """Everything goes, the key too."""
    shutil.rmtree(project.root / ".reconciler")


def changes(command: Command) -> list[str]:
    """What apply would do."""
    return [each["id"] for each in command("plan", "--format", "json").document["changes"]]


@pytest.mark.usefixtures("applied")
def test_a_lost_state_calls_nobody_again(
    command: Command, project: ProjectFolder, sandbox: Sandbox, campaigns: Campaigns
) -> None:
    """State and key deleted: plan refuses and says why; after the rebuild it is empty, and all are called once."""
    lose_state(project)
    refused = command("plan", "--format", "json")
    assert refused.code == 1
    assert "STA20" in {problem["code"] for problem in refused.document["problems"]}
    assert command("apply", "--yes").code != 0
    lose_state(project)
    found = command(*REBUILD).document
    assert [each["by"] for each in found["bindings"]] == ["name", "name", "marker"]
    assert (found["bindings"][-1]["people"], found["new_key"]) == (11, True)
    assert changes(command) == []
    assert command("apply", "--yes").code == 0
    assert campaigns() == {1: "active"}
    sandbox.clock(set=AFTER)
    assert (len(sandbox.ledger.called_once()), len(sandbox.ledger.called_again())) == (11, 0)
    assert command(*REBUILD).document["bindings"] == []


@pytest.mark.slow
@pytest.mark.parametrize("point", ["profiles$", "campaigns$", "add-calls$", "start$"])
def test_at_every_step_of_an_apply(
    command: Command, project: ProjectFolder, sandbox: Sandbox, point: str
) -> None:
    """Wherever an apply was cut short and its state lost, a rebuild and an apply call nobody twice."""
    sandbox.faults({"action": "status", "path": point, "method": "POST", "status": 400, "count": 1})
    assert command("apply", "--yes").code != 0
    lose_state(project)
    assert command(*REBUILD).code == 0
    assert command("apply", "--yes").code == 0
    assert changes(command) == []
    sandbox.clock(set=AFTER)
    assert not sandbox.ledger.called_again()
    assert max(sandbox.ledger.queued_per_campaign_and_number().values(), default=0) <= 1


@pytest.mark.usefixtures("applied")
def test_a_draft_counts_as_started(command: Command, project: ProjectFolder, campaigns: Campaigns) -> None:
    """Nobody can tell whether a draft ever ran, so it is never started: ending it takes consent."""
    project.campaign = {"state": "draft"}
    project.write()
    lose_state(project)
    command(*REBUILD)
    assert command("state", "show", ADDRESS, "--format", "json").document["records"][0]["phase"] == "armed"
    assert command("apply", "--yes").code == 6
    assert campaigns() == {1: "active"}


@pytest.mark.usefixtures("applied")
def test_it_asks(command: Command, project: ProjectFolder) -> None:
    """Without --yes the number of objects must be typed; anything else writes nothing."""
    lose_state(project)
    assert command("state", "rebuild").code == 64
    declined = command("state", "rebuild", answers=["2"])
    assert (declined.code, "Not confirmed" in declined.out) == (1, True)
    assert command("state", "list", "--format", "json").document["records"] == []
    assert command("state", "rebuild", answers=["3"]).code == 0
    assert len(command("state", "list", "--format", "json").document["records"]) == 3


@pytest.mark.usefixtures("applied")
def test_a_list_that_cannot_be_read_binds_nothing(command: Command, project: ProjectFolder) -> None:
    """Without its contact list nobody knows who counts as sent, so nothing is written at all."""
    lose_state(project)
    (project.root / "contacts" / "people.csv").unlink()
    assert command(*REBUILD).code == 1
    assert command("state", "list", "--format", "json").document["records"] == []


@pytest.mark.usefixtures("applied")
def test_a_renamed_campaign_is_found_by_its_old_marker(command: Command, project: ProjectFolder) -> None:
    """`moved:` tells under which address an object was made, so that it is found after a loss."""
    project.name = "spring"
    project.extra = {"moved": [{"from": ADDRESS, "to": "plum/campaign/spring"}]}
    project.write()
    lose_state(project)
    assert command(*REBUILD).document["bindings"][-1]["by"] == "old marker"
    assert changes(command) == []


@pytest.mark.usefixtures("applied")
def test_other_runs_are_left_alone(command: Command, project: ProjectFolder) -> None:
    """An object with a marker that the manifests do not explain is named and not bound."""
    project.campaign = {"run": "2"}
    project.write()
    lose_state(project)
    found = command(*REBUILD).document
    assert [each["kind"] for each in found["bindings"]] == ["schedule", "profile"]
    assert found["strangers"] == ["plum/campaign 1"]


@pytest.mark.usefixtures("applied")
def test_another_key_is_refused_until_it_is_said_to_be_lost(
    command: Command, project: ProjectFolder, sandbox: Sandbox
) -> None:
    """Without the state's key nothing runs; --lost-key begins a new lineage in which all listed count as sent."""
    before = command("state", "list", "--format", "json").document
    (project.root / ".reconciler" / "key").unlink()
    assert command("plan").code == 1
    assert command(*REBUILD).code == 1
    found = command(*REBUILD, "--lost-key").document
    after = command("state", "list", "--format", "json").document
    assert (found["new_lineage"], found["converted"]) == (True, 1)
    assert before["lineage"] != after["lineage"]
    assert before["key_fingerprint"] != after["key_fingerprint"]
    assert changes(command) == []
    project.numbers = people(14)
    project.write()
    assert command("apply", "--yes").code == 0
    sandbox.clock(set=AFTER)
    assert (len(sandbox.ledger.called_once()), len(sandbox.ledger.called_again())) == (13, 0)


def test_a_lost_key_throws_away_what_never_rang(
    command: Command, project: ProjectFolder, sandbox: Sandbox
) -> None:
    """Under a new key nobody can tell who is queued in a draft, so it is made again and filled once."""
    project.campaign = {"state": "draft"}
    project.write()
    command("apply", "--yes")
    (project.root / ".reconciler" / "key").unlink()
    command(*REBUILD, "--lost-key")
    project.campaign = {"state": "running"}
    project.write()
    assert command("apply", "--yes").code == 0
    sandbox.clock(set=AFTER)
    assert (len(sandbox.ledger.called_once()), len(sandbox.ledger.called_again())) == (11, 0)


@pytest.mark.usefixtures("applied")
def test_two_bearers_of_a_marker_are_both_bound(
    command: Command, project: ProjectFolder, sandbox: Sandbox
) -> None:
    """Where two objects bear the marker both count as started, and the one too many waits to be ended."""
    lose_state(project)
    copy_campaign(sandbox)
    found = command(*REBUILD).document
    assert [each["spare"] for each in found["bindings"]] == [False, False, False, True]
    assert command("apply", "--yes").code == 6
    assert command("apply", "--yes", "--allow", f"end-run:{ADDRESS}").code == 0
    assert changes(command) == []
