"""State in memory, for tests and for `demo`: the same promises, plus faults on request.

One object plays the shared store; several journals, as if of several processes, may use it at once.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from msgspec import Struct

from reconciler.backends.base import Lease, Stored
from reconciler.backends.failures import blob_missing, head_moved, lease_lost, locked, whole_lines
from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD, next_head


class Fault(enum.Enum):
    """How the next append fails: nothing is written, or all of it and the confirmation is lost."""

    BEFORE = "before it is durable"
    AFTER = "after it is durable"


class _Holding(Struct, frozen=True):
    """Who has the lease; `token` tells two leases of the same holder apart."""

    holder: str
    token: str
    since: dt.datetime

    def __str__(self) -> str:
        return f"{self.holder} since {self.since.isoformat(timespec='seconds')}"


class MemoryBackend:
    """A backend without a disk. `latency` is how many seconds each call takes, as a remote one would."""

    together = 2

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        self.appends = 0
        """How many appends were durable, for tests of how writes are grouped."""
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._lines: list[bytes] = []
        self._compacted = 0
        self._snapshot: bytes | None = None
        self._head = EMPTY_HEAD
        self._blobs: dict[str, bytes] = {}
        self._holding: _Holding | None = None
        self._fault: Fault | None = None

    def fail_next_append(self, fault: Fault) -> None:
        """Make the next append fail, before or after its lines are durable."""
        self._fault = fault

    def load(self) -> Stored:
        """Return what is kept."""
        self._travel()
        with self._lock:
            return Stored(self._snapshot, tuple(self._lines[self._compacted :]), self._head)

    def append(self, lines: Sequence[bytes], expected_head: str, blobs: Sequence[bytes] = ()) -> str:
        """Add lines, unless another writer was first or a fault was asked for."""
        self._travel()
        with self._lock:
            self._keep(blobs)
            self._expect(expected_head)
            whole_lines(lines)
            self._fail(Fault.BEFORE)
            for line in lines:
                self._head = next_head(self._head, line)
                self._lines.append(line)
            self.appends += 1
            self._fail(Fault.AFTER)
            return self._head

    def put_blob(self, data: bytes) -> str:
        """Keep bytes by their digest."""
        self._travel()
        with self._lock:
            self._keep([data])
        return hashlib.sha256(data).hexdigest()

    def _keep(self, blobs: Sequence[bytes]) -> None:
        self._blobs |= {hashlib.sha256(blob).hexdigest(): bytes(blob) for blob in blobs}

    def get_blob(self, digest: str) -> bytes:
        """Return verified bytes."""
        self._travel()
        with self._lock:
            data = self._blobs.get(digest)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise blob_missing(digest, "memory")
        return data

    def compact(self, snapshot: bytes, expected_head: str) -> None:
        """Let a snapshot stand for the lines so far."""
        self._travel()
        with self._lock:
            self._expect(expected_head)
            self._snapshot = bytes(snapshot)
            self._compacted = len(self._lines)

    def history(self) -> Iterator[bytes]:
        """Return every line ever appended."""
        self._travel()
        with self._lock:
            return iter(tuple(self._lines))

    def lease(self, holder: str, wait: float = 0.0) -> Lease:
        """Take the lease, or say who has it."""
        self._travel()
        until = time.monotonic() + wait
        with self._changed:
            while self._holding is not None:
                remaining = until - time.monotonic()
                if remaining <= 0:
                    raise locked(str(self._holding))
                self._changed.wait(remaining)
            self._holding = _Holding(holder, secrets.token_hex(8), dt.datetime.now(dt.UTC))
            return MemoryLease(self, holder, self._holding.token)

    def break_lease(self) -> str | None:
        """Take the lease away."""
        with self._changed:
            holding, self._holding = self._holding, None
            self._changed.notify_all()
        return None if holding is None else str(holding)

    def check(self) -> None:
        """Find nothing wrong, ever."""
        self._travel()

    def holds(self, token: str) -> bool:
        """Whether a lease is still the one that counts."""
        with self._lock:
            return self._holding is not None and self._holding.token == token

    def release(self, token: str) -> None:
        """Give a lease back, if it still counts."""
        with self._changed:
            if self._holding is not None and self._holding.token == token:
                self._holding = None
                self._changed.notify_all()

    def _travel(self) -> None:
        if self.latency:
            time.sleep(self.latency)

    def _expect(self, head: str) -> None:
        if head != self._head:
            raise head_moved()

    def _fail(self, fault: Fault) -> None:
        if self._fault is fault:
            self._fault = None
            raise StateError(f"the state could not be written: a fault {fault.value}", code="STA08")


class MemoryLease:
    """A lease of a MemoryBackend."""

    def __init__(self, backend: MemoryBackend, holder: str, token: str) -> None:
        self.holder = holder
        self._backend = backend
        self._token = token

    def check(self, seconds: float = 0.0) -> None:  # noqa: ARG002 - it does not run out
        """Raise StateLocked when the lease was taken away."""
        if not self._backend.holds(self._token):
            raise lease_lost(self.holder)

    def others_end_in(self) -> float:
        """Zero: within one process, whoever had it notices before anything more is sent."""
        return 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._backend.release(self._token)
