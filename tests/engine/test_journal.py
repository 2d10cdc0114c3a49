"""The engine's handle on the state."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from reconciler.backends.base import Backend
from reconciler.backends.local import LocalBackend
from reconciler.backends.memory import Fault, MemoryBackend
from reconciler.engine import journal as module
from reconciler.engine.holding import is_loud
from reconciler.engine.journal import Journal
from reconciler.errors import HeadMoved, Held, StateError
from reconciler.model.address import Address, ObjectKey
from reconciler.model.state import (
    BlobRef,
    Hold,
    HoldChanged,
    Intent,
    IntentWritten,
    LogEntry,
    Operation,
    OutcomeWritten,
    Record,
    RecordWritten,
    Result,
)
from reconciler.state.fold import fold
from reconciler.testing import state_values

TIME = "2027-01-04T08:00:00+00:00"
KEY = ObjectKey(Address("plum", "campaign", "january"), "1")
INTENT = Intent("i", KEY, "campaign", Operation.UPDATE, "digest", TIME, "ci", lookup=True)
HOLD = Hold("wrong list", "ann", TIME)
SET = HoldChanged(HOLD, TIME, "ann", "wrong list")
RELEASED = HoldChanged(None, TIME, "ann", "mended")


def opened(backend: Backend, holder: str = "ci") -> Journal:
    """Open a journal as a process of its own would."""
    return Journal(backend, holder=holder, clock=lambda: TIME)


def begun(backend: Backend) -> Journal:
    """Open a journal on a state that has begun."""
    journal = opened(backend)
    journal.begin("project", "7c1e-90ab", 1)
    return journal


def intent(name: str, **changes: object) -> IntentWritten:
    """Announce something; by default something that no hold forbids."""
    return IntentWritten(replace(INTENT, id=name, **changes))  # type: ignore[arg-type]


def record(run: str) -> RecordWritten:
    """Say that a run is ours."""
    return RecordWritten(Record(replace(KEY, run=run), "campaign", run), TIME, "ci", "test")


def at_once(calls: Sequence[Callable[[], object]]) -> list[Exception | None]:
    """Make all calls at the same time, each in a thread; return what each raised."""
    errors: list[Exception | None] = [None] * len(calls)

    def run(place: int) -> None:
        try:
            calls[place]()
        except Exception as error:  # noqa: BLE001 - the caller looks at it
            errors[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return errors


# Reading and beginning


def test_empty_state_is_a_state() -> None:
    """Before the first entry there is a snapshot with nothing in it, and opening it writes nothing."""
    backend = MemoryBackend()
    journal = opened(backend)
    assert (journal.snapshot.lineage, journal.snapshot.records, journal.serial) == ("", {}, 0)
    assert backend.appends == 0


def test_lineage_begins_once() -> None:
    """The first command begins the lineage; later ones find it and write nothing."""
    backend = MemoryBackend()
    first = begun(backend)
    second = begun(backend)
    assert first.snapshot == second.snapshot
    assert (second.snapshot.project_id, second.snapshot.key_fingerprint) == ("project", "7c1e-90ab")
    assert first.snapshot.lineage
    assert backend.appends == 1


def test_key_is_named_when_there_is_one() -> None:
    """A lineage that began without a key gets its first one; a different key is not taken over."""
    backend = MemoryBackend()
    opened(backend).begin("project", None, 1)
    begun(backend)
    opened(backend).begin("project", "ffff-ffff", 1)
    assert opened(backend).snapshot.key_fingerprint == "7c1e-90ab"


def test_state_of_another_project_is_refused() -> None:
    """A copied backend or project_id is found out before anything is planned on it."""
    backend = MemoryBackend()
    begun(backend)
    with pytest.raises(StateError, match="'project', not 'other'") as caught:
        opened(backend).begin("other", "7c1e-90ab", 1)
    assert caught.value.code == "STA04"


def test_what_is_written_is_read_by_the_next(tmp_path: Path) -> None:
    """A new process finds exactly the state that the last one had."""
    journal = begun(LocalBackend(tmp_path / "state"))
    journal.write(record("1"), intent("a"))
    ref = journal.write_blob(b"people", 2)
    assert journal.read_blob(ref) == b"people"
    journal.write(OutcomeWritten("a", Result.UNKNOWN, TIME, evidence="timed out"))
    following = opened(LocalBackend(tmp_path / "state"))
    assert following.snapshot == journal.snapshot
    assert following.head == journal.head
    assert following.read_blob(ref) == b"people"
    assert ref.count == 2
    assert following.intent("a") == journal.snapshot.intents["a"]
    assert following.record(KEY) == journal.snapshot.records[KEY]


def test_snapshot_in_hand_never_changes() -> None:
    """Whoever holds a snapshot may read it at leisure while others write."""
    journal = begun(MemoryBackend())
    before = journal.snapshot
    assert journal.snapshot is before
    journal.write(record("1"))
    assert before.records == {}
    assert set(journal.snapshot.records) == {KEY}


# Writing


def test_writers_are_grouped_into_one_append() -> None:
    """Many who write at once share appends: with a slow backend, far fewer than writers."""
    backend = MemoryBackend(latency=0.02)
    journal = begun(backend)
    already = backend.appends
    errors = at_once([lambda number=number: journal.write(record(str(number))) for number in range(30)])
    assert errors == [None] * 30
    assert len(opened(backend).snapshot.records) == 30
    assert backend.appends - already <= 10


@pytest.mark.slow
@pytest.mark.parametrize("backend_name", ["memory", "local"])
def test_order_of_each_writer_is_kept(tmp_path: Path, backend_name: str) -> None:
    """Whatever is grouped with what, each thread's entries stand in the order in which it wrote them."""
    backend: Backend = MemoryBackend() if backend_name == "memory" else LocalBackend(tmp_path / "state")
    journal = begun(backend)

    def work(thread: int) -> None:
        for number in range(25):
            journal.write(intent(f"{thread}/{number}"))
            assert journal.intent(f"{thread}/{number}") is not None
            journal.write(OutcomeWritten(f"{thread}/{number}", Result.DONE, TIME))
            assert journal.intent(f"{thread}/{number}") is None

    assert at_once([lambda thread=thread: work(thread) for thread in range(6)]) == [None] * 6
    assert opened(backend).snapshot == journal.snapshot
    assert journal.serial == 1 + 6 * 25 * 2


