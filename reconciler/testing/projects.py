"""Projects for tests: files in a folder, and the command run in it, as a process or within this one."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct

TIMEOUT = 120.0
"""Seconds after which a command of a test is taken to hang."""


class Ran(Struct, frozen=True):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Its one JSON document."""
        found: dict[str, Any] = json.loads(self.out)
        return found


def people(count: int, first: int = 0) -> list[str]:
    """So many fictional numbers, all different: 555-01xx of as many area codes as it takes."""
    return [f"+1{201 + number // 100}5550{100 + number % 100}" for number in range(first, first + count)]


@dataclass
class ProjectFolder:
    """A project with one campaign, whose parts a test changes and writes again.

    `campaign` and `schedule` are merged into the campaign and schedule of the manifest; None takes a key out.
    """

    root: Path
    providers: Mapping[str, Mapping[str, Any]]
    tokens: Mapping[str, str]
    numbers: Sequence[str] = field(default_factory=lambda: people(12))
    blacklist: Sequence[str] = ()
    campaign: dict[str, Any] = field(default_factory=dict)
    schedule: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    project: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    name: str = "january"
    omit: tuple[str, ...] = ()

    def write(self) -> ProjectFolder:
        """Write every file; JSON is YAML."""
        (self.root / "manifests").mkdir(parents=True, exist_ok=True)
        (self.root / "contacts").mkdir(exist_ok=True)
        _write_json(self.root / "reconciler.yaml", self._project())
        _write_json(self.root / "manifests" / "campaigns.yaml", self._manifest())
        rows = "".join(f"{number},V{at}\n" for at, number in enumerate(self.numbers))
        (self.root / "contacts" / "people.csv").write_text("phone,reference\n" + rows)
        (self.root / "contacts" / "dnc.txt").write_text("".join(f"{number}\n" for number in self.blacklist))
        return self

    def _project(self) -> dict[str, Any]:
        return {
            "version": 1,
            "project": "laws",
            "project_id": "laws0001",
            "defaults": {"timezone": "America/New_York", "on_queued_suppression": "stop"},
            "providers": dict(self.providers),
            "manifests": ["manifests"],
        } | self.project

    def _manifest(self) -> dict[str, Any]:
        campaign = {
            "provider": next(iter(self.providers)),
            "state": "running",
            "run": "1",
            "start_date": "2027-01-04",
            "end_date": "2027-01-29",
            "schedule": "weekdays",
            "windows": [{"start_time": "08:00", "end_time": "11:00", "profile": "pace"}],
            "contacts": "people",
            "plum": {
                "start_url": "https://ivr.example/start",
                "result_url": "https://ivr.example/results",
                "ani": "+16175550199",
            },
        } | self.campaign
        manifest: dict[str, Any] = {
            "schedules": {"weekdays": {"days": ["mon", "wed", "fri"]} | self.schedule},
            "profiles": {
                "pace": {"period": 30, "amount_per_period": 100, "time_between_periods": 10} | self.profile
            },
            "contact_lists": {
                "people": {
                    "file": "../contacts/people.csv",
                    "columns": {"phone": "phone", "reference": "reference"},
                    "region": "US",
                }
            },
            "campaigns": {self.name: {key: value for key, value in campaign.items() if value is not None}},
        }
        if self.blacklist:
            manifest["blacklists"] = {"dnc": {"file": "../contacts/dnc.txt", "region": "US"}}
        for section, entries in self.extra.items():
            manifest[section] = (
                {**manifest.get(section, {}), **entries} if isinstance(entries, dict) else entries
            )
        return {key: value for key, value in manifest.items() if key not in self.omit}

    def environment(self) -> dict[str, str]:
        """The environment of a command: this one's, and the tokens."""
        return {**os.environ, **self.tokens, "NO_COLOR": "1", "COLUMNS": "80"}

    def start(self, *arguments: str, launcher: Sequence[str] = ()) -> subprocess.Popen[str]:
        """Begin a command; `launcher` replaces `python -m reconciler`."""
        command = [sys.executable, *(launcher or ("-m", "reconciler")), "-C", str(self.root), *arguments]
        return subprocess.Popen(  # noqa: S603 - this package itself
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(),
        )

    def run(self, *arguments: str) -> Ran:
        """Run a command to its end within this process, which is much quicker than beginning another."""
        from reconciler.cli import finish
        from reconciler.cli.root import group

        out, err = _Stream(), _Stream()
        with _environment(self.environment()), redirect_stdout(out), redirect_stderr(err):
            code = finish.run(group, ["-C", str(self.root), *arguments])
        return Ran(code, out.text, err.text)

    def run_process(self, *arguments: str, launcher: Sequence[str] = ()) -> Ran:
        """Run a command to its end as a process of its own."""
        with self.start(*arguments, launcher=launcher) as process:
            out, err = process.communicate(timeout=TIMEOUT)
        return Ran(process.returncode, out, err)


class _Stream(io.TextIOWrapper):
    """A stream of a process that is not one."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    @property
    def text(self) -> str:
        """All that was written."""
        self.seek(0)
        return self.read()


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=1))
