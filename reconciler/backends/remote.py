"""State in a place that others share: the promises of `base`, kept over any store with one compare-and-swap.

A store keeps content under names and a root that is swapped only by who knows the present one. It is all that
a kind of place has to offer (`git_store`, `object_store`, `postgres_store`); what is promised is kept here, once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import reduce

from msgspec.structs import replace

from reconciler.backends.base import Lease, Stored
from reconciler.backends.failures import (
    blob_missing,
    busy,
    head_moved,
    lease_lost,
    locked,
    log_damaged,
    seal_unknown,
    whole_lines,
)
from reconciler.backends.layout import blobs_of, compacted, extended, named
from reconciler.backends.remote_lease import RemoteLease, Watch, claim
from reconciler.backends.root import Claim, Root, Step, split_lines
from reconciler.backends.store import Lost, Sealing, Seen, Store
from reconciler.errors import HeadMoved, StateError
from reconciler.state.chain import EMPTY_HEAD, next_head

PATIENCE = 60.0
"""Seconds for which a write is tried anew while others, who change nothing that it rests on, are quicker."""

LEASE_SECONDS = 120.0

_READS = 5

_DIGEST = re.compile(r"[0-9a-f]{64}")


class RemoteBackend:
    """A backend over a store. `lease_seconds`: how long a lease counts that is not renewed."""

    together = 32

    def __init__(self, store: Store, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self.store = store
        self.lease_seconds = lease_seconds
        self._turn = threading.RLock()
        self._seen: Seen | None = None
        self._chunks: dict[str, tuple[bytes, ...]] = {}
        self._snapshot: tuple[str, bytes] | None = None
        self._held: RemoteLease | None = None

    # Reading

    def load(self) -> Stored:
        """Read the root and what it names; chunks that were read before are not read again."""
        with self._turn:
            for _ in range(_READS):
                root = self._look().root
                with suppress(_Gone):
                    return self._stored(root)
            raise log_damaged(self.store.where)

    def _look(self) -> Seen:
        self._seen = self.store.read()
        if not isinstance(self.store, Sealing) and self._seen.root.seal is not None:
            raise seal_unknown(
                f"the state in {self.store.where}", self._seen.root.seal.partition(":")[0], None
            )
        return self._seen

    def _stored(self, root: Root) -> Stored:
        snapshot = None if root.snapshot is None else self._read_snapshot(root.snapshot)
        self._chunks = {name: self._chunk(name) for name in root.log}
        log = tuple(line for name in root.log for line in self._chunks[name])
        if reduce(next_head, log, root.base) != root.head:
            raise log_damaged(self.store.where)
        return Stored(snapshot, log, root.head)

    def _chunk(self, name: str) -> tuple[bytes, ...]:
        if name not in self._chunks:
            return split_lines(self._content(name))
        return self._chunks[name]

    def _read_snapshot(self, name: str) -> bytes:
        if self._snapshot is None or self._snapshot[0] != name:
            data = self._content(name)
            if name != named("snapshot", data):
                raise log_damaged(self.store.where)
            self._snapshot = (name, data)
        return self._snapshot[1]

    def _content(self, name: str) -> bytes:
        data = self.store.get(name)
        if data is None:
            raise _Gone(name)
        return data

    def history(self) -> Iterator[bytes]:
        """Return every line ever appended, verified."""
        with self._turn:
            stored, root = self.load(), self._known().root
            lines = [
                line
                for stretch in self._past(root.past)
                for name in stretch
                for line in split_lines(self._shelved(name))
            ]
            if reduce(next_head, lines, EMPTY_HEAD) != root.base:
                raise log_damaged(self.store.where)
        return iter((*lines, *stored.log))

    def _past(self, name: str | None) -> list[list[str]]:
        """The names of the chunks before the snapshot, oldest first."""
        stretches: list[list[str]] = []
        while name is not None:
            data = self._shelved(name)
            if name != named("past", data):
                raise log_damaged(self.store.where)
            found = json.loads(data)
            stretches.append(found["log"])
            name = found["past"]
        return stretches[::-1]

    def _shelved(self, name: str) -> bytes:
        try:
            return self._content(name)
        except _Gone:
            raise log_damaged(self.store.where) from None

    # Writing

    def append(self, lines: Sequence[bytes], expected_head: str, blobs: Sequence[bytes] = ()) -> str:
        """Add lines and blobs by one swap of the root."""
        whole_lines(lines)

        def decide(root: Root) -> Step:
            if root.head != expected_head:
                raise head_moved()
            return extended(root, lines, self._last_chunk(root), blobs)

        with self._turn:
            if not lines and not blobs:
                decide(self._look().root)
                return expected_head
            return self._change(decide).head

    def _last_chunk(self, root: Root) -> tuple[bytes, ...]:
        return self._chunk(root.log[-1]) if root.log else ()

    def put_blob(self, data: bytes) -> str:
        """Keep bytes by their digest, in a write of their own."""
        with self._turn:
            self._change(lambda root: Step(root, blobs_of([data])))
        return hashlib.sha256(data).hexdigest()

    def get_blob(self, digest: str) -> bytes:
        """Return verified bytes; those that another wrote since are looked for once more."""
        if not _DIGEST.fullmatch(digest):
            raise blob_missing(digest, self.store.where)
        with self._turn:
            data = self.store.get(f"blobs/{digest}")
            if data is None:
                self._look()
                data = self.store.get(f"blobs/{digest}")
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise blob_missing(digest, self.store.where)
        return data

    def compact(self, snapshot: bytes, expected_head: str) -> None:
        """Let a snapshot stand for the chunks so far, which go on the shelf."""

        def decide(root: Root) -> Step:
            if root.head != expected_head:
                raise head_moved()
            return compacted(root, bytes(snapshot))

        with self._turn:
            self._change(decide)

    def _change(self, decide: Callable[[Root], Step], *, fenced: bool = True) -> Root:
        """Swap the root by what is decided on it; anew while what others changed does not matter to it.

        Decided first on the root as last seen, which costs no reading; a refusal counts only on the present one.
        """
        until = time.monotonic() + PATIENCE
        fresh = self._seen is None
        while True:
            seen = self._look() if fresh else self._known()
            began = time.monotonic()
            try:
                return self._swap(seen, self._decided(decide, seen.root, fenced=fenced), began)
            except _Refused as refused:
                if fresh:
                    raise refused.error from None
            except (Lost, _Gone):
                if time.monotonic() > until:
                    raise busy(self.store.where) from None
                time.sleep(random.uniform(0, 0.02))
            fresh = True

    def _decided(self, decide: Callable[[Root], Step], root: Root, *, fenced: bool) -> Step:
        try:
            return self._marked(decide(root), fenced=fenced)
        except StateError as error:
            raise _Refused(error) from error

    def _known(self) -> Seen:
        return self._seen if self._seen is not None else self._look()

    def _marked(self, step: Step, *, fenced: bool) -> Step:
        """The step as this writer's: with a nonce, and with the lease renewed where we hold it."""
        root = replace(step.root, nonce=secrets.token_hex(8))
        held = self._held
        if fenced and held is not None:
            if root.lease is None or root.lease.token != held.token:
                held.lose()
                raise lease_lost(held.holder)
            root = replace(root, lease=replace(root.lease, renewed=_stamp()))
        return replace(step, root=root)

    def _swap(self, seen: Seen, step: Step, began: float) -> Root:
        """Swap the root; where the reply is lost, look whether it happened."""
        try:
            version = self.store.swap(seen.version, step)
        except StateError:
            self._seen = None
            found = self._version_if_ours(step.root)
            if found is None:
                raise
            version = found
        self._seen = Seen(step.root, version)
        self._chunks.update(
            {name: split_lines(data) for name, data in step.add.items() if name.startswith("log/")}
        )
        held, lease = self._held, step.root.lease
        if held is not None and lease is not None and lease.token == held.token:
            held.renewed(began)
        return step.root

    def _version_if_ours(self, root: Root) -> str | None:
        with suppress(StateError):
            seen = self._look()
            return seen.version if seen.root.nonce == root.nonce else None
        return None

    # The lease

    def lease(self, holder: str, wait: float = 0.0) -> Lease:
        """Take the lease where it is free or ran out; else wait, or say who has it."""
        until = time.monotonic() + wait
        watch, pause = Watch(), 0.02
        while True:
            root = self._read_root()
            if root.lease is None or watch.is_over(root.lease):
                taken = self._take(holder, root)
                if taken is not None:
                    return taken
            elif time.monotonic() >= until:
                raise locked(str(root.lease))
            else:
                time.sleep(max(0.0, min(pause, until - time.monotonic())))
                pause = min(2 * pause, 2.0)

    def _read_root(self) -> Root:
        with self._turn:
            return self._look().root

    def _take(self, holder: str, found: Root) -> RemoteLease | None:
        """Take a lease that is to be had as it was found; None when somebody else was quicker."""
        mine = claim(holder, self.lease_seconds)

        def decide(root: Root) -> Step:
            if root.lease != found.lease:
                raise head_moved()
            return Step(replace(root, lease=mine))

        with self._turn:
            began = time.monotonic()
            try:
                self._change(decide, fenced=False)
            except HeadMoved:
                return None
            over = found.lease.until.isoformat() if found.lease is not None else found.quiet
            self._held = RemoteLease(self, mine, began, quiet=over)
            return self._held

    def break_lease(self) -> str | None:
        """Take the lease away from whoever has it; requests of theirs may be under way until it had run out."""
        broken: list[Claim] = []

        def decide(root: Root) -> Step:
            broken[:] = [root.lease] if root.lease is not None else []
            return Step(
                replace(root, lease=None, quiet=root.lease.until.isoformat() if root.lease else root.quiet)
            )

        with self._turn:
            if self._look().root.lease is not None:
                self._change(decide, fenced=False)
        return str(broken[0]) if broken else None

    def renew(self, lease: RemoteLease) -> None:
        """Say that the holder lives; raises StateLocked when the lease is another's."""
        with self._turn:
            if self._held is lease:
                self._change(Step)

    def release(self, lease: RemoteLease) -> None:
        """Give a lease back, if it is still ours."""

        def decide(root: Root) -> Step:
            if root.lease is None or root.lease.token != lease.token:
                raise head_moved()
            return Step(replace(root, lease=None))

        with self._turn:
            if self._held is lease:
                self._held = None
            with suppress(StateError):  # it runs out by itself
                self._change(decide, fenced=False)

    def rotate(self) -> str:
        """Put the content's key under the present encryption key, and return that one's name.

        Raises StateError where nothing is encrypted.
        """
        store = self.store
        if not isinstance(store, Sealing):
            raise StateError("the state is not encrypted", "declare backend.encryption_key", "STA26")
        with self._turn:
            root = self._change(lambda root: Step(store.resealed(root)))
        return str(root.seal).partition(":")[0]

    def check(self) -> None:
        """Read everything, and see whether it could be written."""
        with self._turn:
            self.load()
            self.store.check()


class _Refused(Exception):
    """A step was refused on a root; on an older one that may have been for nothing."""

    def __init__(self, error: StateError) -> None:
        super().__init__(error.message)
        self.error = error


class _Gone(Exception):
    """Content that the root names is not there: somebody replaced both since, or it is damaged."""


def _stamp() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
