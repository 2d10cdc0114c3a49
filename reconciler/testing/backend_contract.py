"""The contract of every backend, as tests.

Subclass `BackendContract` in a test module under a name that begins with `Test`, let `make_backend` open your
backend and, if it can, `in_other_process` say how another process opens it; pytest does the rest.
"""

# ruff: noqa: S101, PLR2004 - these are tests

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from pathlib import Path

import pytest

from reconciler.backends.base import Backend, Lease
from reconciler.errors import HeadMoved, StateError, StateLocked
from reconciler.state.chain import EMPTY_HEAD, next_head
from reconciler.testing.backend_processes import append_retrying

_PATIENCE = 30.0


class BackendContract(ABC):
    """What every backend promises. Each test gets a place of its own."""

    kills = 40
    """How many writers are killed in mid-write."""

    races = 40
    """How many lines each of two racing processes writes."""

    turns = 10
    """How often threads are made to race."""

    rounds = int(os.environ.get("RECONCILER_ROUNDS", "5"))
    """How often each of two processes that contest the lease applies; the variable asks for more."""

    patient: tuple[str, ...] = ()
    """Further arguments with which another process opens a lease that a busy machine does not let run out."""

    notice = 0.0
    """Seconds after which the holder of a lease that was taken away notices it without writing anything.

    It is also how long a lease lasts in these tests; zero where it ends with its process alone.
    """

    fences = True
    """Whether several handles can be told apart, so that a late write of an old holder is known to be one."""

    @abstractmethod
    def make_backend(self, place: Path) -> Backend:
        """Open the backend; with the same place, another handle on the same store."""

    def in_other_process(self, place: Path) -> list[str] | None:  # noqa: ARG002 - for subclasses
        """Return `module:callable` and its arguments, which open the same store; None if that cannot be."""
        return None

    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        """Return where this test's store is."""
        return tmp_path / "store"

    @pytest.fixture
    def backend(self, place: Path) -> Backend:
        """Return a handle on a store in which nothing was ever written."""
        return self.make_backend(place)

    @pytest.fixture
    def other(self, place: Path, backend: Backend) -> Backend:  # noqa: ARG002 - the first handle comes first
        """Return a second handle on the same store."""
        return self.make_backend(place)

    @contextlib.contextmanager
    def process(self, place: Path, job: str, count: int, name: str) -> Iterator[subprocess.Popen[str]]:
        """Run a job of `backend_processes` elsewhere for the length of a block."""
        source = self.in_other_process(place)
        if source is None:
            pytest.skip("this backend lives in one process")
        command = [
            sys.executable,
            "-m",
            "reconciler.testing.backend_processes",
            job,
            str(count),
            name,
            *source,
            *(self.patient if job == "contest" else ()),
        ]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:  # noqa: S603 - our own
            try:
                yield process
            finally:
                process.kill()

    # The log

    def test_nothing_is_there_at_first(self, backend: Backend) -> None:
        """A store that was never written is empty, which is no error."""
        stored = backend.load()
        assert (stored.snapshot, stored.log, stored.head) == (None, (), EMPTY_HEAD)
        assert list(backend.history()) == []

    def test_what_is_appended_is_there(self, backend: Backend, other: Backend) -> None:
        """When an append returns, every reader sees its lines, in order, under the head it returned."""
        head = backend.append([b"{1}", b"{2}"], EMPTY_HEAD)
        assert other.load().log == (b"{1}", b"{2}")
        assert other.load().head == head
        after = other.append([b"{3}"], head)
        assert backend.load().log == (b"{1}", b"{2}", b"{3}")
        assert backend.load().head == after

    def test_head_is_the_chain_of_all_lines(self, backend: Backend) -> None:
        """The head can be recomputed by anybody from the lines alone."""
        head = backend.append([b"{1}", b"{2}"], EMPTY_HEAD)
        head = backend.append([b"{3}"], head)
        assert head == reduce(next_head, [b"{1}", b"{2}", b"{3}"], EMPTY_HEAD)

    def test_appending_nothing_changes_nothing(self, backend: Backend) -> None:
        """No lines are no entry."""
        head = backend.append([b"{1}"], EMPTY_HEAD)
        assert backend.append([], head) == head
        assert backend.load().log == (b"{1}",)

    @pytest.mark.parametrize("line", [b"", b"a\nb", b"a\n"])
    def test_what_is_no_line_is_refused(self, backend: Backend, line: bytes) -> None:
        """A line that would be read back as something else is refused, and the lines beside it with it."""
        with pytest.raises(StateError):
            backend.append([b"{1}", line], EMPTY_HEAD)
        assert backend.load().log == ()

    @pytest.mark.parametrize(
        "line",
        [b" ", b"\0", b"\r", bytes(range(11, 256)), b"x" * 3_000_000],
        ids=["space", "zero", "return", "every byte", "long"],
    )
    def test_any_line_survives(self, backend: Backend, other: Backend, line: bytes) -> None:
        """Lines are bytes to a backend: whatever they hold and however long they are."""
        head = backend.append([line], EMPTY_HEAD)
        assert (other.load().log, other.load().head) == ((line,), head)

    def test_append_on_an_old_head_is_refused(self, backend: Backend, other: Backend) -> None:
        """Who decided on an older state writes nothing."""
        backend.append([b"{1}"], EMPTY_HEAD)
        for handle in (backend, other):
            with pytest.raises(HeadMoved) as caught:
                handle.append([b"{2}"], EMPTY_HEAD)
            assert caught.value.exit_code == 5
        assert backend.load().log == other.load().log == (b"{1}",)

    def test_append_on_a_head_that_never_was_is_refused(self, backend: Backend) -> None:
        """A head from another store does not fit."""
        with pytest.raises(HeadMoved):
            backend.append([b"{1}"], "f" * 64)

    def test_of_two_threads_one_wins(self, backend: Backend, other: Backend) -> None:
        """Of all who append on the same head, through whatever handle, exactly one succeeds."""
        for turn in range(self.turns):
            head = backend.load().head
            results = _at_once(
                [
                    partial(handle.append, [b'{"n":%d}' % name], head)
                    for name, handle in enumerate([backend, other, backend, other])
                ]
            )
            assert Counter(type(result) for result in results) == {str: 1, HeadMoved: 3}
            assert len(backend.load().log) == turn + 1

    def test_threads_that_retry_all_get_through(self, backend: Backend, other: Backend) -> None:
        """Nothing is lost, doubled or mixed when many write through the same handles."""
        lines = [b'{"n":%d}' % number for number in range(2 * self.turns)]
        done = _at_once(
            [partial(append_retrying, (backend, other)[at % 2], [line]) for at, line in enumerate(lines)]
        )
        assert not any(done)
        assert sorted(backend.load().log) == sorted(other.load().log) == sorted(lines)

    def test_processes_that_race_all_get_through(self, place: Path, backend: Backend) -> None:
        """Nothing is lost, doubled or mixed when several processes write at once."""
        count = self.races
        with (
            self.process(place, "race", count, "a") as first,
            self.process(place, "race", count, "b") as second,
        ):
            assert [_outcome(first), _outcome(second)] == ["", ""]
        lines = list(backend.history())
        for name in (b"a", b"b"):
            expected = [b'{"writer":"%b","number":%d}' % (name, number) for number in range(count)]
            assert [line for line in lines if b'"%b"' % name in line] == expected
        assert len(lines) == 2 * count

    def test_of_two_appliers_one_is_at_work(self, place: Path, backend: Backend) -> None:
        """Two who apply at once, again and again: never both, and nothing that one wrote is lost."""
        count = self.rounds
        with (
            self.process(place, "contest", count, "a") as first,
            self.process(place, "contest", count, "b") as second,
        ):
            assert [_outcome(first), _outcome(second)] == ["", ""]
        lines = [json.loads(line) for line in backend.history()]
        began, ended = lines[::2], lines[1::2]
        assert [(each["writer"], each["begins"]) for each in began] == [
            (each["writer"], each["ends"]) for each in ended
        ]
        for name in "ab":
            assert [each["ends"] for each in ended if each["writer"] == name] == list(range(count))

    def test_killed_writers_break_nothing(self, place: Path) -> None:
        """A writer killed at any moment leaves the old state or the new one, and all that it had confirmed."""
        with self.process(place, "kills", self.kills, place.parent.name) as process:
            assert _outcome(process) == ""

    # Snapshots and history

    def test_snapshot_stands_for_the_log(self, backend: Backend, other: Backend) -> None:
        """After a compaction the snapshot is there instead of the lines, under the same head."""
        head = backend.append([b"{1}", b"{2}"], EMPTY_HEAD)
        backend.compact(b'{"snapshot": 1}', head)
        for handle in (backend, other):
            stored = handle.load()
            assert (stored.snapshot, stored.log, stored.head) == (b'{"snapshot": 1}', (), head)

    def test_log_goes_on_after_a_snapshot(self, backend: Backend, other: Backend) -> None:
        """Both the one who compacted and others, who do not know of it, append as before."""
        head = backend.append([b"{1}"], EMPTY_HEAD)
        other.load()
        backend.compact(b"{}", head)
        head = other.append([b"{2}"], head)
        head = backend.append([b"{3}"], head)
        assert backend.load() == other.load()
        assert (other.load().log, other.load().head) == ((b"{2}", b"{3}"), head)

    def test_newer_snapshot_replaces_the_older(self, backend: Backend, other: Backend) -> None:
        """The last compaction counts, also twice at the same head and at the very beginning."""
        backend.compact(b"zero", EMPTY_HEAD)
        head = backend.append([b"{1}"], EMPTY_HEAD)
        backend.compact(b"one", head)
        backend.compact(b"one again", head)
        head = backend.append([b"{2}"], head)
        backend.compact(b"two", head)
        assert other.load().snapshot == b"two"
        assert (other.load().log, other.load().head) == ((), head)

    def test_snapshot_of_an_old_head_is_refused(self, backend: Backend) -> None:
        """A snapshot that lacks a line never stands for it."""
        backend.append([b"{1}"], EMPTY_HEAD)
        with pytest.raises(HeadMoved):
            backend.compact(b"{}", EMPTY_HEAD)
        assert backend.load().snapshot is None

    def test_any_snapshot_survives(self, backend: Backend, other: Backend) -> None:
        """Snapshots are bytes to a backend."""
        for snapshot in (b"", b"\n", b"\n}\n", bytes(range(256)) * 9, b"x" * 3_000_000):
            backend.compact(snapshot, EMPTY_HEAD)
            assert other.load().snapshot == snapshot

    def test_history_has_every_line(self, backend: Backend, other: Backend) -> None:
        """However often it was compacted, every line ever is there, oldest first."""
        head = EMPTY_HEAD
        for number in range(5):
            head = backend.append([b'{"n":%d}' % number, b"{}"], head)
            backend.compact(b"{}", head)
        expected = [line for number in range(5) for line in (b'{"n":%d}' % number, b"{}")]
        assert list(backend.history()) == list(other.history()) == expected
        assert reduce(next_head, expected, EMPTY_HEAD) == head

    # Blobs

    @pytest.mark.parametrize("data", [b"", b"people", b"\0" * 100_000], ids=["none", "few", "many"])
    def test_blob_is_kept_by_its_digest(self, backend: Backend, other: Backend, data: bytes) -> None:
        """What is put is named by its SHA-256, and is what everybody gets by that name."""
        digest = backend.put_blob(data)
        assert digest == hashlib.sha256(data).hexdigest()
        assert backend.get_blob(digest) == other.get_blob(digest) == data

    def test_blob_put_twice_is_there_once(self, backend: Backend, other: Backend) -> None:
        """Putting the same bytes again, from wherever, changes nothing."""
        digests = _at_once([partial(handle.put_blob, b"same") for handle in [backend, other] * 4])
        assert set(digests) == {hashlib.sha256(b"same").hexdigest()}
        assert backend.load().head == EMPTY_HEAD

    def test_blobs_go_with_the_lines_that_name_them(self, backend: Backend, other: Backend) -> None:
        """What is given along with lines is there when they are, and no harm is done where they are refused."""
        head = backend.append([b"{1}"], EMPTY_HEAD, [b"people", b"others"])
        for blob in (b"people", b"others"):
            assert other.get_blob(hashlib.sha256(blob).hexdigest()) == blob
        with pytest.raises(HeadMoved):
            other.append([b"{2}"], EMPTY_HEAD, [b"people"])
        assert (backend.load().log, backend.load().head) == ((b"{1}",), head)

    def test_missing_blob_is_an_error(self, backend: Backend) -> None:
        """A set of people that is not there is never an empty one."""
        with pytest.raises(StateError) as caught:
            backend.get_blob(hashlib.sha256(b"never put").hexdigest())
        assert caught.value.code == "STA09"

    # The lease

    def test_lease_is_held_by_one(self, backend: Backend, other: Backend) -> None:
        """While one has it nobody else gets it, and is told who has it and since when."""
        with backend.lease("ann at her desk") as lease:
            lease.check()
            assert lease.holder == "ann at her desk"
            for handle in (backend, other):
                with pytest.raises(StateLocked) as caught:
                    handle.lease("bob")
                assert "ann at her desk" in caught.value.help
                assert "since 20" in caught.value.help
        with other.lease("bob") as lease:
            lease.check()

    def test_lease_ends_with_an_error(self, backend: Backend, other: Backend) -> None:
        """A command that fails gives the lease back."""
        with pytest.raises(KeyError), backend.lease("ann"):
            raise KeyError
        other.lease("bob").__exit__(None, None, None)

    def test_lease_can_be_waited_for(self, backend: Backend, other: Backend) -> None:
        """Who waits gets the lease once it is free, and gives up in time when it is not."""
        with backend.lease("ann"):
            begun = time.monotonic()
            with pytest.raises(StateLocked):
                other.lease("bob", wait=0.1)
            assert 0.1 <= time.monotonic() - begun < _PATIENCE
            waiting = threading.Thread(
                target=lambda: other.lease("bob", _PATIENCE).__exit__(None, None, None)
            )
            waiting.start()
        waiting.join(_PATIENCE)
        assert not waiting.is_alive()

    def test_of_many_waiting_one_has_it_at_a_time(self, backend: Backend, other: Backend) -> None:
        """The lease excludes, however many want it."""
        inside: list[int] = []

        def work(handle: Backend) -> None:
            with handle.lease("worker", _PATIENCE) as lease:
                inside.append(1)
                lease.check()
                most.append(len(inside))
                inside.pop()

        most: list[int] = []
        _at_once([partial(work, handle) for handle in [backend, other] * 3])
        assert most == [1] * 6

    def test_broken_lease_is_lost(self, backend: Backend, other: Backend) -> None:
        """After `state unlock` the old holder notices, another can go on, and the old one's end harms nobody."""
        with backend.lease("ann") as old:
            broken = other.break_lease()
            assert broken is not None
            assert "ann" in broken
            _await_loss(old, self.notice)
            new = other.lease("bob")
            with pytest.raises(StateLocked):
                old.check()
        new.check()
        with pytest.raises(StateLocked):
            backend.lease("carol")
        new.__exit__(None, None, None)

    def test_late_write_of_an_old_holder_is_refused(self, backend: Backend, other: Backend) -> None:
        """However late it comes, and though nobody wrote since, what one writes who lost the lease is not there."""
        if not self.fences:
            pytest.skip("all who use this backend share one handle")
        with backend.lease("ann"):
            head = backend.append([b"{1}"], EMPTY_HEAD)
            other.break_lease()
            for _ in range(2):
                with pytest.raises(StateLocked):
                    backend.append([b"{late}"], head)
            with other.lease("bob"):
                with pytest.raises(StateLocked):
                    backend.append([b"{late}"], head)
                with pytest.raises(StateLocked):
                    backend.compact(b"late", head)
                assert other.load().log == (b"{1}",)
                other.append([b"{2}"], head)
        assert (backend.load().snapshot, backend.load().log) == (None, (b"{1}", b"{2}"))

    def test_lease_covers_what_a_request_may_take(self, backend: Backend) -> None:
        """A lease vouches for the time asked for, and for no longer than it lasts."""
        with backend.lease("ann") as lease:
            lease.check(0.5)
            assert lease.others_end_in() == 0.0

    def test_breaking_no_lease_is_no_error(self, backend: Backend) -> None:
        """Where nobody has the lease, nothing is taken from anybody."""
        assert backend.break_lease() is None
        with backend.lease("ann"):
            pass
        assert backend.break_lease() is None

    def test_given_back_lease_is_no_longer_held(self, backend: Backend) -> None:
        """A lease whose block has ended is not to be relied upon."""
        with backend.lease("ann") as lease:
            pass
        with pytest.raises(StateLocked):
            lease.check()

    def test_brake_needs_no_lease(self, backend: Backend, other: Backend) -> None:
        """Writing does not wait for the lease, so that a hold can be set while somebody applies."""
        with backend.lease("ann"):
            other.append([b"{1}"], EMPTY_HEAD)
        assert backend.load().log == (b"{1}",)

    def test_dead_process_holds_no_lease(self, place: Path, backend: Backend) -> None:
        """A process that is killed loses the lease with its life, and nobody has to unlock anything."""
        with self.process(place, "hold", 1, "the other process") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            with pytest.raises(StateLocked) as caught:
                backend.lease("ann")
            assert "the other process" in caught.value.help
            process.kill()
            process.wait()
            with backend.lease("ann", _PATIENCE) as lease:
                lease.check()

    def test_live_process_can_lose_its_lease(self, place: Path, backend: Backend) -> None:
        """`state unlock` frees the lease of a process that hangs, and says whose it was."""
        with self.process(place, "hold", 1, "the hanging process") as process:
            assert process.stdout is not None
            process.stdout.readline()
            assert "the hanging process" in (backend.break_lease() or "")
            with backend.lease("ann") as lease:
                lease.check()

    def test_who_oversleeps_the_lease_writes_nothing(self, place: Path, backend: Backend) -> None:
        """A holder who stops without dying loses the lease when it runs out, and what it writes then is refused."""
        if not self.notice:
            pytest.skip("a lease ends with its process alone")
        with self.process(place, "oversleep", 1, "the sleeper") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            process.send_signal(signal.SIGSTOP)
            with pytest.raises(StateLocked):
                backend.lease("ann", self.notice / 2)
            with backend.lease("ann", _PATIENCE):
                process.send_signal(signal.SIGCONT)
                output, errors = process.communicate("\n", timeout=_PATIENCE)
                assert (output, errors) == ("StateLocked\nStateLocked\n", "")
                assert backend.load().log == ()

    # Health

    def test_check_finds_nothing_wrong(self, backend: Backend) -> None:
        """A store that works passes, before and after its first write, and is not changed by it."""
        backend.check()
        assert backend.load().head == EMPTY_HEAD
        head = backend.append([b"{1}"], EMPTY_HEAD)
        backend.check()
        assert (backend.load().log, backend.load().head) == ((b"{1}",), head)


def _await_loss(lease: Lease, seconds: float) -> None:
    """Wait until a lease is noticed to be lost, which must not take longer than so many seconds."""
    until = time.monotonic() + seconds
    while True:
        try:
            lease.check()
        except StateLocked:
            return
        assert time.monotonic() < until
        time.sleep(0.05)


def _at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Make all calls at the same moment, each in a thread; return what they returned or raised."""
    start = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        start.wait(_PATIENCE)
        try:
            results[place] = call()
        except StateError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE)
    return results


def _outcome(process: subprocess.Popen[str]) -> str:
    """Wait for a process; return why it failed, or nothing."""
    _, errors = process.communicate(timeout=2 * _PATIENCE + 10 * BackendContract.rounds)
    return errors if process.returncode else ""
