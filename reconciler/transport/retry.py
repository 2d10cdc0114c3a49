"""When to try again, and after how long: a pure policy, and the only one."""

from __future__ import annotations

import datetime as dt

from reconciler.model.state import Result
from reconciler.transport.outcome import Answer
from reconciler.transport.request import Effect, Request

LONGEST_WAIT = 60.0
"""Seconds that we wait on a vendor's word; a longer wish ends the attempts."""

READING = (0.25, 1.0, 3.0)
REPEATABLE = (0.5, 2.0)
ONCE = (0.5, 2.0, 5.0)
"""Seconds before each further attempt; what may not be repeated is tried again only if it did nothing."""

SERVER_ERROR = 500


def wait(request: Request, attempt: int, answer: Answer, now: dt.datetime) -> float | None:
    """Seconds to wait before the next attempt, or None: the answer stands. `attempt` counts from 1."""
    pauses = _pauses(request)
    if attempt > len(pauses) or not _worth_another(request, answer):
        return None
    wished = asked_for(answer.retry_after, now)
    if wished is None:
        return pauses[attempt - 1]
    return wished if wished <= LONGEST_WAIT else None


def _pauses(request: Request) -> tuple[float, ...]:
    if request.effect is Effect.WRITE:
        return REPEATABLE if request.repeatable else ONCE
    return READING


def _worth_another(request: Request, answer: Answer) -> bool:
    if answer.lasting or answer.result is Result.DONE:
        return False
    if answer.result is Result.NOT_SENT or answer.busy:
        return True
    troubled = answer.result is Result.UNKNOWN or (answer.status or 0) >= SERVER_ERROR
    return request.may_repeat and troubled


def asked_for(header: str | None, now: dt.datetime) -> float | None:
    """Read the seconds that a Retry-After header asks for, given as such or as a date; None if unreadable."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    return _until(text, now)


def _until(text: str, now: dt.datetime) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())
