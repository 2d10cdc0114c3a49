"""Replies as they come in: whole, in pieces, cut off, or no HTTP at all."""

import http.client
import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.transport.incoming import HEAD_BYTES, Incoming, NoReply

BODIES = st.binary(max_size=300)
CUTS = st.lists(st.integers(0, 600), max_size=6).map(sorted)
STATUSES = st.sampled_from([200, 201, 301, 400, 404, 429, 500, 503, 599])
INTERIM = st.sampled_from(
    [b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early\r\nDate: then\r\n\r\n"]
)


def taken(message, cuts=(), *, ended=True):
    """Take in a message in pieces, and the end of its connection where the reply needs it."""
    incoming = Incoming()
    marks = [0, *[cut for cut in cuts if cut < len(message)], len(message)]
    for begin, end in itertools.pairwise(marks):
        if begin < end:
            incoming.take(message[begin:end])
    if ended and not incoming.is_whole:
        incoming.take(b"")
    return incoming


@st.composite
def messages(draw):
    """A reply of any of the three ways in which its end is told."""
    body, way = draw(BODIES), draw(st.sampled_from(["length", "chunks", "end"]))
    head = b"HTTP/1.1 %d X\r\nDate: now\r\nRetry-After: 7\r\nX-Other: y\r\n" % draw(STATUSES)
    if way == "length":
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    if way == "end":
        return head + b"Connection: close\r\n\r\n" + body
    size = draw(st.integers(1, 100))
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


class Socket:
    """What the standard library reads a reply from."""

    def __init__(self, message):
        self.message = message

    def makefile(self, _):
        return io.BytesIO(self.message)


@given(messages(), INTERIM, CUTS)
def test_a_reply_is_what_the_standard_library_reads(message, interim, cuts):
    """However a reply is cut in pieces, and whatever is announced before it, it is what another reader makes of it."""
    found = taken(interim + message, cuts).reply()
    other = http.client.HTTPResponse(Socket(message), method="POST")
    other.begin()
    assert (found.status, found.body) == (other.status, other.read())
    assert found.headers == {"date": "now", "retry-after": "7"}


@given(messages(), st.data())
def test_a_reply_that_is_cut_off_is_none(message, data):
    """A part of a reply is never taken for the whole, unless its end was to be the connection's."""
    part = message[: data.draw(st.integers(0, len(message) - 1))]
    if b"Connection: close" in message and b"\r\n\r\n" in part:
        return
    with pytest.raises(NoReply):
        taken(part)


@given(st.binary(min_size=1, max_size=200), CUTS)
def test_noise_is_no_reply(noise, cuts):
    """Bytes that are no HTTP are refused, and never crash."""
    with pytest.raises(NoReply):
        taken(noise, cuts)


@pytest.mark.parametrize(
    "message",
    [
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
        b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\ncontent-length:2\r\n\r\n{}",
        b"HTTP/1.1 200 Tout va bi\xe9n\r\nX-Note: \xc3\xa9\r\nContent-Length: 2\r\n\r\n{}",
    ],
)  # fmt: skip
def test_loose_spellings_are_understood(message):
    """What old servers write, such as lines without a return or a first line without a phrase, is a reply."""
    assert (taken(message, ended=False).reply().status, taken(message).reply().body) == (200, b"{}")


@pytest.mark.parametrize("more", [b"x", b"{}" * 50, b"HTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\nx"])
def test_more_than_was_announced_is_left_out(more):
    """What comes after a reply is no part of it, and ends the use of its connection."""
    incoming = taken(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" + more, ended=False)
    assert (incoming.reply().status, incoming.reply().body, incoming.may_go_on) == (200, b"{}", False)


def test_a_head_without_end_is_refused():
    """A head that goes on and on is given up long before memory is."""
    line = b"X: " + b"y" * 995 + b"\r\n"
    with pytest.raises(NoReply):
        taken(
            b"HTTP/1.1 200 OK\r\n" + line * (2 * HEAD_BYTES // 1000),
            range(0, 2 * HEAD_BYTES, 1000),
            ended=False,
        )


def test_two_lengths_are_refused():
    """A reply that announces two lengths may be read in two ways, so it is no reply."""
    with pytest.raises(NoReply):
        taken(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ")
