"""Changes made by hand at the vendor: what drift says, and what apply does and does not do about it."""

from __future__ import annotations

import json

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import Vendor

WINDOW = {"profile": "pace", "start_time": "08:00", "end_time": "11:00"}


def profiles(**changes: str) -> dict[str, str]:
    """A windows parameter with one window."""
    return {"profiles": json.dumps([WINDOW | changes])}


CHANGES = [
    ("schedules", "days", {"days": '["mon","tue","wed","fri"]'}, "louder", True),
    ("schedules", "days", {"days": '["mon","fri"]'}, "quieter", False),
    ("schedules", "days", {"days": '["tue","thu"]'}, "other", True),
    ("campaigns", "end_date", {"end_date": "2027-02-15"}, "louder", True),
    ("campaigns", "end_date", {"end_date": "2027-01-20"}, "quieter", False),
    ("campaigns", "start_date", {"start_date": "2027-01-10"}, "quieter", False),
    ("campaigns", "start_date", {"start_date": "2027-01-01"}, "louder", True),
    ("campaigns", "start_url", {"start_url": "https://ivr.example/other"}, "other", True),
    ("campaigns", "windows", profiles(end_time="13:00"), "louder", True),
    ("campaigns", "windows", profiles(end_time="10:00"), "quieter", False),
    ("campaigns", "windows", profiles(start_time="09:00", end_time="12:00"), "other", True),
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "field", "fields", "grade", "repaired"), CHANGES)
def test_hand_change(
    project: ProjectFolder,
    vendor: Vendor,
    kind: str,
    field: str,
    fields: dict[str, str],
    grade: str,
    repaired: bool,
) -> None:
    """Drift names the field and the grade of a visible change; apply sets it back unless it made things quieter."""
    assert project.run("apply", "--yes").code == 0
    number = vendor.list(kind)[0][f"{kind[:-1]}_id"]
    vendor.patch(kind, number, **fields)
    drift = project.run("drift", "--format", "json")
    assert drift.code == 3, drift.out + drift.err
    findings = drift.document["findings"]
    assert [item["grade"] for item in findings] == [grade]
    assert [each["field"] for each in findings[0]["differences"]] == [field]
    before = vendor.list(kind)
    applied = project.run("apply", "--yes")
    if repaired:
        assert applied.code == 0, applied.out + applied.err
        assert project.run("drift").code == 0
    else:
        assert applied.code == 6, applied.out + applied.err
        assert vendor.list(kind) == before
        address = findings[0]["address"]
        assert project.run("apply", "--yes", "--allow", f"restore:{address}").code == 0
        assert project.run("drift").code == 0


def test_quieter_hand_change_yields_to_the_manifest(project: ProjectFolder, vendor: Vendor) -> None:
    """What somebody made quieter is held until the manifest's own text for that field changes."""
    project.run("apply", "--yes")
    number = vendor.list("schedules")[0]["schedule_id"]
    vendor.patch("schedules", number, days='["mon"]')
    assert project.run("apply", "--yes").code == 6
    project.schedule = {"days": ["mon", "tue"]}
    project.write()
    assert project.run("apply", "--yes").code == 0
    assert set(vendor.list("schedules")[0]["days"]) == {"mon", "tue"}


def test_renamed_outside(project: ProjectFolder, vendor: Vendor) -> None:
    """An object whose name was changed is drift, and left alone until somebody says that it is ours."""
    project.run("apply", "--yes")
    number = vendor.list("schedules")[0]["schedule_id"]
    vendor.patch("schedules", number, name="renamed", days='["mon","wed","fri"]')
    drift = project.run("drift", "--format", "json")
    assert drift.code == 3
    assert [item["what"] for item in drift.document["findings"]] == ["renamed"]
    assert project.run("apply", "--yes").code == 6
    assert vendor.list("schedules")[0]["nickname"] == "renamed"
    ran = project.run("apply", "--yes", "--allow", "restore:plum/schedule/weekdays")
    assert ran.code == 0, ran.out + ran.err
    assert vendor.list("schedules")[0]["nickname"] == "weekdays"


