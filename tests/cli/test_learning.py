"""Commands that explain: validate, explain, schema, help, completion, sandbox."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import reconciler
import yaml
from reconciler.cli import catalogue

Run = Callable[..., Any]
SCHEMAS = Path(reconciler.__file__).parents[1] / "schemas"
HERE = os.environ | {"PYTHONPATH": str(Path(reconciler.__file__).parents[1])}

PROJECT = """\
version: 1
project: clinic
project_id: 7kq2m9x4
defaults: {timezone: America/New_York}
providers:
  plum: {type: plum, token: {env: PLUM_TOKEN}}
manifests: [manifests]
"""
MANIFEST = """\
schedules:
  three-weekdays: {days: [mon, wed, fri]}
campaigns:
  january:
    provider: plum
    schedule: three-weekday
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a mistake in line 6 of its manifest."""
    (tmp_path / "reconciler.yaml").write_text(PROJECT)
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "january.yaml").write_text(MANIFEST)
    return tmp_path


def test_validate_shows_the_line(project: Path, run: Run) -> None:
    """A mistake is shown where it stands, with its remedy and its code, without credentials."""
    del project
    found = run("validate")
    assert (found.code, found.err) == (1, "")
    assert 'manifests/january.yaml:6:15 error REF01 no schedule "three-weekday"' in found.out
    assert "    6 |     schedule: three-weekday\n      |               ^^^^^^^^^^^^^\n" in found.out
    assert "\nmore: reconciler explain " in found.out


def test_validate_from_anywhere(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is found upwards, or where -C says."""
    monkeypatch.chdir(project / "manifests")
    assert "REF01" in run("validate").out
    monkeypatch.chdir("/")
    assert "   6 |" in run("validate", "-C", str(project)).out


def test_validate_for_editors_and_programs(project: Path, run: Run) -> None:
    """The concise form is one line for each problem; JSON has the same in fields."""
    del project
    lines = [line for line in run("validate", "--format", "concise").out.splitlines() if "REF01" in line]
    assert lines[0].startswith("manifests/january.yaml:6:15: error: REF01: no schedule")
    problems = run("--format", "json", "validate").document["problems"]
    assert {"code": "REF01", "line": 6, "column": 15}.items() <= next(
        each.items() for each in problems if each["code"] == "REF01"
    )


def test_a_valid_project(project: Path, run: Run) -> None:
    """When nothing is wrong validate says so and ends with 0."""
    (project / "manifests" / "january.yaml").write_text("schedules:\n  days: {days: [mon]}\n")
    found = run("validate")
    assert (found.code, found.err) == (0, "")
    assert found.out == "valid; 2 files read. Nothing was sent.\n"


def test_every_code_has_a_page() -> None:
    """Whatever code a message carries, `explain` has a title, a text and a remedy for it."""
    assert len(catalogue.codes()) > 10
    for code, entry in catalogue.codes().items():
        assert all(entry.get(part) for part in ("title", "text", "remedy")), code


@pytest.mark.parametrize(
    "subject", ["REF01", "ref01", "campaign", "campaigns", "campaign.windows", "project.limits"]
)
def test_explain(subject: str, run: Run) -> None:
    """Codes, kinds and fields are explained in all forms, whatever their spelling."""
    found = run("explain", subject)
    assert (found.code, found.err) == (0, "")
    assert len(found.out.splitlines()) > 1
    assert max(map(len, found.out.splitlines())) <= 80
    assert run("explain", subject, "--format", "json").document["format"] == "explain"


@pytest.mark.parametrize(
    ("subject", "meant"), [("REF99", "REF0"), ("campain", "campaign"), ("campaign.window", "windows")]
)
def test_explain_knows_what_was_meant(subject: str, meant: str, run: Run) -> None:
    """A slip is answered with what is close."""
    found = run("explain", subject)
    assert found.code == 64
    assert meant in found.err


