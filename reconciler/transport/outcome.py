"""How a request ended: the one place where a reply, or its absence, becomes one of four outcomes.

Not sent: failed before the first byte left. Refused: a whole, well-formed error of the vendor's documented
shape, or 4xx but 408. Done: success in the documented shape. Unknown: everything else, a redirect too,
since nothing proves that whoever sent it did not act first.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import DecodeError, Struct
from msgspec.json import decode
from msgspec.structs import replace

from reconciler.model.outcome import Outcome
from reconciler.model.state import Result
from reconciler.transport.request import Reply

REQUEST_TIMEOUT = 408
TOO_MANY_REQUESTS = 429
CREDENTIALS = frozenset({401, 403})
MISSING = frozenset({404, 410})


class Reach(enum.Enum):
    """How far a request got."""

    NOT_SENT = "not sent"
    NO_REPLY = "sent, or in part; no whole reply"
    REPLIED = "a whole reply"


class Exchange(Struct, frozen=True):
    """What happened on the wire. `trouble` says what went wrong there, in our own words.

    `lasting`: trying again at once is of no use (a certificate that is not accepted).
    """

    reach: Reach
    trouble: str = ""
    reply: Reply | None = None
    lasting: bool = False


class Success(Struct, frozen=True):
    """A dialect's reading: the vendor says that it did it; `value` is what it told."""

    value: Any = None


class VendorError(Struct, frozen=True):
    """A dialect's reading: the vendor says that it did not do it, in an error of its documented shape.

    `exhausted`: a quota is used up, so that neither another try nor other credentials help.
    """

    reason: str = ""
    busy: bool = False
    exhausted: bool = False
    credentials: bool = False
    missing: bool = False


Dialect = Callable[[int, Any], Success | VendorError | None]
"""A vendor's reader of status and decoded body; None where the body is of no documented shape."""

Decode = Callable[[bytes], Any]
"""Bytes to data; raises ValueError where they are none."""


class Answer(Struct, frozen=True):
    """How a request ended. `reason` may hold the vendor's words; the client makes them safe to print.

    `busy`: refused for load alone. `credentials`: for who we are. `missing`: what it named is not there.
    `retry_after` is the header's text. `lasting`: trying again at once is of no use.
    """

    result: Result
    reason: str = ""
    value: Any = None
    status: int | None = None
    busy: bool = False
    credentials: bool = False
    missing: bool = False
    lasting: bool = False
    retry_after: str | None = None
    request_id: str = ""
    attempts: int = 1

    @property
    def done(self) -> bool:
        """Whether the vendor confirmed it."""
        return self.result is Result.DONE

    def outcome(self, remote_id: str | None = None, facts: Mapping[str, str] | None = None) -> Outcome:
        """Tell the same to the engine, with what a verb read out of the value."""
        return Outcome(
            self.result,
            self.reason,
            remote_id,
            facts or {},
            self.request_id,
            busy=self.busy,
            credentials=self.credentials,
            missing=self.missing,
        )


class _Nothing(Struct, frozen=True):
    """Stands for a body that is no JSON."""

    why: str = ""


def decode_json(body: bytes) -> Any:
    """Read JSON of any Unicode encoding, byte order mark or not; raises ValueError for anything else."""
    try:
        return decode(body)
    except (DecodeError, UnicodeDecodeError):  # another encoding, half a pair of surrogates, or no JSON
        return json.loads(body, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def classify(exchange: Exchange, dialect: Dialect, decode: Decode = decode_json) -> Answer:
    """Decide how a request ended. Nothing else in this package decides it."""
    if exchange.reach is Reach.NOT_SENT:
        return Answer(Result.NOT_SENT, exchange.trouble, lasting=exchange.lasting)
    if exchange.reach is Reach.NO_REPLY or exchange.reply is None:
        return Answer(Result.UNKNOWN, exchange.trouble, lasting=exchange.lasting)
    return _classify_reply(exchange.reply, dialect, decode)


def after(earlier: Answer | None, answer: Answer) -> Answer:
    """Decide on several attempts at one write: refusing the last says nothing of one without a reply."""
    in_doubt = earlier is not None and earlier.result is Result.UNKNOWN
    if not in_doubt or answer.result in {Result.DONE, Result.UNKNOWN}:
        return answer
    reason = f"{answer.reason}; an attempt before that got no clear answer"
    return replace(answer, result=Result.UNKNOWN, reason=reason)


def _classify_reply(reply: Reply, dialect: Dialect, decode: Decode) -> Answer:
    data = _decoded(reply.body, decode)
    reading = None if isinstance(data, _Nothing) else dialect(reply.status, data)
    if isinstance(reading, VendorError):
        return _refused(reply, reading)
    if isinstance(reading, Success):
        if is_success(reply.status):
            return Answer(Result.DONE, value=reading.value, status=reply.status)
        return _unknown(reply, f"the vendor answered {reply.status} and yet spoke of success")
    if _is_refusal(reply.status):
        return _refused(reply, VendorError())
    return _unknown(reply, _no_sense(reply, data))


def _decoded(body: bytes, decode: Decode) -> Any:
    if not body:
        return _Nothing("without a body")
    try:
        return decode(body)
    except ValueError:
        return _Nothing("with a body that is not its JSON, or only part of it")


def _refused(reply: Reply, error: VendorError) -> Answer:
    busy = error.busy or reply.status == TOO_MANY_REQUESTS
    return Answer(
        Result.REFUSED,
        error.reason or f"the vendor answered {reply.status}",
        status=reply.status,
        busy=busy,
        credentials=not (busy or error.exhausted) and (error.credentials or reply.status in CREDENTIALS),
        missing=error.missing or reply.status in MISSING,
        retry_after=reply.headers.get("retry-after"),
    )


def _unknown(reply: Reply, reason: str) -> Answer:
    return Answer(Result.UNKNOWN, reason, status=reply.status, retry_after=reply.headers.get("retry-after"))


def _no_sense(reply: Reply, data: Any) -> str:
    if _is_redirect(reply.status):
        return f"the vendor answered {reply.status}, a redirect, which is not followed"
    if isinstance(data, _Nothing):
        return f"the vendor answered {reply.status} {data.why}"
    return f"the vendor answered {reply.status} with JSON that it does not document"


def is_success(status: int) -> bool:
    """Whether a status alone says that it was done."""
    return 200 <= status < 300  # noqa: PLR2004 - RFC 9110, 15.3


def _is_redirect(status: int) -> bool:
    return 300 <= status < 400  # noqa: PLR2004 - RFC 9110, 15.4


def _is_refusal(status: int) -> bool:
    return 400 <= status < 500 and status != REQUEST_TIMEOUT  # noqa: PLR2004 - RFC 9110, 15.5
