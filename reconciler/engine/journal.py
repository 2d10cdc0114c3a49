"""The engine's handle on the state: every entry durable before anything follows from it.

Each head is compared and swapped, so a writer in another process is always noticed. The only foreign entry that a
writer lives with is a hold, which `stop --all` sets without any lock; it keeps every intent that could make a phone
ring from being written, and what is not written is not sent.
"""

from __future__ import annotations

import copy
import functools
import gc
import hashlib
import itertools
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from reconciler.backends.base import Backend, Stored
from reconciler.backends.failures import head_moved
from reconciler.engine.group_commit import GroupCommit, Ticket, close
from reconciler.engine.holding import forbidden, is_brake
from reconciler.engine.journal_failures import broken, held, of_another_project, replaced
from reconciler.errors import HeadMoved, Held, ReconcilerError, StateError
from reconciler.model.address import ObjectKey
from reconciler.model.state import BlobRef, Hold, Intent, LogEntry, Record, Snapshot, StateBegun
from reconciler.state.chain import next_head
from reconciler.state.codec import decode_entry, decode_snapshot, encode_entry, encode_snapshot
from reconciler.state.fold import Folding

_LARGE = 1000
"""Log lines from which on a snapshot is worth its cost."""


class _Position(NamedTuple):
    """Where in the log we are; one value, so that an interrupt cannot part the two."""

    head: str
    serial: int


