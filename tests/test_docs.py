"""The documents are true: what they name exists, what is declared is in them, what is generated is up to date."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import sys
import threading
import tomllib
import traceback
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement
from reconciler.cli.commands import COMMANDS
from reconciler.cli.help import EXIT_CODES
from reconciler.sandbox import Sandbox
from reconciler.transport.wire import HttpWire
from reconciler.workflow.options import Options
from reconciler.workflow.plan import make_plan
from reconciler.workflow.workspace import open_workspace
from tests.test_examples import EXAMPLES, Playground, copied

ROOT = Path(__file__).parent.parent
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
SAFETY = (ROOT / "docs" / "safety.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
HOP = re.compile(r"^\d\. `([\w.]+)(?::([\w.]+))?`", re.MULTILINE)
LAWS = 18
FIRST = next(path for path in EXAMPLES if path.name == "plum")
MOST_HOPS = 8


def section(text: str, title: str) -> str:
    """The text under a heading."""
    return text.split(f"\n## {title}\n")[1].split("\n## ", maxsplit=1)[0]


def hops() -> list[tuple[str, str]]:
    """The stops from a command to a request, as documented."""
    return HOP.findall(section(ARCHITECTURE, "From a command to a request"))


def test_every_hop_exists():
    """Each stop between a command and a request is a module and a function of it."""
    assert 0 < len(hops()) <= MOST_HOPS
    for module, name in hops():
        found = importlib.import_module(module)
        for part in filter(None, name.split(".")):
            found = getattr(found, part)
        assert not name or callable(found)


@pytest.mark.slow
def test_hops_are_those_of_a_real_plan(tmp_path, monkeypatch):
    """A plan's stack at the moment of a request passes through the documented modules in their order, and no others."""
    stacks: list[list[str]] = []
    exchange = HttpWire.exchange

    def watched(self, *arguments, **named):
        frames = [*traceback.walk_stack(sys._current_frames()[threading.main_thread().ident])][::-1]
        frames += [*traceback.walk_stack(None)][::-1]
        names = [frame.f_globals["__name__"] for frame, _ in frames]
        stacks.append([name for name in names if name.startswith("reconciler.")] + [HttpWire.__module__])
        return exchange(self, *arguments, **named)

    monkeypatch.setattr(HttpWire, "exchange", watched)
    with Sandbox() as sandbox:
        playground = Playground(copied(FIRST, tmp_path), sandbox)
        options = Options(directory=playground.project, environment=playground.environment)
        with open_workspace(options) as workspace:
            make_plan(workspace)
    documented = [module for module, _ in hops()]
    passed = [list(dict.fromkeys(stack)) for stack in stacks]
    assert documented[1:-1] in passed
    assert all(len(stack) <= MOST_HOPS - 2 for stack in passed)


@pytest.mark.parametrize("room", ["planning", "engine"])
def test_large_rooms_have_a_map(room):
    """docs/architecture.md has every module of the two largest rooms in its map, and none that is gone."""
    section = ARCHITECTURE.split("## Where to look in the two largest rooms")[1].split("\n## ")[0]
    planning, engine = section.split("`engine`; start with")
    rows = [
        line for line in {"planning": planning, "engine": engine}[room].splitlines() if line.startswith("|")
    ]
    named = re.findall(r"`(\w+)`", "\n".join(rows))
    modules = (ROOT / "reconciler" / room).rglob("*.py")
    there = [path.parent.name if path.stem == "__init__" else path.stem for path in modules]
    there.remove(room)
    assert sorted(named) == sorted(there)


def test_every_dependency_has_its_reason():
    """Each dependency in pyproject.toml is in docs/architecture.md, and none that is not."""
    text = section(ARCHITECTURE, "Dependencies")
    listed = set(re.findall(r"^\| `([\w.-]+)` \|", text.split("Looked at")[0], re.MULTILINE))
    extras = PROJECT["optional-dependencies"]
    needed = {Requirement(each).name for names in extras.values() for each in names} - {"campaign-reconciler"}
    of_users = {Requirement(each).name for extra in extras.keys() - {"test", "dev"} for each in extras[extra]}
    listed -= of_users - {"campaign-reconciler"}
    assert listed == {Requirement(each).name for each in PROJECT["dependencies"]}
    assert [name for name in needed if f"`{name}`" not in text] == []


