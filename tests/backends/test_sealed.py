"""Encrypted state keeps the contract, shows nothing, notices each changed byte, and changes keys in one write."""

from __future__ import annotations

from pathlib import Path

import pytest
from reconciler.backends.base import Backend
from reconciler.backends.remote import RemoteBackend
from reconciler.backends.sealed import SealedStore
from reconciler.backends.sealing import Keys
from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD
from reconciler.testing.backend_contract import BackendContract

from .memory_store import MemoryStore

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


class TestSealed(BackendContract):
    notice = 1.0

    def make_backend(self, place: Path) -> Backend:
        if getattr(self, "_place", None) != place:
            self._place, self._store = place, MemoryStore()
        return RemoteBackend(SealedStore(self._store, Keys(KEY)), lease_seconds=1.0)


def sealed(store: MemoryStore, key: bytes = KEY, old: bytes | None = None) -> RemoteBackend:
    """Return one more handle."""
    return RemoteBackend(SealedStore(store, Keys(key, old)))


@pytest.fixture
def store() -> MemoryStore:
    """Return a place with some state in it."""
    store = MemoryStore()
    backend = sealed(store)
    head = backend.append([b"a line nobody may read"], EMPTY_HEAD, [b"people nobody may count"])
    backend.compact(b"a snapshot nobody may read", head)
    backend.append([b"another line nobody may read"], head)
    return store


def test_nothing_is_readable_without_the_key(store):
    """Neither lines, snapshots nor sets of people stand in the place as they are."""
    whole = b"".join(store.content.values()) + store.seen.root.encode()
    assert b"nobody" not in whole
    assert KEY not in whole


@pytest.mark.parametrize("at", [0, 5, 20, -1])
def test_every_changed_byte_is_noticed(store, at):
    """Content that was changed, or stands under another's name, is refused as damaged."""
    for name, data in [*store.content.items()]:
        changed = bytearray(data)
        changed[at] ^= 1
        store.content[name] = bytes(changed)
        with pytest.raises(StateError) as caught:
            _everything(sealed(store), store)
        assert caught.value.code in {"STA02", "STA09"}
        store.content[name] = data
    logs = [name for name in store.content if name.startswith("log/")]
    store.content[logs[0]], store.content[logs[1]] = store.content[logs[1]], store.content[logs[0]]
    with pytest.raises(StateError):
        _everything(sealed(store), store)


def _everything(backend: RemoteBackend, store: MemoryStore) -> None:
    list(backend.history())
    for name in store.content:
        if name.startswith("blobs/"):
            backend.get_blob(name.removeprefix("blobs/"))


def test_key_is_changed_in_one_write(store):
    """With the old key beside it the new one takes over; then the old one opens nothing, and the new one everything."""
    before, content = store.swaps, dict(store.content)
    both = sealed(store, OTHER, KEY)
    assert len(list(both.history())) == 2
    both.rotate()
    assert (store.swaps, store.content) == (before + 1, content)
    assert len(list(sealed(store, OTHER).history())) == 2
    with pytest.raises(StateError) as caught:
        sealed(store, KEY).load()
    assert caught.value.code == "STA26"


def test_mismatch_is_said_by_name(store):
    """No key, another key, or a key where nothing is encrypted: each is told apart from damage."""
    plain = MemoryStore()
    RemoteBackend(plain).append([b"{1}"], EMPTY_HEAD)
    for backend in (RemoteBackend(store), sealed(store, OTHER), sealed(plain)):
        for attempt in (backend.load, lambda backend=backend: backend.append([b"{2}"], EMPTY_HEAD)):
            with pytest.raises(StateError) as caught:
                attempt()
            assert caught.value.code == "STA26"
    with pytest.raises(StateError):
        RemoteBackend(plain).rotate()
