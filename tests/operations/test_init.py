"""Init writes a project that is whole, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from .conftest import Command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "Spring Outreach"
    made.mkdir()
    return made


def test_what_it_writes_is_valid(command: Command, folder: Path) -> None:
    """A new project validates without a word, and its campaign is a draft that calls nobody."""
    made = command("init", "--format", "json", at=folder)
    assert made.code == 0
    checked = command("validate", "--format", "json", at=folder)
    assert (checked.code, checked.document["problems"]) == (0, [])
    manifest = yaml.safe_load((folder / "manifests" / "example.campaigns.yaml").read_text())
    assert manifest["campaigns"]["example"]["state"] == "draft"
    assert made.document["variables"] == ["PLUM_TOKEN"]


def test_editors_find_the_schemas(command: Command, folder: Path) -> None:
    """Both files begin with a line that names a schema, and the schema is there."""
    command("init", at=folder)
    for path in ("reconciler.yaml", "manifests/example.campaigns.yaml"):
        first = (folder / path).read_text().splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        assert ((folder / path).parent / first.partition("=")[2]).is_file()


def test_people_and_key_stay_out_of_git(command: Command, folder: Path) -> None:
    """State and contacts are ignored by Git, beside what was ignored before; the key is its owner's alone."""
    (folder / ".gitignore").write_text("*.log")
    made = command("init", "--format", "json", at=folder).document
    assert (folder / ".gitignore").read_text().splitlines() == ["*.log", ".reconciler/", "contacts/"]
    assert (folder / ".reconciler" / "key").stat().st_mode & 0o777 == 0o600
    assert made["key_fingerprint"]
    assert (folder / ".reconciler" / "key").read_text().strip() not in str(made)


def test_projects_differ(command: Command, folder: Path, tmp_path: Path) -> None:
    """Every project has an id of its own, and a name that is its folder's unless told."""
    other = tmp_path / "other"
    other.mkdir()
    first = command("init", "--format", "json", at=folder).document
    second = command("init", "--format", "json", "--name", "Winter", at=other).document
    assert first["project_id"] != second["project_id"]
    assert (first["project"], second["project"]) == ("spring-outreach", "winter")


@pytest.mark.parametrize("there", ["reconciler.yaml", "reconciler.yml", "manifests/example.campaigns.yaml"])
def test_nothing_is_overwritten(command: Command, folder: Path, there: str) -> None:
    """Where one of its files exists nothing at all is written."""
    (folder / there).parent.mkdir(exist_ok=True)
    (folder / there).write_text("mine")
    assert command("init", at=folder).code == 64
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [Path(there).name]
    assert (folder / there).read_text() == "mine"


def test_it_asks_only_for_what_was_not_said(command: Command, folder: Path, tmp_path: Path) -> None:
    """On a terminal Enter takes what is usual; options are not asked about."""
    ran = command("init", "--format", "json", at=folder, answers=["spring", "", ""])
    assert (ran.document["project"], ran.document["providers"]) == ("spring", ["plum"])
    other = tmp_path / "other"
    other.mkdir()
    assert command("init", "--name", "x", "--provider", "plum", at=other, answers=[""]).code == 0
    assert command("init", "--provider", "nobody", at=folder).code == 64


ACTION = f"acme/reconciler-action@{'c' * 40}"


@pytest.mark.parametrize("inside", [".", "calls/outreach"])
def test_workflows_are_written_for_this_project(command: Command, tmp_path: Path, inside: str) -> None:
    """With --ci github each workflow stands in the repository's root, and knows folder, secrets and action."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    project = tmp_path / "repository" / inside
    project.mkdir(parents=True, exist_ok=True)
    more = ("--provider", "plum", "--provider", "rvm", "--action", ACTION)
    ran = command("init", "--ci", "github", *more, at=project)
    assert ran.code == 0, ran.err
    folder = tmp_path / "repository" / ".github" / "workflows"
    names = {path.name for path in folder.iterdir()}
    assert {f"campaigns-{name}.yml" for name in ("plan", "apply", "drift", "stop", "stop-drill")} <= names
    for path in folder.iterdir():
        text = path.read_text("utf-8")
        assert "OWNER" not in text
        assert "0" * 40 not in text
        assert "v0.1.0" not in text
        workflow = yaml.safe_load(text)
        for step in (step for job in workflow["jobs"].values() for step in job["steps"]):
            if step.get("uses") == ACTION:
                assert step["with"]["path"] == inside
                assert list(step["env"]) == ["RECONCILER_KEY", "PLUM_TOKEN", "RVM_TOKEN"]
    triggers = yaml.safe_load((folder / "campaigns-plan.yml").read_text("utf-8"))[True]
    expected = "reconciler.yaml" if inside == "." else f"{inside}/**"
    assert triggers["pull_request"]["paths"][0] == expected
    declared = yaml.safe_load((project / "reconciler.yaml").read_text("utf-8"))["backend"]
    assert declared == {"type": "git", "key": {"env": "RECONCILER_KEY"}}
    assert command("validate", at=project).code == 0


def test_workflow_of_gitlab(command: Command, folder: Path) -> None:
    """With --ci gitlab there is one file, and the lock that it installs from."""
    ran = command("init", "--ci", "gitlab", "--format", "json", at=folder)
    assert {".gitlab-ci.yml", "campaigns.lock"} <= set(ran.document["written"])
    workflow = yaml.safe_load((folder / ".gitlab-ci.yml").read_text("utf-8"))
    assert workflow["variables"]["PROJECT"] == "."
    assert "--hash=sha256:" in (folder / "campaigns.lock").read_text("utf-8")


def test_workflows_are_neither_overwritten_nor_loosely_pinned(command: Command, folder: Path) -> None:
    """A workflow that is there stays, and an action without its whole SHA is refused: nothing is written."""
    for action in ("acme/x@v1", "acme/x", f"acme/x@{'c' * 7}"):
        assert command("init", "--ci", "github", "--action", action, at=folder).code == 64
    assert command("init", "--action", ACTION, at=folder).code == 64
    (folder / ".gitlab-ci.yml").write_text("mine")
    assert command("init", "--ci", "gitlab", at=folder).code == 64
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [".gitlab-ci.yml"]


@pytest.mark.parametrize("types", [["rvm"], ["callr"], ["wolkvox"], ["wolkvox", "callr", "rvm", "plum"]])
def test_project_of_any_vendors_is_valid(command: Command, folder: Path, types: list[str]) -> None:
    """Whichever vendors are chosen, alone or side by side, what init wrote has nothing wrong in it."""
    assert command("init", *(part for each in types for part in ("--provider", each)), at=folder).code == 0
    checked = command("validate", "--format", "json", at=folder)
    assert [each for each in checked.document["problems"] if each["severity"] == "error"] == []
    assert checked.code == 0
