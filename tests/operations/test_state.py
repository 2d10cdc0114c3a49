"""The state can be looked at and corrected by hand; what was started is never forgotten."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from reconciler.backends.local import LocalBackend
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import AFTER, Command

ADDRESS = "plum/campaign/january"

pytestmark = pytest.mark.usefixtures("applied")


def records(command: Command) -> dict[str, dict[str, object]]:
    """What the state has, by key."""
    return {each["key"]: each for each in command("state", "list", "--format", "json").document["records"]}


def test_list_and_show_tell_what_is_ours(command: Command) -> None:
    """Every object with its phase, its id and its people; one address with its settings as last applied."""
    assert {key: each["phase"] for key, each in records(command).items()} == {
        "plum/campaign/january@1": "armed",
        "plum/profile/pace": "inert",
        "plum/schedule/weekdays": "inert",
    }
    (shown,) = command("state", "show", ADDRESS, "--format", "json").document["records"]
    assert (shown["people"], shown["fields"]["end_date"]) == (11, "2027-01-29")
    assert "end_date" in command("state", "show", ADDRESS).out
    assert command("state", "show", "plum/campaign/nobody").code == 64


def test_history_says_who_did_what(command: Command) -> None:
    """Every entry in words, with its time, who and how many people; --limit takes the last of them."""
    entries = command("state", "history", "--limit", "100", "--format", "json").document["entries"]
    whats = [each["what"] for each in entries]
    assert whats[0].startswith("state begun")
    assert whats[-2:] == ["intent: start", "start: done"]
    assert {each["people"] for each in entries if each["what"] == "intent: append"} == {11}
    assert all(each["time"] for each in entries)
    last = command("state", "history", "--limit", "1", "--format", "json").document["entries"]
    assert last == entries[-1:]
    assert command("state", "history", "--limit", "0").code == 64


@pytest.mark.slow
def test_nothing_personal_is_shown(command: Command, project: ProjectFolder) -> None:
    """No number and no reference of anybody stands in what any of these commands says."""
    said = "".join(
        command(*each, *form).out
        for each in (
            ("state", "list"),
            ("state", "show", ADDRESS),
            ("state", "history"),
            ("status",),
            ("doctor",),
        )
        for form in ((), ("--format", "json"))
    )
    assert all(number[1:] not in said and number[-10:] not in said for number in project.numbers)
    assert "V3" not in said
    assert project.tokens["PLUM_TOKEN"] not in said


def test_mv_keeps_the_run(command: Command, project: ProjectFolder) -> None:
    """An address moved by hand, and renamed in the manifest, leaves nothing to do."""
    assert command("state", "mv", ADDRESS, "plum/campaign/spring").code == 0
    project.name = "spring"
    project.write()
    assert command("plan", "--format", "json").document["changes"] == []
    assert command("state", "mv", ADDRESS, "plum/campaign/other").code == 64
    assert command("state", "mv", "plum/campaign/spring", "plum/schedule/weekdays").code == 1
    assert command("state", "mv", "plum/campaign/spring", "elsewhere/campaign/spring").code == 1


def test_a_moved_campaign_keeps_its_marker(
    command: Command, project: ProjectFolder, sandbox: Sandbox
) -> None:
    """After a move settings are still changed on the object we know, which then bears the marker we know."""
    before = sandbox.state()["plum"]["campaigns"][0]["result_url"].partition("?")[2]
    command("state", "mv", ADDRESS, "plum/campaign/spring")
    project.name = "spring"
    block = {"start_url": "https://ivr.example/v2", "result_url": "https://ivr.example/results-v2"}
    project.campaign = {"plum": {**block, "ani": "+16175550199"}}
    project.write()
    assert command("apply", "--yes").code == 0
    assert sandbox.state()["plum"]["campaigns"][0]["result_url"] == f"https://ivr.example/results-v2?{before}"
    assert command("drift").code == 0
    assert command("plan", "--format", "json").document["changes"] == []


def test_rm_keeps_a_run_that_was_started(command: Command, sandbox: Sandbox) -> None:
    """Forgetting a started run takes a reason, and leaves its run id spent: nothing is made or called again."""
    assert command("state", "rm", ADDRESS).code == 64
    assert command("state", "rm", ADDRESS, "--reason", "kept by hand").code == 0
    kept = records(command)["plum/campaign/january@1"]
    assert (kept["phase"], kept["remote_id"], kept["people"]) == ("ended", None, 11)
    assert command("plan", "--format", "json").document["changes"] == []
    assert command("apply", "--yes").code == 0
    sandbox.clock(set=AFTER)
    assert len(sandbox.state()["plum"]["campaigns"]) == 1
    assert not sandbox.ledger.called_again()


def test_rm_forgets_what_never_rang(command: Command) -> None:
    """A schedule is forgotten without a reason; at the vendor it stays."""
    assert command("state", "rm", "plum/schedule/weekdays").code == 0
    assert "plum/schedule/weekdays" not in records(command)
    assert command("state", "rm", "plum/schedule/weekdays").code == 64


@pytest.mark.slow
def test_rm_waits_for_what_is_unknown(command: Command, project: ProjectFolder, sandbox: Sandbox) -> None:
    """An address with an open request is not forgotten before somebody settles it."""
    project.numbers = [*project.numbers, "+12015550177"]
    project.write()
    sandbox.faults({"action": "reset", "path": "add-calls$", "when": "after", "count": 1})
    assert command("apply", "--yes").code == 8
    assert command("state", "show", ADDRESS).code == 8
    ran = command("state", "rm", ADDRESS, "--reason", "x")
    assert (ran.code, "reconciler resolve" in ran.err) == (1, True)


def test_corrections_wait_for_the_lock(command: Command, project: ProjectFolder) -> None:
    """While an apply is at work mv and rm end with 5; unlock takes the lock and says from whom."""
    with LocalBackend(project.root / ".reconciler").lease("ana@laptop"):
        assert command("state", "mv", ADDRESS, "plum/campaign/spring").code == 5
        assert command("state", "rm", "plum/schedule/weekdays").code == 5
        ran = command("state", "unlock", "--format", "json")
        assert "ana@laptop" in ran.document["holder"]
        assert command("state", "rm", "plum/schedule/weekdays").code == 0
    assert command("state", "unlock", "--format", "json").document["holder"] is None


def copied(command: Command, tmp_path: Path) -> Path:
    """The whole state, as a file."""
    path = tmp_path / "copy.json"
    assert command("state", "pull", str(path)).code == 0
    return path


def test_copy_brings_back_a_lost_state(command: Command, project: ProjectFolder, tmp_path: Path) -> None:
    """A state that was saved and lost is put back to the last entry and person; nothing is left to do."""
    path = copied(command, tmp_path)
    assert path.stat().st_mode & 0o077 == 0
    before = records(command)
    assert command("state", "restore", str(path)).code == 1
    folder = project.root / ".reconciler"
    key = (folder / "key").read_bytes()
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    (folder / "key").write_bytes(key)
    (folder / "key").chmod(0o600)
    ran = command("state", "restore", str(path))
    assert ran.code == 0, ran.err
    assert records(command) == before
    ran = command("plan", "--detailed-exitcode")
    assert ran.code == 0, ran.out


def test_push_adds_what_is_missing_and_forgets_nothing(
    command: Command, project: ProjectFolder, tmp_path: Path
) -> None:
    """A copy that is ahead is taken in; one that went apart, was changed, or is of another project is refused."""
    path = copied(command, tmp_path)
    assert command("state", "push", str(path), "--format", "json").document["entries"] == 0
    command("hold", "--reason", "lunch")
    older, newer = path, tmp_path / "newer.json"
    assert command("state", "pull", str(newer)).code == 0
    assert command("state", "push", str(older)).code == 1
    document = json.loads(newer.read_text())
    for change in ({"head": "0" * 64}, {"log": document["log"][:-1]}, {"version": 2}, {"blobs": 3}):
        bad = tmp_path / "bad.json"
        bad.write_text(json.dumps(document | change))
        ran = command("state", "push", str(bad))
        assert (ran.code, "is no copy of a state" in " ".join(ran.err.split())) == (1, True), ran.err
    assert command("state", "push", str(tmp_path / "none")).code == 64
    project.project["project_id"] = "another1"
    project.write()
    assert command("state", "push", str(newer)).code == 1


def test_copy_shows_nobody(command: Command, project: ProjectFolder, tmp_path: Path) -> None:
    """A copy holds no number and no reference, and not the key."""
    text = copied(command, tmp_path).read_text()
    key = (project.root / ".reconciler" / "key").read_text().strip()
    assert key not in text
    assert not [number for number in project.numbers if number.lstrip("+") in text]


@pytest.mark.slow
def test_local_state_moves_to_a_shared_backend(
    command: Command, project: ProjectFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a migration the project goes on in the ref with nothing to do, and nobody can go on in the folder."""
    assert command("state", "migrate").code == 64
    before = records(command)
    for arguments in (
        ["init", "-q", "--bare", str(tmp_path / "origin.git")],
        ["init", "-q", str(project.root)],
    ):
        subprocess.run(["git", *arguments], check=True, capture_output=True)
    remote = ["remote", "add", "origin", str(tmp_path / "origin.git")]
    subprocess.run(["git", "-C", str(project.root), *remote], check=True)
    monkeypatch.setenv("RECONCILER_KEY", (project.root / ".reconciler" / "key").read_text().strip())
    local = project.project.get("backend", {"type": "local"})
    project.project["backend"] = {"type": "git", "key": {"env": "RECONCILER_KEY"}}
    project.write()
    ran = command("state", "migrate")
    assert ran.code == 0, ran.err
    assert records(command) == before
    assert command("plan", "--detailed-exitcode").code == 0
    assert command("state", "migrate").code == 1
    project.project["backend"] = local
    project.write()
    assert "carried over to the git backend" in command("doctor").out