def test_entry_is_durable_when_write_returns() -> None:
    """Nothing that a snapshot shows, or for which write has returned, can be missing in the backend."""
    backend = MemoryBackend(latency=0.001)
    journal = begun(backend)

    def work(number: int) -> None:
        journal.write(intent(str(number)))
        assert str(number) in opened(backend).snapshot.intents

    assert at_once([lambda number=number: work(number) for number in range(8)]) == [None] * 8


def test_contradiction_harms_nobody_else() -> None:
    """An entry that contradicts the state is refused before it is stored; those it was grouped with go on."""
    backend = MemoryBackend(latency=0.01)
    journal = begun(backend)
    wrong = OutcomeWritten("never", Result.DONE, TIME)
    calls = [
        lambda number=number: journal.write(record(str(number)), *[wrong] * (number % 2))
        for number in range(10)
    ]
    errors = at_once(calls)
    assert [isinstance(error, StateError) for error in errors] == [False, True] * 5
    assert {key.run for key in journal.snapshot.records} == {"0", "2", "4", "6", "8"}
    assert opened(backend).snapshot == journal.snapshot


def test_writing_nothing_is_nothing() -> None:
    """No entries cost no append."""
    backend = MemoryBackend()
    opened(backend).write()
    assert backend.appends == 0


# Failed writes


@pytest.mark.parametrize("fault", list(Fault))
def test_failed_write_stops_all_writing(fault: Fault) -> None:
    """After a write that failed nobody knows what is stored, so nothing is written, or sent, until it is read again."""
    backend = MemoryBackend()
    journal = begun(backend)
    before = journal.snapshot
    backend.fail_next_append(fault)
    with pytest.raises(StateError, match="fault"):
        journal.write(record("1"))
    assert journal.snapshot == before
    with pytest.raises(StateError, match="failed before"):
        journal.write(record("2"))
    unseen = journal.refresh()
    assert unseen == ((record("1"),) if fault is Fault.AFTER else ())
    journal.write(record("2"))
    assert journal.snapshot == opened(backend).snapshot
    assert len(journal.snapshot.records) == len(unseen) + 1


def test_failed_write_fails_for_all_in_the_group() -> None:
    """Everyone whose entries were in the append that failed is told."""
    backend = MemoryBackend(latency=0.02)
    journal = begun(backend)
    backend.fail_next_append(Fault.BEFORE)
    errors = at_once([lambda number=number: journal.write(record(str(number))) for number in range(8)])
    assert all(isinstance(error, StateError) for error in errors)
    assert journal.snapshot.records == {}


def test_interrupt_leaves_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that ends a write in the middle counts as a failed write, and later writers are told at once."""
    backend = MemoryBackend()
    journal = begun(backend)

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(backend, "append", interrupted)
        with pytest.raises(KeyboardInterrupt):
            journal.write(record("1"))
    with pytest.raises(StateError, match="failed before"):
        journal.write(record("2"))
    journal.refresh()
    journal.write(record("2"))


def test_interrupt_between_two_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that were stored, but taken in by half when a signal came, are taken in once and whole."""
    backend = MemoryBackend()
    journal = begun(backend)

    def half(self: Journal, entries: Sequence[LogEntry], _head: str) -> None:
        self._folding.add(entries[0])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_take_in", half)
        with pytest.raises(KeyboardInterrupt):
            journal.write(intent("a"), intent("b"))
    assert journal.refresh() == (intent("a"), intent("b"))
    assert journal.snapshot == opened(backend).snapshot
    assert set(journal.snapshot.intents) == {"a", "b"}


