"""Quieter first, and a brake that holds."""

from __future__ import annotations

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

SECOND = {
    "provider": "plum",
    "state": "running",
    "start_date": "2027-01-04",
    "end_date": "2027-01-29",
    "schedule": "weekdays",
    "windows": [{"start_time": "08:00", "end_time": "11:00", "profile": "pace"}],
    "plum": {"start_url": "https://ivr.example/second", "ani": "+16175550199"},
}


def paths(sandbox: Sandbox) -> list[str]:
    """The paths of all writes, in order."""
    return [item["path"] for item in sandbox.requests() if item["method"] != "GET"]


@pytest.mark.slow
def test_stop_goes_first_though_others_fail(project: ProjectFolder, sandbox: Sandbox) -> None:
    """In a plan that stops one campaign and whose other update answers 500, the stop was sent first."""
    project.extra = {"campaigns": {"second": SECOND}}
    project.write()
    assert project.run("apply", "--yes").code == 0
    project.campaign = {"state": "stopped"}
    project.extra = {"campaigns": {"second": SECOND | {"end_date": "2027-02-20"}}}
    project.write()
    before = len(paths(sandbox))
    sandbox.faults({"vendor": "plum", "method": "PATCH", "path": None, "action": "status", "status": 500})
    ran = project.run("apply", "--yes")
    assert ran.code in {1, 7, 8}, ran.out
    assert paths(sandbox)[before] == "/campaigns/stop"
    sandbox.clear_faults()
    assert project.run("apply", "--yes").code == 0
    assert project.run("plan").code == 0


@pytest.mark.slow
def test_stop_all_holds(project: ProjectFolder, sandbox: Sandbox) -> None:
    """After `stop --all` an apply starts nothing until the hold is released; stopped runs stay stopped."""
    project.campaign = {"state": "draft"}
    project.extra = {"campaigns": {"second": SECOND}}
    project.write()
    assert project.run("apply", "--yes").code == 0
    stopped = project.run("stop", "--all", "--reason", "wrong audio")
    assert stopped.code == 8, stopped.out + stopped.err
    project.campaign = {"state": "running"}
    project.write()
    starts = paths(sandbox).count("/campaigns/start")
    held = project.run("apply", "--yes")
    assert held.code == 6, held.out + held.err
    assert paths(sandbox).count("/campaigns/start") == starts
    assert project.run("hold", "release", "--reason", "mended").code == 0
    assert project.run("apply", "--yes").code == 0
    runs = {item["start_url"]: item["run"] for item in sandbox.state()["plum"]["campaigns"]}
    assert {url: run for url, run in runs.items() if "second" in url}.popitem()[1] == "stopped"
    assert paths(sandbox).count("/campaigns/start") == starts + 1


@pytest.mark.slow
def test_stop_needs_no_valid_manifest(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A broken manifest changes nothing, but stop works."""
    project.run("apply", "--yes")
    (project.root / "manifests" / "broken.yaml").write_text("campaigns: [\n")
    assert project.run("apply", "--yes").code == 1
    stopped = project.run("stop", "--all", "--reason", "fire")
    assert stopped.code == 8, stopped.out + stopped.err
    assert paths(sandbox)[-1] == "/campaigns/stop"


@pytest.mark.slow
def test_limit_of_people(project: ProjectFolder, sandbox: Sandbox) -> None:
    """More people than the project allows are not reached, and the refusal prints the line to write."""
    project.project = {"limits": {"max_people": 10}}
    project.write()
    ran = project.run("apply", "--yes")
    assert ran.code == 6
    assert "max_people: 11" in ran.err
    assert "max_people: 11" in project.run("plan").out
    assert "/campaigns/start" not in paths(sandbox)


@pytest.mark.slow
def test_unusable_blacklist_starts_nothing(project: ProjectFolder, sandbox: Sandbox) -> None:
    """While a blacklist cannot be read whole, nothing starts or grows."""
    (project.root / "contacts" / "dnc.txt").write_text("6175\n")
    ran = project.run("apply", "--yes")
    assert ran.code in {1, 6}
    assert "/campaigns/start" not in paths(sandbox)
    assert "/campaigns/add-calls" not in paths(sandbox)


@pytest.mark.slow
def test_emptied_blacklist(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A blacklist that was emptied is an error, and whom it held stays out."""
    project.run("apply", "--yes")
    (project.root / "contacts" / "dnc.txt").write_text("")
    project.campaign = {"run": "2"}
    project.numbers = list(project.numbers)
    ran = project.run("apply", "--yes", "--allow", "end-run")
    assert ran.code in {1, 6}
    assert paths(sandbox).count("/campaigns/start") == 1
