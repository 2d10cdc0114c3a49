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
    ran = command("init", "--format", "json", at=folder, answers=["spring", ""])
    assert (ran.document["project"], ran.document["providers"]) == ("spring", ["plum"])
    other = tmp_path / "other"
    other.mkdir()
    assert command("init", "--name", "x", "--provider", "plum", at=other, answers=[]).code == 0
    assert command("init", "--provider", "nobody", at=folder).code == 64
