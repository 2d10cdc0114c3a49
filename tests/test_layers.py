"""The house stands as docs/architecture.md draws it: imports point down, and each part keeps to its trade.

The checks work on a folder of sources, so that small made-up trees can show that each of them bites.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "reconciler"

Floors = tuple[tuple[str, ...], ...]

FLOORS: Floors = (
    ("testing",),
    ("cli",),
    ("workflow",),
    ("engine",),
    ("providers", "github"),
    ("planning", "manifest", "contacts"),
    ("transport", "backends", "render"),
    ("state",),
    ("errors",),
    ("model",),
)
"""From the top down. Rooms of one floor do not know each other."""

FLOORS_OF_PLANNING = (("settling",), ("",), ("decisions",), ("basis", "review"))
"""The same inside the largest room; what lies in it directly has no name here."""

BESIDE = "sandbox"
"""Stand-ins of the vendors, written from the vendors' pages: they share nothing with what they test."""

HOSTS_OF_SANDBOX = ("reconciler.cli.sandbox", "reconciler.cli.demo", "reconciler.workflow.demo")
NAMELESS = ("model", "errors", "state", "planning", "engine", "render", "transport")
VENDORS = re.compile(r"plum(?!b)|rvm|callr|wolkvox|just[ _-]?deliver", re.IGNORECASE)
WIRE = frozenset(
    {
        "httpx",
        "httpcore",
        "requests",
        "urllib3",
        "aiohttp",
        "socket",
        "http.client",
        "httptools",
        "urllib.request",
    }
)
NETWORKED = ("transport", BESIDE)
SOCKETLESS_USES = (
    "reconciler.workflow.workspace",
    "reconciler.backends.files",
    "reconciler.backends.local_lease",
)
"""They ask the socket module for this machine's name, nothing more."""
PRINTERS = ("cli", BESIDE, "testing")
"""The command line, and programs of their own: the sandbox, and processes that tests start."""


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name, its text, and every module it imports, wherever the import stands."""

    name: str
    text: str
    imports: frozenset[str]

    @property
    def room(self) -> str:
        """The part of the house that it belongs to; empty for the package itself."""
        return room_of(self.name)


def room_of(name: str) -> str:
    """The part of the house that a module belongs to; `python -m reconciler` is the command line."""
    room = [*name.split("."), ""][1]
    return "cli" if room == "__main__" else room


def read_house(root: Path) -> dict[str, Module]:
    """Every module below a package's folder, by name."""
    files = {_name(root, path): path for path in sorted(root.rglob("*.py"))}
    return {name: _module(name, path, frozenset(files)) for name, path in files.items()}


