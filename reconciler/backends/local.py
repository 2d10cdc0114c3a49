"""State in a folder beside the project, for one machine: `.reconciler/`.

    state.json, state.json.bak   the last snapshot and the one before     snapshot_file.py
    log-000001.jsonl …           every entry ever, hash-chained           log.py
    blobs/<2>/<digest>           sets of people
    lock, lock.json              who is applying                          local_lease.py
    append.lock                  held for the length of one write
    key                          the project's key                        keys.py

Nothing is locked for reading. Writers of whatever process take turns by `append.lock`; it is the only time at
which temporary files exist, so that any found by the next writer are a dead one's.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reconciler.backends import local_lease
from reconciler.backends.base import Lease, Stored
from reconciler.backends.failures import blob_missing, head_moved, whole_lines
from reconciler.backends.files import (
    clean,
    exclusively,
    explained,
    keep_out_of_git,
    make_folder,
    read_from,
    sync_folder,
    write_temporary,
    write_whole,
)
from reconciler.backends.log import FIRST, LogChain, read_history
from reconciler.backends.snapshot_file import NAME, SnapshotFile, read_snapshot, write_snapshot
from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_SNAPSHOT = SnapshotFile(b"", EMPTY_HEAD, FIRST)


class LocalBackend:
    """A folder that keeps state. It is made, private to the user, by the first write."""

    together = 2

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._turn = threading.RLock()
        self._lock = self.folder / "append.lock"
        self._chain = LogChain(self.folder)
        self._snapshot: SnapshotFile | None = None
        self._signature: tuple[int, int, int] | None = None
        self._loaded = False
        self._prepared = False
        self._held: local_lease.LocalLease | None = None

    def load(self) -> Stored:
        """Read the snapshot and the log after it; what was read before is not read again."""
        with self._turn:
            self._refuse_odd_folder()
            self._read_snapshot()
            start = self._snapshot or _NO_SNAPSHOT
            self._chain.read(start.log, start.head, required=self._snapshot is not None)
            self._loaded = True
            snapshot = None if self._snapshot is None else self._snapshot.snapshot
            return Stored(snapshot, self._chain.lines(), self._chain.last.head)

    def append(self, lines: Sequence[bytes], expected_head: str, blobs: Sequence[bytes] = ()) -> str:
        """Add lines with one write and one fsync, after the blobs that they name."""
        whole_lines(lines)
        for blob in blobs:
            self.put_blob(blob)
        with self._writing():
            self._follow()
            self._expect(expected_head)
            self._fence()
            if lines:
                self._chain.last.append(lines)
            return self._chain.last.head

    def put_blob(self, data: bytes) -> str:
        """Keep bytes by their digest; a damaged blob is replaced."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._blob(digest)
        with self._writing(), explained("write", path):
            if read_from(path) != data:
                make_folder(path.parent.parent)
                make_folder(path.parent)
                write_whole(path, data)
        return digest

    def get_blob(self, digest: str) -> bytes:
        """Return verified bytes."""
        path = self._blob(digest)
        self._refuse_odd_folder()
        if not _DIGEST.fullmatch(digest):
            raise blob_missing(digest, str(self.folder))
        with explained("read", path, "STA09"):
            data = read_from(path)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise blob_missing(digest, str(path))
        return data

    def compact(self, snapshot: bytes, expected_head: str) -> None:
        """Begin a new log file, then put the snapshot in place: harmless wherever it is cut short."""
        with self._writing():
            self._follow()
            self._expect(expected_head)
            self._fence()
            following = self._chain.begin_next()
            write_snapshot(self.folder, SnapshotFile(bytes(snapshot), following.head, following.number))

    def history(self) -> Iterator[bytes]:
        """Return every line ever appended, file by file."""
        self.load()
        return read_history(self.folder)

    def lease(self, holder: str, wait: float = 0.0) -> Lease:
        """Take the lease, or say who has it."""
        with self._turn:
            self._prepare()
        lease = local_lease.take(self.folder, holder, wait)
        self._held = lease
        return lease

    def break_lease(self) -> str | None:
        """Take the lease away, even from a live process."""
        self._refuse_odd_folder()
        return local_lease.take_away(self.folder)

    def check(self) -> None:
        """Read everything and write a file that does not stay; a missing folder need only be possible."""
        self.load()
        if not self._refuse_odd_folder():
            return self._check_parent()
        with self._writing(), explained("write", self.folder):
            write_temporary(self.folder / "check", b"check").unlink()
        return None

    def _check_parent(self) -> None:
        parent = next(parent for parent in self.folder.absolute().parents if parent.exists())
        if not os.access(parent, os.W_OK | os.X_OK):
            raise StateError(f"cannot make {self.folder}", f"let this user write {parent}", "STA11")

    def _read_snapshot(self) -> None:
        """Read `state.json` unless it is the one that was read before."""
        signature = self._signature_of_snapshot()
        if signature is None or signature != self._signature:
            self._snapshot = read_snapshot(self.folder)
            self._signature = signature

    def _signature_of_snapshot(self) -> tuple[int, int, int] | None:
        with explained("read", self.folder / NAME, "STA11"):
            try:
                status = (self.folder / NAME).lstat()
            except FileNotFoundError:
                return None
        return (status.st_ino, status.st_size, status.st_mtime_ns)

    def _follow(self) -> None:
        """Know the log's end; the snapshot matters only to a reader."""
        if self._loaded:
            self._chain.follow()
        else:
            self.load()

    def _expect(self, head: str) -> None:
        if self._chain.last.head != head:
            raise head_moved()

    def _fence(self) -> None:
        """Refuse what a holder writes who has lost the lease."""
        if self._held is not None and self._held.is_held:
            self._held.check()

    def _blob(self, digest: str) -> Path:
        return self.folder / "blobs" / digest[:2] / digest

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Keep all other writers out, of this process and of others."""
        with self._turn:
            self._prepare()
            with explained("write", self._lock), exclusively(self._lock):
                self._clean_once()
                yield

    def _prepare(self) -> None:
        if not self._refuse_odd_folder():
            with explained("make", self.folder, "STA11"):
                make_folder(self.folder)

    def _clean_once(self) -> None:
        """On this object's first write: keep the folder out of Git, and remove a dead writer's leftovers."""
        if self._prepared:
            return
        for folder in (self.folder, *self.folder.glob("blobs/*")):
            clean(folder)
        keep_out_of_git(self.folder)
        sync_folder(self.folder)
        self._prepared = True

    def _refuse_odd_folder(self) -> bool:
        """Whether there is a folder; a symbolic link, which a branch could point anywhere, is refused."""
        with explained("read", self.folder, "STA11"):
            try:
                mode = self.folder.lstat().st_mode
            except FileNotFoundError:
                return False
        if stat.S_ISLNK(mode):
            help_text = "remove the link, or name the folder that it points to as the backend's path"
            raise StateError(f"{self.folder} is a symbolic link", help_text, "STA11")
        if not stat.S_ISDIR(mode):
            raise StateError(f"{self.folder} is not a folder", "name another as the backend's path", "STA11")
        return True
