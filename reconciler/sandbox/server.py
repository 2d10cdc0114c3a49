"""The listening socket, and the connections that are open."""

import contextlib
import itertools
import socket
import socketserver
import sys
import threading
from typing import Any

from reconciler.sandbox.connection import Control, HttpConnection
from reconciler.sandbox.exchange import Exchange
from reconciler.sandbox.workers import Workers

LOOPBACK = "127.0.0.1"


class Server(socketserver.TCPServer):
    """A thread per connection; closing ends them all."""

    allow_reuse_address = True
    request_queue_size = 1024

    def __init__(self, port: int, exchange: Exchange, control: Control) -> None:
        self.exchange = exchange
        self.control = control
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._workers = Workers(self._serve)
        super().__init__((LOOPBACK, port), HttpConnection)
        self._thread = threading.Thread(target=self._accept, name="sandbox", daemon=True)

    @property
    def port(self) -> int:
        """The port that was chosen, or found free."""
        port: int = self.socket.getsockname()[1]
        return port

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Serve from now on, on a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening and cut every connection."""
        if self.exchange.closing.is_set():
            return
        self.exchange.closing.set()
        # Waking the accepting thread by a visit is quicker than letting it look every so often.
        socket.create_connection((LOOPBACK, self.port)).close()
        self._thread.join()
        self.server_close()
        self._workers.close()
        with self._open_lock:
            for connection in self._open:
                _cut(connection)

    def _accept(self) -> None:
        """Wait in `accept` itself: `handle_request` makes a selector for each connection."""
        while not self.exchange.closing.is_set():
            with contextlib.suppress(OSError):  # a client that left before it was its turn
                self.process_request(*self.get_request())

    def next_connection(self) -> int:
        """Take a number for a connection."""
        return next(self._numbers)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection for as long as it is open."""
        with self._open_lock:
            self._open.add(request)
        self._workers.take(request, client_address)

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:  # noqa: BLE001 - shown, and the thread goes on
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection and close it."""
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show a fault of the sandbox itself; a client that left in the middle is none."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
