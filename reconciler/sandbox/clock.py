"""The simulated clock: starts where told, runs at a chosen speed, only ever goes forward."""

import threading
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Simulated time. All vendors of a sandbox share one."""

    def __init__(self, start_at: str | None = None, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._start_at = None if start_at is None else instant(start_at)
        self._first_speed = _not_negative(speed, "speed")
        self.reset()

    def reset(self) -> None:
        """Back to the time and speed it was made with."""
        with self._lock:
            self._shown = self._start_at or datetime.now(UTC)
            self._since = time.monotonic()
            self._speed = self._first_speed

    def now(self) -> datetime:
        """Tell what the clock shows, in UTC."""
        with self._lock:
            return self._read()

    @property
    def speed(self) -> float:
        """Simulated seconds per real second."""
        return self._speed

    def advance(self, seconds: float) -> None:
        """Jump ahead."""
        with self._lock:
            self._restart(self._read() + timedelta(seconds=_not_negative(seconds, "advance")))

    def move_to(self, moment: datetime) -> None:
        """Jump to a later moment; calls that were placed can't be taken back, so never to an earlier one."""
        with self._lock:
            if moment < self._read():
                raise ValueError("the clock only goes forward")
            self._restart(moment.astimezone(UTC))

    def run_at(self, speed: float) -> None:
        """Change the speed from this moment on; 0 freezes time."""
        with self._lock:
            self._restart(self._read())
            self._speed = _not_negative(speed, "speed")

    def _read(self) -> datetime:
        return self._shown + timedelta(seconds=(time.monotonic() - self._since) * self._speed)

    def _restart(self, shown: datetime) -> None:
        self._shown = shown
        self._since = time.monotonic()


def instant(text: str) -> datetime:
    """Read an ISO 8601 moment, which must have its offset; the result is in UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return moment.astimezone(UTC)


def _not_negative(value: float, name: str) -> float:
    if value < 0:
        raise ValueError(f"{name} can't be negative")
    return float(value)
