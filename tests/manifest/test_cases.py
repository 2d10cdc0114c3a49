"""Manifests with the problems they must give, as files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ACCEPT = "ACCEPT_CASES" in os.environ
"""Set it to write the expected problems anew, then review the difference."""


def names(folder: str) -> list[str]:
    """The cases in a folder."""
    return sorted(path.stem for path in (HERE / folder).glob("*.yaml"))


def check(expected: Path, found: list[str]) -> None:
    """Compare the problems found with the file of those expected."""
    if ACCEPT:
        expected.write_text("".join(f"{line}\n" for line in found))
    assert found == expected.read_text().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("name", names("cases"))
def test_manifest(name, folder):
    """Each mistake in a manifest is told once, with its code, place and remedy."""
    text = (HERE / "cases" / f"{name}.yaml").read_bytes()
    check(HERE / "cases" / f"{name}.txt", folder.problems(text))


@pytest.mark.parametrize("name", names("project_cases"))
def test_project_file(name, folder):
    """Each mistake in the project file is told once, with its code, place and remedy."""
    folder.write("reconciler.yaml", (HERE / "project_cases" / f"{name}.yaml").read_bytes())
    check(HERE / "project_cases" / f"{name}.txt", folder.problems())
