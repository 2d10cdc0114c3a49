"""Stop is silence: for one campaign or for everything, with as little needed as can be."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable

import pytest
from reconciler.backends.local import LocalBackend
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder
from reconciler.workflow import writing

from .by_hand import by_hand, copy_campaign
from .conftest import AFTER, Command

Campaigns = Callable[[], dict[int, str]]

ADDRESS = "plum/campaign/january"
ALL = ("stop", "--all", "--reason", "wrong audio")


@pytest.mark.slow
@pytest.mark.usefixtures("applied")
def test_a_named_campaign_ends(command: Command, campaigns: Campaigns, sandbox: Sandbox) -> None:
    """Naming a campaign ends its run for good: the next apply starts nothing, and nobody is called."""
    ran = command("stop", ADDRESS, "--reason", "wrong audio", "--format", "json")
    assert ran.code == 8, "nobody can read at this vendor whether it is silent"
    assert [each["result"] for each in ran.document["objects"]] == ["asked to stop"]
    assert campaigns() == {1: "stopped"}
    assert command("apply", "--yes").code == 0
    assert command("plan", "--format", "json").document["changes"] == []
    sandbox.clock(set=AFTER)
    assert not sandbox.ledger.calls


@pytest.mark.usefixtures("applied")
def test_a_broken_manifest_stops_nobody_from_stopping(
    command: Command, campaigns: Campaigns, project: ProjectFolder
) -> None:
    """Neither a named stop nor stop --all needs a manifest that can be read."""
    (project.root / "manifests" / "campaigns.yaml").write_text("campaigns: [")
    assert command("stop", ADDRESS, "--reason", "now").code == 8
    assert campaigns() == {1: "stopped"}
    assert command(*ALL).code == 8


@pytest.mark.slow
@pytest.mark.usefixtures("applied")
def test_a_draft_that_is_stopped_never_starts(command: Command, project: ProjectFolder) -> None:
    """A run that never began is over too once somebody stopped it by name."""
    project.campaign = {"state": "draft", "run": "2"}
    project.extra = {
        "consents": [{"action": "end-run", "address": ADDRESS, "reason": "test", "until": "2099-01-01"}]
    }
    project.write()
    assert command("apply", "--yes").code == 0
    assert command("stop", ADDRESS, "--reason", "no").code == 8
    project.campaign = {"state": "running", "run": "2"}
    project.write()
    assert command("plan", "--format", "json").document["changes"] == []


@pytest.mark.slow
def test_what_is_not_ours_needs_all(command: Command) -> None:
    """An address that the state does not know, or that cannot call, is wrong usage; so are mixtures."""
    command("apply", "--yes")
    assert command("stop", "plum/campaign/nobody", "--reason", "x").code == 64
    assert command("stop", "plum/schedule/weekdays", "--reason", "x").code == 64
    assert command("stop", "--reason", "x").code == 64
    assert command("stop", ADDRESS, "--all", "--reason", "x").code == 64
    assert command("stop", ADDRESS, "--ours", "--reason", "x").code == 64
    assert command("stop", "--all").code == 64
    assert command(*ALL, "--provider", "nobody").code == 64
    assert command(*ALL, "--type", "plum").code == 64


@pytest.mark.slow
@pytest.mark.usefixtures("applied")
def test_all_sets_a_hold_first(command: Command, campaigns: Campaigns, sandbox: Sandbox) -> None:
    """After stop --all nothing starts until the release, and what was stopped does not start after it."""
    sandbox.faults({"action": "status", "path": "stop$|campaigns$", "status": 500})
    assert command(*ALL).code == 69
    assert (
        command("state", "list", "--format", "json").document["hold"]["reason"] == "stop --all: wrong audio"
    )
    sandbox.clear_faults()
    assert command(*ALL).code == 8
    assert campaigns() == {1: "stopped"}
    assert command("apply", "--yes").code == 0
    command("hold", "release", "--reason", "mended")
    assert command("apply", "--yes").code == 0
    assert campaigns() == {1: "stopped"}


def test_under_the_hold_apply_is_held(command: Command, campaigns: Campaigns) -> None:
    """Stop --all on an account that is empty still keeps a later apply from starting anything."""
    assert command(*ALL).code == 0
    assert command("apply", "--yes").code == 6
    assert set(campaigns().values()) <= {"created"}


@pytest.mark.usefixtures("applied")
def test_strangers_are_silenced_too(command: Command, campaigns: Campaigns, sandbox: Sandbox) -> None:
    """Stop --all reaches campaigns that are not ours, unless --ours says otherwise."""
    stranger = copy_campaign(sandbox, result_url="https://ivr.example/other")
    by_hand(sandbox, "POST", "/campaigns/start", campaign_id=stranger)
    assert command(*ALL, "--ours").code == 8
    assert campaigns() == {1: "stopped", 2: "active"}
    shown = command(*ALL, "--format", "json").document
    assert campaigns() == {1: "stopped", 2: "stopped"}
    assert [(each["remote_id"], each["ours"]) for each in shown["objects"]] == [("2", False), ("1", True)]


@pytest.mark.slow
@pytest.mark.usefixtures("applied")
def test_it_needs_neither_state_nor_key_nor_lock(
    command: Command, campaigns: Campaigns, project: ProjectFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stop --all works while somebody has the lock, without the key, and after the state was lost."""
    monkeypatch.setattr(writing, "PATIENCE", 0.1)
    (project.root / ".reconciler" / "key").unlink()
    with LocalBackend(project.root / ".reconciler").lease("somebody else"):
        assert command(*ALL).code == 8
    assert campaigns() == {1: "stopped"}
    shutil.rmtree(project.root / ".reconciler")
    assert command(*ALL, "--format", "json").document["objects"][0]["ours"] is False


