"""Small projects on disk, and problems as lines of text."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from reconciler.manifest import Loaded, document, load
from reconciler.manifest.composition import Vendor
from reconciler.model.problem import Problem

TODAY = dt.date(2027, 1, 1)
ENVIRONMENT = {"RECONCILER_ALLOW_HOSTS": "proxy.hospital.example"}

VENDORS = {
    name: Vendor(json.dumps(parts))
    for name, parts in json.loads((Path(__file__).parent / "vendors.json").read_text()).items()
}
"""Two made-up provider types, so that no vendor's own schema changes what is tested here."""

PROJECT = """\
version: 1
project: clinic-outreach
project_id: 7kq2m9x4
defaults: {timezone: America/New_York}
providers:
  plum: {type: plum, token: {env: PLUM_TOKEN}}
  dialer: {type: dialer, server: 0014, password: {env: DIALER_PASSWORD}}
"""


class Folder:
    """A project in a temporary folder."""

    vendors = VENDORS

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("reconciler.yaml", PROJECT)
        (root / "manifests").mkdir()

    def write(self, path: str, content: str | bytes) -> Path:
        """Put a file into the project."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def load(self, content: str | bytes | None = None, environment: dict[str, str] = ENVIRONMENT) -> Loaded:
        """Read the project, with this manifest if one is given."""
        if content is not None:
            self.write("manifests/one.yaml", content)
        return load(self.root, environment=environment, today=TODAY, vendors=VENDORS)

    def problems(self, content: str | bytes | None = None) -> list[str]:
        """What is wrong, one line each."""
        return [line(problem) for problem in self.load(content).problems]

    def codes(self, content: str | bytes | None = None) -> list[str]:
        """The codes of what is wrong."""
        return [problem.code for problem in self.load(content).problems]


def line(problem: Problem) -> str:
    """A problem as `validate` prints it, on one line."""
    remedy = f" = {problem.help}" if problem.help else ""
    return f"{problem.location} {problem.severity.value} {problem.code} {problem.message}{remedy}"


@pytest.fixture
def pure_parser(monkeypatch):
    """PyYAML as it is where libyaml is missing."""
    monkeypatch.setattr("yaml.__with_libyaml__", False)
    document._composer.cache_clear()
    yield
    document._composer.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A project with two providers and no manifests."""
    return Folder(tmp_path)
