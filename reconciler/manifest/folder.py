"""Files of a project: which there are, and their bytes; nothing outside of it, nothing that blocks."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from reconciler.errors import ProjectError, UsageError
from reconciler.manifest.document import Unreadable
from reconciler.manifest.finding import Finding, quoted
from reconciler.model.problem import Location, Problem

PROJECT_FILES = ("reconciler.yaml", "reconciler.yml")
LARGEST_FILE = 8 * 1024 * 1024
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def find_project(start: Path) -> Path:
    """The folder with the project file: `start` or the nearest above it, not beyond the Git root."""
    first = start.resolve()
    for folder in (first, *first.parents):
        found = [name for name in PROJECT_FILES if (folder / name).is_file()]
        if len(found) > 1:
            raise ProjectError([_both_spellings()])
        if found:
            return folder
        if (folder / ".git").exists():
            break
    message = f"no reconciler.yaml in {first} or above it"
    raise UsageError(message, "run: reconciler init, or name the project's folder: -C DIR")


def _both_spellings() -> Problem:
    message = "reconciler.yaml and reconciler.yml both exist"
    return Problem("FIL07", message, "keep one of them", location=Location(PROJECT_FILES[0], 1, 1))


def project_file(root: Path) -> str:
    """The name of the project file in its folder."""
    return next((name for name in PROJECT_FILES if (root / name).is_file()), PROJECT_FILES[0])


def read(root: Path, path: str) -> bytes:
    """The bytes of a file; raises Unreadable for what is no ordinary, readable file of a bearable size."""
    try:
        data = read_bytes(f"{root}/{path}")
    except Unfit as unfit:
        raise Unreadable(Finding(unfit.code, unfit.message, unfit.help, Location(path, 1, 1))) from None
    except OSError as error:
        message = f"cannot be read: {error.strerror or 'unknown reason'}"
        raise Unreadable(Finding("FIL01", message, "look at its permissions", Location(path, 1, 1))) from None
    if data.startswith(_OTHER_ENCODINGS):
        finding = Finding("FIL04", "not UTF-8", "save the file as UTF-8", Location(path, 1, 1))
        raise Unreadable(finding)
    return data


class Unfit(Exception):
    """No ordinary file, or one that is too large."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.message, self.help = code, message, remedy


def read_bytes(path: str) -> bytes:
    """Open without waiting, for a pipe with no writer would hold us for ever; raises Unfit and OSError."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unfit("FIL02", "not an ordinary file", "remove or rename it")
        if status.st_size > LARGEST_FILE:
            message = f"larger than {LARGEST_FILE // (1024 * 1024)} MiB"
            raise Unfit("FIL03", message, "split the file")
        return os.read(descriptor, status.st_size) if status.st_size else b""
    finally:
        os.close(descriptor)


class Entry(Struct, frozen=True):
    """One item under `manifests:`: a path as written, or the variable that holds it."""

    path: str | None
    env: str | None
    location: Location


def manifest_files(
    root: Path, entries: list[Entry], environment: Mapping[str, str]
) -> tuple[list[str], list[Finding]]:
    """All manifests below the entries, relative to the root, sorted; and what is wrong with the entries."""
    walk = _Walk(root)
    for entry in entries:
        walk.enter(entry, environment)
    return sorted(walk.files), walk.findings


class _Walk:
    """Goes through the folders once, follows links that stay in the project, and never twice."""

    def __init__(self, root: Path) -> None:
        self.root = os.path.realpath(root)
        self.files: set[str] = set()
        self.findings: list[Finding] = []
        self._seen: set[str] = set()
        self._project_files = {os.path.join(self.root, name) for name in PROJECT_FILES}  # noqa: PTH118 - text, like scandir's

    def enter(self, entry: Entry, environment: Mapping[str, str]) -> None:
        """Walk below one entry. A path from the environment may lead outside; whoever runs us set it."""
        written = environment.get(entry.env, "") if entry.env else entry.path or ""
        if not written:
            message = f"the variable {entry.env} is not set"
            self._note("FIL09", message, f"set {entry.env} to a folder of manifests", entry.location)
            return
        target = os.path.normpath(Path(self.root, written))
        free = entry.env is not None
        if not free and not inside(self.root, os.path.realpath(target)):
            message = f"{quoted(written)} lies outside the project"
            self._note(
                "FIL05", message, "move it inside, or name it by a variable: {env: NAME}", entry.location
            )
        elif Path(target).is_dir():
            self._folder(target, free)
        elif Path(target).exists():
            self.files.add(self._relative(target))
        else:
            self._note("FIL06", f"no folder {quoted(written)}", "make it, or mend manifests:", entry.location)

    def _folder(self, folder: str, free: bool) -> None:
        real = os.path.realpath(folder)
        if real in self._seen:
            return
        self._seen.add(real)
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            message = f"cannot be read: {error.strerror or 'unknown reason'}"
            self._note("FIL01", message, "look at its permissions", Location(self._relative(folder), 1, 1))
            return
        for entry in entries:
            if not entry.name.startswith("."):
                self._entry(entry, free)

    def _entry(self, entry: os.DirEntry[str], free: bool) -> None:
        manifest = entry.name.endswith((".yaml", ".yml"))
        folder = entry.is_dir()
        if not manifest and not folder:
            return
        if entry.is_symlink() and not free and not inside(self.root, os.path.realpath(entry.path)):
            where = Location(self._relative(entry.path), 1, 1)
            self._note("FIL05", "a link that leads outside the project", "put the file itself here", where)
        elif folder:
            if manifest:
                where = Location(self._relative(entry.path), 1, 1)
                self._note("FIL02", "a folder with a manifest's name", "remove or rename it", where)
            self._folder(entry.path, free)
        elif entry.path not in self._project_files:
            self.files.add(self._relative(entry.path))

    def _relative(self, path: str) -> str:
        if path.startswith(self.root + os.sep):
            return path[len(self.root) + 1 :].replace(os.sep, "/")
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def _note(self, code: str, message: str, remedy: str, where: Location) -> None:
        self.findings.append(Finding(code, message, remedy, where))


def inside(root: str, path: str) -> bool:
    """Whether a path stands below the root; both without links."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
