"""RVM beside its own state: lists that lag, plans that were saved, a state that was lost, runs that others made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .commands import apply, converged
from .rvm_hands import Hands, campaigns, rvm_folder, written

DAY = 86400
MORE = "+12025550177"
REBUILD = ("state", "rebuild", "--yes", "--format", "json")


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with one running campaign of twelve people, one of them suppressed."""
    made = rvm_folder(tmp_path / "project", sandbox)
    made.blacklist = [made.numbers[3]]
    return written(made)


@pytest.fixture
def hands(sandbox: Sandbox) -> Iterator[Hands]:
    """Somebody's hands at the vendor."""
    found = Hands(sandbox)
    yield found
    found.close()


def everybody_once(sandbox: Sandbox, count: int) -> None:
    """At the end of its days everybody was called once."""
    sandbox.clock(advance=40 * DAY)
    summary = sandbox.ledger.summary()
    assert (summary["people_called_once"], summary["people_called_again"]) == (count, 0)


# Lists that lag


@pytest.mark.slow
@pytest.mark.parametrize("reads", [1, 2, 4, 8])
def test_a_list_that_lags(project: ProjectFolder, sandbox: Sandbox, reads: int) -> None:
    """A campaign that shows late is waited for, or started by the next apply; never made twice."""
    sandbox.faults({"vendor": "rvm", "action": "lag", "operation": "create", "reads": reads, "count": 1})
    for _ in range(4):
        if project.run("apply", "--yes").code == 0:
            break
    assert len(campaigns(sandbox, "ACTIVE")) == 1
    converged(project)
    everybody_once(sandbox, 11)


@pytest.mark.slow
@pytest.mark.parametrize("reads", [1, 3])
def test_a_lost_create_that_shows_late(project: ProjectFolder, sandbox: Sandbox, reads: int) -> None:
    """No reply, and a list that lags: one campaign is started, and what shows late is stopped for good."""
    sandbox.options({"rvm": {}})
    sandbox.faults({"vendor": "rvm", "action": "lag", "operation": "create", "reads": reads, "count": 1})
    sandbox.faults({"vendor": "rvm", "action": "truncate", "operation": "create", "count": 1})
    for _ in range(4):
        if project.run("apply", "--yes").code == 0:
            break
    assert len(campaigns(sandbox, "ACTIVE")) == 1
    everybody_once(sandbox, 11)


# Saved plans


