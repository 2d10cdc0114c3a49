"""On merge what was reviewed is done, that alone, and once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx
import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .conftest import event
from .forge import Forge
from .runner import Job, Runner
from .test_plan import planned

SHA = "a" * 40


def merged(runner: Runner, forge: Forge, **inputs: str) -> Job:
    """The pull request is merged, and the workflow of the push runs."""
    if SHA not in forge.pulls:
        forge.merge(7, SHA)
    return applied(runner, **inputs)


def applied(runner: Runner, **inputs: str) -> Job:
    """The workflow of a push."""
    return runner.run("push", event("push"), **{"command": "apply", "path": "outreach", **inputs})


def calls(sandbox: Sandbox) -> list[str]:
    """The requests that changed something at the vendor."""
    return [each.path for each in sandbox.ledger.writes if each.path != "/token"]


def change_days(sandbox: Sandbox, days: list[str]) -> None:
    """Somebody's hand at the vendor's own page."""
    facts = sandbox.ready()["providers"]["plum"]
    with httpx.Client(headers={"Authorization": f"Bearer {facts['token']}"}) as vendor:
        number = vendor.get(f"{facts['base_url']}/schedules").json()[0]["schedule_id"]
        changed = vendor.patch(f"{facts['base_url']}/schedules/{number}", params={"days": json.dumps(days)})
        assert changed.is_success


@pytest.mark.slow
def test_merge_does_exactly_what_was_shown(runner: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """After a reviewed plan the push carries out all of it, and says so there; a second one does nothing."""
    planned(runner)
    assert calls(sandbox) == []
    job = merged(runner, forge)
    assert not job.failed, job.log
    assert "/campaigns/start" in calls(sandbox)
    shown = forge.plans(7)
    assert len(shown) == 2
    assert "5 done" in shown[1]
    before = calls(sandbox)
    again = merged(runner, forge)
    assert not again.failed, again.log
    assert calls(sandbox) == before


@pytest.mark.slow
def test_hand_between_review_and_merge_is_held(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder
) -> None:
    """What somebody changed at the vendor after the review is not what was reviewed: held, shown, exit 4."""
    planned(runner)
    merged(runner, forge)
    project.profile = {"amount_per_period": 90}
    project.schedule = {"days": ["mon", "wed"]}
    project.write()
    forge.pulls.clear()
    forge.comments.clear()
    planned(runner)
    change_days(sandbox, ["mon", "tue", "wed", "fri"])
    job = merged(runner, forge)
    assert job.failed
    assert job.outputs["exit-code"] == "4", job.log
    assert job.outputs["failure-reason"] == "plan-stale"
    state = sandbox.state()["plum"]
    assert state["schedules"][0]["days"] == ["mon", "tue", "wed", "fri"], "what differs is held"
    assert state["profiles"][0]["amount_per_period"] == 90, "what is as it was reviewed is done"
    assert "it shows the digest of what is left" in forge.plans(7)[-1]
    assert "new, or not as in the reviewed plan" in job.log + forge.plans(7)[-1]


@pytest.mark.slow
def test_more_people_than_reviewed_are_held(
    runner: Runner, forge: Forge, sandbox: Sandbox, project: ProjectFolder
) -> None:
    """A contact list that grew after the review queues nobody."""
    planned(runner)
    project.numbers = people(30)
    project.write()
    job = merged(runner, forge)
    assert job.outputs["exit-code"] == "4"
    assert sandbox.ledger.queued == []


@pytest.mark.slow
@pytest.mark.parametrize("edit", ["text", "pins", "copied", "other author", "none"])
def test_comment_that_somebody_touched_reviews_nothing(
    runner: Runner, forge: Forge, sandbox: Sandbox, edit: str
) -> None:
    """One letter more, another pull request's comment, or another author's: nothing was reviewed, nothing is done."""
    planned(runner)
    (comment,) = forge.comments[7]
    if edit == "text":
        comment["body"] = comment["body"].replace("11 people", "1 person")
    elif edit == "pins":
        comment["body"] = comment["body"].replace('"pins":["', '"pins":["AAAAAAAAAAAAAAAA","')
    elif edit == "copied":
        forge.comments[8] = forge.comments.pop(7)
        forge.merge(8, SHA)
    elif edit == "other author":
        comment["user"]["login"] = "mallory"
    else:
        del forge.comments[7]
    job = merged(runner, forge)
    assert job.outputs["exit-code"] == "4", job.log
    assert calls(sandbox) == []
    assert "no plan of ours" in job.log


@pytest.mark.slow
def test_push_without_a_pull_request_does_nothing(runner: Runner, sandbox: Sandbox) -> None:
    """What nobody reviewed is held, and the log says why."""
    job = applied(runner)
    assert job.outputs["exit-code"] == "4", job.log
    assert calls(sandbox) == []
    assert "nothing was reviewed" in job.log
    assert f"by hand with plan-digest `{job.outputs['plan-digest']}`" in job.summary


@pytest.mark.slow
def test_digest_given_by_hand(runner: Runner, sandbox: Sandbox) -> None:
    """A digest that somebody copied from a plan carries out that plan, and another one nothing."""
    digest = planned(runner).outputs["plan-digest"]
    wrong = applied(runner, plan_digest="0" * 32)
    assert wrong.outputs["exit-code"] == "4"
    assert calls(sandbox) == []
    right = applied(runner, plan_digest=digest)
    assert not right.failed, right.log
    assert "/campaigns/start" in calls(sandbox)


@pytest.mark.slow
def test_kept_plan_is_applied(runner: Runner, sandbox: Sandbox, project: ProjectFolder) -> None:
    """A plan that an earlier step kept is carried out as it is."""
    job = runner.run("push", event("push"), command="plan", path="outreach", plan_file="jan.plan")
    kept = Path(job.outputs["plan-file"])
    assert kept == project.root.parent / "jan.plan"
    assert json.loads(kept.read_text("utf-8"))["format"] == "reconciler plan file"
    done = applied(runner, plan_file="jan.plan")
    assert not done.failed, done.log
    assert "/campaigns/start" in calls(sandbox)


@pytest.mark.slow
def test_kept_plan_is_encrypted(
    runner: Runner, sandbox: Sandbox, project: ProjectFolder, tmp_path: Path
) -> None:
    """Where the state is encrypted, so is the plan that goes from job to job, and it is carried out all the same."""
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    for arguments in (["init", "-q"], ["remote", "add", "origin", str(remote)]):
        subprocess.run(["git", *arguments], cwd=project.root.parent, check=True)
    keys = {"key": {"env": "RECONCILER_KEY"}, "encryption_key": {"env": "ENCRYPTION_KEY"}}
    project.project = {"backend": {"type": "git", **keys}}
    project.write()
    runner.environment = {**runner.environment, "ENCRYPTION_KEY": "6e" * 32}
    job = runner.run("push", event("push"), command="plan", path="outreach", plan_file="jan.plan")
    text = Path(job.outputs["plan-file"]).read_text("utf-8")
    assert "january" not in text
    assert '"sealed"' in text
    done = applied(runner, plan_file="jan.plan")
    assert not done.failed, done.log
    assert "/campaigns/start" in calls(sandbox)
