"""Small servers that misbehave on purpose, and a client that waits for nothing."""

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

import pytest
from reconciler.transport.client import Account, Circumstances, Client
from reconciler.transport.outcome import Success, VendorError
from reconciler.transport.request import Effect

Behaviour = Callable[["Call"], None]


class Call:
    """One request as the server got it, and ways to answer it well or badly."""

    def __init__(self, connection: socket.socket, number: int, head: bytes, body: bytes) -> None:
        self.connection = connection
        self.number = number
        self.head = head.decode("latin-1")
        self.body = body
        self.open = True

    def reply(self, status: int, body: object = b"", *headers: str, length: int | None = None) -> None:
        """Send a whole reply, or one that announces another length."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        size = len(content) if length is None else length
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {size}", *headers, "", ""]
        self.connection.sendall("\r\n".join(lines).encode() + content)

    def raw(self, message: bytes) -> None:
        """Send bytes."""
        self.connection.sendall(message)

    def hang_up(self, *, reset: bool = False) -> None:
        """Close, in the ordinary way or with RST."""
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.open = False


class Server:
    """Listens on loopback; each request of each connection goes to `behave`."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.calls: list[Call] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def close(self) -> None:
        stop_listening(self._socket)

    def drop_silent(self) -> None:
        """Close the connections over which nothing has come yet."""
        spoken = [call.connection for call in self.calls]
        for connection in self._open:
            if connection not in spoken:
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as reader:
            going = True
            while going:
                head = _head(reader)
                if not head:
                    return
                length = next(
                    (
                        int(line[15:])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                call = Call(connection, len(self.calls), head, reader.read(length))
                self.calls.append(call)
                self.behave(call)
                going = call.open


def _head(reader: BinaryIO) -> bytes:
    """Read up to an empty line, or to the end where none comes."""
    lines: list[bytes] = []
    while (line := reader.readline()).strip():
        lines.append(line)
    return b"".join(lines)


def stop_listening(listening: socket.socket) -> None:
    """Close a socket, and wake the thread that waits for connections there."""
    with contextlib.suppress(OSError):
        listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def dialect(_: int, body: object) -> Success | VendorError | None:
    """The vendor of these tests: `{"ok": …}` is success, `{"error": "…"}` is an error."""
    if isinstance(body, dict) and "ok" in body:
        return Success(body["ok"])
    if isinstance(body, dict) and "error" in body:
        return VendorError(str(body["error"]), busy=body.get("busy") is True)
    return None


@pytest.fixture
def read_dialect() -> Callable[[int, object], Success | VendorError | None]:
    """The dialect of the tests' vendor."""
    return dialect


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], Server]]:
    """Start servers that end with the test."""
    servers: list[Server] = []

    def start(behave: Behaviour) -> Server:
        servers.append(Server(behave))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    """Make clients that may do everything and hardly pause; each ends with the test."""
    clients: list[Client] = []

    def make(url: str, *, wire: object = None, **changes: object) -> Client:
        shared = {"allowed": frozenset(Effect), "backoff": 0.001}
        circumstances = {
            name: changes.pop(name)
            for name in ("allowed", "stopping", "watch", "withhold")
            if name in changes
        }
        account = {"provider": "acme", "base_url": url, "headers": {}, "timeout": 2.0, "concurrency": 8}
        made = Client(Account(**(account | changes)), Circumstances(**(shared | circumstances)), wire)
        clients.append(made)
        return made

    yield make
    for client in clients:
        client.close()
