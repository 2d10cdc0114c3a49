"""What is copied into other people's CI is right: shapes, pins, permissions, and the drill that they run each week."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from .runner import ROOT, Runner

WORKFLOWS = sorted((ROOT / "examples" / "github").glob("*.yml"))
PINS = {
    "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1",
    "actions/setup-python": "5fda3b95a4ea91299a34e894583c3862153e4b97",
    "actions/upload-artifact": "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
}
"""The commits of their tags v7.0.1, v7.0.0 and v7.0.0."""
WRITES = {"apply.yml", "drift.yml", "tick.yml", "stop.yml"}


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.name)
def test_actions_are_pinned(path: Path) -> None:
    """Each action is named by a whole commit with its version beside it, and only those that somebody looked up."""
    lines = re.findall(r"uses: (\S+)@(\S+)( # v\d+\.\d+\.\d+)?", path.read_text("utf-8"))
    for name, commit, version in lines:
        assert version
        assert commit == PINS.get(name, "0" * 40)
        assert name in PINS or name == "OWNER/campaign-reconciler"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_do_the_least(path: Path) -> None:
    """Nothing is permitted to the workflow as a whole, jobs end by themselves, and what writes is never cancelled."""
    flow = yaml.safe_load(path.read_text("utf-8"))
    assert flow["permissions"] == {}
    for job in flow["jobs"].values():
        assert job["timeout-minutes"]
        assert set(job["permissions"]) <= {"contents", "pull-requests", "issues"}
        writes = job["permissions"]["contents"] == "write"
        assert writes == (path.name in WRITES)
        if "secrets." in path.read_text("utf-8"):
            assert job["environment"]
    assert flow["concurrency"]["cancel-in-progress"] == (path.name not in WRITES)


def test_inputs_and_outputs_are_whole() -> None:
    """Every input has a line and reaches a step; every output comes from one."""
    text = (ROOT / "action.yml").read_text("utf-8")
    action = yaml.safe_load(text)
    for name, part in action["inputs"].items():
        assert part["description"]
        assert f"inputs.{name} " in text or f"inputs.{name} }}}}" in text
    for part in action["outputs"].values():
        assert "steps.report.outputs." in part["value"]
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), "inputs reach scripts as variables, never as text"


def test_the_tool_runs_in_the_shells_place() -> None:
    """No process stands between GitHub's signal and the tool."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    for step in action["runs"]["steps"]:
        if "run" in step:
            assert step["run"].strip().splitlines()[-1].startswith("exec ")


def test_hook_is_one_that_exists() -> None:
    """The hook for pre-commit runs a command that there is, over the whole project."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["entry"].split()[:2] == ["reconciler", "validate"]
    assert hook["pass_filenames"] is False
    pattern = re.compile(hook["files"])
    assert pattern.search("clinic/reconciler.yaml")
    assert pattern.search("manifests/january.yml")
    assert not pattern.search("deploy/service.yaml")


@pytest.mark.slow
def test_drill_measures_the_silence(runner: Runner) -> None:
    """The weekly drill starts a campaign at the sandbox, stops it, and says how long that took."""
    runner.install()
    python = runner.temporary / "reconciler-environment" / "bin" / "python"
    command = [sys.executable, "-I", str(ROOT / "action" / "drill.py"), str(python)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "everything asked to stop within" in ran.stdout
