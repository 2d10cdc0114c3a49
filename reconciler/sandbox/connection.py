"""One client connection: HTTP/1.1, with the socket at hand for faults.

Each reply leaves in one send: small ones cost one packet, and a spoiled one is cut exactly where ordered.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Callable
from http import HTTPStatus
from socketserver import StreamRequestHandler
from typing import Protocol, cast

from reconciler.sandbox.exchange import Exchange
from reconciler.sandbox.head import CONTINUE, LINE_BYTES, Head, read_head
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


class HttpConnection(StreamRequestHandler):
    """A connection to the sandbox, kept alive over several requests."""

    disable_nagle_algorithm = True
    number = 0
    arrived = 0.0
    close_connection = False

    def handle(self) -> None:
        """Serve request after request until either side closes."""
        self.number = self._server.next_connection()
        last_vendor: str | None = None
        with contextlib.suppress(OSError):
            while not self.close_connection and not self._reuse_is_dropped(last_vendor):
                last_vendor = self._serve_one()

    def _serve_one(self) -> str | None:
        """Read one request and answer it; says which vendor it was for."""
        first = self.rfile.readline(LINE_BYTES)
        self.arrived = time.monotonic()
        head = read_head(first, self.rfile) if first else None
        self.close_connection = head is None or not head.keeps_open
        if head is None:
            if first:
                self.send(json_reply({"error": "this is no HTTP request"}, status=400))
            return None
        body = self._body(head)
        path, _, query = head.target.encode("latin-1").decode("utf-8", "replace").partition("?")
        if path.startswith(CONTROL):
            self.send(self._server.control(head.method, path.removeprefix(CONTROL), query, body))
            return None
        return self._serve_vendor(head, path, query, body)

    def _serve_vendor(self, head: Head, path: str, query: str, body: bytes) -> str | None:
        exchange = self._server.exchange
        for vendor in exchange.vendors.values():
            base = vendor.base_path.rstrip("/")
            if path.startswith(base + "/"):
                below = path.removeprefix(base)
                sequence = exchange.journal.next_sequence()
                exchange.answer(
                    Request(sequence, vendor.name, head.method, below, query, head.headers, body), self
                )
                return vendor.name
        self.send(json_reply({"error": "no vendor has this address"}, status=404))
        return None

    def _body(self, head: Head) -> bytes:
        if head.waits:
            self.connection.sendall(CONTINUE)
        if head.headers.get("transfer-encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(head.headers.get("content-length") or 0))

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
