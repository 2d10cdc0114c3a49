"""Healing by itself: louder is taken back, and nothing ever gets louder, earlier, or more."""

from __future__ import annotations

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .conftest import Vendor
from .test_drift import CHANGES


def written(sandbox: Sandbox) -> list[str]:
    """The requests that changed something."""
    return [f"{each.method} {each.path}" for each in sandbox.ledger.writes if each.status == 200]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "field", "fields", "grade", "repaired"), CHANGES)
def test_heal_takes_back_what_is_louder_alone(
    project: ProjectFolder,
    vendor: Vendor,
    kind: str,
    field: str,
    fields: dict[str, str],
    grade: str,
    repaired: bool,
) -> None:
    """A louder hand is taken back without anybody being asked; a quieter one, and what nobody can grade, is left."""
    del field, repaired
    assert project.run("apply", "--yes").code == 0
    number = vendor.list(kind)[0][f"{kind[:-1]}_id"]
    vendor.patch(kind, number, **fields)
    before = vendor.list(kind)
    healed = project.run("heal")
    assert healed.code == 0, healed.out + healed.err
    assert (vendor.list(kind) != before) == (grade == "louder")
    assert (project.run("drift").code == 0) == (grade == "louder")


def test_heal_leaves_what_the_manifests_want_more_of(
    project: ProjectFolder, sandbox: Sandbox, vendor: Vendor
) -> None:
    """More people, more days, a new campaign and a start are for apply, also while something louder is taken back."""
    assert project.run("apply", "--yes").code == 0
    number = vendor.list("campaigns")[0]["campaign_id"]
    vendor.patch("campaigns", number, end_date="2027-02-15")
    queued = len(sandbox.ledger.queued)
    project.numbers = people(30)
    project.schedule = {"days": ["mon", "tue", "wed", "thu", "fri"]}
    project.campaign = {"end_date": "2027-01-28"}
    project.extra = {"campaigns": {"second": project._manifest()["campaigns"]["january"]}}
    project.write()
    before = written(sandbox)
    healed = project.run("heal", "--format", "json")
    assert healed.code == 0, healed.out + healed.err
    new = written(sandbox)[len(before) :]
    assert new == [f"PATCH /campaigns/{number}"]
    assert {step["action"] for step in healed.document["steps"]} == {"update"}
    assert len(sandbox.ledger.queued) == queued
    assert "2027-01-28" in str(vendor.list("campaigns"))


def test_heal_stops_what_is_to_be_stopped(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A stop that was merged and not carried out needs nobody."""
    assert project.run("apply", "--yes").code == 0
    project.campaign = {"state": "stopped"}
    project.write()
    assert project.run("heal").code == 0
    assert written(sandbox)[-1] == "POST /campaigns/stop"


@pytest.mark.slow
def test_heal_deletes_nothing(project: ProjectFolder, sandbox: Sandbox) -> None:
    """What left the manifests is left alone, consent or not."""
    assert project.run("apply", "--yes").code == 0
    project.omit = ("campaigns",)
    project.extra = {"consents": [{"action": "end-run", "address": "plum/campaign/january", "run": "1",
                                   "reason": "over", "until": "2027-12-31"}]}  # fmt: skip
    project.write()
    before = written(sandbox)
    ran = project.run("heal")
    assert ran.code in {0, 6}, ran.out + ran.err
    assert not [each for each in written(sandbox)[len(before) :] if each.startswith("DELETE")]
