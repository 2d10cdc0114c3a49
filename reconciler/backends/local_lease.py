"""The lease of a local backend: the kernel's lock on a file, which a dead process cannot keep.

`lock` carries the kernel's lock and `lock.json` says whose it is. Taking the lease away from a live process
removes `lock`: whoever comes next locks a new file of that name, and the old holder's `check` sees that the
file it has locked is no longer the one of that name.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import platform
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.backends.failures import lease_lost, locked
from reconciler.backends.files import explained, read_from, try_lock, write_whole

LOCK = "lock"
OWNER = "lock.json"
_PAUSE = 0.05
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_SHOWN = 80


class LocalLease:
    """A held lease; made by `take`."""

    def __init__(self, folder: Path, holder: str, descriptor: int) -> None:
        self.holder = holder
        self._folder = folder
        self._lock = os.fspath(folder / LOCK)
        self._descriptor = descriptor
        self._file = _file(descriptor)

    @property
    def is_held(self) -> bool:
        """Whether it was not given back yet, though it may have been taken away."""
        return self._descriptor >= 0

    def check(self, seconds: float = 0.0) -> None:  # noqa: ARG002 - the kernel's lock does not run out
        """Raise StateLocked when the lease was taken away."""
        if self._descriptor < 0 or not _is_named(self._file, self._lock):
            raise lease_lost(self.holder)

    def others_end_in(self) -> float:
        """Zero: whoever had the lock before is dead, or notices that it was taken away before it sends."""
        return 0.0

    def release(self) -> None:
        """Give the lease back; harmless when it was lost or given back already."""
        if self._descriptor < 0:
            return
        with suppress(OSError):
            if _is_named(self._file, self._lock):
                (self._folder / OWNER).unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def take(folder: Path, holder: str, wait: float) -> LocalLease:
    """Take the lease in a folder that exists, or say who has it."""
    until = time.monotonic() + wait
    with explained("lock", folder / LOCK):
        while (descriptor := _try(folder / LOCK)) is None:
            if time.monotonic() >= until:
                raise locked(_owner(folder))
            time.sleep(_PAUSE)
        lease = LocalLease(folder, holder, descriptor)
        try:
            write_whole(folder / OWNER, json.dumps(_about(holder), sort_keys=True, indent=1).encode("ascii"))
        except BaseException:
            lease.release()
            raise
        return lease


def take_away(folder: Path) -> str | None:
    """Make the lease free, whoever has it, and say who had it."""
    with explained("unlock", folder / LOCK):
        if not (folder / LOCK).exists():
            return None
        owner = _owner(folder)
        descriptor = _try(folder / LOCK)
        if descriptor is None:
            (folder / LOCK).unlink(missing_ok=True)
        else:
            os.close(descriptor)
        (folder / OWNER).unlink(missing_ok=True)
        return owner if descriptor is None else None


def _try(path: Path) -> int | None:
    """Return the locked file, open; None when somebody else has it, or has just replaced it."""
    descriptor = os.open(path, _FLAGS, 0o600)
    try:
        if try_lock(descriptor) and _is_named(_file(descriptor), path):
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _file(descriptor: int) -> tuple[int, int]:
    """Which file is open; no other is the same as long as it is."""
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def _is_named(file: tuple[int, int], path: str | Path) -> bool:
    """Whether an open file is still the one of that name."""
    try:
        named = os.lstat(path)
    except OSError:
        return False
    return (named.st_dev, named.st_ino) == file


def _about(holder: str) -> dict[str, str | int]:
    return {
        "holder": holder,
        "pid": os.getpid(),
        "host": platform.node(),
        "user": _user(),
        "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])[:_SHOWN],
    }


def _user() -> str:
    """Name the user; a container may run as one that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _owner(folder: Path) -> str:
    """Say who has the lease, as far as the owner's file tells."""
    try:
        about = json.loads(read_from(folder / OWNER) or b"{}")
        return "{holder} (process {pid} of {user} on {host}: {command}) since {since}".format(**about)
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that did not say who it is"
