"""On a pull request the base branch says where credentials and digests go."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import ENVIRONMENT, PROJECT, Folder

MANIFEST = "schedules: {weekdays: {days: [mon]}}\n"


def loaded(folder: Folder, trusted: str | None):
    """The project with the base branch's project file beside it."""
    base = folder.root.parent / "base.yaml"
    if trusted is not None:
        base.write_text(trusted, "utf-8")
    return folder.load(MANIFEST, {**ENVIRONMENT, "RECONCILER_TRUSTED_PROJECT": str(base)})


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A project of a branch that is not merged."""
    (tmp_path / "project").mkdir()
    return Folder(tmp_path / "project")


def test_same_on_both_branches_says_nothing(folder: Folder) -> None:
    """A branch that changes neither providers nor backend is read as ever."""
    found = loaded(folder, PROJECT)
    assert found.problems == ()
    assert found.project is not None


def test_providers_and_backend_are_the_base_branchs(folder: Folder) -> None:
    """A branch cannot move a provider, or the state, by so much as a letter; it is warned where it tries."""
    folder.write(
        "reconciler.yaml",
        PROJECT.replace("PLUM_TOKEN", "OTHER_TOKEN").replace(
            "type: plum,", "type: plum, base_url: 'http://localhost:1',"
        )
        + "backend: {type: local, path: elsewhere}\nlimits: {max_people: 7}\n",
    )
    found = loaded(folder, PROJECT)
    assert found.project is not None
    assert found.project.providers["plum"].secrets["token"].name == "PLUM_TOKEN"
    assert found.project.providers["plum"].base_url is None
    assert "path" not in found.project.backend.settings
    assert found.project.limits.max_people == 7, "the rest is the branch's own, and reviewed with it"
    assert [(each.code, each.is_error, each.location.line) for each in found.problems] == [
        ("SEC05", False, 5),
        ("SEC05", False, 8),
    ]


def test_new_provider_waits_for_its_merge(folder: Folder) -> None:
    """Campaigns at a provider that only the branch has are refused, and the warning says why."""
    folder.write("reconciler.yaml", PROJECT + "  second: {type: plum, token: {env: SECOND}}\n")
    found = loaded(folder, PROJECT)
    assert "second" not in found.project.providers
    assert [each.code for each in found.problems] == ["SEC05"]


@pytest.mark.parametrize("base", [None, "version: 1\nproviders: {plum: {type: plumb}}\n", "{", "[]", ""])
def test_nothing_is_trusted_without_a_base(folder: Folder, base: str | None) -> None:
    """Where the base branch's file is missing or broken, no provider of the branch is used in its place."""
    found = loaded(folder, base)
    assert found.project is None
    assert {each.code for each in found.problems} >= {"SEC04"}