@pytest.mark.slow
def test_a_state_that_cannot_be_written_is_said(
    command: Command, campaigns: Campaigns, project: ProjectFolder
) -> None:
    """Where no hold can be set everything is silenced all the same, and the exit code tells."""
    command("apply", "--yes")
    log = project.root / ".reconciler" / "log-000001.jsonl"
    log.write_bytes(log.read_bytes().replace(b"create", b"cremate", 1))
    ran = command(*ALL, "--format", "json")
    assert campaigns() == {1: "stopped"}
    assert 1 in ran.document["exit_codes"]
    assert "no hold could be set" in ran.document["not_done"][0]


@pytest.mark.usefixtures("applied")
def test_no_file_is_needed(
    command: Command, campaigns: Campaigns, sandbox: Sandbox, tmp_path: object
) -> None:
    """A vendor's type and a token are enough to silence an account from any machine."""
    url = sandbox.base_url("plum")
    bare = (*ALL, "--type", "plum", "--token-env", "PLUM_TOKEN", "--base-url", url)
    ran = command(*bare, "--format", "json", at=tmp_path)
    assert (ran.code, ran.document["hold"]) == (8, None)
    assert campaigns() == {1: "stopped"}
    assert command(*ALL, "--type", "plum", "--token-env", "NOT_SET", at=tmp_path).code == 77
    assert command(*bare[:-1], "http://elsewhere.example", at=tmp_path).code == 64


@pytest.mark.usefixtures("applied")
def test_one_account_keeps_no_other_waiting(
    command: Command, campaigns: Campaigns, project: ProjectFolder
) -> None:
    """An account whose secret is missing, or that may only be observed, is named; the others are silenced."""
    plum = dict(project.providers["plum"])
    project.providers = {
        "plum": plum,
        "second": {**plum, "token": {"env": "NOT_SET"}},
        "third": {**plum, "access": "observe"},
    }
    project.write()
    ran = command(*ALL, "--format", "json")
    assert campaigns() == {1: "stopped"}
    assert ran.code == 77
    assert [each["provider"] for each in ran.document["failures"]] == ["second", "third"]


@pytest.mark.usefixtures("applied")
def test_a_lost_reply_is_no_silence(command: Command, sandbox: Sandbox) -> None:
    """A stop without a reply is unknown, ends with 8, and is sent again by the next one."""
    sandbox.faults({"action": "reset", "path": "stop$", "when": "before"})
    ran = command("stop", ADDRESS, "--reason", "x", "--format", "json")
    assert (ran.code, ran.document["objects"][0]["result"]) == (8, "unknown")
    sandbox.clear_faults()
    ran = command("stop", ADDRESS, "--reason", "x", "--format", "json")
    assert ran.document["objects"][0]["result"] == "asked to stop"


@pytest.mark.slow
def test_what_never_began_begins_anew(command: Command, project: ProjectFolder, sandbox: Sandbox) -> None:
    """An inert campaign that stop --all asked to stop is made again after the release, and calls once."""
    project.campaign = {"state": "draft"}
    project.write()
    command("apply", "--yes")
    assert command(*ALL).code == 8
    command("hold", "release", "--reason", "mended")
    project.campaign = {"state": "running"}
    project.write()
    assert command("apply", "--yes").code == 0
    sandbox.clock(set=AFTER)
    assert (len(sandbox.ledger.called_once()), len(sandbox.ledger.called_again())) == (11, 0)


@pytest.mark.slow
def test_a_start_in_flight_is_stopped_a_second_time(
    command: Command, campaigns: Campaigns, project: ProjectFolder, sandbox: Sandbox
) -> None:
    """A start that reaches the vendor only after our stop does not outlive it."""
    sandbox.faults({"action": "hold", "path": "start$", "count": 1})
    with project.start("apply", "--yes") as apply:
        assert sandbox.held(wait=20) is not None
        threading.Timer(0.5, sandbox.release).start()
        assert command(*ALL).code == 8
        apply.communicate(timeout=20)
    assert campaigns() == {1: "stopped"}
    started = [each.path for each in sandbox.ledger.writes if each.path.endswith(("start", "stop"))]
    assert started[-1].endswith("stop")
    assert command("state", "show", ADDRESS, "--format", "json").document["records"][0]["phase"] == "ended"


@pytest.mark.slow
@pytest.mark.usefixtures("applied")
def test_accounts_are_silenced_side_by_side(
    command: Command, project: ProjectFolder, sandbox: Sandbox
) -> None:
    """Three slow accounts take as long as one."""
    plum = dict(project.providers["plum"])
    project.providers = dict.fromkeys(("plum", "second", "third"), plum)
    project.write()
    sandbox.faults({"action": "trickle", "path": "campaigns$", "delay": 0.001})
    began = time.monotonic()
    command(*ALL, "--provider", "plum")
    one = time.monotonic() - began
    began = time.monotonic()
    assert len(command(*ALL, "--format", "json").document["accounts"]) == 3
    assert time.monotonic() - began < 2.5 * one + 0.5


@pytest.mark.slow
def test_a_settled_stop_leaves_no_unknown(command: Command, sandbox: Sandbox) -> None:
    """A stop that succeeds settles a start of which nobody knew whether it happened."""
    sandbox.faults({"action": "reset", "path": "start$", "when": "after", "count": 1})
    assert command("apply", "--yes").code == 8
    assert command("stop", ADDRESS, "--reason", "x").code == 8
    assert command("resolve").code == 0
    assert command("plan", "--format", "json").document["unknowns"] == []
