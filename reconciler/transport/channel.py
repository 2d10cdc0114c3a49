"""A connection with an end: a vendor that sends a byte now and then must not hold a request for ever.

A time-out alone bounds the wait for the next byte. Every read and write here is also bounded by a moment
set for the whole request, headers included.
"""

from __future__ import annotations

import socket
import time


class Channel:
    """A connected socket whose reads and writes end with the request that they belong to."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._step = self._until = 0.0
        self._timeout = -1.0
        self.used = time.monotonic()
        self._wait_at_most(0)  # until a request begins

    def begin(self, step: float, until: float) -> None:
        """Bound what follows: each step by seconds, all of it by a moment on the monotonic clock."""
        self._step, self._until = step, until

    def sendall(self, data: bytes) -> None:
        """Write all of it, or raise TimeoutError."""
        self._allow_one_step()
        self._connection.sendall(data)

    def receive(self, most: int) -> bytes:
        """Read what is there; nothing at the end. Raises TimeoutError."""
        self._allow_one_step()
        self.used = time.monotonic()
        return self._connection.recv(most)

    def is_quiet(self) -> bool:
        """Whether nothing has come but what TLS says to itself; what else comes unasked is the connection's end."""
        self._wait_at_most(0)
        try:
            self._connection.recv(1)
        except BlockingIOError:
            return True
        except OSError as error:
            return _wants_more(error)
        return False

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _allow_one_step(self) -> None:
        left = min(self._step, self._until - time.monotonic())
        if left <= 0:
            raise TimeoutError
        self._wait_at_most(left)

    def _wait_at_most(self, seconds: float) -> None:
        """Each setting is a call of the system, and another thread's turn."""
        if seconds != self._timeout:
            self._connection.settimeout(seconds)
            self._timeout = seconds


def _wants_more(error: OSError) -> bool:
    """Whether TLS has nothing for us yet: it took in tickets for other connections, say, that had come."""
    import ssl

    return isinstance(error, ssl.SSLWantReadError)
