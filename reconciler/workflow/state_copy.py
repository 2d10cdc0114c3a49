"""The use cases of carrying a whole state elsewhere: into a file, from a file, and from one backend to another.

A copy is every line ever and every set of people that they name. It is only ever added to a place whose own lines are
the beginning of it, so that nothing that a place knows is lost; what was ever started is never forgotten.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from reconciler.backends.base import Backend
from reconciler.backends.files import explained, read_from, write_whole
from reconciler.backends.local import LocalBackend
from reconciler.backends.remote import RemoteBackend
from reconciler.errors import HeadMoved, StateError, UsageError
from reconciler.model.state import Hold, HoldChanged, StateBegun
from reconciler.state.blobs import blobs_of
from reconciler.state.chain import EMPTY_HEAD, next_head
from reconciler.state.codec import decode_entry, encode_entry
from reconciler.workflow.workspace import Workspace

FORMAT = "reconciler state copy"
VERSION = 1
BATCH = 1000
"""Lines that are added with one write."""


class Copy(Struct, frozen=True):
    """A whole state: its lines, the head that vouches for them, and the sets of people by digest."""

    lines: tuple[bytes, ...]
    head: str
    blobs: dict[str, bytes]


class Copied(Struct, frozen=True):
    """What was carried: lines that the place had, lines that were added, sets of people."""

    before: int
    added: int
    blobs: int


def take(backend: Backend) -> Copy:
    """Read a whole state, verified."""
    lines = tuple(backend.history())
    names = sorted(frozenset().union(*(blobs_of(decode_entry(line)) for line in lines)))
    return Copy(lines, reduce(next_head, lines, EMPTY_HEAD), {name: backend.get_blob(name) for name in names})


def pull(workspace: Workspace, path: Path) -> Copied:
    """Save the whole state as one file, readable to its owner alone."""
    copy = take(workspace.backend)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "head": copy.head,
        "log": [line.decode("utf-8") for line in copy.lines],
        "blobs": {name: base64.b64encode(data).decode("ascii") for name, data in copy.blobs.items()},
    }
    with explained("write", path):
        write_whole(path, json.dumps(document, indent=0).encode("utf-8") + b"\n")
    return Copied(0, len(copy.lines), len(copy.blobs))


def read_copy(path: Path) -> Copy:
    """Read what `pull` saved; raises StateError when a byte of it was changed."""
    with explained("read", path, "STA11"):
        data = read_from(path, follow=True)
    if data is None:
        raise UsageError(f"there is no {path}", "name a file that reconciler state pull has written")
    try:
        found: dict[str, Any] = json.loads(data)
        copy = Copy(
            tuple(line.encode("utf-8") for line in found["log"]),
            str(found["head"]),
            {name: base64.b64decode(text, validate=True) for name, text in found["blobs"].items()},
        )
        known = (found["format"], found["version"]) == (FORMAT, VERSION)
    except (ValueError, KeyError, TypeError, AttributeError):
        known, copy = False, Copy((), "", {})
    if not known or reduce(next_head, copy.lines, EMPTY_HEAD) != copy.head:
        message = f"{path} is no copy of a state, or was changed after it was written"
        raise StateError(message, "take another copy", "STA25")
    return copy


def push(workspace: Workspace, path: Path, *, only_empty: bool = False) -> Copied:
    """Add to the state what a copy has beyond it; raises StateError where the two have gone apart."""
    return _put(workspace, read_copy(path), only_empty=only_empty)


def migrate(workspace: Workspace, place: Path) -> Copied:
    """Carry a state into this project's backend, which has none; the place that it was in then holds.

    `place`: a folder with a local state, or a project file whose backend has it. Both are under lease meanwhile.
    Whoever still applies from there is told where the state went.
    """
    source = _source(workspace, place)
    if _where(source) == _where(workspace.backend):
        help_text = "write the new one into reconciler.yaml first: backend: {type: git, …}"
        raise UsageError("the project's backend is that place itself", help_text)
    with source.lease(workspace.holder):
        copy = take(source)
        if not copy.lines:
            raise UsageError(f"there is no state in {place}", "nothing has to be carried over")
        done = _put(workspace, copy, only_empty=True)
        _seal(workspace, source, copy.head)
    return done


def _source(workspace: Workspace, place: Path) -> Backend:
    """The backend that a state is carried from."""
    if place.is_dir():
        return LocalBackend(place)
    if not place.is_file():
        help_text = (
            "name the folder that has the local state, or a project file with the backend before: --from PATH"
        )
        raise UsageError(f"there is no {place}", help_text)
    return workspace.backend_of(place)


def _where(backend: Backend) -> str:
    """What a backend's place is called; of two that are one place the same."""
    if isinstance(backend, LocalBackend):
        return str(backend.folder.resolve())
    return backend.store.where if isinstance(backend, RemoteBackend) else ""


def rotate(workspace: Workspace) -> str:
    """Put an encrypted state under the present key, and return the key's name."""
    backend = workspace.backend
    if not isinstance(backend, RemoteBackend):
        raise UsageError("a local state is not encrypted", "use a shared backend, or encrypt the disk")
    return backend.rotate()


def _seal(workspace: Workspace, source: Backend, head: str) -> None:
    """Set a hold in the place that was left, so that nobody goes on from there."""
    kind, time = workspace.project.backend.type, workspace.stamp()
    reason = f"the state was carried over to the {kind} backend"
    hold = Hold(reason, workspace.holder, time)
    source.append([encode_entry(HoldChanged(hold, time, workspace.holder, reason))], head)


def _put(workspace: Workspace, copy: Copy, *, only_empty: bool) -> Copied:
    _refuse_other_project(workspace, copy)
    backend = workspace.backend
    with workspace.leased():
        there = tuple(backend.history())
        if there and only_empty:
            raise StateError(
                f"there is a state already, of {len(there)} entries",
                "where it is the beginning of the copy: reconciler state push FILE adds the rest",
                "STA25",
            )
        if copy.lines[: len(there)] != there:
            raise StateError(
                "the state and the copy have gone apart: each has entries that the other lacks",
                "nothing was changed; what was ever started is not forgotten by a command",
                "STA25",
            )
        head = reduce(next_head, there, EMPTY_HEAD)
        for lines in _batches(copy.lines[len(there) :]):
            head = backend.append(lines, head, _named(copy, lines))
        if head != copy.head:
            raise HeadMoved("somebody else wrote the state meanwhile", "run the command again", "STA06")
    return Copied(len(there), len(copy.lines) - len(there), len(copy.blobs))


def _named(copy: Copy, lines: Sequence[bytes]) -> tuple[bytes, ...]:
    """The sets that these lines name, each verified by the place that takes it."""
    names = sorted(frozenset().union(*(blobs_of(decode_entry(line)) for line in lines)))
    return tuple(copy.blobs[name] for name in names if name in copy.blobs)


def _batches(lines: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
    rest = iter(lines)
    while batch := tuple(islice(rest, BATCH)):
        yield batch


def _refuse_other_project(workspace: Workspace, copy: Copy) -> None:
    begun = (entry for entry in map(decode_entry, copy.lines) if isinstance(entry, StateBegun))
    found = next((entry.project_id for entry in begun), workspace.project.project_id)
    if found != workspace.project.project_id:
        message = f"the copy is of project {found}, not of this one"
        raise StateError(message, "put project_id right, or take the right copy", "STA04")