def _name(root: Path, path: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _module(name: str, path: Path, known: frozenset[str]) -> Module:
    text = path.read_text("utf-8")
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = {each for node in ast.walk(ast.parse(text)) for each in _imported(node, package, known)}
    return Module(name, text, frozenset(found - {name}))


def _imported(node: ast.AST, package: str, known: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
        source = ".".join(part for part in (base, node.module) if part)
        for alias in node.names:
            whole = f"{source}.{alias.name}"
            yield whole if whole in known else source
    elif isinstance(node, ast.Call) and _is_import_call(node):
        yield from _import_call(node)


def _is_import_call(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"import_module", "__import__"}


def _import_call(node: ast.Call) -> Iterator[str]:
    """What a call imports, as far as its text tells: `import_module(f"reconciler.providers.{x}")` is providers."""
    text = ast.unparse(node.args[0]) if node.args else ""
    if named := re.search(r"reconciler(?:\.\w+)+", text):
        yield named.group()


def floor_of(room: str, floors: Floors = FLOORS) -> int | None:
    """How high a room lies; None for what has no floor."""
    heights = {name: len(floors) - depth for depth, rooms in enumerate(floors) for name in rooms}
    return heights.get(room)


def upward(house: Mapping[str, Module]) -> list[str]:
    """Imports of a higher floor, of another room on the same floor, or of a room without a floor."""
    return sorted(
        f"{module.name} imports {other}"
        for module in house.values()
        for other in module.imports
        if other.split(".")[0] == "reconciler" and _is_upward(module.room, room_of(other))
    )


def _is_upward(room: str, other: str) -> bool:
    here, there = floor_of(room), floor_of(other)
    if other in {"", room} or BESIDE in {room, other}:
        return False
    return here is None or there is None or here <= there


def upward_in_planning(house: Mapping[str, Module]) -> list[str]:
    """The same inside the largest room."""
    return sorted(
        f"{module.name} imports {other}"
        for module in house.values()
        for other in module.imports
        if module.room == room_of(other) == "planning" and _is_upward_in_planning(module.name, other)
    )


def _is_upward_in_planning(name: str, other: str) -> bool:
    known = {room for rooms in FLOORS_OF_PLANNING for room in rooms}
    rooms = [part if part in known else "" for part in ((*each.split("."), "")[2] for each in (name, other))]
    here, there = (floor_of(room, FLOORS_OF_PLANNING) or 0 for room in rooms)
    return rooms[0] != rooms[1] and here <= there


def homeless(house: Mapping[str, Module]) -> list[str]:
    """Rooms that the drawing does not have."""
    rooms = {module.room for module in house.values()} - {"", BESIDE}
    return sorted(room for room in rooms if floor_of(room) is None)


def cycles(house: Mapping[str, Module]) -> list[tuple[str, ...]]:
    """Groups of modules that import each other, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(house[name].imports & house.keys()):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            place = stack.index(name)
            group = tuple(sorted(stack[place:]))
            del stack[place:]
            if len(group) > 1:
                found.append(group)

    for name in sorted(house):
        if name not in index:
            visit(name)
    return sorted(found)


def strangers_on_the_wire(house: Mapping[str, Module]) -> list[str]:
    """Modules outside transport that could reach the network by themselves."""
    return sorted(
        f"{module.name} imports {other}"
        for module in house.values()
        for other in module.imports & WIRE
        if module.room not in NETWORKED and not (other == "socket" and module.name in SOCKETLESS_USES)
    )


def sandbox_leaks(house: Mapping[str, Module]) -> list[str]:
    """Imports across the sandbox's wall: out of it anything of ours, into it anything but its hosts'."""
    return sorted(
        f"{module.name} imports {other}"
        for module in house.values()
        for other in module.imports
        if other.split(".")[0] == "reconciler" and _crosses(module, room_of(other))
    )


def _crosses(module: Module, other: str) -> bool:
    if module.room == BESIDE:
        return other != BESIDE
    return other == BESIDE and not module.name.startswith(HOSTS_OF_SANDBOX)


def vendor_names(house: Mapping[str, Module]) -> list[str]:
    """Lines with a vendor's name in rooms that must not know any."""
    return [
        f"{module.name}:{number}: {line.strip()}"
        for module in house.values()
        if module.room in NAMELESS
        for number, line in enumerate(module.text.splitlines(), 1)
        if VENDORS.search(line)
    ]


def printing(house: Mapping[str, Module]) -> list[str]:
    """Modules below the command line that print, or use what prints."""
    return sorted(
        f"{module.name} {what}"
        for module in house.values()
        if module.room not in PRINTERS
        for what in _prints(module)
    )


def _prints(module: Module) -> Iterator[str]:
    if "click" in module.imports:
        yield "imports click"
    for node in ast.walk(ast.parse(module.text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"print", "input"}:
            yield f"calls {ast.unparse(node.func)} in line {node.lineno}"
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout", "sys.stderr", "sys.stdin"}:
            yield f"uses {ast.unparse(node)} in line {node.lineno}"


def neighbours(house: Mapping[str, Module]) -> list[str]:
    """Providers that import another provider, and anybody else who imports one by name."""
    return sorted(
        f"{module.name} imports {other}"
        for module in house.values()
        for other in module.imports
        if _folder(other, house) and _folder(other, house) != _folder(module.name, house)
    )


def _folder(name: str, house: Mapping[str, Module]) -> str:
    """The provider's folder that a module lies in; empty for what providers share."""
    parts = name.split(".")[:3]
    folder = ".".join(parts)
    inside = any(other.startswith(f"{folder}.") for other in house)
    return folder if parts[1:2] == ["providers"] and len(parts) == len(("a", "b", "c")) and inside else ""


CHECKS = {
    "every part has its floor": homeless,
    "no import points up or across": upward,
    "nor inside planning": upward_in_planning,
    "no modules import each other in a circle": cycles,
    "only transport reaches the network": strangers_on_the_wire,
    "the sandbox shares nothing with what it tests": sandbox_leaks,
    "no vendor's name where vendors are not known": vendor_names,
    "only commands print": printing,
    "providers do not know each other, and nobody knows one by name": neighbours,
}


@pytest.fixture(scope="module")
def house():
    """The package as it stands."""
    return read_house(ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("rule", CHECKS)
def test_house_keeps_the_rule(house, rule):
    """The package keeps each rule of docs/architecture.md's drawing."""
    assert CHECKS[rule](house) == []


def test_house_is_read_whole(house):
    """The reader sees all of the package, not a part of it that would pass by being small."""
    assert {"reconciler.cli.plan", "reconciler.workflow.plan", "reconciler.engine.observe"} <= house.keys()
    assert "reconciler.workflow.plan" in house["reconciler.cli.plan"].imports
    assert {module.room for module in house.values()} >= {room for rooms in FLOORS for room in rooms}


BROKEN = {
    "up": ("no import points up or across", {"model/a.py": "import reconciler.cli.b", "cli/b.py": ""}),
    "across": (
        "no import points up or across",
        {"render/a.py": "from reconciler.backends import b", "backends/b.py": ""},
    ),
    "up, relative": (
        "no import points up or across",
        {"state/a.py": "from ..engine.b import x", "engine/b.py": "x = 1"},
    ),
    "up, inside a function": (
        "no import points up or across",
        {"state/a.py": "def f():\n    from reconciler.engine import b", "engine/b.py": ""},
    ),
    "up, for types alone": (
        "no import points up or across",
        {
            "state/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import reconciler.engine.b",
            "engine/b.py": "",
        },
    ),
    "up, by a call": (
        "no import points up or across",
        {
            "state/a.py": "import importlib\nimportlib.import_module(f'reconciler.providers.{1}')",
            "providers/b.py": "",
        },
    ),
    "up, inside planning": (
        "nor inside planning",
        {"planning/basis/a.py": "from reconciler.planning import b", "planning/b.py": ""},
    ),
    "across, inside planning": (
        "nor inside planning",
        {"planning/basis/a.py": "import reconciler.planning.review.b", "planning/review/b.py": ""},
    ),
    "a room nobody drew": ("every part has its floor", {"utils/a.py": ""}),
    "a circle": (
        "no modules import each other in a circle",
        {
            "state/a.py": "import reconciler.state.b",
            "state/b.py": "def f():\n    from reconciler.state import c",
            "state/c.py": "from . import a",
        },
    ),
    "an http library": ("only transport reaches the network", {"engine/a.py": "import httpx"}),
    "a socket": ("only transport reaches the network", {"providers/v/a.py": "from socket import socket"}),
    "the sandbox looking out": (
        "the sandbox shares nothing with what it tests",
        {"sandbox/a.py": "from reconciler.model import b", "model/b.py": ""},
    ),
    "the engine looking in": (
        "the sandbox shares nothing with what it tests",
        {"engine/a.py": "import reconciler.sandbox", "sandbox/__init__.py": ""},
    ),
    "a vendor's name": ("no vendor's name where vendors are not known", {"planning/a.py": "x = 'Plum'"}),
    "a vendor's name in a remark": (
        "no vendor's name where vendors are not known",
        {"render/a.py": "# CALLR"},
    ),
    "print": ("only commands print", {"workflow/a.py": "def f():\n    print('x')"}),
    "stdout": ("only commands print", {"engine/a.py": "import sys\nsys.stdout.write('x')"}),
    "click": ("only commands print", {"render/a.py": "from click import echo"}),
    "a provider knowing another": (
        "providers do not know each other, and nobody knows one by name",
        {"providers/v/a.py": "from reconciler.providers.w import b", "providers/w/b.py": ""},
    ),
    "the workflow knowing a provider": (
        "providers do not know each other, and nobody knows one by name",
        {
            "workflow/a.py": "import reconciler.providers.w.b",
            "providers/w/b.py": "",
            "providers/w/__init__.py": "",
        },
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_house_is_noticed(tmp_path, case):
    """Each check fails on a small tree that breaks its rule, and no other check is needed to see it."""
    rule, files = BROKEN[case]
    assert CHECKS[rule](made(tmp_path, files))


def test_sound_house_passes(tmp_path):
    """A small tree that keeps every rule passes every check."""
    files = {
        "cli/plan.py": "import click\nfrom reconciler.workflow import plan",
        "cli/sandbox.py": "from reconciler.sandbox import Sandbox",
        "workflow/plan.py": "from reconciler.engine.observe import observe",
        "engine/observe.py": "from reconciler.providers.base import Kind",
        "providers/base.py": "class Kind: ...",
        "providers/v/__init__.py": "from reconciler.providers.v.kind import K",
        "providers/v/kind.py": "from reconciler.providers.base import Kind\nK = Kind",
        "transport/wire.py": "import httptools",
        "sandbox/__init__.py": "import socket\nclass Sandbox: ...",
    }
    sound = made(tmp_path, files)
    assert {rule: check(sound) for rule, check in CHECKS.items()} == {rule: [] for rule in CHECKS}


def made(folder: Path, files: Mapping[str, str]) -> dict[str, Module]:
    """A house with these files, each room a package."""
    root = folder / "reconciler"
    for name, text in {"__init__.py": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return read_house(root)
