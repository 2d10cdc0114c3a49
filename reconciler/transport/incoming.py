"""A reply in the making: bytes go in as they come, until it is whole. What they mean is llhttp's business."""

from __future__ import annotations

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from reconciler.transport.request import Reply

HEAD_BYTES = 65536
"""The largest head of a reply that is taken in."""

KEPT_HEADERS = frozenset({b"retry-after", b"content-type", b"date"})
INTERIM = range(100, 200)
"""RFC 9110, 15.2: another reply follows, to the same request."""


class NoReply(ConnectionError):
    """What came is no HTTP, or the connection ended before the reply was whole."""


class Incoming:
    """One reply. `has_head` once its headers are in, `is_whole` once all is; `size` is of the body, in bytes.

    `may_go_on`: whether the connection can be used again.
    """

    def __init__(self) -> None:
        self.status = self.size = 0
        self.has_head = self.is_whole = self.may_go_on = False
        self._headers: dict[str, str] = {}
        self._pieces: list[bytes] = []
        self._head_bytes = 0
        self._has_length = False
        self._parser = HttpResponseParser(self)
        # Old servers end their lines without a return, and some say more than they announced.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_data_after_close=True
        )

    def take(self, data: bytes) -> None:
        """Take in what came, nothing at the connection's end; raises NoReply."""
        if not data:
            self._end()
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self.may_go_on = False
            if not self.is_whole:
                raise NoReply from error
        if not self.has_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                raise NoReply

    def reply(self) -> Reply:
        """Give the reply, once it is whole."""
        return Reply(self.status, b"".join(self._pieces), self._headers)

    def _end(self) -> None:
        """The connection has ended, which is the end of a reply that announced no length."""
        if not self.has_head or self._has_length:
            raise NoReply
        self.is_whole = True

    # Called by the parser

    def on_message_begin(self) -> None:
        """Another reply begins; once one is whole, that is more than was asked for."""
        if self.is_whole:
            self.may_go_on = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header is in."""
        name = name.lower()
        if self.is_whole:
            return
        if name in KEPT_HEADERS:
            self._headers[name.decode()] = value.decode("latin-1")
        elif name == b"content-length" or (name == b"transfer-encoding" and b"chunked" in value.lower()):
            self._has_length = True

    def on_headers_complete(self) -> None:
        """The head is in."""
        if not self.is_whole:
            self.status = self._parser.get_status_code()
            self.has_head = self.status not in INTERIM

    def on_body(self, body: bytes) -> None:
        """A piece of the body is in."""
        if not self.is_whole:
            self._pieces.append(body)
            self.size += len(body)

    def on_message_complete(self) -> None:
        """All is in, or what only says that the reply is still to come."""
        if self.has_head and not self.is_whole:
            self.is_whole = True
            self.may_go_on = self._parser.should_keep_alive()
        elif not self.has_head:
            self._headers.clear()
            self._has_length = False
