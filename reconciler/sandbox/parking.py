"""Where held requests wait, so that a test can end a client exactly before or after the vendor acted."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LOOK_AGAIN = 0.01  # seconds between two looks whether the client is still there
SETTLE = 5.0  # seconds that a release waits for what it released to be done


@dataclass(slots=True, eq=False)
class Parked:
    """A request that waits."""

    sequence: int
    vendor: str
    method: str
    path: str
    operation: str
    when: str
    go: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    def described(self) -> dict[str, Any]:
        """Describe it as a JSON value."""
        return {
            name: getattr(self, name)
            for name in ("sequence", "vendor", "method", "path", "operation", "when")
        }


class Parking:
    """All requests that wait now."""

    def __init__(self, closing: threading.Event) -> None:
        self._closing = closing
        self._changed = threading.Condition()
        self._parked: list[Parked] = []

    def wait(self, parked: Parked, client_is_gone: Callable[[], bool]) -> bool:
        """Park until released; false if the client left or the sandbox closes meanwhile."""
        with self._changed:
            self._parked.append(parked)
            self._changed.notify_all()
        while not parked.go.wait(LOOK_AGAIN) and not client_is_gone() and not self._closing.is_set():
            pass
        with self._changed:
            if parked in self._parked:
                self._parked.remove(parked)
        return not client_is_gone() and not self._closing.is_set()

    def held(self, wait: float = 0.0) -> dict[str, Any] | None:
        """Return the request that has waited longest; wait up to `wait` seconds for one to come."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._parked), timeout=wait)
            return self._parked[0].described() if self._parked else None

    def release(self) -> int:
        """Let all go on, and return how many once the vendor has acted on them or dropped them."""
        with self._changed:
            released, self._parked = self._parked, []
        deadline = time.monotonic() + SETTLE
        for parked in released:
            parked.go.set()
        for parked in released:
            parked.done.wait(max(0.0, deadline - time.monotonic()))
        return len(released)
