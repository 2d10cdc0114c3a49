"""Doctor looks at everything, names what is wrong and how to mend it, and changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from reconciler.cli import catalogue
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, Ran
from reconciler.workflow.doctor import apart

from .conftest import Command


def verdicts(ran: Ran) -> dict[str, str]:
    """How each check ended."""
    return {check["subject"]: check["verdict"] for check in ran.document["checks"]}


@pytest.mark.usefixtures("applied")
def test_a_sound_project_is_well(command: Command, sandbox: Sandbox) -> None:
    """Everything in place ends with 0, with one read at the vendor and no write."""
    writes, requests = len(sandbox.ledger.writes), len(sandbox.requests())
    ran = command("doctor", "--format", "json")
    assert ran.code == 0
    assert verdicts(ran) == dict.fromkeys(("project", "manifests", "state", "key", "plum"), "ok")
    assert (len(sandbox.ledger.writes), len(sandbox.requests())) == (writes, requests + 1)


def test_refused_credentials(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that is missing or refused ends with 77; --offline asks nobody."""
    monkeypatch.setenv("PLUM_TOKEN", "wrong")
    assert command("doctor").code == 77
    monkeypatch.delenv("PLUM_TOKEN")
    ran = command("doctor")
    assert (ran.code, "set the environment variable PLUM_TOKEN" in ran.out) == (77, True)
    assert command("doctor", "--offline").code == 0


def test_an_unreachable_vendor(command: Command, sandbox: Sandbox) -> None:
    """A vendor that does not answer as documented ends with 69."""
    sandbox.faults({"action": "html"})
    assert command("doctor").code == 69


def test_broken_files(command: Command, project: ProjectFolder) -> None:
    """A broken manifest, and a broken project file, end with 1 and say where more is told."""
    (project.root / "manifests" / "campaigns.yaml").write_text("campaigns: [")
    ran = command("doctor", "--offline", "--format", "json")
    assert (ran.code, verdicts(ran)["manifests"], verdicts(ran)["state"]) == (1, "fail", "ok")
    (project.root / "reconciler.yaml").write_text("version: [")
    ran = command("doctor", "--offline", "--format", "json")
    assert (ran.code, verdicts(ran)) == (1, {"project": "fail"})


@pytest.mark.usefixtures("applied")
def test_a_missing_key(command: Command, project: ProjectFolder) -> None:
    """A state without its key ends with 1; a project that has neither yet is warned."""
    key = project.root / ".reconciler" / "key"
    saved = key.read_text()
    key.unlink()
    ran = command("doctor", "--offline", "--format", "json")
    assert (ran.code, verdicts(ran)["key"]) == (1, "fail")
    key.write_text(("0" if saved[0] != "0" else "1") + saved[1:])
    key.chmod(0o600)
    assert command("doctor", "--offline").code == 1
    key.write_text(saved)
    key.chmod(0o644)
    assert command("doctor", "--offline").code == 1


def test_a_hold_and_unknowns_are_warnings(command: Command) -> None:
    """What keeps changes back is said, and is no failure."""
    command("hold", "--reason", "audit")
    ran = command("doctor", "--offline", "--format", "json")
    assert (ran.code, verdicts(ran)["state"]) == (0, "warn")


def test_every_code_is_explained(command: Command, project: ProjectFolder) -> None:
    """Each check's code can be asked about with explain, and each failure has a remedy."""
    (project.root / "manifests" / "campaigns.yaml").write_text("campaigns: [")
    found: list[dict[str, Any]] = command("doctor", "--format", "json").document["checks"]
    assert {check["code"] for check in found} <= set(catalogue.codes())
    assert all(check["remedy"] for check in found if check["verdict"] != "ok")


@pytest.mark.parametrize(
    ("date", "seconds"),
    [("Mon, 04 Jan 2027 10:00:00 GMT", 90.0), ("Mon, 04 Jan 2027 10:02:00 GMT", -30.0), ("nonsense", None)],
)
def test_clocks_are_compared(date: str, seconds: float | None) -> None:
    """A vendor's date is compared with ours; one that cannot be read says nothing."""
    assert apart(date, dt.datetime(2027, 1, 4, 10, 1, 30, tzinfo=dt.UTC)) == seconds