def test_drawn_layers_are_those_that_are_checked():
    """The drawing has the rooms that tests/test_layers.py knows, from the top down."""
    from tests.test_layers import FLOORS

    drawing = section(ARCHITECTURE, "Layers").split("```")[1]
    rooms = [re.findall(r"(?:^|\| )(\w+) ", line) for line in drawing.strip().splitlines()]
    assert [tuple(room) for room in rooms] == list(FLOORS)


def laws() -> dict[int, str]:
    """Each law's text."""
    parts = re.split(r"^(\d+)\. ", section(SAFETY, "The laws"), flags=re.MULTILINE)
    return {int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)}


def test_every_law_is_there():
    """Eighteen laws, each in a sentence and with a test."""
    assert list(laws()) == [*range(1, LAWS + 1)]
    assert all("`tests/" in text for text in laws().values())


@pytest.mark.parametrize("number", range(1, LAWS + 1))
def test_guards_of_a_law_exist(number):
    """The tests that a law names exist."""
    for path, _, name in re.findall(r"`(tests/[\w/]+\.py)(::(\w+))?`", laws()[number]):
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert not name or name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_promises_are_those_that_kinds_declare():
    """The tables of docs/safety.md are what docs/promises.py writes now."""
    spec = importlib.util.spec_from_file_location("promises", ROOT / "docs" / "promises.py")
    promises = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(promises)
    assert promises.renewed(SAFETY) == SAFETY, "docs/safety.md is behind: python docs/promises.py"


def test_every_operation_has_its_promise():
    """No kind leaves open what happens when a reply is lost."""
    rows = re.findall(r"^\| [a-z ]+ \| (.+?) \|", SAFETY, re.MULTILINE)
    assert rows
    assert all(text.endswith(".") for text in rows if "promised" not in text)


def test_set_up_commands_need_nothing_but_python():
    """README has two set-up commands, and .ci/run runs the second letter by letter."""
    commands = re.findall(r"^ {4}(python3 -m venv .+)$", README, re.MULTILINE)
    demo, tests = commands
    assert demo.endswith("reconciler demo")
    assert tests.endswith("-m pytest")
    assert tests in (ROOT / ".ci" / "run").read_text("utf-8")
    assert not re.search(r"\b(uv|make|git|npm|poetry)\b", demo + tests)


def test_readme_knows_every_command_and_exit_code():
    """README's tables have the commands and the exit codes that the tool has."""
    assert {name for name in COMMANDS if f"`{name}" not in README} == set()
    rows = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert rows == EXIT_CODES.keys()


def loose(text: str) -> set[str]:
    """Lines without what differs from one run to the next: figures, days, digests."""
    text = re.sub(r"\b[0-9a-f]{4}-[0-9a-f]{4}\b", "digest", text)
    text = re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", "Day", text)
    return {re.sub(r"\d+", "0", line).rstrip() for line in text.splitlines()}


@pytest.mark.slow
def test_tour_is_what_the_commands_say(tmp_path):
    """Every line of output that README's tour shows is said by the commands of today."""
    said = set()
    with Sandbox() as sandbox:
        playground = Playground(copied(FIRST, tmp_path), sandbox)
        january = playground.project / "manifests" / "january.yaml"
        right = january.read_text("utf-8")
        january.write_text(right.replace("schedule: three-weekdays", "schedule: three-weekday"), "utf-8")
        said |= loose(playground.say("validate"))
        january.write_text(right, "utf-8")
        for command in (["plan"], ["apply", "--yes"], ["plan"]):
            said |= loose(playground.say(*command))
        add_tuesday(sandbox)
        for command in (["drift"], ["apply", "--yes"]):
            said |= loose(playground.say(*command))
    shown = loose("\n".join(re.findall(r"```console\n(\$.+?)```", README, re.DOTALL)))
    assert {line for line in shown if not line.startswith("$")} - said == set()


def add_tuesday(sandbox: Sandbox) -> None:
    """Somebody's hand at the vendor's own page."""
    plum = sandbox.ready()["providers"]["plum"]
    with httpx.Client(headers={"Authorization": f"Bearer {plum['token']}"}) as vendor:
        schedules = vendor.get(f"{plum['base_url']}/schedules").json()
        number = next(each["schedule_id"] for each in schedules if each["nickname"] == "three-weekdays")
        days = {"days": '["mon","tue","wed","fri"]'}
        assert vendor.patch(f"{plum['base_url']}/schedules/{number}", params=days).is_success


PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("bench/*.md"),
    *ROOT.glob("requirements/*.md"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """Links between our pages, and headings in them, exist."""
    for target in re.findall(r"\]\((?!https?://|mailto:)([^)]+)\)", page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        found = (page.parent / path) if path else page
        assert found.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
