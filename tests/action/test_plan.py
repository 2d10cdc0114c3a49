"""A plan on a pull request: its comment, its outputs, its summary, and what of it GitHub is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .conftest import event
from .forge import BOT, Forge
from .runner import Job, Runner


def planned(runner: Runner, **inputs: str) -> Job:
    """The action on the pull request."""
    return runner.run(
        "pull_request",
        event("pull_request"),
        ref="refs/pull/7/merge",
        **{"command": "plan", "path": "outreach", **inputs},
    )


@pytest.mark.slow
def test_plan_is_a_comment_outputs_and_a_summary(runner: Runner, forge: Forge, sandbox: Sandbox) -> None:
    """One step on a pull request says everywhere where somebody looks what would happen, and changes nothing."""
    job = planned(runner)
    assert not job.failed, job.log
    (comment,) = forge.plans(7)
    assert "**11 people**, 11 for the first time" in comment
    assert "First ring" in comment
    assert "11 people" in job.summary
    assert job.outputs["changes"] == "5"
    assert job.outputs["create"] == "3"
    assert job.outputs["start"] == "1"
    assert job.outputs["people-reached"] == "11"
    assert job.outputs["failure-reason"] == ""
    assert len(job.outputs["plan-digest"]) == 32
    document = json.loads(Path(job.outputs["json-file"]).read_text("utf-8"))
    assert document["digest"] == job.outputs["plan-digest"]
    assert sandbox.state()["plum"]["campaigns"] == []
    assert not [each for each in sandbox.ledger.writes if each.path != "/token"]


@pytest.mark.slow
def test_second_plan_updates_the_comment(runner: Runner, forge: Forge, project: ProjectFolder) -> None:
    """A push writes the same comment anew: there is never a second one, and others' comments are left alone."""
    planned(runner)
    forge.say(7, forge.plans(7)[0])
    project.numbers = people(20)
    project.write()
    job = planned(runner)
    assert not job.failed, job.log
    mine, theirs = forge.comments[7]
    assert "**19 people**" in mine["body"]
    assert "**11 people**" in theirs["body"]
    assert mine["user"]["login"] == BOT
    assert "comment updated" in job.log


@pytest.mark.slow
def test_two_projects_have_two_comments(runner: Runner, forge: Forge) -> None:
    """Plans with different keys on one pull request do not overwrite each other."""
    planned(runner, comment_key="one")
    planned(runner, comment_key="two")
    planned(runner, comment_key="one")
    assert len(forge.plans(7)) == 2


@pytest.mark.slow
def test_comment_can_be_left_out(runner: Runner, forge: Forge) -> None:
    """comment: false writes none; the summary has it all the same."""
    job = planned(runner, comment="false")
    assert forge.plans(7) == []
    assert "11 people" in job.summary


@pytest.mark.slow
def test_problems_stand_on_their_lines(runner: Runner, forge: Forge, project: ProjectFolder) -> None:
    """A broken manifest fails the step, and is annotated where it is broken, as a path of the repository."""
    project.campaign = {"schedule": "weekday"}
    project.write()
    job = planned(runner)
    assert job.failed
    assert job.outputs["failure-reason"] == "invalid"
    (line,) = [each for each in job.commands if each.startswith("::error")]
    assert line.startswith("::error file=outreach/manifests/campaigns.yaml,line=")
    assert "REF01" in line
    (comment,) = forge.plans(7)
    assert "REF01" in comment


@pytest.mark.slow
def test_nothing_can_be_reported_where_github_refuses(runner: Runner, forge: Forge) -> None:
    """A token that may not write comments costs the comment, and neither the plan nor its summary."""
    forge.read_only = True
    job = planned(runner)
    assert not job.failed, job.log
    assert any(each.startswith("::warning::github") for each in job.commands)
    assert "11 people" in job.summary
    assert forge.token not in job.log


@pytest.mark.slow
@pytest.mark.parametrize(
    "wrong", [{"command": "aply"}, {"comment": "yes"}, {"max_people": "-1"}, {"path": "../.."}]
)
def test_wrong_inputs_are_said(runner: Runner, wrong: dict[str, str]) -> None:
    """An input that can't be is refused before anything is asked of a vendor."""
    job = planned(runner, **wrong)
    assert job.outcomes["prepare"] == "failure"
    assert job.outcomes["run"] == "skipped"
    assert job.outputs["failure-reason"] == "usage"


@pytest.mark.slow
def test_max_people_only_lowers(runner: Runner) -> None:
    """The input holds what reaches more people, and cannot raise the project's own limit."""
    lowered = planned(runner, max_people="5")
    assert lowered.outputs["held"] != "0"
    raised = planned(runner, max_people="100000")
    assert raised.outputs["held"] == "0"
