"""What every shared backend has from `remote`: the contract, leases by the clock, writes whose reply is lost."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from reconciler.backends import root as root_module
from reconciler.backends.base import Backend
from reconciler.backends.layout import CHUNK
from reconciler.backends.remote import RemoteBackend
from reconciler.errors import HeadMoved, StateError, StateLocked
from reconciler.state.chain import EMPTY_HEAD
from reconciler.testing.backend_contract import BackendContract

from .memory_store import MemoryStore


class TestRemote(BackendContract):
    notice = 1.0

    def make_backend(self, place: Path) -> Backend:
        if getattr(self, "_place", None) != place:
            self._place, self._store = place, MemoryStore()
        return RemoteBackend(self._store, lease_seconds=1.0)


@pytest.fixture
def store() -> MemoryStore:
    """Return a place that handles share."""
    return MemoryStore()


def handle(store: MemoryStore, seconds: float = 1.0) -> RemoteBackend:
    """Return one more handle on it."""
    return RemoteBackend(store, lease_seconds=seconds)


def test_append_is_one_swap(store):
    """Lines and the sets of people that they name cost one write, and no reading before it."""
    backend = handle(store)
    head = backend.append([b"{1}"], EMPTY_HEAD)
    reads = []
    store.read, read = lambda: reads.append(1) or read(), store.read
    before = store.swaps
    backend.append([b"{2}"] * 1000, head, [b"people"] * 5)
    assert (store.swaps - before, reads) == (1, [])


def test_chunks_stay_small_and_few(store):
    """What a write touches does not grow with the log, and what a reader fetches is not a name for each line."""
    backend, head = handle(store), EMPTY_HEAD
    for number in range(300):
        head = backend.append([b'{"n":%d,"x":"%b"}' % (number, b"x" * 500)], head)
    sizes = [len(data) for name, data in store.content.items() if name.startswith("log/")]
    assert len(sizes) == len(store.seen.root.log) <= 8
    assert max(sizes) < CHUNK + 600
    assert len(handle(store).load().log) == 300


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_write_whose_reply_is_lost(store, moment):
    """A connection that is cut leaves the old state or the new one, and a write that did happen counts as done."""
    backend = handle(store)
    head = backend.append([b"{1}"], EMPTY_HEAD)

    def cut(at: str) -> None:
        if at == moment:
            raise StateError("cut", code="STA13")

    store.fail = cut
    if moment == "after":
        head = backend.append([b"{2}"], head)
    else:
        with pytest.raises(StateError, match="cut"):
            backend.append([b"{2}"], head)
    store.fail = lambda _moment: None
    found = handle(store).load()
    assert (found.head, len(found.log)) == (head, 2 if moment == "after" else 1)
    backend.append([b"{3}"], head)


def test_reader_survives_what_others_supersede(store):
    """A chunk that is written anew between a reader's look at the root and at the chunk is found under its new name."""
    writer, reader = handle(store), handle(store)
    head = writer.append([b"{1}"], EMPTY_HEAD)
    get = store.get
    seen: list[str] = []

    def slow(name: str) -> bytes | None:
        if not seen:
            seen.append(writer.append([b"{2}"], head))
        return get(name)

    store.get = slow
    assert reader.load().log == (b"{1}", b"{2}")


@pytest.mark.parametrize("folder", ["log", "snapshot", "past"])
def test_damage_is_refused(store, folder):
    """Content that is gone or changed is never read as something else."""
    backend = handle(store)
    head = backend.append([b"{1}"], EMPTY_HEAD)
    backend.compact(b"one", head)
    backend.append([b"{2}"], head)
    name = next(each for each in store.content if each.startswith(folder))
    for damage in (None, b"{9}\n"):
        kept = store.content.pop(name)
        if damage is not None:
            store.content[name] = damage
        with pytest.raises(StateError) as caught:
            list(handle(store).history())
        assert caught.value.code == "STA02"
        store.content[name] = kept


def test_newer_layout_is_refused_by_name():
    """A root of a later version is not read in part."""
    data = root_module.Root().encode().replace(b'"layout": 1', b'"layout": 2')
    with pytest.raises(StateError, match="layout 2") as caught:
        root_module.decode_root(data, "here")
    assert caught.value.code == "STA01"
    for broken in (b"", b"[]", b"{}", b'{"layout": 1}', b'{"layout": 1, "log": 3}'):
        with pytest.raises(StateError):
            root_module.decode_root(broken, "here")


@pytest.mark.slow
def test_lease_is_kept_by_its_heartbeat(store):
    """While its holder lives a lease goes on for longer than it lasts by itself."""
    with handle(store, 0.4).lease("ann") as lease:
        with pytest.raises(StateLocked):
            handle(store).lease("bob", wait=1.5)
        lease.check(0.1)


@pytest.mark.slow
def test_lease_that_cannot_be_renewed_ends_in_time(store):
    """A holder who cannot reach the store sends nothing any more before anybody else can take over."""
    backend = handle(store, 0.6)
    with backend.lease("ann") as lease:

        def unplugged(_moment: str) -> None:
            raise StateError("unplugged", code="STA13")

        store.fail = unplugged
        began = time.monotonic()
        while time.monotonic() - began < 5:
            try:
                lease.check(0.2)
            except StateError:
                break
            time.sleep(0.01)
        assert time.monotonic() - began <= 0.6
        store.fail = lambda _moment: None


def test_lease_shorter_than_a_request_vouches_for_none(store):
    """A request that may outlast the lease is not released, and the setting to change is named."""
    with handle(store, 1.0).lease("ann") as lease:
        with pytest.raises(StateLocked, match="could not be renewed") as caught:
            lease.check(30)
        assert "lease_seconds" in caught.value.help


@pytest.mark.slow
@pytest.mark.parametrize("hours", [-3, 3])
def test_clock_of_the_holder_may_be_wrong(store, hours):
    """A dead holder whose clock was hours off is taken over all the same, by the successor's."""
    lease = handle(store, 0.4).lease("ann")
    lease._over.set()
    wrong = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    root = store.seen.root
    store.seen = replace(store.seen, root=replace(root, lease=replace(root.lease, renewed=wrong.isoformat())))
    with handle(store, 0.4).lease("bob", wait=3) as taken:
        taken.check()


def test_successor_knows_how_long_the_old_holder_may_be_at_work(store):
    """After `state unlock` the next holder is told until when requests of the last one may be under way."""
    old = handle(store, 5.0).lease("ann")
    handle(store).break_lease()
    with handle(store).lease("bob") as lease:
        assert 3.5 < lease.others_end_in() <= 5.0
    old.__exit__(None, None, None)
    store.seen = replace(store.seen, root=replace(store.seen.root, quiet=None))
    with handle(store).lease("carol") as lease:
        assert lease.others_end_in() == 0.0


def test_contention_that_does_not_matter_is_invisible(store):
    """Who only renews a lease, or keeps a set of people, makes nobody else's append fail."""
    backend, other = handle(store), handle(store)
    head = backend.append([b"{1}"], EMPTY_HEAD)
    other.put_blob(b"people")
    head = backend.append([b"{2}"], head)
    with other.lease("ann"):
        head = backend.append([b"{3}"], head)
    with pytest.raises(HeadMoved):
        other.append([b"{4}"], EMPTY_HEAD)
    assert other.load().head == head
