"""Where a list's bytes come from: a file inside the project, or one that a variable names."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from reconciler.contacts import findings
from reconciler.model.problem import Location, Problem
from reconciler.model.resource import FileSource

MAX_BYTES = 512 * 1024 * 1024
"""Larger files are refused; a list of ten million people is half of it."""


class Surroundings(Struct, frozen=True):
    """What a path is read against: the project's root, and the variables."""

    root: Path
    environment: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Surroundings({str(self.root)!r})"


class Content(Struct, frozen=True):
    """The bytes of a list and the name under which problems speak of them; the repr shows no bytes."""

    shown: str
    data: bytes

    def __repr__(self) -> str:
        return f"Content({self.shown!r}, {len(self.data)} bytes)"


class _Place(Struct, frozen=True):
    """A file that may be opened, and its name in problems."""

    path: Path
    shown: str


def fetch(file: FileSource | None, declared_at: Location, surroundings: Surroundings) -> Content | Problem:
    """Read a list's bytes; what forbids it comes back as a problem."""
    place = _locate(file, declared_at, surroundings)
    return place if isinstance(place, Problem) else _read(place, declared_at)


def _locate(file: FileSource | None, declared_at: Location, surroundings: Surroundings) -> _Place | Problem:
    if file is not None and file.env is not None:
        return _from_variable(file.env, declared_at, surroundings)
    if file is None or not file.path:
        return findings.no_file_declared(declared_at)
    return _inside(surroundings.root, PurePosixPath(file.base) / file.path, declared_at)


def _from_variable(name: str, declared_at: Location, surroundings: Surroundings) -> _Place | Problem:
    """Take the path from a variable, counted from the root: who sets the environment may name any file."""
    value = surroundings.environment.get(name, "")
    if not value or "\0" in value:
        return findings.variable_not_set(name, declared_at)
    return _Place(surroundings.root / value, f"${name}")


def _inside(root: Path, path: PurePosixPath, declared_at: Location) -> _Place | Problem:
    """Refuse what lies outside the project once links are followed: a branch must not read other files."""
    if "\0" in str(path):
        return findings.outside_project(declared_at)
    home = root.resolve()
    try:
        target = (home / path).resolve()
    except (OSError, RuntimeError):  # links that lead in a circle
        return findings.no_such_file(os.path.normpath(path), declared_at)
    if not target.is_relative_to(home):
        return findings.outside_project(declared_at)
    shown = target.relative_to(home) if path.is_absolute() else Path(os.path.normpath(path))
    return _Place(target, shown.as_posix())


def _read(place: _Place, declared_at: Location) -> Content | Problem:
    try:
        # Without O_NONBLOCK a pipe without a writer would hold us for ever.
        descriptor = os.open(place.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return _cannot_open(place, error, declared_at)
    try:
        return _unfit(place, os.fstat(descriptor), declared_at) or _read_open(place, descriptor)
    except OSError as error:
        return _cannot_open(place, error, declared_at)
    finally:
        os.close(descriptor)


def _unfit(place: _Place, status: os.stat_result, declared_at: Location) -> Problem | None:
    if not stat.S_ISREG(status.st_mode):
        return findings.not_a_regular_file(place.shown, declared_at)
    if status.st_size > MAX_BYTES:
        return findings.too_large(place.shown, MAX_BYTES, declared_at)
    return None


def _read_open(place: _Place, descriptor: int) -> Content:
    with os.fdopen(descriptor, "rb", closefd=False) as stream:
        return Content(place.shown, stream.read())


def _cannot_open(place: _Place, error: OSError, declared_at: Location) -> Problem:
    """Speak of the reason alone: the error's own text holds the path that a variable kept to itself."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return findings.no_such_file(place.shown, declared_at)
    return findings.cannot_open(place.shown, error.strerror or "input/output error", declared_at)
