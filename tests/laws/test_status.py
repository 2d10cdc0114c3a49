"""status: one table over vendors that tell much, little, or nothing; what is not told is n/a, and never 0."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reconciler.providers import registry
from reconciler.providers.base import Counting
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder
from reconciler.workflow import status as watching
from reconciler.workflow.options import Options
from reconciler.workflow.workspace import open_workspace

from .callr_hands import callr_folder
from .conftest import folder
from .rvm_hands import rvm_folder
from .wolkvox_hands import wolkvox_folder

COUNTERS = ("done", "total", "answered", "failed", "filtered", "rate")


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A running campaign at wolkvox, of which every fifth does not answer."""
    sandbox.options({"wolkvox": {"calls_per_hour": 10, "no_answer": "0,5"}})
    made = wolkvox_folder(tmp_path / "project", sandbox)
    assert made.run("apply", "--yes").code == 0
    return made


def row(project: ProjectFolder) -> dict[str, Any]:
    """The one row of a status."""
    ran = project.run("status", "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    (found,) = ran.document["campaigns"]
    return dict(found)


def test_counters_are_the_vendors_own(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Done, total, answered, failed and left out, as the live view has them after a morning."""
    before = row(project)
    assert (before["done"], before["total"], before["answered"], before["finished"]) == (0, 12, 0, False)
    sandbox.clock(set="2027-01-04T09:30:00-05:00")
    during = row(project)
    assert 0 < during["done"] < 12
    assert during["answered"] + during["failed"] == during["done"]
    sandbox.clock(advance=5 * 86400)
    after = row(project)
    assert (after["state"], after["done"], after["answered"], after["failed"]) == ("complete", 12, 9, 3)
    assert after["finished"] is True


def test_what_a_vendor_does_not_tell_is_not_zero(tmp_path: Path, sandbox: Sandbox) -> None:
    """Plum tells nothing: n/a in the table, null for programs, no sample for Prometheus."""
    made = folder(tmp_path / "project", sandbox)
    made.run("apply", "--yes")
    found = row(made)
    assert all(found[name] is None for name in COUNTERS)
    assert "n/a/12" in made.run("status").out
    metrics = tmp_path / "metrics.prom"
    made.run("status", "--report", f"prometheus={metrics}")
    text = metrics.read_text()
    assert "reconciler_done{" not in text
    assert 'reconciler_queued{project="laws",provider="plum",campaign="january",run="1",part="0"} 12' in text


def test_rvm_counts_from_its_report(tmp_path: Path, sandbox: Sandbox) -> None:
    """What ended shows in the report alone, with all its counters."""
    made = rvm_folder(tmp_path / "project", sandbox)
    assert made.run("apply", "--yes").code == 0
    sandbox.clock(set="2027-01-04T09:00:00-05:00")
    found = row(made)
    assert found["total"] == 12
    assert found["done"] is not None
    assert found["rate"] is None


@pytest.mark.slow
def test_callr_counts_by_how_calls_ended(tmp_path: Path, sandbox: Sandbox) -> None:
    """What its status tells of a morning's calls; a rate is none of it."""
    made = callr_folder(tmp_path / "project", sandbox)
    assert made.run("apply", "--yes").code == 0
    sandbox.clock(advance=6 * 3600)
    found = row(made)
    assert found["total"] == len(made.numbers)
    assert 0 < found["answered"] + found["failed"] <= found["total"]
    assert found["rate"] is None


def test_counters_are_those_that_a_kind_declares(project: ProjectFolder) -> None:
    """A vendor tells no counter that its kind does not declare, and every one that it does."""
    with open_workspace(Options(project.root, environment=project.tokens)) as workspace:
        accounts, _ = watching.reached(workspace)
        for account in accounts:
            for kind in account.provider.kinds.values():
                if isinstance(kind, Counting):
                    told = kind.counters(account.client).values()
                    assert told
                    assert {
                        name for each in told for name in COUNTERS if getattr(each, name) is not None
                    } == kind.tells
    for name in registry.built_in():
        for kind in registry.get(name).kinds.values():
            assert not isinstance(kind, Counting) or kind.pace >= 1


def test_watching_ends_when_everybody_is_called(
    project: ProjectFolder, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--until finished looks again and again, and ends with 0 when nobody is left."""
    monkeypatch.setattr(registry.get("wolkvox").kinds["campaign"], "pace", 0.02)
    looks = []
    with open_workspace(Options(project.root, environment=project.tokens)) as workspace:
        for found in watching.watch(workspace, until_finished=True):
            looks.append(found.rows[0].counters.done)
            sandbox.clock(advance=3600)
            assert len(looks) < 200
    assert looks == sorted(looks)
    assert looks[-1] == 12
    ran = project.run("status", "--watch", "--until", "finished", "--format", "json")
    assert (ran.code, ran.document["finished"], ran.document["timed_out"]) == (0, True, False)


def test_a_timeout_ends_it_with_a_word(project: ProjectFolder) -> None:
    """--timeout ends with 1 and says so; nothing is changed by looking."""
    ran = project.run("status", "--watch", "--until", "finished", "--timeout", "0", "--format", "json")
    assert (ran.code, ran.document["failure_reason"], ran.document["timed_out"]) == (1, "timeout", True)


def test_each_vendor_is_asked_at_its_own_pace(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow vendor's pace keeps nobody from asking a quick one, and is kept itself."""
    made = wolkvox_folder(tmp_path / "project", sandbox)
    facts = sandbox.ready()["providers"]["plum"]
    plum = {"type": "plum", "token": {"env": "PLUM_TOKEN"}, "base_url": facts["base_url"]}
    made.providers = {**made.providers, "plum": plum}
    made.tokens = {**made.tokens, "PLUM_TOKEN": facts["token"]}
    made.write()
    moment = [0.0]

    class Signal:
        """Waiting moves the clock."""

        def wait(self, seconds: float) -> bool:
            moment[0] += seconds
            return False

    monkeypatch.setattr(watching, "USUAL_PACE", 30.0)
    with open_workspace(Options(made.root, environment=made.tokens)) as workspace:
        looks = watching.watch(workspace, timeout=600, stop=Signal(), clock=lambda: moment[0])  # type: ignore[arg-type]
        assert len(list(looks)) > 15
    asked = [item["vendor"] for item in sandbox.requests() if "schedules" in item["path"]]
    slow = [
        item
        for item in sandbox.requests()
        if item["operation"] == "campaigns" and "real_time" in item["path"]
    ]
    assert len(asked) == 21
    assert len(slow) == 3
