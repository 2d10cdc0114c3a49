"""Deeds: what befalls one chosen request, state write or process, while a command is at work."""

from __future__ import annotations

import datetime as dt
import errno
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import reconciler.backends.log as log_files
from reconciler.backends.local import LocalBackend
from reconciler.engine.bench import Bench
from reconciler.model.state import SuppressionRemembered
from reconciler.sandbox import Sandbox
from reconciler.sandbox.messages import Request
from reconciler.state.codec import encode_entry
from reconciler.transport import wire
from reconciler.transport.channel import Channel
from reconciler.transport.message import Bounds, Message
from reconciler.transport.outcome import Exchange
from reconciler.transport.route import Route

from .vendors import request_name

_HERE = threading.local()
"""What befalls the connection that this thread is about to make."""


LONG = 5 * 3600.0
"""Seconds that no command may wait."""


def has_met() -> bool:
    """Whether the attempt that this thread has just ended was the spoiled one."""
    met, _HERE.met = getattr(_HERE, "met", False), False
    return met


class VirtualStop(threading.Event):
    """A stop whose waits take no time: back-offs and list lags pass at once, and are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        """Not wait; what waits for hours on end would do so for ever."""
        self.waited += timeout or 0.0
        if self.waited > LONG:
            raise RuntimeError(f"waited for {self.waited:.0f} s, and goes on")
        return self.is_set()


@dataclass
class Clock:
    """The command's own clock, which may jump."""

    sandbox: Sandbox
    ahead: float = 0.0

    def now(self) -> dt.datetime:
        """What it shows."""
        shown = dt.datetime.fromisoformat(self.sandbox.clock()["now"])
        return shown + dt.timedelta(seconds=self.ahead)


