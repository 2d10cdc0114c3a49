"""A vendor of somebody else's package is checked, explained and lowered like one of ours."""

import json
import os
import subprocess
import sys

import pytest

CODE = """
from reconciler.model.objects import Lowered
from reconciler.providers.plum import Plum

class Acme(Plum):
    type = "acme"
    hosts = ("api.acme.example",)

    def lower(self, context):
        return Lowered()

PROVIDER = Acme()
"""
SCHEMA = {
    "hosts": ["api.acme.example"],
    "settings": {"properties": {"token": {"$ref": "#/$defs/secret"}}},
    "campaign": {
        "properties": {"line": {"type": "integer", "minimum": 1, "description": "The line that rings."}}
    },
}
PROJECT = """
version: 1
project: demo
project_id: abcd2345
defaults: {timezone: America/New_York}
providers:
  main: {type: acme, token: {env: ACME_TOKEN}}
manifests: [campaigns.yaml]
"""
CAMPAIGN = """
campaigns:
  spring:
    provider: main
    state: draft
    acme: {line: LINE}
"""


@pytest.fixture
def run(tmp_path):
    """A command over a project of that vendor, where its package is installed."""
    package = tmp_path / "site" / "acme_voice"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(CODE)
    (package / "schema.json").write_text(json.dumps(SCHEMA))
    installed = tmp_path / "site" / "acme_voice-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-voice\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[reconciler.providers]\nacme = acme_voice:PROVIDER\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "reconciler.yaml").write_text(PROJECT)

    def command(*arguments, line="7"):
        (project / "campaigns.yaml").write_text(CAMPAIGN.replace("LINE", line))
        paths = os.pathsep.join([str(tmp_path / "site"), *sys.path])
        return subprocess.run(
            [sys.executable, "-m", "reconciler", "-C", str(project), *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": paths, "ACME_TOKEN": "token"},
        )

    return command


@pytest.mark.slow
def test_its_project_is_valid(run):
    """A project file may name the type, and its block may hold what the package declares."""
    shown = run("validate")
    assert shown.returncode == 0, shown.stdout + shown.stderr


@pytest.mark.slow
def test_its_mistakes_are_found_offline(run):
    """A value that the package's schema refuses is told with its place, before anything is sent."""
    shown = run("validate", line="0")
    assert shown.returncode == 1
    assert "campaigns.yaml:6:18" in shown.stdout


def test_its_fields_are_explained(run):
    """`explain` knows the settings of an installed vendor."""
    assert "acme" in run("explain", "campaign.acme").stdout
