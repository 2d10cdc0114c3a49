"""The log files of a local backend: `log-000001.jsonl` and on, one unbroken chain of hashed lines.

A line is `<head after it> <json>`. A new file begins with each snapshot and continues the chain of the one
before, so that any snapshot, or none, together with the files after it gives the same state. What a dying
process left of a line has no newline: it was never confirmed, is not read, and the next append cuts it off.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from reconciler.backends.failures import head_moved
from reconciler.backends.files import explained, opened, read_from, sync, sync_folder, write_all
from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD, next_head

FIRST = 1
_HEAD_LENGTH = len(EMPTY_HEAD)
_RESTORE = "put the file back from a backup of the folder; the state as of the last snapshot is in state.json"


def log_name(number: int) -> str:
    """Return the name of the log file with this number."""
    return f"log-{number:06d}.jsonl"


def log_numbers(folder: Path) -> list[int]:
    """Return the numbers of the log files that are there, in order."""
    names = [path.stem.removeprefix("log-") for path in folder.glob("log-*.jsonl")]
    return sorted(int(name) for name in names if name.isdecimal())


def _line(head: str, body: bytes) -> bytes:
    return b"%b %b\n" % (head.encode("ascii"), body)


class LogFile:
    """One log file as far as it was read: its whole lines, where they end, and the head there."""

    def __init__(self, folder: Path, number: int, head: str) -> None:
        self.path = folder / log_name(number)
        self.next_path = folder / log_name(number + 1)
        self.number = number
        self.start = head
        self._forget()

    def _forget(self) -> None:
        self.lines: list[bytes] = []
        self.head = self.start
        self.size = 0
        self.torn = False
        self._inode = 0

    def update(self) -> None:
        """Read what was added since; a file that is not there has no lines. Raises StateError on damage."""
        with explained("read", self.path, "STA11"):
            try:
                status = self.path.lstat()
            except FileNotFoundError:
                return self._forget()
            if (status.st_ino, status.st_size) != (self._inode, self.size):
                self._catch_up(status)
        return None

    def _catch_up(self, status: os.stat_result) -> None:
        """Read the rest; from the beginning if the file is another, or what we read of it was taken back."""
        if self._inode == status.st_ino and self.size <= status.st_size:
            with suppress(StateError):
                return self._read()
        self._forget()
        self._inode = status.st_ino
        return self._read()

    def _read(self) -> None:
        data = read_from(self.path, self.size) or b""
        *lines, rest = data.split(b"\n")
        bodies, head = self._verify(lines)
        self.lines += bodies
        self.head = head
        self._refuse_lost_newline(rest)
        self.size += len(data) - len(rest)
        self.torn = bool(rest)

    def _verify(self, lines: list[bytes]) -> tuple[list[bytes], str]:
        head = self.head
        bodies: list[bytes] = []
        for line in lines:
            body = line[_HEAD_LENGTH + 1 :]
            head = next_head(head, body)
            if line[: _HEAD_LENGTH + 1] != b"%b " % head.encode("ascii"):
                raise self._damaged(len(self.lines) + len(bodies) + 1)
            bodies.append(body)
        return bodies, head

    def _refuse_lost_newline(self, rest: bytes) -> None:
        """Tell a line whose newline was changed from one that was never finished."""
        body = rest[_HEAD_LENGTH + 1 : -1]
        if rest[:_HEAD_LENGTH] == next_head(self.head, body).encode("ascii"):
            raise self._damaged(len(self.lines) + 1)

    def _damaged(self, line: int) -> StateError:
        message = f"{self.path}, line {line}: the state's log was changed after it was written"
        return StateError(message, _RESTORE, "STA02")

    def append(self, lines: Sequence[bytes]) -> None:
        """Add lines durably; only while nobody else can write, and after an update."""
        heads = list(itertools.accumulate(lines, next_head, initial=self.head))[1:]
        data = b"".join(map(_line, heads, lines))
        with explained("write", self.path):
            if not self._inode:
                self.create()
            self._write(data)
        self.lines += [bytes(line) for line in lines]
        self.head = heads[-1]
        self.size += len(data)

    def _write(self, data: bytes) -> None:
        with opened(self.path, os.O_RDWR | os.O_APPEND) as descriptor:
            self._refuse_other_end(descriptor)
            if self.torn:
                os.ftruncate(descriptor, self.size)
            try:
                write_all(descriptor, data)
                sync(descriptor)
            except BaseException:
                self._take_back(descriptor)
                raise
            self.torn = False

    def _refuse_other_end(self, descriptor: int) -> None:
        """Look at the last line itself: another may stand where a failed append took ours back."""
        if self.lines:
            found = os.pread(descriptor, _HEAD_LENGTH, self.size - len(_line(self.head, self.lines[-1])))
            if found != self.head.encode("ascii"):
                self._forget()
                raise head_moved()

    def _take_back(self, descriptor: int) -> None:
        """Leave no half line behind; if even that fails it is not read, and cut off later."""
        self.torn = True
        with suppress(OSError):
            os.ftruncate(descriptor, self.size)
            sync(descriptor)

    def refuse_break(self) -> None:
        """Only the last file may end in an unfinished line: before another is begun, it is mended."""
        if self.torn:
            message = f"{self.path}: the last line is cut off, though the log goes on in the next file"
            raise StateError(message, _RESTORE, "STA02")

    def mend(self) -> None:
        """Cut off what is left of an unfinished line, for good."""
        if self.torn:
            with explained("write", self.path), opened(self.path, os.O_WRONLY) as descriptor:
                os.ftruncate(descriptor, self.size)
                sync(descriptor)
            self.torn = False

    def create(self) -> None:
        """Make the file, empty, durably."""
        with explained("write", self.path):
            with opened(self.path, os.O_WRONLY | os.O_CREAT) as descriptor:
                sync(descriptor)
                self._inode = os.fstat(descriptor).st_ino
            sync_folder(self.path.parent)


class LogChain:
    """The log files from some snapshot on, read as they grow. Not thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[LogFile] = []

    @property
    def last(self) -> LogFile:
        """The file that is appended to."""
        return self._files[-1]

    def lines(self) -> tuple[bytes, ...]:
        """Return all lines after the snapshot."""
        return tuple(itertools.chain.from_iterable(file.lines for file in self._files))

    def read(self, number: int, head: str, *, required: bool) -> None:
        """Read all that is new since a snapshot, which stands at the beginning of this file, at this head."""
        kept = [file for file in self._files if file.number >= number]
        if not kept or (kept[0].number, kept[0].start) != (number, head):
            kept = [LogFile(self._folder, number, head)]
        self._files = kept
        self.follow()
        self._refuse_gap(required=required)

    def follow(self) -> None:
        """Read what was added to the last file, and the files that were begun after it."""
        self.last.update()
        while self.last.next_path.exists():
            self.last.update()
            self.last.refuse_break()
            self._files.append(LogFile(self._folder, self.last.number + 1, self.last.head))
            self.last.update()

    def _refuse_gap(self, *, required: bool) -> None:
        """Tell a state that was never written from one of whose log a file was removed."""
        there = log_numbers(self._folder)
        expected = [file.number for file in self._files] if required or there else []
        for number in [*expected, *range(self.last.number, max(there, default=0))]:
            if number not in there:
                raise StateError(f"{self._folder / log_name(number)} is missing", _RESTORE, "STA02")

    def begin_next(self) -> LogFile:
        """Return an empty last file, begun now unless the last one is empty still."""
        self.last.mend()
        if self.last.lines:
            self._files.append(LogFile(self._folder, self.last.number + 1, self.last.head))
        self.last.create()
        return self.last


def read_history(folder: Path) -> Iterator[bytes]:
    """Return the lines of all files, oldest first, each file verified before its lines are given out."""
    head, numbers = EMPTY_HEAD, log_numbers(folder)
    for expected, number in enumerate(numbers, FIRST):
        if number != expected:
            raise StateError(f"{folder / log_name(expected)} is missing", _RESTORE, "STA02")
        file = LogFile(folder, number, head)
        file.update()
        if number != numbers[-1]:
            file.refuse_break()
        yield from file.lines
        head = file.head
