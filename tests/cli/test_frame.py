"""The frame: commands, global options, environment, colours, start-up."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
import reconciler.cli
from reconciler.cli.commands import COMMANDS, SECTIONS, module_of
from reconciler.cli.console import coloured, width
from reconciler.cli.frame import CONSENT, Command, Group
from reconciler.cli.root import group

Run = Callable[..., Any]

HEAVY = (
    "httpx",
    "yaml",
    "jsonschema_rs",
    "phonenumbers",
    "rich",
    "deepdiff",
    "ssl",
    "asyncio",
    "reconciler.model",
)


def all_commands() -> list[tuple[str, click.Command]]:
    """Every command, those below groups too."""
    context = click.Context(group)
    found: list[tuple[str, click.Command]] = []
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {each}", inner) for each, inner in command.commands.items()]
    return found


ALL = all_commands()


def test_the_table_and_the_files_agree() -> None:
    """A command is a file and a row in the table; neither is forgotten."""
    modules = [f"reconciler.cli.{each.name}" for each in pkgutil.iter_modules(reconciler.cli.__path__)]
    files = {name for name in modules if hasattr(importlib.import_module(name), "command")}
    assert {module_of(name) for name in COMMANDS} == {
        name for name in files if name != "reconciler.cli.frame"
    }
    assert {entry.section for entry in COMMANDS.values()} <= set(SECTIONS)


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_command_is_documented(name: str, command: click.Command) -> None:
    """Help says what a command does, shows an example that names it, and describes each option."""
    assert command.help
    assert len(command.help.splitlines()[0]) <= 100
    assert isinstance(command, Command | Group)
    if isinstance(command, Command):
        assert command.examples, name
        assert all(
            name.rsplit(maxsplit=1)[-1] in example or name.split(maxsplit=1)[0] in example
            for example in command.examples
        )
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_help_fits_into_80_columns(name: str, command: click.Command, run: Run) -> None:
    """Help reads well on the narrowest usual terminal."""
    del command
    help_ = run(*name.split(), "--help")
    assert help_.code == 0
    assert max(map(len, help_.out.splitlines())) <= 80
    assert "Usage: reconciler" in help_.out


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_consent_never_comes_from_the_environment(name: str, command: click.Command) -> None:
    """No variable, set long ago and forgotten, lets anybody be called."""
    for parameter in command.params:
        if parameter.name in CONSENT:
            assert isinstance(parameter, click.Option)
            assert (parameter.envvar, parameter.allow_from_autoenv) == (None, False), name


@pytest.mark.usefixtures("workflow")
def test_yes_in_the_environment_is_ignored(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An apply still asks, whatever variables look like --yes and --allow."""
    for name in ("RECONCILER_YES", "RECONCILER_APPLY_YES", "RECONCILER_ALLOW", "RECONCILER_PLAN_ALLOW"):
        monkeypatch.setenv(name, "people")
    assert run("apply").code == 64
    assert run("plan", "--format", "json").document["consents"] == []


