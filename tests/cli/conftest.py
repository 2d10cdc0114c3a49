"""Running command lines in this process, with a workflow that has no vendors."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import reconciler.workflow
from reconciler.cli import finish
from reconciler.cli.root import group

FAKE = Path(__file__).with_name("fake_workflow.py")


@dataclass(frozen=True)
class Ran:
    """How a command line ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine, and no project above, takes part."""
    for name in [*os.environ]:
        if name.startswith(("RECONCILER_", "CLICOLOR", "FORCE_COLOR", "NO_COLOR", "COLUMNS")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command line to its end."""

    def run(*arguments: str) -> Ran:
        capfd.readouterr()
        code = finish.run(group, arguments)
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def workflow(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The workflow replaced by one without vendors."""
    spec = importlib.util.spec_from_file_location("fake_workflow", FAKE)
    assert spec is not None
    assert spec.loader is not None
    fake = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fake)
    for each in pkgutil.iter_modules(reconciler.workflow.__path__):  # so that none binds a fake for good
        importlib.import_module(f"reconciler.workflow.{each.name}")
    for name, function in fake.FAKES.items():
        module, _, attribute = name.rpartition(".")
        monkeypatch.setattr(importlib.import_module(module), attribute, function)
    return fake
