"""Plan files are encrypted where the state is: nobody reads or changes one on its way, and keys can be changed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from reconciler.sandbox import Sandbox
from reconciler.testing.projects import ProjectFolder

from .conftest import Command

ONE, TWO = "1d" * 32, "2e" * 32
pytestmark = pytest.mark.slow


@pytest.fixture
def sealed(project: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> ProjectFolder:
    """The project with its state in a Git ref, encrypted."""
    for name, value in {"RECONCILER_KEY": "3f" * 32, "ONE": ONE, "TWO": TWO}.items():
        monkeypatch.setenv(name, value)
    remote = project.root.parent / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    for arguments in (["init", "-q"], ["remote", "add", "origin", str(remote)]):
        subprocess.run(["git", *arguments], cwd=project.root, check=True)
    return under(project, encryption_key="ONE")


def under(project: ProjectFolder, **keys: str) -> ProjectFolder:
    """Declare the backend with these encryption keys, by variables."""
    declared = {name: {"env": variable} for name, variable in {"key": "RECONCILER_KEY", **keys}.items()}
    project.project = {"backend": {"type": "git", **declared}}
    return project.write()


def kept(command: Command, project: ProjectFolder) -> Path:
    """Plan, and keep the plan."""
    file = project.root.parent / "jan.plan"
    ran = command("plan", "--out", str(file))
    assert ran.code == 0, ran.err
    return file


def test_plan_is_read_by_nobody_else_and_applied(
    command: Command, sealed: ProjectFolder, sandbox: Sandbox
) -> None:
    """Of an encrypted plan only its format and the key's name can be read; it is carried out like any other."""
    file = kept(command, sealed)
    text = file.read_text("utf-8")
    document = json.loads(text)
    assert document.keys() == {"format", "version", "sealed"}
    for told in ("january", "ivr.example", "digest", "2027"):
        assert told not in text
    assert file.stat().st_mode & 0o077 == 0
    ran = command("apply", str(file), "--yes")
    assert ran.code == 0, ran.err
    assert len(sandbox.state()["plum"]["campaigns"]) == 1


@pytest.mark.parametrize("what", ["changed", "cut", "plain", "other key", "no key", "other project"])
def test_what_is_not_ours_is_refused(
    command: Command, sealed: ProjectFolder, sandbox: Sandbox, what: str
) -> None:
    """A plan with a letter changed, in clear, under another key or of another project changes nothing."""
    file = kept(command, sealed)
    document = json.loads(file.read_text("utf-8"))
    name, _, text = document["sealed"].partition(":")
    if what == "changed":
        document["sealed"] = f"{name}:{text[:60]}{'A' if text[60] != 'A' else 'B'}{text[61:]}"
    elif what == "cut":
        document["sealed"] = f"{name}:{text[:-8]}"
    elif what == "plain":
        project = under(sealed)
        document = json.loads(kept(command, project).read_text("utf-8"))
        under(sealed, encryption_key="ONE")
    elif what == "other key":
        under(sealed, encryption_key="TWO")
    elif what == "no key":
        under(sealed)
    else:
        sealed.project["project_id"] = "other001"
        sealed.write()
    file.write_text(json.dumps(document), "utf-8")
    ran = command("apply", str(file), "--yes")
    assert ran.code == 1, ran.out
    assert (
        "after it was encrypted" if what in {"changed", "cut", "other project"} else "encrypted"
    ) in ran.err
    assert not [each for each in sandbox.ledger.writes if each.path != "/token"]
    assert ONE not in ran.err + ran.out


def test_key_is_changed_between_plan_and_apply(command: Command, sealed: ProjectFolder) -> None:
    """A plan made under the key before is applied while that one is declared as the old one."""
    file = kept(command, sealed)
    under(sealed, encryption_key="TWO", old_encryption_key="ONE")
    ran = command("apply", str(file), "--yes")
    assert ran.code == 0, ran.err