def test_schemas_are_printed_as_they_are(run: Run) -> None:
    """An editor can be pointed at what `schema` prints: it is a schema, in text and as JSON."""
    names = [each["name"] for each in run("schema", "--format", "json").document["schemas"]]
    assert {"manifest", "project", "plan"} <= set(names)
    for name in names:
        text = run("schema", name).out
        jsonschema_rs.meta.validate(json.loads(text))
        assert run("schema", name, "--format", "json").document == json.loads(text)
    assert run("schema", "manifst").code == 64


def test_help_topics(run: Run) -> None:
    """Help exists for commands and for what belongs to no command."""
    assert run("help", "plan").out == run("plan", "--help").out
    environment = run("help", "environment").out
    assert "RECONCILER_FORMAT" in environment
    assert max(map(len, environment.splitlines())) <= 80
    assert "did you mean plan?" in run("help", "plam").err


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion(shell: str, run: Run) -> None:
    """A shell's script asks the command itself."""
    assert "_RECONCILER_COMPLETE" in run("completion", shell).out


def test_completing_commands(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell learns the commands from the table."""
    for name, value in {
        "_RECONCILER_COMPLETE": "zsh_complete",
        "COMP_WORDS": "reconciler pl",
        "COMP_CWORD": "1",
    }.items():
        monkeypatch.setenv(name, value)
    found = run("pl")
    assert found.code == 0
    assert "plan" in found.out
    assert "drift" not in found.out


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A sandbox as a process."""
    command = [sys.executable, "-m", "reconciler.cli.main", "sandbox", *request.param]
    with subprocess.Popen(command, env=HERE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", [["--format", "json"]], indirect=True)
def test_the_sandbox_says_where_it_is(sandbox: subprocess.Popen[str]) -> None:
    """With JSON the first line tells a program everything it needs; a signal ends it with 0."""
    assert sandbox.stdout is not None
    ready = json.loads(sandbox.stdout.readline())
    assert ready["ready"] is True
    assert ready["providers"]["plum"]["base_url"].startswith("http://127.0.0.1:")
    with urllib.request.urlopen(ready["ledger"], timeout=5) as ledger:  # noqa: S310 - on this host
        assert ledger.status == 200


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", [[]], indirect=True)
def test_the_sandbox_tells_people_what_to_write(sandbox: subprocess.Popen[str]) -> None:
    """In text it shows lines for the shell, and lines for reconciler.yaml that are complete: the schema takes them."""
    assert sandbox.stdout is not None
    lines = list(itertools.takewhile(lambda line: not line.startswith("for the shell"), sandbox.stdout))
    assert lines[0].startswith("ready")
    written = yaml.safe_load("".join(lines[lines.index("providers:\n") :]))
    schema = json.loads((SCHEMAS / "project.schema.json").read_text("utf-8"))
    written |= {"version": 1, "project": "clinic", "project_id": "7kq2m9x4", "manifests": ["manifests"]}
    assert sorted(written["providers"]) == ["callr", "plum", "rvm", "wolkvox"]
    assert [each.message for each in jsonschema_rs.validator_for(schema).iter_errors(written)] == []


@pytest.mark.slow
def test_a_sandbox_that_cannot_be(run: Run) -> None:
    """A time without offset is wrong usage, not a traceback."""
    assert run("sandbox", "--start-at", "2027-01-04").code == 64
    assert run("sandbox", "--speed", "-1").code == 64
    for option in ("zone=UTC", "callr.zone", "callr.color=blue", "nobody.zone=UTC", "rvm.credits=many"):
        assert run("sandbox", "--option", option).code == 64


SET_UP = ["--option", "callr.zone=UTC", "--option", "wolkvox.country_code=1", "--format", "json"]


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", [SET_UP], indirect=True)
def test_the_sandbox_is_set_up_as_told(sandbox: subprocess.Popen[str]) -> None:
    """Options say how the vendors' accounts are set up, and what a project says about them follows."""
    assert sandbox.stdout is not None
    settings = json.loads(sandbox.stdout.readline())["settings"]
    assert settings["callr"] == {"account_timezone": "UTC"}
    assert (settings["wolkvox"]["region"], settings["wolkvox"]["dial_prefix"]) == ("US", "9")