def test_backend_that_contradicts_itself_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the head is said to have moved and nothing new is there, the write fails."""
    backend = MemoryBackend()
    journal = begun(backend)
    monkeypatch.setattr(backend, "_expect", lambda _: (_ for _ in ()).throw(HeadMoved("moved")))
    for entry in (record("1"), SET):
        with pytest.raises(HeadMoved):
            journal.write(entry)


# Other writers


def test_foreign_entry_is_noticed() -> None:
    """What was decided on an older state is not written, until the state is read again."""
    backend = MemoryBackend()
    mine, theirs = begun(backend), opened(backend)
    theirs.write(record("1"))
    for _ in range(2):
        with pytest.raises(HeadMoved):
            mine.write(record("2"))
    assert mine.refresh() == (record("1"),)
    mine.write(record("2"))
    assert theirs.refresh() == (record("2"),)
    assert mine.snapshot == theirs.snapshot == opened(backend).snapshot
    assert mine.refresh() == ()


LOUD = [
    intent("a", operation=Operation.START),
    intent("a", operation=Operation.RESUME),
    intent("a", operation=Operation.APPEND),
    intent("a", operation=Operation.UPDATE, arms=True),
    intent("a", operation=Operation.CREATE, contacts=BlobRef("aa", 3)),
]
QUIET = [
    intent("a", operation=Operation.STOP),
    intent("a", operation=Operation.PAUSE),
    intent("a", operation=Operation.DELETE),
    intent("a", operation=Operation.UPDATE),
    intent("a", operation=Operation.APPEND, key=ObjectKey(Address("rvm", "blacklist", "dnc"))),
    record("1"),
]


@pytest.mark.parametrize("entry", LOUD, ids=lambda entry: entry.intent.operation.value)
@pytest.mark.parametrize("local", [False, True], ids=["memory", "local"])
def test_hold_of_another_process_brakes(tmp_path: Path, entry: IntentWritten, *, local: bool) -> None:
    """A hold that another process sets, without any lock, keeps the next loud intent from being written."""
    backends = [LocalBackend(tmp_path / "state") for _ in range(2)] if local else [MemoryBackend()] * 2
    applying = begun(backends[0])
    opened(backends[1], "ann").write(SET)
    for _ in range(2):
        with pytest.raises(Held, match="wrong list") as caught:
            applying.write(entry)
    assert (caught.value.exit_code, caught.value.failure_reason) == (6, "held")
    assert "hold release" in caught.value.help
    assert opened(backends[1]).snapshot.intents == {}
    assert applying.hold == HOLD
    opened(backends[1], "ann").write(RELEASED)
    applying.write(record("1"))
    applying.write(entry)


@pytest.mark.parametrize("entry", QUIET, ids=str)
def test_hold_lets_the_quiet_through(entry: LogEntry) -> None:
    """Under a hold everything that silences, records or settles is still written."""
    backend = MemoryBackend()
    applying = begun(backend)
    opened(backend, "ann").write(SET)
    applying.write(entry)
    assert applying.snapshot == opened(backend).snapshot
    assert applying.snapshot.hold == HOLD


def test_hold_brakes_the_loud_alone() -> None:
    """Of the writers in one group only the loud ones are held."""
    backend = MemoryBackend(latency=0.02)
    applying = begun(backend)
    opened(backend, "ann").write(SET)
    entries = [intent(str(number), arms=number % 2 == 0) for number in range(8)]
    errors = at_once([lambda entry=entry: applying.write(entry) for entry in entries])
    assert [isinstance(error, Held) for error in errors] == [True, False] * 4
    assert set(applying.snapshot.intents) == {"1", "3", "5", "7"}


def test_hold_with_something_else_is_not_passed_over() -> None:
    """A hold does not hide that somebody else also changed the state."""
    backend = MemoryBackend()
    applying = begun(backend)
    opened(backend, "ann").write(SET, record("1"))
    with pytest.raises(HeadMoved):
        applying.write(record("2"))
    assert applying.refresh() == (SET, record("1"))


def test_brake_passes_whatever_others_write() -> None:
    """Setting a hold never fails because somebody else is writing; what else is written still notices them."""
    backend = MemoryBackend()
    braking, applying = begun(backend), opened(backend)
    applying.write(record("1"))
    braking.write(SET)
    assert opened(backend).snapshot.hold == HOLD
    assert set(braking.snapshot.records) == {KEY}
    with pytest.raises(HeadMoved):
        braking.write(record("2"))
    assert braking.refresh() == (record("1"),)
    braking.write(record("2"))


def test_brake_against_a_busy_writer() -> None:
    """A hold gets in between the entries of an apply that writes without pause, and ends its loud ones."""
    backend = MemoryBackend()
    applying = begun(backend)
    started = threading.Event()

    def apply() -> None:
        for number in range(100_000):
            applying.write(intent(str(number), operation=Operation.START))
            started.set()

    def brake() -> None:
        started.wait(10)
        opened(backend, "ann").write(SET)

    errors = at_once([apply, brake])
    assert isinstance(errors[0], Held)
    assert errors[1] is None
    assert list(backend.history())[-1].startswith(b'{"entry":"hold"')


def test_state_that_was_replaced_is_refused() -> None:
    """If what is stored does not continue what was read, nothing goes on as if it did."""
    backend, other = MemoryBackend(), MemoryBackend()
    mine = begun(backend)
    begun(other).write(record("1"))
    backend._lines, backend._head = other._lines, other._head
    with pytest.raises(StateError, match="does not continue"):
        mine.write(record("2"))
    with pytest.raises(StateError, match="does not continue"):
        mine.refresh()


@pytest.mark.slow
@given(state_values.logs.filter(bool), st.data())
def test_damage_is_never_misread(log: list[LogEntry], data: st.DataObject) -> None:
    """A log cut or changed at any byte gives a state that once was, or is refused."""
    with tempfile.TemporaryDirectory() as folder:
        opened(LocalBackend(folder)).write(*log)
        states = [fold(None, log[:count]) for count in range(len(log) + 1)]
        path = Path(folder) / "log-000001.jsonl"
        written = path.read_bytes()
        place = data.draw(st.integers(0, len(written) - 1))
        path.write_bytes(written[:place])
        assert opened(LocalBackend(folder)).snapshot == states[written[:place].count(b"\n")]
        flipped = written[place] ^ data.draw(st.integers(1, 255))
        path.write_bytes(written[:place] + bytes([flipped]) + written[place + 1 :])
        with pytest.raises(StateError):
            opened(LocalBackend(folder))


# Compaction


def test_compaction_when_there_is_more_log_than_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long log gives way to a snapshot of the same state; a short one is left alone."""
    monkeypatch.setattr(module, "_LARGE", 10)
    backend = MemoryBackend()
    journal = begun(backend)
    assert not journal.compact_if_large()
    for number in range(12):
        journal.write(intent(str(number)), OutcomeWritten(str(number), Result.DONE, TIME))
    assert journal.compact_if_large()
    assert not journal.compact_if_large()
    stored = backend.load()
    assert (stored.log, stored.head) == ((), journal.head)
    assert opened(backend).snapshot == journal.snapshot
    journal.write(record("1"))
    assert opened(backend).snapshot == journal.snapshot