@pytest.mark.slow
def test_a_saved_plan_with_a_load(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Blacklists are read anew, and only add: who joined one since is loaded, and not called."""
    path = str(project.root / "plan.json")
    assert project.run("plan", "--out", path).code == 0
    late = project.numbers[5]
    project.blacklist = [*project.blacklist, late]
    written(project)
    ran = project.run("apply", path, "--yes")
    assert ran.code == 0, ran.out + ran.err
    assert {item["number"] for item in sandbox.state()["rvm"]["blacklist"]} == set(project.blacklist)
    everybody_once(sandbox, 10)
    assert sandbox.ledger.called_from([late]) == 0


def test_a_saved_plan_and_a_shorter_blacklist(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Who left the list since the review is kept out by the plan that was reviewed."""
    freed = project.numbers[5]
    project.blacklist = [*people(100, 500), freed]
    written(project)
    path = str(project.root / "plan.json")
    assert project.run("plan", "--out", path).code == 0
    project.blacklist = project.blacklist[:-1]
    written(project)
    project.run("apply", path, "--yes")
    sandbox.clock(advance=40 * DAY)
    assert sandbox.ledger.called_from([freed]) == 0


@pytest.mark.slow
def test_a_saved_plan_pins_the_run_state(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """Paused by hand since the review: the resume that was reviewed is another one now, so it is not made."""
    apply(project)
    project.campaign["state"] = "paused"
    project.write()
    path = str(project.root / "plan.json")
    assert project.run("plan", "--out", path).code == 0
    hands.ask("pause", c_campaign_id=campaigns(sandbox)[0]["id"])
    ran = project.run("apply", path, "--yes")
    assert ran.code == 4, ran.out + ran.err


# A consented shrinkage


@pytest.mark.slow
def test_a_consented_shrinkage_is_measured_from_there(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Consented once, it is not asked for again at the next apply; whom the list lost stays suppressed."""
    project.blacklist = [project.numbers[3], *people(100, 500)]
    written(project)
    apply(project)
    project.blacklist = project.blacklist[:50]
    project.numbers = [*project.numbers, MORE]
    written(project)
    apply(project, 6)
    apply(project, 0, "--allow", "shrink")
    project.numbers = [*project.numbers, "+12025550178", people(1, 590)[0]]
    written(project)
    apply(project, 0)
    everybody_once(sandbox, 13)
    assert len(sandbox.state()["rvm"]["blacklist"]) >= 101


@pytest.mark.slow
def test_a_load_without_a_reply_is_noted_as_unverified(project: ProjectFolder, sandbox: Sandbox) -> None:
    """While nobody confirmed it the plan says so; once it is confirmed the note is gone."""
    sandbox.faults({"vendor": "rvm", "action": "reset", "operation": "load", "when": "after", "count": 9})
    assert project.run("apply", "--yes").code != 0
    notes = [item["text"] for item in project.run("plan", "--format", "json").document["notes"]]
    assert any("1 people are unverified" in text for text in notes)
    sandbox.clear_faults()
    apply(project)
    assert "unverified" not in project.run("plan").out


# A state that was lost


def lose_state(project: ProjectFolder) -> None:
    """Everything goes, the key too."""
    shutil.rmtree(project.root / ".reconciler")


@pytest.mark.slow
def test_a_lost_state_calls_nobody_again(project: ProjectFolder, sandbox: Sandbox) -> None:
    """All parts are found by their markers, and bound; plan is empty, and everybody is called once."""
    apply(project)
    project.numbers = [*project.numbers, MORE]
    project.write()
    apply(project)
    lose_state(project)
    assert project.run("plan").code == 1
    assert project.run("apply", "--yes").code != 0
    lose_state(project)
    found = project.run(*REBUILD)
    assert found.code == 0, found.out + found.err
    assert [item["by"] for item in found.document["bindings"]] == ["marker", "marker"]
    apply(project)
    converged(project)
    everybody_once(sandbox, 12)


@pytest.mark.slow
def test_a_lost_state_of_a_run_that_is_over(project: ProjectFolder, sandbox: Sandbox) -> None:
    """The list hides what completed, and the report shows it: nothing is made again."""
    apply(project)
    sandbox.clock(advance=2 * DAY)
    lose_state(project)
    assert project.run("apply", "--yes").code != 0
    lose_state(project)
    assert project.run(*REBUILD).code == 0
    apply(project)
    everybody_once(sandbox, 11)
    assert len(campaigns(sandbox)) == 1


@pytest.mark.slow
def test_a_rebuilt_run_is_not_replaced(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Nobody knows any more who was queued in it at first, so settings wait for the next run."""
    apply(project)
    lose_state(project)
    assert project.run(*REBUILD).code == 0
    project.campaign["rvm"] = {**project.campaign["rvm"], "throttle": 60}
    project.write()
    said = apply(project, 6, "--allow", "replace")
    assert "who was queued in it at first" in " ".join(said.split())
    assert [item["status"] for item in campaigns(sandbox)] == ["ACTIVE"]


# Runs that others made


@pytest.mark.slow
def test_a_campaign_of_somebody_is_imported(project: ProjectFolder, sandbox: Sandbox, hands: Hands) -> None:
    """It counts as armed with everybody in the list; its title may end in a word of eight letters."""
    project.campaign["title"] = "Winter reminder"
    project.write()
    facts = project.campaign["rvm"]
    numbers = ",".join(number.removeprefix("+1") for number in project.numbers)
    made = hands.ask(
        "create", c_name="Winter reminder", c_callback="6175550199", c_wav=facts["wav"], c_numbers=numbers,
        c_start="true", c_start_date="2027-01-04", c_stop_date="2027-01-29", c_start_time="08:00",
        c_stop_time="11:00", c_run_days="1,3,5", c_throttle="150", c_timezone="America/New_York",
        c_state_check="false",
    )  # fmt: skip
    ran = project.run("import", "rvm/campaign/january", str(made["c_campaign_id"]), "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    assert ran.document["binding"]["differing"] == []
    project.campaign["on_queued_suppression"] = "report"
    project.write()
    apply(project)
    assert len(campaigns(sandbox)) == 1
    sandbox.clock(advance=40 * DAY)
    assert sandbox.ledger.summary()["people_called_again"] == 0