def test_strangers_are_no_drift(project: ProjectFolder, vendor: Vendor) -> None:
    """Objects that are not ours never set exit 3 and are never touched."""
    project.run("apply", "--yes")
    vendor.post("schedules", days='["sun"]', nickname="somebody-else")
    vendor.post("profiles", period="1", amount_per_period="1", time_between_periods="1", nickname="theirs")
    before = vendor.list("schedules")
    assert project.run("drift").code == 0
    assert project.run("apply", "--yes").code == 0
    assert vendor.list("schedules") == before


@pytest.mark.slow
def test_not_visible_is_said(project: ProjectFolder, vendor: Vendor) -> None:
    """Run state, numbers and hidden pacing stand under what is not visible, and are no drift."""
    project.run("apply", "--yes")
    vendor.patch("profiles", 1, amount_per_period="900")
    vendor.post("campaigns/stop", campaign_id="1")
    drift = project.run("drift")
    assert drift.code == 0
    assert "run state" in drift.out
    assert "pace" in drift.out.split("Not visible")[1]


@pytest.mark.slow
@pytest.mark.parametrize("stopped_first", [True, False])
def test_armed_and_deleted_outside(
    project: ProjectFolder, vendor: Vendor, sandbox: Sandbox, stopped_first: bool
) -> None:
    """An armed campaign that was deleted at the vendor is reported, and never made or called again."""
    project.run("apply", "--yes")
    if stopped_first:
        vendor.post("campaigns/stop", campaign_id="1")
    vendor.delete("campaigns", 1)
    writes = sandbox.ledger.summary()["writes"]
    assert project.run("drift").code == 3
    project.run("apply", "--yes")
    project.run("apply", "--yes")
    assert sandbox.ledger.summary()["writes"] == writes
    assert vendor.list("campaigns") == []
    assert project.run("drift").code == 3


@pytest.mark.slow
def test_shared_with_a_stranger(project: ProjectFolder, vendor: Vendor) -> None:
    """A change of a schedule that somebody else's campaign uses is held."""
    project.run("apply", "--yes")
    vendor.post(
        "campaigns",
        start_date="2027-01-04",
        end_date="2027-01-29",
        schedule="weekdays",
        profiles=json.dumps([WINDOW]),
        start_url="https://ivr.example/theirs",
    )
    project.schedule = {"days": ["mon", "tue", "wed", "fri"]}
    project.write()
    ran = project.run("apply", "--yes")
    assert ran.code == 6
    assert "shared" in ran.out


@pytest.mark.slow
def test_changed_by_hand_and_dropped(project: ProjectFolder, vendor: Vendor) -> None:
    """A campaign that was changed by hand and left the manifests is stopped and deleted by one apply."""
    assert project.run("apply", "--yes").code == 0
    vendor.patch("campaigns", 1, end_date="2027-01-28")
    project.extra = {"campaigns": {}}
    project.omit = ("campaigns",)
    project.write()
    ran = project.run("apply", "--yes", "--allow", "delete:plum/campaign/january")
    assert ran.code == 0, ran.out + ran.err
    assert vendor.list("campaigns") == []


@pytest.mark.slow
def test_what_is_referred_to_is_named(project: ProjectFolder, vendor: Vendor) -> None:
    """Whoever reviews reads the names of schedules and profiles in a difference, not the vendor's ids."""
    assert project.run("apply", "--yes").code == 0
    vendor.patch("campaigns", vendor.list("campaigns")[0]["campaign_id"], **profiles(end_time="13:00"))
    assert "windows 08:00-11:00 pace -> 08:00-13:00 pace" in " ".join(project.run("drift").out.split())
    change = project.run("plan", "--format", "json").document["changes"][0]
    window = change["differences"][0]["live"][0]
    assert window == ["08:00", "13:00", {"reference": "plum/profile/pace"}]