class Journal:
    """The state of one project, as one process reads and writes it; safe to use from many threads."""

    def __init__(self, backend: Backend, *, holder: str, clock: Callable[[], str]) -> None:
        self._backend = backend
        self._holder = holder
        self._clock = clock
        self._group = GroupCommit(self._write_group)
        self._lock = threading.RLock()
        self._blobs: dict[str, bytes] = {}
        self._broken = False
        self._overtaken: tuple[LogEntry, ...] = ()
        self._view: Snapshot | None = None
        self._base: bytes | None = None
        self._base_serial = 0
        self._accept(backend.load())

    @property
    def together(self) -> int:
        """How many callers for each request under way gain by waiting for one write."""
        return self._backend.together

    # Reading

    @property
    def snapshot(self) -> Snapshot:
        """The state as far as it is durable: copied once per write at most, and yours to keep."""
        with self._lock:
            if self._view is None:
                self._view = self._folding.snapshot()
            return self._view

    @property
    def head(self) -> str:
        """The hash that vouches for every entry so far; empty of meaning before the first."""
        return self._position.head

    @property
    def serial(self) -> int:
        """How many entries there are since the lineage began."""
        return self._position.serial

    @property
    def hold(self) -> Hold | None:
        """The hold as last seen; another process may have set one since, which the next `write` notices."""
        return self._folding.rest.hold

    def record(self, key: ObjectKey) -> Record | None:
        """Return one record, at the cost of one record."""
        with self._lock:
            return self._folding.records.get(key)

    def intent(self, intent_id: str) -> Intent | None:
        """Return one open intent, at the cost of one intent."""
        with self._lock:
            return self._folding.intents.get(intent_id)

    def open_intents(self, key: ObjectKey) -> tuple[Intent, ...]:
        """Return the open intents of one object, at the cost of those that are open."""
        with self._lock:
            return tuple(intent for intent in self._folding.intents.values() if intent.key == key)

    # Writing

    def begin(self, project_id: str, fingerprint: str | None, normaliser: int) -> None:
        """Begin the lineage unless there is one, or name the key of one that had none yet.

        Raises StateError when the state is another project's. A different key is left for the planner,
        under which what is quieter may still go on.
        """
        known = self.snapshot
        if known.lineage and known.project_id != project_id:
            raise of_another_project(known.project_id, project_id)
        if known.lineage and (known.key_fingerprint is not None or fingerprint is None):
            return
        lineage = known.lineage or uuid.uuid4().hex
        self.write(StateBegun(lineage, project_id, fingerprint, normaliser, self._clock(), self._holder))

    def write(self, *entries: LogEntry) -> None:
        """Write entries together; durable when it returns, and when it raises to be taken as not written.

        Raises HeadMoved when another process wrote anything but a hold, Held when a hold forbids one of
        the intents, and StateError when an entry contradicts the state or the write failed. After a failed
        write nobody knows what is stored: every further write is refused until `refresh`.
        """
        if entries:
            ticket = Ticket(entries, tuple([encode_entry(entry) for entry in entries]))
            self._group.submit(ticket)
            if ticket.error is not None:
                raise copy.copy(ticket.error) from ticket.error

    def write_blob(self, data: bytes, count: int) -> BlobRef:
        """Keep a set of people, and return what state may say of it.

        It is durable with the next entries that are written, in the same write: nothing can name it before.
        """
        digest = hashlib.sha256(data).hexdigest()
        with self._lock:
            self._blobs[digest] = data
        return BlobRef(digest, count)

    def read_blob(self, ref: BlobRef) -> bytes:
        """Return a set of people, verified."""
        with self._lock:
            waiting = self._blobs.get(ref.digest)
        return waiting if waiting is not None else self._backend.get_blob(ref.digest)

    def refresh(self) -> tuple[LogEntry, ...]:
        """Take in what other writers have added since, and return it; lets a failed journal go on.

        What a failed write did store after all is returned too.
        """
        with self._group.alone():
            stored = self._backend.load()
            unseen = self._overtaken + self._tail(stored)
            if self._broken:
                self._accept(stored)
            else:
                self._take_in(unseen[len(self._overtaken) :], stored.head)
            self._broken, self._overtaken = False, ()
            return unseen

    def compact_if_large(self) -> bool:
        """Let a snapshot stand for the log when there is more log than state; True when it did."""
        with self._group.alone():
            grown = self._position.serial - self._base_serial
            if self._broken or grown < max(_LARGE, len(self._folding.records)):
                return False
            snapshot = encode_snapshot(self.snapshot)
            try:
                self._backend.compact(snapshot, self._position.head)
            except HeadMoved:
                return False
            self._base, self._base_serial = snapshot, self._position.serial
            return True

    # Writing for a group

    def _write_group(self, group: Sequence[Ticket]) -> None:
        """Write what may be written, and close every ticket; after an interrupt nobody knows what is stored."""
        try:
            self._write_all(group)
        except ReconcilerError:
            raise
        except BaseException:
            self._broken = True
            raise

    def _write_all(self, group: Sequence[Ticket]) -> None:
        if self._broken:
            raise broken()
        if self._overtaken:
            close([ticket for ticket in group if not is_brake(ticket.entries)], head_moved())
        while accepted := self._admit(group):
            try:
                head = self._append(accepted)
            except HeadMoved as moved:
                self._give_way(accepted, moved)
                continue
            self._take_in([entry for ticket in accepted for entry in ticket.entries], head)
            close(accepted)

    def _admit(self, group: Sequence[Ticket]) -> list[Ticket]:
        """Return the tickets that may be written now; those that the state or a hold forbids are closed."""
        with self._lock, self._folding.rehearsal():
            return [ticket for ticket in group if not ticket.done and self._try(ticket)]

    def _try(self, ticket: Ticket) -> bool:
        hold = self._folding.rest.hold
        try:
            if hold is not None and forbidden(ticket.entries, self._folding.intents):
                raise held(hold)
            self._folding.rehearse(ticket.entries)
        except (StateError, Held) as error:
            ticket.close(error)
        return not ticket.done

    def _append(self, group: Sequence[Ticket]) -> str:
        lines = [line for ticket in group for line in ticket.lines]
        with self._lock:
            blobs = dict(self._blobs)
        try:
            head = self._backend.append(lines, self._position.head, tuple(blobs.values()))
        except HeadMoved:
            raise
        except ReconcilerError:
            self._broken = True
            raise
        with self._lock:
            for digest in blobs:
                self._blobs.pop(digest, None)
        return head

    # Other writers

    def _give_way(self, group: Sequence[Ticket], moved: HeadMoved) -> None:
        """Take in what others wrote; unless it was holds alone, only our own brakes are tried again.

        Everything else was decided on a state that is no more.
        """
        stored = self._backend.load()
        tail = self._tail(stored)
        if not tail:
            raise moved
        if not is_brake(tail):
            close([ticket for ticket in group if not is_brake(ticket.entries)], moved)
            if not any(is_brake(ticket.entries) for ticket in group):
                return
            self._overtaken += tail
        self._take_in(tail, stored.head)

    def _tail(self, stored: Stored) -> tuple[LogEntry, ...]:
        """Return the entries after ours; raises StateError when what is stored does not continue them."""
        missing = self._position.serial - self._serial_of(stored.snapshot)
        lines = stored.log[missing:] if missing >= 0 else self._old_lines(len(stored.log) - missing)
        if functools.reduce(next_head, lines, self._position.head) != stored.head:
            raise replaced()
        return tuple([decode_entry(line) for line in lines])

    def _old_lines(self, count: int) -> tuple[bytes, ...]:
        """Return so many lines after ours, where a newer snapshot stands for the first of them already."""
        start = self._position.serial
        return tuple(itertools.islice(self._backend.history(), start, start + count))

    def _serial_of(self, snapshot: bytes | None) -> int:
        if snapshot != self._base:
            self._base = snapshot
            self._base_serial = 0 if snapshot is None else decode_snapshot(snapshot).serial
        return self._base_serial

    def _accept(self, stored: Stored) -> None:
        """Begin with what is stored."""
        with _without_collector():
            snapshot = None if stored.snapshot is None else decode_snapshot(stored.snapshot)
            folding = Folding(snapshot)
            for line in stored.log:
                folding.add(decode_entry(line))
        with self._lock:
            self._folding = folding
            self._position, self._view = _Position(stored.head, folding.serial), None
        self._base, self._base_serial = stored.snapshot, 0 if snapshot is None else snapshot.serial

    def _take_in(self, entries: Sequence[LogEntry], head: str) -> None:
        with self._lock:
            for entry in entries:
                self._folding.add(entry)
            self._position = _Position(head, self._folding.serial)
            self._view = None


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the garbage collector from walking a large state again and again while it is being read."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
