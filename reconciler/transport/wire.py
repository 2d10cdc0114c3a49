"""The wire: bytes out, bytes in, and how far it got. What must not be repeated goes by a connection of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress

from reconciler.transport import encode
from reconciler.transport.channel import Channel
from reconciler.transport.incoming import Incoming, NoReply
from reconciler.transport.message import Bounds, Message
from reconciler.transport.outcome import Exchange, Reach
from reconciler.transport.redact import safe_text
from reconciler.transport.route import ProxyRefused, Route

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
            request = self._written(message, fresh=fresh)
        except ValueError:
            return Exchange(Reach.NOT_SENT, "no request can be made of it", lasting=True)
        try:
            channel = (None if fresh else _good(self._idle.pop, KEEPALIVE)) or self._new(bounds)
        except (OSError, UnicodeError) as error:
            return _not_sent(error)
        channel.begin(bounds.step, until)
        exchange, is_good = _exchanged(request, channel, bounds)
        if is_good and not fresh:
            self._idle.append(channel)
        else:
            channel.close()
        return exchange

    def open_ahead(self, bounds: Bounds) -> None:
        """Open a connection for whoever sends next; should that fail, the request itself will find out."""
        with suppress(OSError, UnicodeError), self._in_order:
            self._unused.append(self._route.connect(bounds))

    def close(self) -> None:
        """Let go of all connections."""
        for channel in (*self._idle, *self._unused):
            channel.close()
        self._idle.clear()
        self._unused.clear()

    def _written(self, message: Message, *, fresh: bool) -> bytes:
        headers = ((b"Host", self._route.host_header.encode("ascii")), *message.headers, *self._route.headers)
        if fresh:
            headers = (*headers, (b"Connection", b"close"))
        return encode.head(message.method, self._route.origin + message.target, headers) + message.body

    def _new(self, bounds: Bounds) -> Channel:
        """A connection that was never used: one that was opened ahead and is still good, or else another."""
        ready = _good(self._unused.popleft, UNUSED)
        if ready is not None:  # without a turn: who is connecting now is for a later one
            return ready
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


def _exchanged(request: bytes, channel: Channel, bounds: Bounds) -> tuple[Exchange, bool]:
    """Send a request and take in its reply; says too whether the connection can be used again."""
    incoming = Incoming()
    try:
        channel.sendall(request)
        while not incoming.is_whole:
            incoming.take(channel.receive(PIECE))
            if incoming.size > bounds.reply_bytes:
                trouble = f"the reply is larger than {bounds.reply_bytes} bytes"
                return Exchange(Reach.NO_REPLY, trouble, lasting=True), False
    except OSError as error:
        return Exchange(Reach.NO_REPLY, _why_no_reply(error, incoming)), False
    return Exchange(Reach.REPLIED, reply=incoming.reply()), incoming.may_go_on


def _why_no_reply(error: OSError, incoming: Incoming) -> str:
    missing = "the whole reply" if incoming.has_head else "a reply"
    if isinstance(error, TimeoutError):
        return f"sent, but {missing} did not come in time"
    if isinstance(error, NoReply):
        return f"sent, but the connection ended, or spoke no HTTP, before {missing}"
    return f"sent, or in part, but the connection broke before {missing}"


def _not_sent(error: Exception) -> Exchange:
    import ssl  # not needed where all goes well, and without TLS

    if isinstance(error, ssl.SSLCertVerificationError):
        detail = safe_text(error.verify_message)
        return Exchange(Reach.NOT_SENT, f"the vendor's certificate was not accepted: {detail}", lasting=True)
    if isinstance(error, ssl.SSLError):
        return Exchange(Reach.NOT_SENT, "no TLS connection could be made")
    return Exchange(Reach.NOT_SENT, _why_not_sent(error))


def _why_not_sent(error: Exception) -> str:
    if isinstance(error, ProxyRefused | NoReply):
        return "the proxy refused to connect to the vendor"
    if isinstance(error, TimeoutError):
        return "no connection could be made in time"
    if isinstance(error, socket.gaierror):
        return "the name of the vendor's host could not be resolved"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return "no connection could be made"
