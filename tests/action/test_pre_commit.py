"""The hook for pre-commit: runs where a commit is made, on the files that it is for, and stops a broken one."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml
from reconciler.cli import finish
from reconciler.cli.root import group

ROOT = Path(__file__).parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("reconciler.yaml", True),
        ("outreach/reconciler.yml", True),
        ("manifests/january.yaml", True),
        ("outreach/manifests/spring/january.yml", True),
        ("docs/manifests.md", False),
        ("other.yaml", False),
    ],
)
def test_it_runs_for_what_it_reads(path: str, runs: bool) -> None:
    """A commit of a project file or a manifest runs it, wherever in a repository the project is; no other does."""
    assert bool(re.search(HOOK["files"], path)) == runs
    assert HOOK["pass_filenames"] is False


@pytest.mark.parametrize(("folder", "arguments"), [(".", []), ("outreach", ["-C", "outreach"])])
def test_it_stops_a_broken_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, arguments: list[str]
) -> None:
    """Its very command line, from the repository's root as pre-commit runs it, passes what is right alone."""
    project = tmp_path / folder
    shutil.copytree(ROOT / "examples" / "plum", project, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(HOOK["entry"])
    assert words[0] == "reconciler"
    assert finish.run(group, [*words[1:], *arguments]) == 0
    manifest = project / "manifests" / "january.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("schedule: ", "schedule: no-"), "utf-8")
    assert finish.run(group, [*words[1:], *arguments]) == 1
