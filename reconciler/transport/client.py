"""A client of one account at one vendor: effects guarded, pace and concurrency kept, retries by policy."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from reconciler import __version__
from reconciler.errors import CredentialsError, UnreachableError
from reconciler.model.state import Result
from reconciler.transport import encode, retry
from reconciler.transport.message import Bounds, Message, Wire
from reconciler.transport.outcome import Answer, Decode, Dialect, Exchange, after, classify, decode_json
from reconciler.transport.pace import Pace, Stopping
from reconciler.transport.redact import safe_text
from reconciler.transport.request import Effect, Request

READ_BYTES = 64 * 1024 * 1024
WRITE_BYTES = 1024 * 1024
"""The largest replies to reading and to writing that are taken in."""

LONGEST_CONNECT = 10.0
READ_TIMEOUTS = 4
WRITE_TIMEOUTS = 2
"""A whole request may last so many time-outs of one step: lists are long, replies to writes are not."""

GIVING_WAY = 0.0002
"""Seconds that a thread waits when its request is over, so that whoever waits for the place sends before the reply is
looked at: threads that are woken need the interpreter too."""


class WriteForbidden(AssertionError):
    """A command that only looks was about to write: a mistake in this program, and nothing was sent."""


class Exchanged(Struct, frozen=True):
    """What may be logged of one attempt: no query, no header, no body. `path` is safe to print."""

    request_id: str
    provider: str
    method: str
    path: str
    what: str
    attempt: int
    result: Result
    status: int | None
    milliseconds: float
    reply_bytes: int
    date: str | None = None
    """What the vendor's clock said, as HTTP spells it."""


Watch = Callable[[Exchanged], None]


class Account(Struct, frozen=True, kw_only=True):
    """Whose requests these are, and how they may be sent.

    `headers` go with every request. `secrets` are masked wherever a vendor repeats them. `timeout` is the
    time-out of one step in seconds; `concurrency` how many requests are under way at once; `rate` how many
    leave in a second. `form` goes with every form, before its own fields.
    """

    provider: str
    base_url: str
    headers: Mapping[str, str]
    secrets: tuple[str, ...] = ()
    timeout: float = 30.0
    concurrency: int = 2
    rate: float | None = None
    decode: Decode = decode_json
    form: tuple[tuple[str, str], ...] = ()


class Circumstances(Struct, frozen=True, kw_only=True):
    """What every client of a command shares: what it may do, who watches, when it must end.

    `backoff` scales our own pauses between attempts, not those that a vendor asks for; tests make it small.
    `withhold` is asked right before a request that writes leaves, with the seconds that it may take; what it
    returns is why the request does not leave.
    """

    allowed: frozenset[Effect] = frozenset({Effect.READ})
    stopping: Stopping | None = None
    watch: Watch | None = None
    backoff: float = 1.0
    withhold: Callable[[float], str | None] = lambda _seconds: None