def test_compaction_by_another_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that another wrote are found though a snapshot already stands for them."""
    monkeypatch.setattr(module, "_LARGE", 2)
    backend = MemoryBackend()
    mine, theirs = begun(backend), opened(backend)
    theirs.write(record("1"))
    theirs.write(SET)
    assert theirs.compact_if_large()
    theirs.write(record("2"))
    assert mine.refresh() == (record("1"), SET, record("2"))
    assert mine.snapshot == theirs.snapshot
    mine.write(record("3"))


def test_hold_before_anothers_snapshot_still_brakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hold that was compacted away before it was noticed holds all the same."""
    monkeypatch.setattr(module, "_LARGE", 1)
    backend = MemoryBackend()
    mine, theirs = begun(backend), opened(backend)
    theirs.write(SET)
    assert theirs.compact_if_large()
    with pytest.raises(Held):
        mine.write(intent("a", arms=True))


def test_compaction_gives_way_to_other_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot that would lack another's entry is not stored, which is no error."""
    monkeypatch.setattr(module, "_LARGE", 1)
    backend = MemoryBackend()
    mine, theirs = begun(backend), opened(backend)
    theirs.write(record("1"))
    assert not mine.compact_if_large()
    assert opened(backend).snapshot == theirs.snapshot


@pytest.mark.slow
def test_writing_costs_the_same_in_a_large_state() -> None:
    """One more entry does not go over all the others: a thousand writes into ten thousand records take moments."""
    journal = begun(MemoryBackend())
    journal.write(*[record(str(number)) for number in range(10_000)])
    started = time.perf_counter()
    for number in range(1000):
        journal.write(intent(str(number)))
    assert time.perf_counter() - started < 2
    assert all(is_loud(entry.intent) for entry in LOUD)
