"""The wire: bytes out, bytes in, and how far it got. One of its two pools uses no connection twice."""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import httpcore

from reconciler.errors import ReconcilerError
from reconciler.transport.deadline import BoundedBackend, Deadline
from reconciler.transport.message import Bounds, Message
from reconciler.transport.outcome import Exchange, Reach
from reconciler.transport.proxy import proxy_for
from reconciler.transport.redact import safe_text
from reconciler.transport.request import Reply
from reconciler.transport.trust import tls_context

KEPT_HEADERS = frozenset({b"retry-after", b"content-type", b"date"})
KEEPALIVE = 15.0
"""Seconds that an idle connection is kept: less than servers keep theirs, so that few are found dropped."""

logging.getLogger("httpcore").setLevel(logging.CRITICAL)  # its debug lines would name what ours leave out


class HttpWire:
    """HTTP/1.1 to one host. Redirects are replies like any other; cookies are not kept."""

    def __init__(self, base_url: str, connections: int) -> None:
        parts = urlsplit(base_url)
        self._scheme = parts.scheme.encode()
        self._host = _ascii_host(parts.hostname or "")
        self._port = parts.port
        self._deadline = Deadline()
        context = tls_context() if parts.scheme == "https" else None
        proxy = _proxy(proxy_for(parts.scheme, parts.hostname or ""))
        self._kept = self._pool(connections, connections, context, proxy)
        self._fresh = self._pool(connections, 0, context, proxy)

    @property
    def host_header(self) -> bytes:
        """What the Host header says."""
        return self._host if self._port is None else b"%s:%d" % (self._host, self._port)

    def exchange(self, message: Message, bounds: Bounds, *, fresh: bool) -> Exchange:
        """Send and receive within the bounds."""
        self._deadline.at = time.monotonic() + bounds.total
        pool = self._fresh if fresh else self._kept
        try:
            response = pool.handle_request(self._request(message, bounds, fresh=fresh))
        except _NOT_SENT as error:
            return _not_sent(error)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            return _no_reply(error)
        return _received(response, bounds)

    def close(self) -> None:
        """Let go of all connections."""
        self._kept.close()
        self._fresh.close()

    def _request(self, message: Message, bounds: Bounds, *, fresh: bool) -> httpcore.Request:
        step, total = bounds.step, bounds.total
        timeouts = {"connect": bounds.connect, "read": step, "write": step, "pool": total}
        headers = [(b"Host", self.host_header), *message.headers]
        if fresh:
            headers.append((b"Connection", b"close"))
        url = httpcore.URL(
            scheme=self._scheme, host=self._host, port=self._port, target=message.target.encode("ascii")
        )
        return httpcore.Request(
            message.method, url, headers=headers, content=message.body, extensions={"timeout": timeouts}
        )

    def _pool(
        self, connections: int, kept: int, context: ssl.SSLContext | None, proxy: httpcore.Proxy | None
    ) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=context,
            proxy=proxy,
            max_connections=connections,
            max_keepalive_connections=kept,
            keepalive_expiry=KEEPALIVE,
            network_backend=BoundedBackend(self._deadline),
        )


_NOT_SENT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    UnicodeError,
)
"""Raised before a request's first byte is written, and never later."""


def _received(response: httpcore.Response, bounds: Bounds) -> Exchange:
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in response.iter_stream():
            pieces.append(piece)
            size += len(piece)
            if size > bounds.reply_bytes:
                trouble = f"the reply is larger than {bounds.reply_bytes} bytes"
                return Exchange(Reach.NO_REPLY, trouble, lasting=True)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        return _no_reply(error, begun=True)
    finally:
        response.close()
    return Exchange(Reach.REPLIED, reply=Reply(response.status, b"".join(pieces), _headers(response)))


def _headers(response: httpcore.Response) -> Mapping[str, str]:
    found = ((name.lower(), value) for name, value in response.headers)
    return {name.decode(): value.decode("latin-1") for name, value in found if name in KEPT_HEADERS}


def _not_sent(error: Exception) -> Exchange:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        detail = safe_text(cause.verify_message)
        return Exchange(Reach.NOT_SENT, f"the vendor's certificate was not accepted: {detail}", lasting=True)
    return Exchange(Reach.NOT_SENT, _why_not_sent(error, cause))


def _why_not_sent(error: Exception, cause: BaseException | None) -> str:
    if isinstance(error, httpcore.ProxyError):
        return "the proxy refused to connect to the vendor"
    if isinstance(error, httpcore.ConnectTimeout | httpcore.PoolTimeout):
        return "no connection could be made in time"
    if isinstance(cause, socket.gaierror):
        return "the name of the vendor's host could not be resolved"
    if isinstance(cause, ssl.SSLError):
        return "no TLS connection could be made"
    if isinstance(cause, ConnectionRefusedError):
        return "the connection was refused"
    return "no connection could be made"


def _no_reply(error: Exception, *, begun: bool = False) -> Exchange:
    missing = "the whole reply" if begun else "a reply"
    if isinstance(error, httpcore.TimeoutException):
        return Exchange(Reach.NO_REPLY, f"sent, but {missing} did not come in time")
    if isinstance(error, httpcore.ProtocolError):
        return Exchange(Reach.NO_REPLY, f"sent, but the connection ended, or spoke no HTTP, before {missing}")
    return Exchange(Reach.NO_REPLY, f"sent, or in part, but the connection broke before {missing}")


def _ascii_host(host: str) -> bytes:
    return f"[{host}]".encode() if ":" in host else host.encode("ascii" if host.isascii() else "idna")


def _proxy(address: str | None) -> httpcore.Proxy | None:
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ReconcilerError(
            f"a proxy of the kind {safe_text(parts.scheme)} cannot be used",
            "name one that begins with http:// or https://",
        )
    port = parts.port or (443 if parts.scheme == "https" else 80)
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    context = tls_context() if parts.scheme == "https" else None
    url = httpcore.URL(scheme=parts.scheme, host=_ascii_host(parts.hostname), port=port, target="/")
    return httpcore.Proxy(url, auth=auth, ssl_context=context)
