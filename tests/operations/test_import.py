"""Import takes ownership of what exists, and calls nobody in it again."""

from __future__ import annotations

import shutil

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import AFTER, Command

ADDRESS = "plum/campaign/january"


@pytest.fixture
def unowned(command: Command, applied: object, project: ProjectFolder, sandbox: Sandbox) -> None:
    """Everything exists at the vendor, and the state knows nothing of it."""
    del command, applied
    sandbox.options({"plum": {"show_pacing": True}})
    shutil.rmtree(project.root / ".reconciler")


def import_all(command: Command) -> None:
    """Take over schedule, profile and campaign."""
    for address in ("plum/schedule/weekdays", "plum/profile/pace", ADDRESS):
        ran = command("import", address, "1")
        assert ran.code == 0, ran.err


@pytest.mark.slow
@pytest.mark.usefixtures("unowned")
def test_what_is_equal_needs_no_change(command: Command, sandbox: Sandbox) -> None:
    """After an import of what is as the manifests say, plan is empty and nobody is called twice."""
    import_all(command)
    assert command("plan", "--format", "json").document["changes"] == []
    assert command("apply", "--yes").code == 0
    sandbox.clock(set=AFTER)
    assert (len(sandbox.ledger.called_once()), len(sandbox.ledger.called_again())) == (11, 0)


@pytest.mark.usefixtures("unowned")
def test_what_differs_is_shown_and_planned(command: Command, project: ProjectFolder) -> None:
    """An import says what differs from the manifest, and the next plan sets just that."""
    project.schedule = {"days": ["mon", "wed"]}
    project.write()
    ran = command("import", "plum/schedule/weekdays", "1", "--format", "json")
    assert ran.document["binding"]["differing"] == ["days"]
    changes = command("plan", "--only", "plum/schedule/weekdays", "--format", "json").document["changes"]
    assert [(each["action"], [part["field"] for part in each["differences"]]) for each in changes] == [
        ("update", ["days"])
    ]


@pytest.mark.usefixtures("unowned")
def test_a_campaign_counts_as_started(command: Command) -> None:
    """An imported run is armed, with everybody in its list sent who could have been."""
    binding = command("import", ADDRESS, "1", "--format", "json").document["binding"]
    assert (binding["armed"], binding["people"], binding["remark"]) == (True, 11, "")
    (shown,) = command("state", "show", ADDRESS, "--format", "json").document["records"]
    assert (shown["phase"], shown["imported"]) == ("armed", True)


@pytest.mark.usefixtures("unowned")
def test_what_others_filled_may_hold_anybody(
    command: Command, project: ProjectFolder, sandbox: Sandbox
) -> None:
    """A campaign without our marker counts its suppressed people as queued: the next plan stops it."""
    project.name = "other"
    project.write()
    binding = command("import", "plum/campaign/other", "1", "--format", "json").document["binding"]
    assert (binding["people"], binding["suppressed"]) == (12, 1)
    assert "marker of another run or project" in binding["remark"]
    changes = command("plan", "--format", "json").document["changes"]
    assert ("stop", "plum/campaign/other") in [(each["action"], each["address"]) for each in changes]
    assert not sandbox.ledger.calls


@pytest.mark.usefixtures("unowned")
@pytest.mark.parametrize(
    ("address", "remote_id", "code", "said"),
    [
        ("plum/campaign/nobody", "1", 64, "the manifests have no"),
        ("other/campaign/january", "1", 64, "there is no provider"),
        (ADDRESS, "7", 1, "shows no campaign 7"),
        ("not-an-address", "1", 64, "not an address"),
    ],
)
def test_refusals(command: Command, address: str, remote_id: str, code: int, said: str) -> None:
    """What is not declared, not there, or no address is refused, and nothing is written."""
    ran = command("import", address, remote_id)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert command("state", "list", "--format", "json").document["records"] == []


@pytest.mark.usefixtures("unowned")
def test_another_kind_of_that_id_is_named(command: Command, sandbox: Sandbox) -> None:
    """An id that exists in another kind is not taken for this one."""
    sandbox.next_ids({"plum": {"schedules": 40}})
    command("import", "plum/schedule/weekdays", "1")
    assert "a schedule" in command("import", ADDRESS, "40").err or command("import", ADDRESS, "40").code == 1


@pytest.mark.usefixtures("applied")
def test_what_is_owned_stays_with_its_owner(command: Command, project: ProjectFolder) -> None:
    """An object that is ours already, or an address that has one, is not bound a second time."""
    assert command("import", ADDRESS, "1").code == 1
    project.extra = {"campaigns": {"copy": {**_campaign(), "state": "draft"}}}
    project.write()
    ran = command("import", "plum/campaign/copy", "1")
    assert (ran.code, "state mv" in ran.err) == (1, True)
    command("stop", ADDRESS, "--reason", "x")
    command("state", "rm", ADDRESS, "--reason", "x")
    ran = command("import", ADDRESS, "1")
    assert (ran.code, "another run" in ran.err) == (1, True)


def _campaign() -> dict[str, object]:
    return {
        "provider": "plum",
        "start_date": "2027-01-04",
        "end_date": "2027-01-29",
        "schedule": "weekdays",
        "windows": [{"start_time": "08:00", "end_time": "11:00", "profile": "pace"}],
        "plum": {"start_url": "https://ivr.example/start", "ani": "+16175550199"},
    }
