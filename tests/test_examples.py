"""Each folder under examples/ is a whole project that reconciles: against the sandbox, to the last detail."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if (path / "reconciler.yaml").exists())
FICTIONAL = re.compile(r"\(?[2-9]\d\d\)?[ .-]?555[ .-]?01\d\d(?!\d)")
DIGITS = re.compile(r"\+?\(?\d[\d ().-]{8,}\d")
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def copied(example: Path, folder: Path) -> Path:
    """A copy whose dates lie in the next year, whenever that is."""
    project = shutil.copytree(example, folder / example.name, ignore=shutil.ignore_patterns(".reconciler"))
    year = dt.datetime.now(dt.UTC).year + 1
    for path in project.rglob("*.yaml"):
        path.write_text(re.sub(r"\b2027-", f"{year}-", path.read_text("utf-8")), "utf-8")
    return project


def variables(project: Path) -> dict[str, str]:
    """The files that the project file tells to export."""
    exports = re.findall(r"^# +export (.+)$", (project / "reconciler.yaml").read_text("utf-8"), re.MULTILINE)
    pairs = [word.partition("=") for line in exports for word in line.split() if "/" in word]
    return {name: value for name, _, value in pairs}


class Playground:
    """A copy of an example whose providers are the sandbox's."""

    def __init__(self, project: Path, sandbox: Sandbox) -> None:
        self.project = project
        self.environment = {**os.environ, **variables(project)}
        path = project / "reconciler.yaml"
        text = path.read_text("utf-8")
        for kind, vendor in sandbox.ready()["providers"].items():
            text = re.sub(
                rf"^( +)type: {kind}$", rf"\g<0>\n\1base_url: {vendor['base_url']}", text, flags=re.MULTILINE
            )
            self.environment |= {
                f"{kind}_{name}".upper(): value for name, value in vendor.items() if name != "base_url"
            }
        path.write_text(text, "utf-8")

    def run(self, *arguments: str) -> tuple[int, dict]:
        """One command; its exit code and its document."""
        found = self._run(*arguments, "--format", "json")
        return found.returncode, json.loads(found.stdout)

    def say(self, *arguments: str) -> str:
        """One command; what it tells people."""
        return self._run(*arguments).stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=self.project,
            env={**self.environment, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.name)
def example(request):
    """One folder."""
    return request.param


def test_there_are_examples():
    """There is at least one."""
    assert EXAMPLES


@pytest.mark.slow
def test_example_reconciles(example, tmp_path):
    """Valid without a problem; applied in full; then nothing to do, no drift, and nobody rang before the time."""
    with Sandbox() as sandbox:
        playground = Playground(copied(example, tmp_path), sandbox)
        code, checked = playground.run("validate")
        assert (code, checked["problems"]) == (0, [])
        code, planned = playground.run("plan", "--detailed-exitcode")
        assert code == 2
        assert planned["changes"]
        assert not [change for change in planned["changes"] if change["held"]]
        code, _ = playground.run("apply", "--yes")
        assert code == 0
        code, planned = playground.run("plan", "--detailed-exitcode")
        assert (code, planned["changes"]) == (0, [])
        code, drifted = playground.run("drift")
        assert (code, drifted["findings"]) == (0, [])
        assert sandbox.ledger.summary()["calls"] == 0


def test_example_calls_nobody_real(example):
    """Every number in an example is one of those kept free for stories."""
    for path in example.rglob("*"):
        if path.suffix in {".csv", ".txt", ".yaml"} and ".reconciler" not in path.parts:
            for number in DIGITS.findall(DATE.sub("", path.read_text("utf-8"))):
                assert FICTIONAL.search(number), f"{path.name}: {number}"


def test_example_names_its_vendor(example):
    """The project file sends nothing to a sandbox: as it stands, it is for the real vendor."""
    text = (example / "reconciler.yaml").read_text("utf-8")
    assert not re.search(r"^ *base_url", text, re.MULTILINE)
