"""A merge apply that was cut off anywhere: its job, run again, does the rest of what was reviewed, and that alone."""

from __future__ import annotations

import os
import signal

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .conftest import event
from .forge import Forge
from .runner import Job, Runner
from .test_cancel import cancelled
from .test_merge import applied, calls, change_days, merged
from .test_plan import planned

pytestmark = pytest.mark.slow
LOOKED_UP = (4, 1, 2, 3)
"""Which request is under way: those whose loss can be looked up, or done again, without asking anybody."""


def cut_off(runner: Runner, forge: Forge, sandbox: Sandbox, number: int) -> Job:
    """The merge's job, killed while its n-th request is at the vendor, which has done it."""
    planned(runner)
    runner.seconds = (0.2, 0.2)
    job = cancelled(runner, forge, sandbox, number, lambda pid: os.kill(pid, signal.SIGSTOP))
    assert job.cancelled
    sandbox.release()
    sandbox.clear_faults()
    return job


@pytest.mark.one_in(2)
@pytest.mark.parametrize("number", LOOKED_UP)
def test_same_job_does_the_rest(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder, number: int
) -> None:
    """Nobody has to review again what was reviewed: one more run of the job, and all of it is done, once."""
    cut_off(runner, forge, sandbox, number)
    job = merged(runner, forge)
    assert job.outputs["exit-code"] == "0", job.log
    assert len(sandbox.state()["plum"]["campaigns"]) == 1
    sandbox.clock(advance=40 * 86400)
    summary = sandbox.ledger.summary()
    assert summary["people_called_once"] == len(project.numbers) - len(project.blacklist)
    assert summary["people_called_again"] == summary["queued_again"] == 0


def test_start_without_a_reply_is_not_repeated(runner: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """What a cut-off left unknown is nobody's to do again, reviewed or not."""
    cut_off(runner, forge, sandbox, 5)
    before = calls(sandbox)
    job = merged(runner, forge)
    assert job.outputs["exit-code"] == "8", job.log
    assert calls(sandbox) == before


def test_nothing_unreviewed_comes_with_it(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder
) -> None:
    """People who came into the list meanwhile, and a new pace, are held; what does not rest on them is done."""
    cut_off(runner, forge, sandbox, 2)
    project.numbers = people(30)
    project.write()
    job = merged(runner, forge)
    assert job.outputs["exit-code"] == "4", job.log
    assert len(sandbox.state()["plum"]["campaigns"]) <= 1
    assert sandbox.ledger.queued == []
    assert "/campaigns/start" not in calls(sandbox)


def test_hand_at_the_vendor_ends_the_review(runner: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """Where somebody made something louder after the cut, what rests on it is held and shown."""
    cut_off(runner, forge, sandbox, 3)
    change_days(sandbox, ["mon", "tue", "wed", "fri"])
    job = merged(runner, forge)
    assert job.outputs["exit-code"] == "4", job.log
    assert "/campaigns/start" not in calls(sandbox)


def test_other_apply_ends_the_review(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder
) -> None:
    """Once another plan was applied, an old job that is run again does nothing of its own any more."""
    cut_off(runner, forge, sandbox, 3)
    project.schedule = {"days": ["mon"]}
    project.campaign = {"state": "draft"}
    project.write()
    later = runner.run("push", event("push"), command="plan", path="outreach").outputs["plan-digest"]
    done = applied(runner, plan_digest=later)
    assert done.outputs["exit-code"] == "0", done.log
    assert sandbox.state()["plum"]["schedules"][0]["days"] == ["mon"]
    project.schedule, project.campaign = {}, {}
    project.write()
    before = calls(sandbox)
    job = merged(runner, forge)
    assert job.outputs["exit-code"] == "4", job.log
    assert calls(sandbox) == before
    assert "/campaigns/start" not in calls(sandbox)


@pytest.mark.parametrize("carried", ["digest", "file"])
def test_review_by_other_ways_goes_on(runner: Runner, forge: Forge, sandbox: Sandbox, carried: str) -> None:
    """A digest that somebody read, or a plan that was kept, covers the rest after a cut; another one nothing."""
    planned = runner.run("push", event("push"), command="plan", path="outreach", plan_file="jan.plan")
    digest = {"plan_digest": planned.outputs["plan-digest"]}
    inputs = digest if carried == "digest" else {"plan_file": "jan.plan"}
    runner.seconds = (0.2, 0.2)
    sandbox.faults(
        {"vendor": "plum", "action": "hold", "method": "POST", "when": "after", "nth": 3, "count": 1}
    )
    apply = {"command": "apply", "path": "outreach"}
    cut = runner.run(
        "push",
        event("push"),
        cancel=lambda step, process: _stopped(sandbox, step, process.pid),
        **apply,
        **inputs,
    )
    assert cut.cancelled
    assert forge.comments == {}
    sandbox.release()
    sandbox.clear_faults()
    assert applied(runner, plan_digest="0" * 32).outputs["exit-code"] == "4"
    done = applied(runner, **inputs)
    assert done.outputs["exit-code"] == "0", done.log
    assert "/campaigns/start" in calls(sandbox)


def _stopped(sandbox: Sandbox, step: str, pid: int) -> bool:
    if step != "run" or sandbox.held(0.02) is None:
        return False
    os.kill(pid, signal.SIGSTOP)
    return True
