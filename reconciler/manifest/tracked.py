"""Contact files that Git tracks: people's numbers in a history that cannot forget."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from reconciler.manifest.declared import Declarations, Declared
from reconciler.manifest.finding import Finding
from reconciler.model.problem import Severity

_PATIENCE = 10.0


def findings(root: Path, declarations: Declarations) -> Iterator[Finding]:
    """A warning for each list whose file Git tracks; no Git, no warning."""
    sections = declarations.sections
    lists = [*sections["contact_lists"].values(), *sections["blacklists"].values()]
    named = [(each, _path(each)) for each in lists if isinstance(each.data.get("file"), str)]
    known = _tracked_files(root) if named else frozenset()
    for declared, path in named:
        if path in known:
            message = "Git tracks this file of phone numbers"
            remedy = "git rm --cached it, ignore it, and name it by a variable: {env: NAME}"
            where = declared.location.at("file")
            yield Finding("FIL08", message, remedy, where, severity=Severity.WARNING)


def _path(declared: Declared) -> str:
    folder = posixpath.dirname(declared.location.path)
    return posixpath.normpath(posixpath.join(folder, declared.data["file"]))


def _is_under_git(root: Path) -> bool:
    """Whether Git could know the folder: most often it does not, and a process tells that dearly."""
    whole = root.absolute()
    return "GIT_DIR" in os.environ or any((each / ".git").exists() for each in (whole, *whole.parents))


def _tracked_files(root: Path) -> frozenset[str]:
    if not _is_under_git(root):
        return frozenset()
    import subprocess

    # A project's own Git settings may name programs to run; listing must not start one.
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", "ls-files", "-z"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    if answer.returncode:
        return frozenset()
    return frozenset(os.fsdecode(name) for name in answer.stdout.split(b"\0"))
