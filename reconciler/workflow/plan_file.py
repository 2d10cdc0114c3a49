"""Saved plans: what was reviewed, as a file that pins it and shows nothing personal."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from reconciler.backends.failures import seal_unknown
from reconciler.errors import ReconcilerError
from reconciler.planning.review.pins import Pins, read_pins
from reconciler.planning.review.reviewed import Reviewed
from reconciler.render.json import plan_content
from reconciler.workflow.plan import Planned, reviewed_of
from reconciler.workflow.workspace import Workspace

FORMAT = "reconciler plan file"
VERSION = 1
PINS = "reconciler reviewed plan"
"""The format of a file that knows of a reviewed plan what a comment on a pull request does."""
LARGEST = 256 * 1024 * 1024


def write_plan(workspace: Workspace, planned: Planned, path: Path) -> None:
    """Save a plan atomically, readable to its owner alone; encrypted where the state is."""
    content: dict[str, Any] = {"reviewed": _encoded(reviewed_of(planned)), "plan": plan_content(planned.plan)}
    if workspace.encryption is not None:
        text = json.dumps(content, sort_keys=True).encode()
        content = {"sealed": workspace.encryption.wrap(text, _purpose(workspace))}
    document = {"format": FORMAT, "version": VERSION, **content}
    data = json.dumps(document, sort_keys=True, indent=1).encode() + b"\n"
    try:
        _write(path, data)
    except OSError as error:
        raise ReconcilerError(f"{path} cannot be written: {error.strerror}", "choose another --out") from None


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_pins(pins: Pins, path: Path) -> None:
    """Save what is known of a reviewed plan, in a form that `apply` takes like a saved one."""
    document = {"format": PINS, "version": VERSION, **to_builtins(pins)}
    _write(path, json.dumps(document, sort_keys=True, indent=1).encode() + b"\n")


def _purpose(workspace: Workspace) -> bytes:
    """What a plan's encryption is bound to: another project's plan is not taken for this one's."""
    return f"plan file of {workspace.project.project_id}".encode()


def read_plan(workspace: Workspace, path: Path) -> Reviewed | Pins:
    """What a saved plan pins; raises ReconcilerError when the file is none of ours.

    Where plans are encrypted one that is not, or not under our keys, is refused.
    """
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(LARGEST))
        if document["format"] == PINS and document["version"] == VERSION:
            return read_pins(document)
        if document["format"] != FORMAT or document["version"] != VERSION:
            raise _not_a_plan(path)
        return _decoded(_opened(workspace, path, document)["reviewed"])
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror}"
        raise ReconcilerError(text, "make one: reconciler plan --out FILE") from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise _not_a_plan(path) from None


def _opened(workspace: Workspace, path: Path, document: dict[str, Any]) -> dict[str, Any]:
    """The plan in a file, decrypted where plans are encrypted."""
    sealed = str(document.get("sealed", ""))
    if workspace.encryption is None:
        if sealed:
            raise seal_unknown(str(path), sealed.partition(":")[0], None)
        return document
    found: dict[str, Any] = json.loads(workspace.encryption.unwrap(sealed, _purpose(workspace), str(path)))
    return found


def _not_a_plan(path: Path) -> ReconcilerError:
    return ReconcilerError(f"{path} is not a plan of this version", "make one: reconciler plan --out FILE")


def _encoded(reviewed: Reviewed) -> dict[str, Any]:
    return {
        "project_id": reviewed.project_id,
        "lineage": reviewed.lineage,
        "expires": reviewed.expires,
        "digest": reviewed.digest,
        "changes": dict(reviewed.changes),
        "rings": dict(reviewed.rings),
        "people": dict(reviewed.people),
        "allow": list(reviewed.allow),
        "only": list(reviewed.only),
        "suppressed": sorted(digest.hex() for digest in reviewed.suppressed),
    }


def _decoded(data: dict[str, Any]) -> Reviewed:
    return Reviewed(
        project_id=str(data["project_id"]),
        lineage=str(data["lineage"]),
        expires=_moment(data["expires"]),
        digest=str(data["digest"]),
        changes={str(key): str(value) for key, value in data["changes"].items()},
        rings={str(key): _moment(value) for key, value in data["rings"].items()},
        people={str(key): int(value) for key, value in data["people"].items()},
        allow=tuple(map(str, data["allow"])),
        only=tuple(map(str, data["only"])),
        suppressed=frozenset(bytes.fromhex(digest) for digest in data["suppressed"]),
    )


def _moment(value: object) -> str:
    """A moment as text; raises ValueError for what is none, or has no offset to compare it by."""
    text = str(value)
    if dt.datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(text)
    return text
