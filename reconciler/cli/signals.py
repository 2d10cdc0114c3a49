"""Signals during an apply: the first stops gently, the second ends at once; intents are on disk by then."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Self

from reconciler.render import json
from reconciler.render.ending import Ending

NUMBERS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """A context in which signals set `stop` before they end anything."""

    def __init__(self, form: str, in_flight: Callable[[], int] = lambda: 0) -> None:
        self.stop = threading.Event()
        self.in_flight = in_flight
        self._form = form
        self._abrupt = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        with contextlib.suppress(ValueError):  # not the main thread: whoever started us handles signals
            for number in NUMBERS:
                self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextlib.contextmanager
    def abrupt(self) -> Iterator[None]:
        """While a question stands, a signal is the answer no."""
        self._abrupt = True
        try:
            yield
        finally:
            self._abrupt = False

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._abrupt:
            raise KeyboardInterrupt
        flying = self.in_flight()
        if self.stop.is_set():
            self._leave(flying)
        self.stop.set()
        requests = f"{flying} request{'' if flying == 1 else 's'} in flight"
        _write(2, f"{_clear_line()}stopping: {requests}, waiting; again = leave it unknown\n")

    def _leave(self, flying: int) -> None:
        """End without cleaning up: a thread may hang in a request, and its intent is durable already."""
        code = 8 if flying else 7
        if self._form == "json":
            ending = Ending(frozenset({code}), "stopped")
            _write(
                1,
                json.text(
                    json.envelope("error", ending, message="stopped by a second signal", help="", trace=[])
                ),
            )
        _write(2, f"{_clear_line()}left: {flying} unknown; the next plan shows it. exit {code}\n")
        os._exit(code)


def _clear_line() -> str:
    """On a terminal a bar may stand in the line."""
    return "\r\x1b[2K" if os.isatty(2) else ""


def _write(stream: int, text: str) -> None:
    """Past Python's buffers, which whoever was interrupted may be writing to."""
    with contextlib.suppress(OSError):
        os.write(stream, text.encode("ascii", "replace"))
