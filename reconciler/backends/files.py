"""Files that survive: private to the user, whole or not there, on the disk when a call returns."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.errors import StateError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
TEMPORARY = ".tmp"
_LOCK_PATIENCE = 30.0
_REMEDIES = {
    errno.ENOSPC: "make room on the disk, then run the command again",
    errno.EDQUOT: "make room in the user's quota, then run the command again",
    errno.EFBIG: "raise the limit on file sizes (ulimit -f), then run the command again",
    errno.EROFS: "the file system is read-only; name another folder as the backend's path",
    errno.EACCES: "let this user read and write the folder and what is in it",
    errno.EPERM: "let this user read and write the folder and what is in it",
    errno.ELOOP: "a symbolic link stands where a file of the state should be; put the file itself there",
}


@contextmanager
def explained(action: str, path: Path, code: str = "STA08") -> Iterator[None]:
    """Turn the system's errors into a StateError that says what failed, where, and what to do."""
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "see the system's message, then run the command again")
        raise StateError(f"cannot {action} {path}: {error.strerror or error}", remedy, code) from error


def sync(descriptor: int) -> None:
    """Have a file's content on the disk itself; macOS needs more than fsync for that."""
    if hasattr(fcntl, "F_FULLFSYNC"):
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    elif hasattr(os, "fdatasync"):
        os.fdatasync(descriptor)
    else:
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    with opened(folder, os.O_RDONLY | os.O_DIRECTORY, follow=True) as descriptor:
        os.fsync(descriptor)


@contextmanager
def opened(path: Path, flags: int, *, follow: bool = False) -> Iterator[int]:
    """Open a file for the length of a block; through a symbolic link only if asked, and never inherited."""
    descriptor = os.open(path, flags | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW), PRIVATE_FILE)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte, however few the system takes at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read_from(path: Path, offset: int = 0, *, follow: bool = False) -> bytes | None:
    """Return a file's bytes from an offset on; None when there is no such file."""
    try:
        with opened(path, os.O_RDONLY, follow=follow) as descriptor:
            return _read_rest(descriptor, offset)
    except FileNotFoundError:
        return None


def _read_rest(descriptor: int, offset: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        file.seek(offset)
        return file.read()


def write_temporary(path: Path, data: bytes) -> Path:
    """Write bytes durably beside a path, under a name that `clean` removes should we die."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}{TEMPORARY}")
    try:
        with opened(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor:
            write_all(descriptor, data)
            sync(descriptor)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in place durably: whoever reads it sees the old bytes or the new ones."""
    temporary = write_temporary(path, data)
    try:
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def clean(folder: Path) -> None:
    """Remove what a process that died left half-written; only while no other can be writing."""
    for left_over in folder.glob(f".*{TEMPORARY}"):
        left_over.unlink(missing_ok=True)


def make_folder(folder: Path) -> bool:
    """Make a private folder unless it is there; True when it was made."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True)
    except FileExistsError:
        return False
    sync_folder(folder.parent)
    return True


def keep_out_of_git(folder: Path) -> None:
    """Have Git ignore a folder with all that is in it."""
    if not (folder / ".gitignore").exists():
        write_whole(folder / ".gitignore", b"*\n")


def try_lock(descriptor: int) -> bool:
    """Take the kernel's lock on an open file, which ends with the process; False when somebody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusively(path: Path, *, patience: float = _LOCK_PATIENCE) -> Iterator[None]:
    """Hold the kernel's lock on a file for the length of a block; others wait so many seconds for it.

    The file is opened anew each time, so that threads and forked processes exclude each other too.
    """
    with opened(path, os.O_RDWR | os.O_CREAT) as descriptor:
        _wait_for_lock(descriptor, path, patience)
        yield


def _wait_for_lock(descriptor: int, path: Path, patience: float) -> None:
    pause, until = 0.0001, time.monotonic() + patience
    while not try_lock(descriptor):
        if time.monotonic() > until:
            message = f"another process has been writing the state for {patience:.0f} s"
            raise StateError(message, f"find and end the process that has {path} open", "STA07")
        time.sleep(pause)
        pause = min(2 * pause, 0.005)