@pytest.mark.usefixtures("workflow")
def test_other_options_come_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is no consent may be set once for a pipeline, and the line still wins."""
    assert run("drift").code == 3
    monkeypatch.setenv("RECONCILER_DRIFT_FAIL_ON", "none")
    monkeypatch.setenv("RECONCILER_FORMAT", "json")
    found = run("drift")
    assert (found.code, found.document["format"]) == (0, "drift")
    assert run("drift", "--format", "text", "--fail-on", "any").out.startswith("1 drifted")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "json", "plan"),
        ("plan", "--format", "json"),
        ("plan", "--format=json"),
        ("--format=json", "plan"),
    ],
)
@pytest.mark.usefixtures("workflow")
def test_global_options_stand_before_or_after(arguments: tuple[str, ...], run: Run) -> None:
    """Nobody has to remember on which side of the command an option goes."""
    assert run(*arguments).document["format"] == "plan"


@pytest.mark.usefixtures("workflow")
def test_global_options_add_up(run: Run, tmp_path: Path) -> None:
    """Reports before and after the command are all written; a choice after it wins over one before."""
    found = run(
        "--report", "json=a.json", "--format", "json", "plan", "--report", "markdown=b.md", "--format", "text"
    )
    assert (tmp_path / "a.json").read_text().startswith("{")
    assert (tmp_path / "b.md").read_text().startswith("<!-- reconciler ")
    assert found.out.startswith("clinic")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("plam",), "did you mean plan?"),
        (("plan", "--oot", "x"), "--out"),
        (("--report", "pdf=x", "plan"), "text, json, markdown, comment, prometheus, sarif, junit"),
        (("--report", "json", "plan"), "FORMAT=FILE"),
        (("--report", "json=no/such/x", "plan"), "no folder"),
        (("plan", "--only", "january"), "provider/kind/name"),
        (("plan", "--allow", "all"), "no action 'all'"),
        (("plan", "--allow", "peeple"), "did you mean people"),
        (("plan", "--allow", "replace:january"), "provider/kind/name"),
        (("plan", "--at", "2027-01-04"), "offset"),
        (("plan", "--at", "soon"), "2027-01-04T08:00:00-05:00"),
        (("-C", "no-such", "plan"), "no folder"),
        (("--format", "concise", "plan"), "concise"),
        (("apply", "no-such.plan"), "no-such.plan"),
        (("plan",), "reconciler init"),
    ],
)
def test_wrong_usage_ends_with_64(arguments: tuple[str, ...], said: str, run: Run) -> None:
    """A wrong line sends nothing, prints nothing on stdout, and says what would be right."""
    found = run(*arguments)
    assert (found.code, found.out) == (64, "")
    assert said in " ".join(found.err.split())
    assert run("--format", "json", *arguments).document["exit_code"] == 64 or "concise" in arguments


@pytest.mark.parametrize(
    ("choice", "environment", "expected"),
    [
        ("auto", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
        ("auto", {"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, True),
        ("auto", {"FORCE_COLOR": "0", "CLICOLOR": "0"}, False),
    ],
)
def test_colour_switches(choice: str, environment: dict[str, str], expected: bool, tmp_path: Path) -> None:
    """The option wins over NO_COLOR, that over FORCE_COLOR, that over CLICOLOR, that over the terminal."""
    with (tmp_path / "log").open("w") as stream:
        assert coloured(choice, environment, stream) is expected


def test_colour_on_a_terminal_only() -> None:
    """Without switches a terminal has colours, unless it is dumb."""
    _main, end = os.openpty()
    with open(end, "w") as terminal:  # noqa: PTH123 - a descriptor
        assert coloured("auto", {}, terminal)
        assert not coloured("auto", {"TERM": "dumb"}, terminal)
        assert not coloured("auto", {"CLICOLOR": "0"}, terminal)
        assert width({"COLUMNS": "132"}, terminal) == 132
    os.close(_main)


def test_help_imports_nothing_heavy() -> None:
    """`--help` answers at once: none of the libraries that work needs is loaded for it."""
    code = (
        "import sys; from reconciler.cli.main import main\n"
        "try: main(['--help'])\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    here = os.environ | {"PYTHONPATH": str(Path(reconciler.__file__).parents[1])}
    ran = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stderr.split())
    assert {name for name in HEAVY if name in loaded} == set()
    assert not {module_of(name) for name in COMMANDS} & loaded


def test_the_overview_names_every_command(run: Run) -> None:
    """Without arguments a newcomer sees what there is, on stdout, and nothing failed."""
    found = run()
    assert (found.code, found.err) == (0, "")
    assert all(name in found.out for name in COMMANDS)
    assert max(map(len, found.out.splitlines())) <= 80
    assert run("--format", "json").document["commands"][0]["name"] in COMMANDS
    assert run("help").out == found.out


def test_version(run: Run) -> None:
    """The version is one line."""
    assert run("--version").out == f"reconciler, version {reconciler.__version__}\n"
