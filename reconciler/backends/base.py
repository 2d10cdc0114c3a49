"""What a place that keeps state must be able to do; every backend promises the same.

The log only grows, and only by compare-and-swap: an append names the head it was decided on, and fails when
another writer was there first. A snapshot stands for the log up to it and never replaces the log, which stays
readable as history. Backends keep bytes and know nothing of what they mean.
`reconciler.testing.backend_contract` tests every sentence here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self

from msgspec import Struct


class Stored(Struct, frozen=True):
    """What is kept: the last snapshot, the log lines after it, and the head of the whole log."""

    snapshot: bytes | None
    log: tuple[bytes, ...]
    head: str


class Lease(Protocol):
    """The right to apply, held by one at a time from `lease` until the block ends or it is lost."""

    holder: str

    def check(self, seconds: float = 0.0) -> None:
        """Raise StateLocked unless the lease is ours, and surely for so many seconds more.

        Ask before every request that writes, with the time that the request may take: whoever comes next
        then finds nothing under way. Where a lease runs out it is renewed first, if that is needed.
        """

    def others_end_in(self) -> float:
        """For how many seconds more whoever had the lease before may have requests under way.

        Until then nothing follows from what a vendor does not show. Zero where the lease was given back, ran
        out, or ended with its process.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Backend(Protocol):
    """A place that keeps state. Every failure is a StateError; every method may be called from any thread.

    `together`: how many callers for each request under way gain by waiting for one write. Where a write is
    quick, one request leaves while another's outcome is written; where it is slow, many share it.
    """

    together: int

    def load(self) -> Stored:
        """Read everything that a reader needs; damage is refused, never read as something else."""

    def append(self, lines: Sequence[bytes], expected_head: str, blobs: Sequence[bytes] = ()) -> str:
        """Add lines (without newlines) and return the new head; they are durable when it returns.

        Blobs are kept like those of `put_blob`, in the same write and never later than the lines, which may
        name them. Raises HeadMoved, having added no line, when the head is not the expected one. After any
        other error the lines may be there or not, each whole or not at all: load again to find out.

        While this handle holds the lease it writes as the lease's holder: once the lease is another's, it
        raises StateLocked and adds nothing, however late it comes. A handle without the lease may write, too.
        """

    def put_blob(self, data: bytes) -> str:
        """Keep bytes by their SHA-256 and return it in hex; durable when it returns; twice is once."""

    def get_blob(self, digest: str) -> bytes:
        """Return the bytes of a digest, verified."""

    def compact(self, snapshot: bytes, expected_head: str) -> None:
        """Let a snapshot stand for all lines so far, which become history; the head stays as it is."""

    def history(self) -> Iterator[bytes]:
        """Return every line ever appended, oldest first, verified."""

    def lease(self, holder: str, wait: float = 0.0) -> Lease:
        """Take the lease, waiting so many seconds for it; StateLocked says who has it and since when."""

    def break_lease(self) -> str | None:
        """Take the lease away from whoever has it and return who that was; None when nobody had it."""

    def check(self) -> None:
        """Raise StateError unless state can be read and written here; writes nothing that stays."""
