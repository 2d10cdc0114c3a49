"""Runs: a run id is spent once armed, and nobody is called by it again."""

from __future__ import annotations

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .conftest import START, Vendor


@pytest.mark.slow
def test_run_changed_while_armed_is_held(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A new run while the old one has not ended is held; with consent the old one is stopped first."""
    project.run("apply", "--yes")
    project.campaign = {"run": "2"}
    project.write()
    writes = sandbox.ledger.summary()["writes"]
    held = project.run("apply", "--yes")
    assert held.code == 6, held.out
    assert "end-run" in held.out
    assert sandbox.ledger.summary()["writes"] == writes
    allowed = project.run("apply", "--yes", "--allow", "end-run:plum/campaign/january")
    assert allowed.code == 0, allowed.out + allowed.err
    paths = [item["path"] for item in sandbox.requests() if item["method"] == "POST"]
    assert paths.index("/campaigns/stop") < len(paths) - 1 - paths[::-1].index("/campaigns")
    assert project.run("plan").code == 0


def test_back_to_a_spent_run_is_refused(project: ProjectFolder, sandbox: Sandbox) -> None:
    """Run 1, then 2, then 1 again: refused, and nothing is sent."""
    project.run("apply", "--yes")
    project.campaign = {"run": "2"}
    project.write()
    project.run("apply", "--yes", "--allow", "end-run:plum/campaign/january")
    project.campaign = {"run": "1"}
    project.write()
    writes = sandbox.ledger.summary()["writes"]
    back = project.run("apply", "--yes", "--allow", "end-run", "--allow", "rerun")
    assert back.code == 1, back.out + back.err
    assert "RUN01" in back.out + back.err
    assert sandbox.ledger.summary()["writes"] == writes


def test_second_run_counts_people_again(project: ProjectFolder) -> None:
    """A plan for another run counts as called before whoever an earlier run has queued."""
    project.run("apply", "--yes")
    project.campaign = {"run": "2"}
    project.numbers = [*project.numbers, *people(3, first=40)]
    project.write()
    rows = project.run("plan", "--format", "json").document["people"]
    row = rows["campaigns"][0] if isinstance(rows, dict) else rows[0]
    assert (row["first_time"], row["again"]) == (3, 11)


def test_growth_sends_only_the_new(project: ProjectFolder, sandbox: Sandbox) -> None:
    """People added to an armed run's list are queued once; who left the list stays and is not sent again."""
    project.run("apply", "--yes")
    original = list(project.numbers)
    project.numbers = [*original[1:], *people(2, first=40)]
    project.write()
    assert project.run("apply", "--yes").code == 0
    project.numbers = [*original, *people(2, first=40)]
    project.write()
    assert project.run("apply", "--yes").code == 0
    summary = sandbox.ledger.summary()
    assert summary["queued_again"] == 0
    assert summary["people_queued"] == 13


@pytest.mark.parametrize("state", ["running", "draft"])
def test_a_run_changes_together_with_what_it_uses(project: ProjectFolder, state: str) -> None:
    """What this very apply has changed is no hand's change: one apply is enough for a run and its days."""
    project.campaign = {"state": state}
    project.write()
    assert project.run("apply", "--yes").code == 0
    project.campaign = {"state": state, "end_date": "2027-02-05"}
    project.schedule = {"days": ["mon", "tue", "wed", "fri"]}
    project.profile = {"amount_per_period": 50}
    project.write()
    ran = project.run("apply", "--yes")
    assert ran.code == 0, ran.out + ran.err
    assert project.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.slow
def test_renamed_campaign_is_held_and_moved_is_clean(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A renamed campaign would call its people again: held, until `moved:` says that it is the same."""
    project.run("apply", "--yes")
    project.name = "february"
    project.write()
    writes = sandbox.ledger.summary()["writes"]
    held = project.run("apply", "--yes")
    assert held.code == 6, held.out + held.err
    assert sandbox.ledger.summary()["writes"] == writes
    project.extra = {"moved": [{"from": "plum/campaign/january", "to": "plum/campaign/february"}]}
    project.write()
    clean = project.run("plan")
    assert clean.code == 0, clean.out + clean.err
    assert project.run("apply", "--yes").code == 0
    assert sandbox.ledger.summary()["writes"] == writes
    assert "No changes" in project.run("plan").out


@pytest.mark.slow
def test_armed_campaign_is_not_deleted_by_the_way(project: ProjectFolder, vendor: Vendor) -> None:
    """An armed campaign that left the manifests stays until somebody consents; then it is stopped and deleted."""
    project.run("apply", "--yes")
    project.extra = {"campaigns": {}}
    project.omit = ("campaigns",)
    project.write()
    assert project.run("apply", "--yes").code == 6
    assert len(vendor.list("campaigns")) == 1
    ran = project.run("apply", "--yes", "--allow", "delete:plum/campaign/january")
    assert ran.code == 0, ran.out + ran.err
    assert vendor.list("campaigns") == vendor.list("schedules") == vendor.list("profiles") == []


@pytest.mark.slow
def test_stopped_by_the_manifest(project: ProjectFolder, sandbox: Sandbox) -> None:
    """`state: stopped` ends a run; running again with the same run id starts nothing."""
    project.run("apply", "--yes")
    project.campaign = {"state": "stopped"}
    project.write()
    assert project.run("apply", "--yes").code == 0
    project.campaign = {"state": "running"}
    project.write()
    again = project.run("apply", "--yes")
    assert again.code == 0, again.out + again.err
    starts = [item for item in sandbox.requests() if item["path"] == "/campaigns/start"]
    assert len(starts) == 1


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["stop", "report"])
def test_suppressed_while_queued(project: ProjectFolder, sandbox: Sandbox, policy: str) -> None:
    """A person who opts out while queued stops the campaign, or stands in plan and drift, as the manifest says."""
    project.campaign = {"on_queued_suppression": policy}
    project.write()
    project.run("apply", "--yes")
    project.blacklist = [*project.blacklist, project.numbers[5]]
    project.write()
    ran = project.run("apply", "--yes")
    stops = [item for item in sandbox.requests() if item["path"] == "/campaigns/stop"]
    if policy == "stop":
        assert ran.code == 0, ran.out + ran.err
        assert len(stops) == 1
        sandbox.clock(advance=40 * 86400)
        assert sandbox.ledger.called_from(project.blacklist) == 0
    else:
        assert stops == []
        assert project.run("drift").code == 3


@pytest.mark.slow
def test_suppressed_before_arming(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A person who opts out while the campaign is a draft is not in it when it is armed."""
    project.campaign = {"state": "draft"}
    project.write()
    project.run("apply", "--yes")
    project.campaign = {}
    project.blacklist = [*project.blacklist, project.numbers[7]]
    project.write()
    assert project.run("apply", "--yes").code == 0
    sandbox.clock(advance=40 * 86400)
    assert sandbox.ledger.called_from(project.blacklist) == 0
    assert sandbox.ledger.summary()["people_called_once"] == 10


@pytest.mark.slow
def test_changed_and_grown_at_once(project: ProjectFolder, vendor: Vendor, sandbox: Sandbox) -> None:
    """Settings and people of an armed run change in one apply: both are done, and the plan is empty."""
    project.run("apply", "--yes")
    project.campaign = {"end_date": "2027-02-12"}
    project.numbers = [*project.numbers, *people(4, first=40)]
    project.write()
    ran = project.run("apply", "--yes")
    assert ran.code == 0, ran.out + ran.err
    assert vendor.list("campaigns")[0]["end_date"].startswith("2027-02-12")
    assert sandbox.ledger.summary()["people_queued"] == 15
    assert "No changes" in project.run("plan").out


@pytest.mark.slow
def test_provider_changed_while_armed_is_held(project: ProjectFolder, sandbox: Sandbox) -> None:
    """A campaign that moves to another account while it is armed would call its people again: held."""
    assert project.run("apply", "--yes").code == 0
    with Sandbox(port=0, speed=0.0, start_at=START) as elsewhere:
        facts = elsewhere.ready()["providers"]["plum"]
        other = dict(project.providers["plum"]) | {
            "base_url": facts["base_url"],
            "token": {"env": "OTHER_TOKEN"},
        }
        project.providers = dict(project.providers) | {"other": other}
        project.tokens = dict(project.tokens) | {"OTHER_TOKEN": facts["token"]}
        project.campaign = {"provider": "other"}
        project.write()
        held = project.run("apply", "--yes")
        assert held.code == 6, held.out + held.err
        assert elsewhere.ledger.summary()["queued"] == 0
        assert elsewhere.ledger.summary()["people_called"] == 0
    assert [item["run"] for item in sandbox.state()["plum"]["campaigns"]] == ["active"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "end"),
    [("2027-02-01", "2027-02-26"), ("2027-01-30", "2027-02-26"), ("2027-01-05", "2027-01-10")],
)
def test_dates_move_beyond_themselves(project: ProjectFolder, vendor: Vendor, start: str, end: str) -> None:
    """A running campaign's dates can move wholly later and back: the vendor wants both ends at once."""
    project.run("apply", "--yes")
    for first, last in ((start, end), ("2027-01-04", "2027-01-29")):
        project.campaign = {"start_date": first, "end_date": last}
        project.write()
        ran = project.run("apply", "--yes")
        assert ran.code == 0, ran.out + ran.err
        shown = vendor.list("campaigns")[0]
        assert (shown["start_date"][:10], shown["end_date"][:10]) == (first, last)