def moved(project: ProjectFolder, name: str, key: str = "") -> Path:
    """Declare a Git ref as the backend, with an encryption key if one is named; return the file as it was."""
    before = project.root.parent / f"before-{name}.yaml"
    before.write_text((project.root / "reconciler.yaml").read_text())
    sealed = {"encryption_key": {"env": key}} if key else {}
    backend = {"type": "git", "ref": f"refs/reconciler/{name}", "key": {"env": "RECONCILER_KEY"}}
    project.project["backend"] = {**backend, **sealed}
    project.write()
    return before


@pytest.mark.slow
def test_state_moves_from_any_backend_to_any(
    command: Command, project: ProjectFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Local, shared, encrypted, local again: each time all of it is there, the place before holds, nothing is to do."""
    origin = tmp_path / "origin.git"
    for arguments in (["init", "-q", "--bare", str(origin)], ["init", "-q", str(project.root)]):
        subprocess.run(["git", *arguments], check=True, capture_output=True)
    subprocess.run(["git", "-C", str(project.root), "remote", "add", "origin", str(origin)], check=True)
    monkeypatch.setenv("RECONCILER_KEY", (project.root / ".reconciler" / "key").read_text().strip())
    monkeypatch.setenv("SEAL", "4d" * 32)
    before = records(command)
    for number, key in enumerate(["", "SEAL"]):
        file = moved(project, f"place-{number}", key)
        ran = command("state", "migrate", "--from", str(file))
        assert ran.code == 0, ran.err
        assert records(command) == before
        assert command("state", "migrate", "--from", str(file)).code == 1, "it is there already"
        now = (project.root / "reconciler.yaml").read_text()
        assert command("state", "migrate", "--from", str(project.root / "reconciler.yaml")).code == 64
        shutil.copy(file, project.root / "reconciler.yaml")
        assert "carried over to the git backend" in " ".join(command("doctor").out.split())
        (project.root / "reconciler.yaml").write_text(now)
    shown = subprocess.run(
        ["git", "-C", str(origin), "cat-file", "--batch-all-objects", "--batch"],
        capture_output=True,
        check=True,
    ).stdout
    assert b"january" in shown
    file = moved(project, "unused")
    project.project["backend"] = {"type": "local", "path": "again", "key": {"env": "RECONCILER_KEY"}}
    project.write()
    ran = command("state", "migrate", "--from", str(file))
    assert ran.code == 0, ran.err
    assert records(command) == before
    assert command("plan", "--detailed-exitcode").code == 0
    assert command("state", "migrate", "--from", str(tmp_path / "nowhere")).code == 64
    (tmp_path / "broken.yaml").write_text("backend: 3")
    assert command("state", "migrate", "--from", str(tmp_path / "broken.yaml")).code == 64