class Client:
    """Sends requests and says how each ended. Safe to share between threads."""

    def __init__(self, account: Account, circumstances: Circumstances, wire: Wire | None = None) -> None:
        self.provider = account.provider
        self._account = account
        self._circumstances = circumstances
        self._stopping: Stopping = circumstances.stopping or threading.Event()
        self._pace = Pace(account.rate, self._stopping)
        self._places = threading.BoundedSemaphore(account.concurrency)
        self._headers = _encoded(account)
        self._base_path = urlsplit(account.base_url).path.rstrip("/")
        self._wire = wire
        self._wire_lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        if self._wire is not None:
            self._wire.close()

    def send(self, request: Request, dialect: Dialect) -> Answer:
        """Send it, again where the policy allows; raises WriteForbidden and nothing else."""
        self._guard(request)
        attempt, earlier = 1, None
        while True:
            answer = self._attempt(request, dialect, attempt)
            whole = after(earlier, answer) if request.effect is Effect.WRITE else answer
            pause = retry.wait(request, attempt, answer, dt.datetime.now(dt.UTC))
            if pause is None or not self._rested(answer, pause):
                return whole
            attempt, earlier = attempt + 1, whole

    def fetch(self, request: Request, dialect: Dialect) -> Any:
        """Read, and return the value; raises CredentialsError or UnreachableError when there is none."""
        answer = self.send(request, dialect)
        if answer.done:
            return answer.value
        where = f"{request.method} {self._safe(request.path) or '/'}"
        message = f"{self.provider}: {request.what}: {answer.reason} ({where}, request {answer.request_id})"
        if answer.credentials:
            raise CredentialsError(message, f"check the credentials of provider {self.provider}")
        raise UnreachableError(message, "run the command again; reconciler doctor tells more")

    def _guard(self, request: Request) -> None:
        if request.effect is not Effect.READ and request.effect not in self._circumstances.allowed:
            raise WriteForbidden(f"{self.provider}: {request.effect.value} forbidden here: {request.what}")

    def _rested(self, answer: Answer, pause: float) -> bool:
        """Wait before the next attempt; when the vendor is busy, with all threads. False: asked to stop."""
        seconds = pause if answer.retry_after else pause * self._circumstances.backoff
        if answer.busy:
            self._pace.rest(seconds)
        return not self._stopping.wait(seconds)

    def _attempt(self, request: Request, dialect: Dialect, attempt: int) -> Answer:
        request_id = uuid.uuid4().hex[:8]
        message = self._message(request)  # made before it has a place: others wait for one
        with self._place(request):
            if not self._pace.take():
                return Answer(Result.NOT_SENT, "stopped before it was sent", request_id=request_id)
            if (why := self._withheld(request)) is not None:
                return Answer(Result.NOT_SENT, why, request_id=request_id)
            begun = time.monotonic()
            exchange = self._exchange(request, message)
        answer = classify(exchange, dialect, self._account.decode)
        reason = answer.reason and self._safe(answer.reason)
        answer = replace(answer, reason=reason, request_id=request_id, attempts=attempt)
        self._tell(request, answer, exchange, time.monotonic() - begun)
        return answer

    @contextmanager
    def _place(self, request: Request) -> Iterator[None]:
        """A place among the requests under way; who waits for one has the connection opened meanwhile."""
        if not self._places.acquire(blocking=False):
            if not request.may_repeat:
                self._connected().open_ahead(self._bounds(request))
            self._places.acquire()
        try:
            yield
        finally:
            self._places.release()
            time.sleep(GIVING_WAY)

    def _withheld(self, request: Request) -> str | None:
        if request.effect is not Effect.WRITE:
            return None
        return self._circumstances.withhold(WRITE_TIMEOUTS * self._account.timeout)

    def _exchange(self, request: Request, message: Message) -> Exchange:
        return self._connected().exchange(message, self._bounds(request), fresh=not request.may_repeat)

    def _connected(self) -> Wire:
        if self._wire is None:
            with self._wire_lock:
                if self._wire is None:
                    from reconciler.transport.wire import HttpWire

                    self._wire = HttpWire(self._account.base_url)
        return self._wire

    def _message(self, request: Request) -> Message:
        if request.form is not None and self._account.form:
            request = replace(request, form=(*self._account.form, *request.form))
        media_type, body = encode.body(request)
        headers = self._headers
        if media_type is not None:
            headers = (*headers, (b"Content-Type", media_type.encode()))
        if body or request.method not in {"GET", "HEAD", "DELETE"}:
            headers = (*headers, (b"Content-Length", b"%d" % len(body)))
        return Message(request.method, encode.target(self._base_path, request), headers, body)

    def _bounds(self, request: Request) -> Bounds:
        step = self._account.timeout
        reading = request.effect is Effect.READ
        total = step * (READ_TIMEOUTS if reading else WRITE_TIMEOUTS)
        return Bounds(min(step, LONGEST_CONNECT), step, total, READ_BYTES if reading else WRITE_BYTES)

    def _safe(self, text: str) -> str:
        return safe_text(text, self._account.secrets)

    def _tell(self, request: Request, answer: Answer, exchange: Exchange, seconds: float) -> None:
        watch = self._circumstances.watch
        if watch is None:
            return
        size = len(exchange.reply.body) if exchange.reply else 0
        watch(
            Exchanged(
                answer.request_id,
                self.provider,
                request.method,
                self._safe(request.path),
                request.what,
                answer.attempts,
                answer.result,
                answer.status,
                seconds * 1000,
                size,
                exchange.reply.headers.get("date") if exchange.reply else None,
            )
        )


def _encoded(account: Account) -> tuple[tuple[bytes, bytes], ...]:
    """Turn the headers of every request into bytes. What no header can carry is not repeated in the error."""
    ours = {
        "User-Agent": f"campaign-reconciler/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    headers = {**ours, **account.headers}
    if not all(_can_be_sent(value) for value in headers.values()):
        raise CredentialsError(
            f"the credentials of provider {account.provider} hold characters that cannot be sent",
            "look for a line break or an accent that does not belong there",
        )
    return tuple((name.encode("ascii"), value.encode("ascii")) for name, value in headers.items())


def _can_be_sent(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip()


def known_secrets(secrets: Iterable[str]) -> tuple[str, ...]:
    """List the secrets with their percent-encoded spellings, so that none passes in disguise."""
    found = [secret for secret in secrets if secret]
    return tuple(dict.fromkeys([*found, *(quote(secret, safe="") for secret in found)]))
