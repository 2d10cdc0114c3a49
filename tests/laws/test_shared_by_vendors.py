"""One schedule and one profile for campaigns at two vendors: a change is graded and counted at every user."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import Vendor, folder
from .rvm_hands import BLOCK, campaigns

SCHEDULE = "plum/schedule/weekdays"
PROMO = "rvm/campaign/promo"


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A campaign at each vendor, both started; they share schedule, profile and people."""
    facts = sandbox.ready()["providers"]["rvm"]
    made = folder(tmp_path / "project", sandbox)
    rvm = {
        "type": "rvm",
        "token": {"env": "RVM_TOKEN"},
        "base_url": facts["base_url"],
        "list_lag": 0.1,
        "timeout": 5,
    }
    made.providers = {**made.providers, "rvm": rvm}
    made.tokens = {**made.tokens, "RVM_TOKEN": facts["token"]}
    promo = {
        "provider": "rvm", "state": "running", "run": "1", "start_date": "2027-01-04", "end_date": "2027-01-29",
        "schedule": "weekdays", "windows": [{"start_time": "08:00", "end_time": "11:00", "profile": "pace"}],
        "contacts": "people", "title": "January promo", "rvm": BLOCK,
    }  # fmt: skip
    made.extra = {"campaigns": {"promo": promo}}
    made.write()
    ran = made.run("apply", "--yes")
    assert ran.code == 0, ran.out + ran.err
    return made


def changed(project: ProjectFolder, *more: str) -> dict[str, dict[str, Any]]:
    """The changes of a plan, by address."""
    ran = project.run("plan", "--format", "json", *more)
    return {item["address"]: item for item in ran.document["changes"]}


def grades(change: dict[str, Any]) -> dict[str, str]:
    """How each difference of a change is graded."""
    return {item["field"]: item["loudness"] for item in change["differences"]}


def test_a_day_more_is_louder_at_both(project: ProjectFolder) -> None:
    """The vendor that has schedules sets it; the one that has none shows it at the campaign, held for consent."""
    project.schedule = {"days": ["mon", "tue", "wed", "fri"]}
    project.write()
    found = changed(project)
    assert set(found) == {SCHEDULE, PROMO}
    assert grades(found[SCHEDULE]) == grades(found[PROMO]) == {"days": "louder"}
    assert (found[SCHEDULE]["movement"], found[SCHEDULE]["held"]) == ("louder", [])
    assert [item["consent"] for item in found[PROMO]["held"]] == [f"replace:{PROMO}"]


def test_a_slower_pace_is_quieter_at_both(project: ProjectFolder) -> None:
    """Fewer calls a round: quieter at once where it can be set, and graded so where it waits."""
    project.profile = {"amount_per_period": 20}
    project.write()
    found = changed(project)
    assert found["plum/profile/pace"]["movement"] == "quieter"
    assert grades(found[PROMO]) == {"throttle": "quieter"}
    throttle = found[PROMO]["differences"][0]
    assert (throttle["applied"], throttle["wanted"]) == (150, 30)


@pytest.mark.slow
def test_one_apply_changes_both_by_consent(project: ProjectFolder, sandbox: Sandbox) -> None:
    """With the consent one apply sets the one and replaces the other; each person is called once by each."""
    project.profile = {"amount_per_period": 20}
    project.write()
    ran = project.run("apply", "--yes", "--allow", f"replace:{PROMO}")
    assert ran.code == 0, ran.out + ran.err
    assert [item["throttle"] for item in campaigns(sandbox, "ACTIVE")] == ["30"]
    assert changed(project) == {}
    sandbox.clock(advance=40 * 86400)
    calls = [(item.vendor, item.number) for item in sandbox.ledger.calls]
    assert len(calls) == len(set(calls)) == 2 * len(project.numbers)


@pytest.mark.slow
def test_a_strangers_campaign_holds_what_it_shares(
    project: ProjectFolder, sandbox: Sandbox, vendor: Vendor
) -> None:
    """A schedule that a stranger's campaign uses, too, is left alone until somebody consents; so is the rest."""
    fields = {"start_date": "2027-01-04", "end_date": "2027-01-29", "start_url": "https://ivr.example/theirs"}
    windows = '[{"start_time":"08:00","end_time":"11:00","profile":"pace"}]'
    vendor.post("campaigns", **fields, schedule="weekdays", profiles=windows)
    project.schedule = {"days": ["mon", "tue", "wed", "fri"]}
    project.write()
    found = changed(project)
    assert [item["action"] for item in found[SCHEDULE]["held"]] == ["shared"]
    assert project.run("apply", "--yes").code == 6
    assert "tue" not in str(sandbox.state()["plum"]["schedules"])
    ran = project.run("apply", "--yes", "--allow", f"shared:{SCHEDULE}", "--allow", "replace")
    assert ran.code == 0, ran.out + ran.err
    assert "tue" in str(sandbox.state()["plum"]["schedules"])
