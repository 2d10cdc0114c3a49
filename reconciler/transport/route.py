"""The way to a vendor: straight or through a proxy, with TLS where its address says so.

Nothing of a request is sent on the way, so whatever fails here was not sent.
"""

from __future__ import annotations

import base64
import socket
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from reconciler.errors import ReconcilerError
from reconciler.transport import encode
from reconciler.transport.channel import Channel
from reconciler.transport.incoming import Incoming
from reconciler.transport.message import Bounds
from reconciler.transport.outcome import is_success
from reconciler.transport.proxy import proxy_for
from reconciler.transport.redact import safe_text

if TYPE_CHECKING:
    import ssl

PIECE = 4096
"""Bytes of a proxy's reply that are read at once; the vendor says nothing before it is spoken to."""


class ProxyRefused(OSError):
    """The proxy opened no tunnel."""


class _Proxy(NamedTuple):
    host: str
    port: int
    headers: tuple[tuple[bytes, bytes], ...]


class Route:
    """How the host of one base address is reached."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._host = _ascii_host(parts.hostname or "")
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        shown = f"[{self._host}]" if ":" in self._host else self._host
        self.host_header = shown if parts.port is None else f"{shown}:{parts.port}"
        self._context = _tls_context() if parts.scheme == "https" else None
        self._proxy = _proxy(proxy_for(parts.scheme, parts.hostname or ""))

    @property
    def is_tls(self) -> bool:
        """Whether what is sent is encrypted."""
        return self._context is not None

    @property
    def origin(self) -> str:
        """What stands before the target: a proxy without a tunnel is told the whole address."""
        return f"http://{self.host_header}" if self._proxy and not self._context else ""

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """What a proxy without a tunnel is told besides."""
        return self._proxy.headers if self._proxy and not self._context else ()

    def connect(self, bounds: Bounds) -> Channel:
        """Connect; raises OSError or UnicodeError."""
        host, port = (self._proxy.host, self._proxy.port) if self._proxy else (self._host, self._port)
        connection = socket.create_connection((host, port), timeout=bounds.connect)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._context is None:
                return Channel(connection)
            if self._proxy:
                self._tunnel(connection, self._proxy, bounds)
                connection.settimeout(bounds.connect)
            return Channel(self._context.wrap_socket(connection, server_hostname=self._host))
        except BaseException:
            connection.close()
            raise

    def _tunnel(self, connection: socket.socket, proxy: _Proxy, bounds: Bounds) -> None:
        """Have a proxy pass everything on to the vendor."""
        channel = Channel(connection)
        channel.begin(bounds.connect, time.monotonic() + bounds.connect)
        host = f"[{self._host}]" if ":" in self._host else self._host
        target = f"{host}:{self._port}"
        channel.sendall(encode.head("CONNECT", target, [(b"Host", target.encode()), *proxy.headers]))
        incoming = Incoming()
        while not incoming.has_head:
            incoming.take(channel.receive(PIECE))
        if not is_success(incoming.status):
            raise ProxyRefused


def _tls_context() -> ssl.SSLContext:
    from reconciler.transport.trust import tls_context

    return tls_context()


def _ascii_host(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _proxy(address: str | None) -> _Proxy | None:
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.scheme != "http" or not parts.hostname:
        raise ReconcilerError(
            f"a proxy of the kind {safe_text(parts.scheme)} cannot be used",
            "name one that begins with http://; what goes through it to a vendor is encrypted all the same",
        )
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if parts.username:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = ((b"Proxy-Authorization", b"Basic " + base64.b64encode(login.encode())),)
    return _Proxy(_ascii_host(parts.hostname), parts.port or 80, headers)
