"""Which answers are worth another attempt, and after how long."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.state import Result
from reconciler.transport.outcome import Answer
from reconciler.transport.request import Effect, Request
from reconciler.transport.retry import LONGEST_WAIT, asked_for, wait

NOW = dt.datetime(2027, 1, 4, 12, 0, tzinfo=dt.UTC)
READ = Request("GET", "/x", "read", Effect.READ)
REPEATABLE = Request("PATCH", "/x", "set", Effect.WRITE, repeatable=True)
ONCE = Request("POST", "/x", "make", Effect.WRITE)

NOT_SENT = Answer(Result.NOT_SENT)
UNKNOWN = Answer(Result.UNKNOWN)
BUSY = Answer(Result.REFUSED, busy=True)
REFUSED = Answer(Result.REFUSED, status=422)
BROKEN = Answer(Result.REFUSED, status=500)
CERTIFICATE = Answer(Result.NOT_SENT, lasting=True)
DONE = Answer(Result.DONE)


@pytest.mark.parametrize(
    ("request_", "answers"),
    [
        (READ, {NOT_SENT, UNKNOWN, BUSY, BROKEN}),
        (REPEATABLE, {NOT_SENT, UNKNOWN, BUSY, BROKEN}),
        (ONCE, {NOT_SENT, BUSY}),
    ],
    ids=["read", "repeatable write", "write once"],
)
def test_only_what_did_nothing_is_tried_again(request_, answers):
    """A write that must not happen twice is tried again only if it was not sent, or refused for load."""
    everything = {NOT_SENT, UNKNOWN, BUSY, REFUSED, BROKEN, CERTIFICATE, DONE}
    assert {answer for answer in everything if wait(request_, 1, answer, NOW) is not None} == answers


@pytest.mark.parametrize("request_", [READ, REPEATABLE, ONCE])
def test_attempts_end(request_):
    """However long the trouble lasts, there are at most four attempts."""
    assert wait(request_, 4, BUSY, NOW) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        (" 0.5 ", 0.5),
        ("Mon, 04 Jan 2027 12:00:07 GMT", 7.0),
        ("Mon, 04 Jan 2027 11:59:00 GMT", 0.0),
        ("Mon, 04 Jan 2027 12:00:07 -0000", 7.0),
        ("soon", None),
        ("", None),
        ("-3", None),
        ("٣", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    """Both forms of Retry-After are read, and an unreadable one counts as none."""
    assert asked_for(header, NOW) == seconds


def test_a_vendors_wish_is_honoured_up_to_a_bound():
    """We wait as long as the vendor asks, and give up instead of waiting beyond the bound."""
    short = Answer(Result.REFUSED, busy=True, retry_after="7")
    long = Answer(Result.REFUSED, busy=True, retry_after=str(LONGEST_WAIT + 1))
    assert wait(ONCE, 1, short, NOW) == 7.0
    assert wait(ONCE, 1, long, NOW) is None


@given(st.text(max_size=40))
def test_no_header_breaks_the_policy(header):
    """Whatever stands in Retry-After, the policy answers with a wait in its bounds or with none."""
    pause = wait(READ, 1, Answer(Result.UNKNOWN, retry_after=header), NOW)
    assert pause is None or 0 <= pause <= LONGEST_WAIT
