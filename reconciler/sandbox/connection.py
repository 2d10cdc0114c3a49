"""One client connection: HTTP/1.1 by the standard library, with the socket at hand for faults.

Each reply leaves in one send: small ones cost one packet, and a spoiled one is cut exactly where ordered.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Protocol, cast

from reconciler.sandbox.exchange import Exchange
from reconciler.sandbox.messages import Reply, Request, json_reply

CONTROL = "/_sandbox/"
PHRASES = {int(status): status.phrase for status in HTTPStatus}


Control = Callable[[str, str, str, bytes], Reply]
"""What answers an order: method, name, query and body."""


class Host(Protocol):
    """The server, as far as a connection needs it."""

    exchange: Exchange
    control: Control

    def next_connection(self) -> int:
        """Take a number for a connection."""
        ...


class HttpConnection(BaseHTTPRequestHandler):
    """A connection to the sandbox, kept alive over several requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    number = 0
    arrived = 0.0

    def handle(self) -> None:
        """Serve request after request until either side closes."""
        self.number = self._server.next_connection()
        self.close_connection = False
        last_vendor: str | None = None
        with contextlib.suppress(OSError):
            while not self.close_connection and not self._reuse_is_dropped(last_vendor):
                last_vendor = self._serve_one()

    def _serve_one(self) -> str | None:
        """Read one request and answer it; says which vendor it was for."""
        self.raw_requestline = self.rfile.readline(65537)
        self.arrived = time.monotonic()
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return None
        body = self._body()
        path, _, query = self.path.encode("latin-1").decode("utf-8", "replace").partition("?")
        if path.startswith(CONTROL):
            self.send(self._server.control(self.command, path.removeprefix(CONTROL), query, body))
            return None
        return self._serve_vendor(path, query, body)

    def _serve_vendor(self, path: str, query: str, body: bytes) -> str | None:
        exchange = self._server.exchange
        for vendor in exchange.vendors.values():
            base = vendor.base_path.rstrip("/")
            if path.startswith(base + "/"):
                below = path.removeprefix(base)
                headers = {name.lower(): value for name, value in self.headers.items()}
                sequence = exchange.journal.next_sequence()
                exchange.answer(
                    Request(sequence, vendor.name, self.command, below, query, headers, body), self
                )
                return vendor.name
        self.send(json_reply({"error": "no vendor has this address"}, status=404))
        return None

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline(1024).partition(b";")[0], 16)
        content = self.rfile.read(size)
        self.rfile.readline(1024)
        return content

    def send(self, reply: Reply) -> None:
        """Send a whole reply."""
        self.connection.sendall(self._head(reply) + reply.body)

    def send_part(self, reply: Reply) -> None:
        """Announce a whole reply, send half of its body and close."""
        self.connection.sendall(self._head(reply) + reply.body[: len(reply.body) // 2])
        self.abort(graceful=True)

    def trickle(self, reply: Reply, delay: float) -> None:
        """Send a reply byte by byte."""
        message = self._head(reply) + reply.body
        for at in range(len(message)):
            self.connection.sendall(message[at : at + 1])
            time.sleep(delay)

    def abort(self, *, graceful: bool = False) -> None:
        """Close without a reply. Lingering for no time at all is what makes the kernel send RST."""
        self.close_connection = True
        if graceful:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Reading shares the descriptor, and the kernel acts only when the last user has let go of it.
        self.rfile.close()
        self.connection.close()

    def is_gone(self) -> bool:
        """Whether the client has closed its end: a look at the socket that takes nothing out of it."""
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing on stderr; the journal has it all."""

    @property
    def _server(self) -> Host:
        return cast("Host", self.server)

    def _head(self, reply: Reply) -> bytes:
        lines = [
            f"HTTP/1.1 {reply.status} {PHRASES.get(reply.status, '')}",
            f"Content-Type: {reply.content_type}",
            f"Content-Length: {len(reply.body)}",
            f"Connection: {'close' if self.close_connection else 'keep-alive'}",
            *(f"{name}: {value}" for name, value in reply.headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _reuse_is_dropped(self, last_vendor: str | None) -> bool:
        """Wait for a further request and, if so ordered, close with it unread."""
        if last_vendor is None or not self.connection.recv(1, socket.MSG_PEEK):
            return False
        if self._server.exchange.faults.match_reuse(last_vendor) is None:
            return False
        self.abort()
        return True