@dataclass
class Spoiler:
    """Knows every request as it leaves, and what is to befall the n-th of a name.

    `before` runs just before that request leaves, `after` right after its end. `lasting`: every one from the
    n-th on. `names` are all that left, in order.
    """

    vendor: Any
    target: str = ""
    number: int = 0
    lasting: bool = False
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    connection: str = ""
    names: list[str] = field(default_factory=list)
    hits: int = 0
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def name_of(self, message: Message) -> str:
        """How a request is called in tables."""
        path, _, query = message.target.partition("?")
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in message.headers}
        below = path.removeprefix(self.vendor.base_path.rstrip("/")) or "/"
        request = Request(0, self.vendor.name, message.method, below, query, headers, message.body)
        operation = self.vendor.operation(request)
        return request_name({"method": message.method, "path": below, "operation": operation})

    def turn(self, message: Message) -> AbstractContextManager[object]:
        """Requests of the name that is spoiled leave one by one: what is ordered for one must not meet another."""
        return self._turn if self.name_of(message) == self.target else nullcontext()

    def is_due(self, message: Message) -> bool:
        """Count a request, and tell whether it is to be spoiled."""
        name = self.name_of(message)
        with self._lock:
            self._counts[name] += 1
            self.names.append(name)
            number = self._counts[name]
            due = self.is_chosen(name, number)
            self.hits += due
        return due

    def is_chosen(self, name: str, number: int) -> bool:
        """Whether the n-th request of a name is to be spoiled."""
        return name == self.target and (number >= self.number if self.lasting else number == self.number)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Every request of this process goes through it."""
        spoiler = self

        class SpoiledWire(wire.HttpWire):
            def exchange(self, message: Message, bounds: Bounds, *, fresh: bool) -> Exchange:
                with spoiler.turn(message):
                    return self._spoiled(message, bounds, fresh=fresh)

            def _new(self, bounds: Bounds) -> Channel:
                # Trouble with a connection is trouble with this one, not with one that was opened ahead.
                return self._route.connect(bounds) if getattr(_HERE, "trouble", "") else super()._new(bounds)

            def _spoiled(self, message: Message, bounds: Bounds, *, fresh: bool) -> Exchange:
                if not spoiler.is_due(message):
                    return super().exchange(message, bounds, fresh=fresh)
                if spoiler.before is not None:
                    spoiler.before()
                _HERE.trouble = spoiler.connection
                try:
                    found = super().exchange(message, bounds, fresh=fresh or bool(spoiler.connection))
                finally:
                    _HERE.trouble, _HERE.met = "", True
                if spoiler.after is not None:
                    spoiler.after()
                return found

        with _replaced(wire, "HttpWire", SpoiledWire), _replaced(Route, "connect", _connect):
            yield


@contextmanager
def _replaced(where: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(where, name)
    setattr(where, name, value)
    try:
        yield
    finally:
        setattr(where, name, before)


_connect_by = Route.connect


def _connect(route: Route, bounds: Bounds) -> Channel:
    trouble = getattr(_HERE, "trouble", "")
    if trouble == "name":
        route = Route("http://no-such-host.invalid")
    if trouble == "refused":
        route = Route(f"http://127.0.0.1:{_closed_port()}")
    if trouble == "tls":
        route = Route(f"https://127.0.0.1:{route._port}")
    return _connect_by(route, bounds)


def _closed_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def die() -> None:
    """As by power failure."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class WriteSpoiler:
    """Counts the appends to the state's log, and what is announced; spoils the n-th.

    `how` is a word of the catalogue.
    """

    how: str = ""
    number: int = 0
    count: int = 0
    announced: int = 0
    lapse: Callable[[], object] = lambda: None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Every append, and every intent, of this process goes through it."""

        def append(backend: LocalBackend, *given: Any) -> str:
            return self._append(backend, *given)

        def announce(bench: Bench, *intents: Any, **also: Any) -> None:
            self._announce(bench, *intents, **also)

        with (
            _replaced(LocalBackend, "append", append),
            _replaced(log_files, "write_all", self._write),
            _replaced(log_files, "sync", self._sync),
            _replaced(Bench, "announce", announce),
        ):
            yield

    def _append(self, backend: LocalBackend, lines: Any, expected_head: str, *blobs: Any) -> str:
        self.count += 1
        if self.is_due("kill before write"):
            die()
        if self.is_due("moved"):
            self.meddle(backend, expected_head)
        head = _append(backend, lines, expected_head, *blobs)
        if self.is_due("kill after write"):
            die()
        return head

    def _write(self, descriptor: int, data: bytes) -> None:
        if self.is_due("kill in write"):
            os.write(descriptor, data[: len(data) // 2])
            os.fsync(descriptor)
            die()
        if self.how == "full" and self.count >= self.number > 0:  # and so it stays
            os.write(descriptor, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        _write(descriptor, data)

    def _sync(self, descriptor: int) -> None:
        if self.is_due("sync"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        _sync(descriptor)

    def _announce(self, bench: Bench, *intents: Any, **also: Any) -> None:
        self.announced += 1
        if self.how == "lease" and self.announced == self.number:
            self.lapse()
        _announce(bench, *intents, **also)

    @property
    def met(self) -> bool:
        """Whether it came to what was to be spoiled."""
        return (self.announced if self.how == "lease" else self.count) >= self.number

    def is_due(self, how: str) -> bool:
        """Whether the write under way is the one, and this is what befalls it."""
        return self.how == how and self.count == self.number

    def meddle(self, backend: LocalBackend, head: str) -> None:
        """Another process writes an entry of its own just before."""
        entry = SuppressionRemembered({}, {}, "2027-01-04T10:00:00+00:00")
        _append(LocalBackend(backend.folder), [encode_entry(entry)], head)


_append, _announce = LocalBackend.append, Bench.announce
_write, _sync = log_files.write_all, log_files.sync


def stand_in(sandbox: Sandbox, vendor: Any) -> Any:
    """A vendor's stand-in, which knows how its requests are called."""
    return sandbox._exchange.vendors[vendor.name]
