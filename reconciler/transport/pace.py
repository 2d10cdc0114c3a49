"""How fast requests may leave: one slot after the other, shared by all threads of a client."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Stopping(Protocol):
    """A `threading.Event`, or what looks like one: set once a signal asked us to end."""

    def is_set(self) -> bool:
        """Whether it was asked."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait so long, or until it is asked; whether it was."""


class Pace:
    """Slots `1 / rate` seconds apart; without a rate there is no gap, but `rest` still holds all back."""

    def __init__(self, rate: float | None, stopping: Stopping) -> None:
        self._gap = 1.0 / rate if rate else 0.0
        self._stopping = stopping
        self._lock = threading.Lock()
        self._next = 0.0

    def take(self) -> bool:
        """Wait for the next slot; False when we were asked to stop, for then nothing new leaves."""
        pause = self._claim() - time.monotonic()
        return not (self._stopping.wait(pause) if pause > 0 else self._stopping.is_set())

    def rest(self, seconds: float) -> None:
        """Let nothing leave for so long: the vendor asked for it."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)

    def _claim(self) -> float:
        with self._lock:
            slot = max(self._next, time.monotonic())
            self._next = slot + self._gap
            return slot
