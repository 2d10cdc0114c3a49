"""A repository with a project, GitHub's stand-in, a vendor's sandbox, and a runner for the action."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .forge import Forge, serving
from .runner import Runner

START = "2027-01-04T05:00:00-05:00"
KEY = "5d" * 32
EVENTS = Path(__file__).parent / "events"


def event(name: str) -> dict[str, Any]:
    """The file of an event."""
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return found


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A vendor whose clock stands still."""
    with Sandbox(port=0, speed=0.0, start_at=START) as running:
        yield running


@pytest.fixture
def forge() -> Iterator[Forge]:
    """GitHub, as far as the action needs it."""
    with serving(Forge()) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox, forge: Forge) -> ProjectFolder:
    """A project in a folder of the repository; its base branch has the same project file."""
    facts = sandbox.ready()["providers"]["plum"]
    provider = {"type": "plum", "token": {"env": "PLUM_TOKEN"}, "base_url": facts["base_url"]}
    provider |= {"list_lag": 0.02, "timeout": 5}
    made = ProjectFolder(
        tmp_path / "workspace" / "outreach", {"plum": provider}, {"PLUM_TOKEN": facts["token"]}
    )
    made.blacklist = [made.numbers[3]]
    made.project = {"backend": {"type": "local", "allow_in_ci": True, "key": {"env": "RECONCILER_KEY"}}}
    made.write()
    on_base(forge, made)
    return made


def on_base(forge: Forge, project: ProjectFolder) -> None:
    """The base branch has the project file as it stands."""
    forge.files["main", "outreach/reconciler.yaml"] = (project.root / "reconciler.yaml").read_bytes()


@pytest.fixture
def runner(tmp_path: Path, project: ProjectFolder, forge: Forge) -> Runner:
    """A machine with the repository checked out."""
    environment = {
        **project.tokens,
        "RECONCILER_KEY": KEY,
        "GITHUB_API_URL": forge.url,
        "TOKEN_OF_JOB": forge.token,
    }
    return Runner(project.root.parent, tmp_path / "temp", environment)
