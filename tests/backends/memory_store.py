"""A store in memory: the least that a remote backend needs, quick enough to try its promises in many ways."""

from __future__ import annotations

import threading
from collections.abc import Callable

from reconciler.backends.root import Step
from reconciler.backends.store import Lost, Seen
from reconciler.errors import StateError


class MemoryStore:
    """One place; several handles share it by sharing this object. `fail` may cut a swap short."""

    where = "memory"

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.seen = Seen()
        self.swaps = 0
        self.turn = threading.Lock()
        self.fail: Callable[[str], None] = lambda _moment: None

    def read(self) -> Seen:
        """Return the root."""
        with self.turn:
            return self.seen

    def get(self, name: str) -> bytes | None:
        """Return content."""
        with self.turn:
            return self.content.get(name)

    def swap(self, version: str | None, step: Step) -> str:
        """Swap, unless another was first."""
        with self.turn:
            self.fail("before")
            self.content.update(step.add)
            self.fail("between")
            if self.seen.version != version:
                raise Lost
            self.swaps += 1
            self.seen = Seen(step.root, str(self.swaps))
            for name in step.superseded:
                self.content.pop(name, None)
            self.fail("after")
            return str(self.swaps)

    def check(self) -> None:
        """Find nothing wrong."""
        if self.seen is None:
            raise StateError("no")
