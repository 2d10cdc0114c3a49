"""A sandbox and a project for each test, and the command line run inside the test's own process."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reconciler.cli import console, finish
from reconciler.cli.root import group
from reconciler.cli.settings import Settings
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder, Ran

START = "2027-01-04T05:00:00-05:00"
AFTER = "2027-01-31T00:00:00-05:00"

Command = Callable[..., Ran]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A vendor whose clock stands still until a test moves it."""
    with Sandbox(port=0, speed=0.0, start_at=START) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, sandbox: Sandbox) -> ProjectFolder:
    """A project with one running campaign of twelve people, one of them blacklisted."""
    facts = sandbox.ready()["providers"]["plum"]
    provider = {"type": "plum", "token": {"env": "PLUM_TOKEN"}, "base_url": facts["base_url"]}
    provider |= {"list_lag": 0.02, "timeout": 5}
    made = ProjectFolder(tmp_path / "project", {"plum": provider}, {"PLUM_TOKEN": facts["token"]})
    made.blacklist = [made.numbers[3]]
    return made.write()


@pytest.fixture
def command(project: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command in the project; `answers` are typed on a terminal, without them there is none."""
    for name, value in {**project.tokens, "NO_COLOR": "1", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
    usual = Settings.options
    monkeypatch.setattr(Settings, "options", lambda self, **more: usual(self, **{"backoff": 0.01, **more}))

    def run(*arguments: str, answers: list[str] | None = None, at: Path | None = None) -> Ran:
        typed = io.StringIO("".join(f"{answer}\n" for answer in answers or ()))
        out, err = io.StringIO(), io.StringIO()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", typed)
            if answers is not None:
                patch.setattr(console, "is_terminal", lambda stream: stream is not None)
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = finish.run(group, ["-C", str(at or project.root), *arguments])
        return Ran(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def applied(command: Command) -> Ran:
    """The project, applied: its campaign is started."""
    ran = command("apply", "--yes", "-q")
    assert ran.code == 0, ran.err + ran.out
    return ran


@pytest.fixture
def campaigns(sandbox: Sandbox) -> Callable[[], dict[int, str]]:
    """Asks the vendor itself in which state each campaign is, by id."""

    def ask() -> dict[int, str]:
        return {each["id"]: each["run"] for each in sandbox.state()["plum"]["campaigns"]}

    return ask
