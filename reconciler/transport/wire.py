"""The wire: bytes out, bytes in, and how far it got. What must not be repeated goes by a connection of its own."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections import deque
from collections.abc import Mapping

from reconciler.transport.channel import Channel
from reconciler.transport.message import Bounds, Message
from reconciler.transport.outcome import Exchange, Reach
from reconciler.transport.redact import safe_text
from reconciler.transport.request import Reply
from reconciler.transport.route import ProxyRefused, Route, prepared, sent

KEPT_HEADERS = ("retry-after", "content-type", "date")
KEEPALIVE = 15.0
"""Seconds that an idle connection is kept: less than servers keep theirs, so that few are found dropped."""

PIECE = 65536
"""Bytes that are read at once, whatever a vendor announces."""


class HttpWire:
    """HTTP/1.1 to one host. Redirects are replies like any other; cookies are not kept."""

    def __init__(self, base_url: str) -> None:
        self._route = Route(base_url)
        self._idle: deque[Channel] = deque()

    def exchange(self, message: Message, bounds: Bounds, *, fresh: bool) -> Exchange:
        """Send and receive within the bounds."""
        until = time.monotonic() + bounds.total
        try:
            request = self._prepared(message, fresh=fresh)
        except (http.client.HTTPException, ValueError):
            return Exchange(Reach.NOT_SENT, "no request can be made of it", lasting=True)
        try:
            channel = (None if fresh else self._kept()) or self._route.connect(bounds)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            return _not_sent(error)
        channel.begin(bounds.step, until)
        exchange, is_good = _exchanged(request, channel, message, bounds)
        if is_good and not fresh:
            self._idle.append(channel)
        else:
            channel.close()
        return exchange

    def close(self) -> None:
        """Let go of all connections."""
        while self._idle:
            self._idle.pop().close()

    def _prepared(self, message: Message, *, fresh: bool) -> http.client.HTTPConnection:
        headers = ((b"Host", self._route.host_header.encode("ascii")), *message.headers, *self._route.headers)
        if fresh:
            headers = (*headers, (b"Connection", b"close"))
        return prepared(message.method, self._route.origin + message.target, headers)

    def _kept(self) -> Channel | None:
        """A connection that was used before and is still good."""
        while self._idle:
            channel = self._idle.pop()
            if time.monotonic() - channel.used < KEEPALIVE and channel.is_quiet():
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
