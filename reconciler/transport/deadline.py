"""Sockets with an end: a vendor that sends a byte now and then must not hold a request for ever.

A time-out alone bounds the wait for the next byte. Every read and write here is also bounded by a moment
set for the whole request, headers included. One request runs on one thread from beginning to end.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore


class Deadline(threading.local):
    """The moment at which this thread's request ends, on the monotonic clock."""

    at: float = float("inf")

    def left(self, timeout: float | None) -> float:
        """Give the time for one more step: the step's own, or what is left of the whole."""
        left = self.at - time.monotonic()
        return left if timeout is None else min(timeout, left)


class BoundedStream(httpcore.NetworkStream):
    """A connection whose reads and writes end with the request."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, no longer than the request may last."""
        left = self._deadline.left(timeout)
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it, no longer than the request may last."""
        left = self._deadline.left(timeout)
        if left <= 0:
            raise httpcore.WriteTimeout
        self._stream.write(buffer, left)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go over to TLS; the handshake falls under the connection's own time-out."""
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return BoundedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Tell about the connection below."""
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Makes bounded connections."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect."""
        stream = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return BoundedStream(stream, self._deadline)
