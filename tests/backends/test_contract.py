"""The backends that come with the product keep the contract."""

from __future__ import annotations

from pathlib import Path

from reconciler.backends.base import Backend
from reconciler.backends.local import LocalBackend
from reconciler.backends.memory import MemoryBackend
from reconciler.testing.backend_contract import BackendContract


class TestLocal(BackendContract):
    def make_backend(self, place: Path) -> Backend:
        return LocalBackend(place)

    def in_other_process(self, place: Path) -> list[str]:
        return ["reconciler.backends.local:LocalBackend", str(place)]


class TestMemory(BackendContract):
    fences = False

    def make_backend(self, place: Path) -> Backend:
        """Return the one backend of this test, as all who share a memory do."""
        if getattr(self, "_place", None) != place:
            self._place, self._backend = place, MemoryBackend()
        return self._backend
