"""What is shipped is what was tested: the wheel alone, its dependencies, its locks, its name."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from tests.test_examples import EXAMPLES, copied

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DATA = {"tzdata": "read by zoneinfo where the system has no zones"}
"""Dependencies that no line imports, and why they are there."""

FOR_SOME = {
    canonicalize_name(Requirement(text).name)
    for extra, several in PROJECT["optional-dependencies"].items()
    for text in several
    if extra not in {"test", "dev"}
} - {"campaign-reconciler"}
"""What only some users need, as extras."""

FOR_TESTERS = {"pytest", "hypothesis"}
"""What only `reconciler.testing` imports: it comes with the extra `test`."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Wheel and source archive, built without a network by the build back end itself."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def clean(built, tmp_path_factory):
    """An environment with the wheel in it, which borrows the dependencies and nothing else of this one."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "venv", with_pip=False)
    bin_folder = folder / "venv" / "bin"
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    command = [sys.executable, "-m", "pip", "--python", str(bin_folder / "python"), "install", "--no-deps"]
    subprocess.run([*command, "--no-index", "--quiet", str(built[".whl"])], check=True, capture_output=True)
    (packages / "borrowed.pth").write_text(
        "".join(f"{path}\n" for path in sys.path if path.endswith("site-packages")), "utf-8"
    )
    return bin_folder


def run(clean: Path, *arguments: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the clean environment."""
    return subprocess.run(
        [str(clean / arguments[0]), *arguments[1:]],
        cwd=cwd,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_wheel_holds_the_package_and_nothing_else(built):
    """The wheel has every module and data file of the package, the schemas, the licence, and no test."""
    with zipfile.ZipFile(built[".whl"]) as archive:
        names = set(archive.namelist())
    tracked = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "reconciler").rglob("*")
        if path.suffix in {".py", ".json"} and "__pycache__" not in path.parts
    }
    schemas = {f"reconciler/schemas/{path.name}" for path in (ROOT / "schemas").glob("*.json")}
    assert names >= tracked | schemas
    assert {name.split("/")[0] for name in names} == {
        "reconciler",
        f"campaign_reconciler-{version()}.dist-info",
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)


def version() -> str:
    """The version that the source gives."""
    return re.search(r'__version__ = "(.+?)"', (ROOT / "reconciler/__init__.py").read_text("utf-8"))[1]


@pytest.mark.slow
def test_installed_wheel_runs(clean, tmp_path):
    """The command of the installed wheel runs its own code, and says the version that the source says."""
    found = run(clean, "reconciler", "--version", cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert version() in found.stdout
    where = run(clean, "python", "-c", "import reconciler; print(reconciler.__file__)", cwd=tmp_path)
    assert where.stdout.startswith(str(clean.parent))


@pytest.mark.slow
def test_installed_wheel_has_the_schemas(clean, tmp_path):
    """`schema NAME` of the installed wheel prints the published file."""
    for path in sorted((ROOT / "schemas").glob("*.schema.json")):
        found = run(clean, "reconciler", "schema", path.name.removesuffix(".schema.json"), cwd=tmp_path)
        assert json.loads(found.stdout) == json.loads(path.read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_installed_wheel_writes_workflows(clean, tmp_path, forge):
    """What init copies for a forge is inside the wheel."""
    found = run(clean, "reconciler", "init", "--ci", forge, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    written = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert ({"campaigns-apply.yml"} if forge == "github" else {".gitlab-ci.yml", "campaigns.lock"}) <= written


@pytest.mark.slow
def test_installed_wheel_validates_the_examples(clean, tmp_path):
    """The examples are valid for the wheel, with data files found inside it."""
    for example in EXAMPLES:
        found = run(clean, "reconciler", "validate", cwd=copied(example, tmp_path))
        assert (found.returncode, found.stderr) == (0, ""), found.stdout


def imported() -> dict[str, set[str]]:
    """Every third-party package that the code imports, and which parts of it do."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "reconciler").rglob("*.py"):
        room = path.relative_to(ROOT / "reconciler").parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.append(node.module)
            for name in {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"reconciler"}:
                found.setdefault(name, set()).add(room)
    return found


@pytest.mark.slow
def test_dependencies_are_those_that_are_used():
    """Each declared dependency is imported somewhere, or has its reason; each imported one is declared."""
    providers = packages_distributions()
    used = {canonicalize_name(providers[name][0]): rooms for name, rooms in imported().items()}
    assert {name for name, rooms in used.items() if rooms == {"testing"}} <= FOR_TESTERS
    declared = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    assert not declared & FOR_SOME
    assert declared | FOR_SOME == (used.keys() - FOR_TESTERS) | DATA.keys()


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("run.lock", ()), ("shared.lock", ("cloud", "postgres", "encryption")), ("dev.lock", ("test", "dev"))],
)
def test_locks_fit_the_project(lock, extras):
    """Each lock holds every dependency, at a version that pyproject.toml allows, with hashes and no index."""
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    locked = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))
    wanted = [*PROJECT["dependencies"]]
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    for requirement in map(Requirement, wanted):
        if canonicalize_name(requirement.name) != "campaign-reconciler":
            assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)])
    assert text.count("--hash=sha256:") >= len(locked)
    assert "index-url" not in text


def test_lowest_versions_are_the_bounds():
    """requirements/lowest.txt pins each direct dependency to the oldest version that pyproject.toml allows."""
    text = (ROOT / "requirements" / "lowest.txt").read_text("utf-8")
    pins = [Requirement(line) for line in text.splitlines() if line and not line.startswith("#")]
    extras = ("cloud", "postgres", "encryption", "test")
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][name] for name in extras)]
    declared = [Requirement(line) for each in lists for line in each]
    bounds = {item.name: _oldest(item) for item in declared if item.name != "campaign-reconciler"}
    assert {pin.name: _oldest(pin) for pin in pins} == bounds


def _oldest(requirement):
    bounds = [Version(item.version) for item in requirement.specifier if item.operator in {">=", "=="}]
    assert len(bounds) == 1, f"{requirement} has no lower bound, or several"
    return bounds[0]


def test_nobody_is_told_to_install_somebody_elses_package():
    """On PyPI `reconciler` is another tool: no text says to install it."""
    texts = [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("examples/**/*"),
        ROOT / ".ci" / "run",
    ]
    texts += (ROOT / "reconciler").rglob("*.py")
    wrong = re.compile(r"(install|pipx|uvx|add)\s+(-\S+\s+)*['\"`]?reconciler\b")
    found = [path for path in texts if path.is_file() and wrong.search(path.read_text("utf-8"))]
    assert found == []
