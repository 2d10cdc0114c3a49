"""Saved plans: apply does what was reviewed, once, and nothing else."""

from __future__ import annotations

import json

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, people

from .conftest import Vendor


@pytest.fixture
def saved(project: ProjectFolder) -> ProjectFolder:
    """A project with a reviewed plan of its first apply."""
    assert project.run("plan", "--out", str(project.root / "plan.json")).code == 0
    return project


def apply_saved(project: ProjectFolder) -> tuple[int, str]:
    """Apply the saved plan."""
    ran = project.run("apply", str(project.root / "plan.json"), "--yes")
    return ran.code, ran.out + ran.err


@pytest.mark.slow
def test_as_reviewed(saved: ProjectFolder, sandbox: Sandbox) -> None:
    """A plan that still fits is done as it was reviewed; a second time nothing is left of it, and it says so."""
    code, text = apply_saved(saved)
    assert code == 0, text
    writes = sandbox.ledger.summary()["writes"]
    code, text = apply_saved(saved)
    assert code == 4, text
    assert sandbox.ledger.summary()["writes"] == writes
    assert sandbox.ledger.summary()["people_queued"] == 11


@pytest.mark.parametrize(
    "damage",
    [
        {"expires": "soon"},
        {"expires": "2099-01-01T00:00:00"},
        {"people": {"x": float("inf")}},
        {"rings": {"x": 1}},
    ],
)
def test_damaged_plan(saved: ProjectFolder, sandbox: Sandbox, damage: dict[str, object]) -> None:
    """A saved plan that says what none can say is refused as a whole, in one sentence."""
    path = saved.root / "plan.json"
    document = json.loads(path.read_text())
    document["reviewed"] |= damage
    path.write_text(json.dumps(document))
    code, text = apply_saved(saved)
    assert code == 1, text
    assert "is not a plan of this version" in text
    assert not sandbox.ledger.summary()["writes"]


def test_list_grew_since(saved: ProjectFolder, sandbox: Sandbox) -> None:
    """People who joined the list after the review are not queued, nor is anybody started with them."""
    saved.numbers = [*saved.numbers, *people(5, first=40)]
    saved.write()
    code, text = apply_saved(saved)
    assert code == 4, text
    assert sandbox.ledger.summary()["queued"] == 0
    assert not [item for item in sandbox.requests() if item["path"] == "/campaigns/start"]


@pytest.mark.slow
def test_manifest_changed_since(saved: ProjectFolder, vendor: Vendor) -> None:
    """What the manifest says now but the review did not is left undone."""
    saved.schedule = {"days": ["mon", "tue", "wed", "thu", "fri"]}
    saved.write()
    code, _ = apply_saved(saved)
    assert code in {0, 4}
    assert not vendor.list("schedules") or set(vendor.list("schedules")[0]["days"]) == {"mon", "wed", "fri"}


@pytest.mark.slow
def test_hand_change_since(project: ProjectFolder, vendor: Vendor) -> None:
    """A change by hand between review and apply is not overwritten by what was reviewed."""
    project.run("apply", "--yes")
    project.campaign = {"end_date": "2027-02-05"}
    project.write()
    project.run("plan", "--out", str(project.root / "plan.json"))
    vendor.patch("campaigns", 1, end_date="2027-03-01")
    code, text = apply_saved(project)
    assert code == 4, text
    assert vendor.list("campaigns")[0]["end_date"].startswith("2027-03-01")


def test_expired(saved: ProjectFolder, sandbox: Sandbox) -> None:
    """A plan older than its expiry is refused whole."""
    path = saved.root / "plan.json"
    text = path.read_text()
    at = text.index('"expires": "', text.index('"reviewed"')) + len('"expires": "')
    path.write_text(text[:at] + "2020" + text[at + 4 :])
    code, said = apply_saved(saved)
    assert code == 4, said
    assert sandbox.ledger.summary()["writes"] == 0


@pytest.mark.slow
def test_blacklist_may_only_add(saved: ProjectFolder, sandbox: Sandbox) -> None:
    """Who was blacklisted at the review stays out though taken from the file since; who was added is out, too."""
    saved.blacklist = [saved.numbers[6], saved.numbers[7]]
    saved.write()
    code, text = apply_saved(saved)
    assert code == 0, text
    queued = sandbox.ledger.summary()["people_queued"]
    assert queued == 9
    sandbox.clock(advance=40 * 86400)
    assert sandbox.ledger.called_from([saved.numbers[3], saved.numbers[6], saved.numbers[7]]) == 0


def test_of_another_project(saved: ProjectFolder, make_project) -> None:
    """A plan of one project is refused by another."""
    other = make_project("other")
    ran = other.run("apply", str(saved.root / "plan.json"), "--yes")
    assert ran.code == 4
