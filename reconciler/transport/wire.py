"""The wire: bytes out, bytes in, and how far it got. What must not be repeated goes by a connection of its own."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress

from reconciler.transport.channel import Channel
from reconciler.transport.message import Bounds, Message
from reconciler.transport.outcome import Exchange, Reach
from reconciler.transport.redact import safe_text
from reconciler.transport.request import Reply
from reconciler.transport.route import ProxyRefused, Route, prepared, sent

KEPT_HEADERS = ("retry-after", "content-type", "date")
KEEPALIVE, UNUSED = 15.0, 3.0
"""Seconds that an idle connection is kept, and one that was opened ahead of its request: less than servers keep
theirs, so that few are found dropped."""

PIECE = 65536
"""Bytes that are read at once, whatever a vendor announces."""


class HttpWire:
    """HTTP/1.1 to one host. Redirects are replies like any other; cookies are not kept."""

    def __init__(self, base_url: str) -> None:
        self._route = Route(base_url)
        self._idle: deque[Channel] = deque()
        self._unused: deque[Channel] = deque()
        # Connections are used in the order in which they were opened, so that a server that serves one after the
        # other never waits for one of which the request is still to come. Behind TLS there is no such server, and
        # one handshake must not wait for the next.
        self._in_order: AbstractContextManager[object] = (
            nullcontext() if self._route.is_tls else threading.Lock()
        )

    def exchange(self, message: Message, bounds: Bounds, *, fresh: bool) -> Exchange:
        """Send and receive within the bounds."""
        until = time.monotonic() + bounds.total
        try:
            request = self._prepared(message, fresh=fresh)
        except (http.client.HTTPException, ValueError):
            return Exchange(Reach.NOT_SENT, "no request can be made of it", lasting=True)
        try:
            channel = (None if fresh else _good(self._idle.pop, KEEPALIVE)) or self._new(bounds)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            return _not_sent(error)
        channel.begin(bounds.step, until)
        exchange, is_good = _exchanged(request, channel, message, bounds)
        if is_good and not fresh:
            self._idle.append(channel)
        else:
            channel.close()
        return exchange

    def open_ahead(self, bounds: Bounds) -> None:
        """Open a connection for whoever sends next; should that fail, the request itself will find out."""
        with suppress(OSError, http.client.HTTPException, UnicodeError), self._in_order:
            self._unused.append(self._route.connect(bounds))

    def close(self) -> None:
        """Let go of all connections."""
        for channel in (*self._idle, *self._unused):
            channel.close()
        self._idle.clear()
        self._unused.clear()

    def _prepared(self, message: Message, *, fresh: bool) -> http.client.HTTPConnection:
        headers = ((b"Host", self._route.host_header.encode("ascii")), *message.headers, *self._route.headers)
        if fresh:
            headers = (*headers, (b"Connection", b"close"))
        return prepared(message.method, self._route.origin + message.target, headers)

    def _new(self, bounds: Bounds) -> Channel:
        """A connection that was never used: one that was opened ahead and is still good, or else another."""
        with self._in_order:
            return _good(self._unused.popleft, UNUSED) or self._route.connect(bounds)


def _good(take: Callable[[], Channel], seconds: float) -> Channel | None:
    """The first that is young and quiet; the others are closed."""
    with suppress(IndexError):
        while True:
            channel = take()
            if time.monotonic() - channel.used < seconds and channel.is_quiet():
                return channel
            channel.close()
    return None


def _exchanged(
    request: http.client.HTTPConnection, channel: Channel, message: Message, bounds: Bounds
) -> tuple[Exchange, bool]:
    """Send a request and take in its reply; says too whether the connection can be used again."""
    missing = "a reply"
    try:
        response = sent(request, message.method, message.body, channel)
        response.begin()
        missing = "the whole reply"
        body = _body(response, bounds.reply_bytes)
    except TimeoutError:
        return Exchange(Reach.NO_REPLY, f"sent, but {missing} did not come in time"), False
    except (http.client.HTTPException, ValueError):
        trouble = f"sent, but the connection ended, or spoke no HTTP, before {missing}"
        return Exchange(Reach.NO_REPLY, trouble), False
    except OSError:
        trouble = f"sent, or in part, but the connection broke before {missing}"
        return Exchange(Reach.NO_REPLY, trouble), False
    if body is None:
        trouble = f"the reply is larger than {bounds.reply_bytes} bytes"
        return Exchange(Reach.NO_REPLY, trouble, lasting=True), False
    reply = Reply(response.status, body, _headers(response))
    return Exchange(Reach.REPLIED, reply=reply), not response.will_close


def _body(response: http.client.HTTPResponse, limit: int) -> bytes | None:
    """Read to the end; None when there is more than the limit. Raises HTTPException when it is cut off."""
    announced = response.getheader("Content-Length")
    if announced is not None and not response.chunked and not announced.isdecimal():
        raise http.client.HTTPException("a length that is none")
    pieces: list[bytes] = []
    size = 0
    while piece := response.read(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            return None
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)


def _headers(response: http.client.HTTPResponse) -> Mapping[str, str]:
    found = ((name, response.getheader(name)) for name in KEPT_HEADERS)
    return {name: value for name, value in found if value is not None}


def _not_sent(error: Exception) -> Exchange:
    if isinstance(error, ssl.SSLCertVerificationError):
        detail = safe_text(error.verify_message)
        return Exchange(Reach.NOT_SENT, f"the vendor's certificate was not accepted: {detail}", lasting=True)
    return Exchange(Reach.NOT_SENT, _why_not_sent(error))


def _why_not_sent(error: Exception) -> str:
    if isinstance(error, ProxyRefused | http.client.HTTPException):
        return "the proxy refused to connect to the vendor"
    if isinstance(error, TimeoutError):
        return "no connection could be made in time"
    if isinstance(error, socket.gaierror):
        return "the name of the vendor's host could not be resolved"
    if isinstance(error, ssl.SSLError):
        return "no TLS connection could be made"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return "no connection could be made"
