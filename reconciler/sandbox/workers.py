"""Threads that serve connections: one each, kept for the next, since making one costs more than most answers."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any


class Workers:
    """As many threads as there were ever connections at once. None of them keeps a process alive."""

    def __init__(self, serve: Callable[[Any, Any], None]) -> None:
        self._serve = serve
        self._work: SimpleQueue[tuple[Any, Any] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._all = self._idle = 0

    def take(self, request: Any, address: Any) -> None:
        """Have a connection served by whoever is idle, or else by a new thread."""
        with self._lock:
            is_new = not self._idle
            self._idle -= not is_new
            self._all += is_new
        self._work.put((request, address))
        if is_new:
            threading.Thread(target=self._run, name="sandbox connection", daemon=True).start()

    def close(self) -> None:
        """Let each thread end with what it serves."""
        with self._lock:
            for _ in range(self._all):
                self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            self._serve(*work)
            with self._lock:
                self._idle += 1
