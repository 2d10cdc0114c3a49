"""What goes over the wire: a request as bytes, its bounds, and whatever can exchange it for a reply."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from reconciler.transport.outcome import Exchange


class Message(Struct, frozen=True):
    """A request as bytes: `target` is the path with its query."""

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Bounds(Struct, frozen=True):
    """What one request may take: seconds to connect, for each read or write, for all; bytes of its reply."""

    connect: float
    step: float
    total: float
    reply_bytes: int


class Wire(Protocol):
    """What a client sends by."""

    def exchange(self, message: Message, bounds: Bounds, *, fresh: bool) -> Exchange:
        """Send and receive, if `fresh` over a connection that was never used; raises for no fault there."""

    def open_ahead(self, bounds: Bounds) -> None:
        """Get ready for a request that must not be repeated, and still has to wait."""

    def close(self) -> None:
        """Let go of all connections."""
