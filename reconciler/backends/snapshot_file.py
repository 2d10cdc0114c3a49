"""`state.json`: the last snapshot, with the head it stands at and the number of the log that goes on there.

The file is one JSON object on three lines, so that the middle one is the snapshot's bytes exactly as they
were given. Its digest covers all three facts; a changed byte anywhere is found before anything is used.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from reconciler.backends.files import explained, read_from, write_whole
from reconciler.backends.log import FIRST, log_name
from reconciler.errors import StateError

NAME = "state.json"
LAST_GOOD = "state.json.bak"
LAYOUT = 1
"""Version of the folder's layout; a tool that knows less refuses it by name."""

_END = b"\n}\n"


class SnapshotFile(NamedTuple):
    """What `state.json` holds."""

    snapshot: bytes
    head: str
    log: int


def read_snapshot(folder: Path) -> SnapshotFile | None:
    """Read and verify the file; None when there is none and never was one."""
    path = folder / NAME
    with explained("read", path, "STA11"):
        data = read_from(path)
    if data is None:
        _refuse_lost(folder)
        return None
    found = _parse(data)
    if found is None:
        raise StateError(f"{path} was changed after it was written", _remedy(folder), "STA03")
    return found


def write_snapshot(folder: Path, content: SnapshotFile) -> None:
    """Put a snapshot in place; the one before, verified, becomes the last good copy first."""
    path = folder / NAME
    with explained("write", path):
        if read_snapshot(folder) is not None:
            write_whole(folder / LAST_GOOD, path.read_bytes())
        write_whole(path, _format(content))


def _format(content: SnapshotFile) -> bytes:
    header = {"digest": _digest(content), "head": content.head, "layout": LAYOUT, "log": content.log}
    opening = json.dumps(header)[:-1] + ', "snapshot":\n'
    return opening.encode("ascii") + content.snapshot + _END


def _parse(data: bytes) -> SnapshotFile | None:
    """Return the verified content; None when a byte of it was changed."""
    opening, _, rest = data.partition(b"\n")
    header = _header(opening)
    if header.get("layout", LAYOUT) != LAYOUT:
        _refuse_layout(header["layout"])
    try:
        found = SnapshotFile(rest[: -len(_END)], str(header["head"]), int(header["log"]))
    except (KeyError, TypeError, ValueError):
        return None
    return found if _format(found) == data else None


def _header(opening: bytes) -> dict[str, Any]:
    try:
        header = json.loads(opening + b"null}")
    except ValueError:
        return {}
    return header if isinstance(header, dict) else {}


def _digest(content: SnapshotFile) -> str:
    facts = f"{LAYOUT} {content.log} {content.head}\n".encode("ascii", "replace")
    return hashlib.sha256(facts + content.snapshot).hexdigest()


def _refuse_layout(found: object) -> None:
    message = f"the state's folder has layout {found}, this tool knows {LAYOUT} and older"
    raise StateError(message, "upgrade reconciler: pip install --upgrade campaign-reconciler", "STA01")


def _refuse_lost(folder: Path) -> None:
    if (folder / LAST_GOOD).exists():
        raise StateError(f"{folder / NAME} is gone, though it was there once", _remedy(folder), "STA03")


def _remedy(folder: Path) -> str:
    """Say how to restore: every log since is kept, so neither way loses anything."""
    path = folder / NAME
    if (folder / LAST_GOOD).exists():
        return f"cp {folder / LAST_GOOD} {path}: it is the last good copy, and the logs bring it up to date"
    return f"rm {path}: the state is then read from {log_name(FIRST)} and the logs after it"
