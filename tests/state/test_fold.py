"""What log entries add up to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from reconciler.errors import StateError
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
    Phase,
    Record,
    RecordDropped,
    RecordMoved,
    RecordWritten,
    Result,
    Review,
    ReviewBegun,
    Snapshot,
    StateBegun,
    SuppressionRemembered,
)
from reconciler.state.codec import decode_snapshot, encode_snapshot
from reconciler.state.fold import Folding, fold
from reconciler.testing import state_values

TIME = "2027-01-04T08:00:00+00:00"
JANUARY = Address("plum", "campaign", "january")
RUN = ObjectKey(JANUARY, "1")
SCHEDULE = ObjectKey(Address("plum", "schedule", "weekdays"))
RECORD = Record(RUN, "campaign", "17", depends_on=(SCHEDULE,))
INTENT = Intent("i1", RUN, "campaign", Operation.CREATE, "d", TIME, "ci", lookup=True)


ARMED = replace(RECORD, phase=Phase.ARMED)
ENDED = replace(RECORD, phase=Phase.ENDED)


def record(entry: Record) -> RecordWritten:
    """Write a record."""
    return RecordWritten(entry, TIME, "who", "why")


def outcome(result: Result, **more: object) -> OutcomeWritten:
    """Settle the intent."""
    return OutcomeWritten("i1", result, TIME, **more)  # type: ignore[arg-type]


def move(source: ObjectKey, target: ObjectKey) -> RecordMoved:
    """Give an object another key."""
    return RecordMoved(source, target, TIME, "who", "why")


def dropped(key: ObjectKey) -> RecordDropped:
    """Forget an object."""
    return RecordDropped(key, TIME, "who", "why")


@pytest.mark.slow
@given(state_values.snapshots, state_values.logs, st.integers(0, 25))
def test_folding_in_two_steps_is_folding_in_one(snapshot: Snapshot, log: list[LogEntry], cut: int) -> None:
    """A snapshot taken anywhere stands for everything before it."""
    fitting = []
    folding = Folding(snapshot)
    for entry in log:
        try:
            folding.add(entry)
        except StateError:
            continue
        fitting.append(entry)
    first, second = fitting[:cut], fitting[cut:]
    stored = decode_snapshot(encode_snapshot(fold(snapshot, first)))
    assert fold(stored, second) == fold(snapshot, fitting) == folding.snapshot()


@given(state_values.snapshots, st.lists(state_values.entries, max_size=8))
def test_entry_is_taken_in_whole_or_not_at_all(snapshot: Snapshot, entries: list[LogEntry]) -> None:
    """An entry that contradicts the state leaves it exactly as it was."""
    folding = Folding(snapshot)
    for entry in entries:
        before = folding.snapshot()
        try:
            folding.add(entry)
        except StateError:
            assert folding.snapshot() == before
        else:
            assert folding.serial == before.serial + 1


@given(state_values.snapshots, st.lists(st.lists(state_values.entries, max_size=4), max_size=4))
def test_rehearsal_leaves_no_trace(snapshot: Snapshot, groups: list[list[LogEntry]]) -> None:
    """What is only tried does not change the state, and each group is tried whole or not at all."""
    folding = Folding(snapshot)
    with folding.rehearsal():
        for group in groups:
            before = folding.snapshot()
            try:
                folding.rehearse(group)
            except StateError:
                assert folding.snapshot() == before
            else:
                assert folding.snapshot() == fold(before, group)
    assert folding.snapshot() == snapshot


@given(state_values.logs)
def test_serial_counts_entries(log: list[LogEntry]) -> None:
    """The serial number is the number of entries since the lineage began."""
    assert fold(None, log).serial == len(log)


def test_what_is_given_stays_as_it_is() -> None:
    """Folding onto a snapshot, and going on after taking one, changes neither."""
    start = fold(None, [record(RECORD)])
    folding = Folding(start)
    taken = folding.snapshot()
    folding.add(dropped(RUN))
    assert start.records == taken.records == {RUN: RECORD}


def test_intent_stays_open_until_its_outcome() -> None:
    """An intent is open from its entry on, and its outcome closes it and says what the object is now."""
    begun = fold(None, [IntentWritten(INTENT)])
    assert begun.intents == {"i1": INTENT}
    ended = fold(begun, [outcome(Result.DONE, record=RECORD)])
    assert (ended.intents, ended.records) == ({}, {RUN: RECORD})


def test_unknown_outcome_keeps_the_intent_open() -> None:
    """Nobody knows how it ended, so it stays, marked, with the evidence, until somebody settles it."""
    state = fold(None, [IntentWritten(INTENT), outcome(Result.UNKNOWN, evidence="timed out")])
    assert state.intents == {"i1": replace(INTENT, unknown=True, evidence="timed out")}
    assert fold(state, [outcome(Result.ASSUMED, who="ann")]).intents == {}


@pytest.mark.parametrize("result", [result for result in Result if result is not Result.UNKNOWN])
def test_every_other_result_closes_the_intent(result: Result) -> None:
    """However an intent ended, it is open no longer, and the record stays unless it is said otherwise."""
    state = fold(None, [record(RECORD), IntentWritten(INTENT), outcome(result)])
    assert (state.intents, state.records) == ({}, {RUN: RECORD})


def test_outcome_can_drop_what_was_inert() -> None:
    """The inert is disposable: its record goes with it."""
    entries = [record(RECORD), IntentWritten(INTENT), outcome(Result.DONE, dropped=True)]
    assert fold(None, entries).records == {}


@pytest.mark.parametrize(
    "entries",
    [
        [outcome(Result.DONE)],
        [IntentWritten(INTENT), IntentWritten(INTENT)],
        [IntentWritten(INTENT), outcome(Result.DONE), outcome(Result.DONE)],
        [IntentWritten(INTENT), outcome(Result.DONE, record=RECORD, dropped=True)],
        [IntentWritten(INTENT), outcome(Result.DONE, record=replace(RECORD, key=SCHEDULE))],
        [record(ARMED), record(RECORD)],
        [record(ENDED), record(ARMED)],
        [record(ARMED), IntentWritten(INTENT), outcome(Result.DONE, record=RECORD)],
        [record(ARMED), IntentWritten(INTENT), outcome(Result.DONE, dropped=True)],
        [record(ENDED), IntentWritten(INTENT), outcome(Result.DONE, dropped=True)],
        [dropped(RUN)],
        [move(RUN, SCHEDULE)],
        [record(RECORD), record(replace(RECORD, key=SCHEDULE)), move(RUN, SCHEDULE)],
        [StateBegun("a", "p", None, 1, TIME, "who"), StateBegun("b", "p", None, 1, TIME, "who")],
        [StateBegun("a", "p", None, 1, TIME, "who"), StateBegun("a", "q", None, 1, TIME, "who")],
    ],
)
def test_contradiction_is_refused(entries: list[LogEntry]) -> None:
    """What cannot be true after what came before is an error: above all, a run never goes back in phase."""
    *before, last = entries
    state = fold(None, before)
    with pytest.raises(StateError) as caught:
        fold(state, [last])
    assert caught.value.code == "STA05"


def test_address_moves_with_all_its_runs() -> None:
    """A moved address takes its runs, its open intents and every reference to it along."""
    parts = [RUN, ObjectKey(JANUARY, "1", 1), ObjectKey(JANUARY, "2")]
    follower = Record(SCHEDULE, "schedule", "3", depends_on=(RUN,))
    start = [*[record(replace(RECORD, key=key)) for key in parts], record(follower), IntentWritten(INTENT)]
    february = Address("plum", "campaign", "february")
    state = fold(None, [*start, move(ObjectKey(JANUARY), ObjectKey(february))])
    moved = [replace(key, address=february) for key in parts]
    assert set(state.records) == {*moved, SCHEDULE}
    assert all(state.records[key].key == key for key in moved)
    assert state.records[SCHEDULE].depends_on == (moved[0],)
    assert state.intents["i1"].key == moved[0]


def test_one_run_moves_alone() -> None:
    """Where a run is named, the others stay."""
    other = ObjectKey(JANUARY, "2")
    target = ObjectKey(Address("plum", "campaign", "february"), "1")
    state = fold(None, [record(RECORD), record(replace(RECORD, key=other)), move(RUN, target)])
    assert set(state.records) == {target, other}


def test_suppression_only_grows() -> None:
    """Whom a list ever held is remembered as its own beside what is new, once."""
    old, new = BlobRef("aa", 3), BlobRef("bb", 1)
    seen = ((old, 3), (old, 3), (new, 4))
    entries = [SuppressionRemembered({"dnc": blob}, {"dnc": count}, TIME) for blob, count in seen]
    state = fold(None, [*entries, SuppressionRemembered({"other": new}, {"other": 1}, TIME)])
    assert state.suppressed == {"dnc": (old, new), "other": (new,)}
    assert state.blacklists == {"dnc": 4, "other": 1}


def test_hold_needs_no_beginning() -> None:
    """A brake can be set before there is any state, and the state that then begins is held."""
    hold = Hold("stop", "ann", TIME)
    begun = StateBegun("l", "p", "7c1e-90ab", 2, TIME, "ci")
    state = fold(None, [HoldChanged(hold, TIME, "ann", "stop"), begun])
    assert (state.hold, state.lineage, state.key_fingerprint, state.normaliser) == (hold, "l", "7c1e-90ab", 2)
    assert fold(state, [HoldChanged(None, TIME, "ann", "over")]).hold is None


def _does(who: str) -> tuple[LogEntry, ...]:
    """Entries by which somebody does something."""
    return (
        IntentWritten(replace(INTENT, id=f"of {who}", holder=who)),
        RecordWritten(RECORD, TIME, who, "stop"),
        HoldChanged(Hold("stop", who, TIME), TIME, who, "stop"),
    )


@pytest.mark.parametrize("kind", range(3))
def test_review_ends_with_what_anybody_else_does(kind: int) -> None:
    """A review that was begun stands while its own apply works, takes in replies whoever asked, and no longer."""
    review = Review("a review", ("a pin",), "ann")
    state = fold(None, [ReviewBegun(review, TIME), _does("ann")[kind]])
    assert state.review == review
    again = fold(state, [ReviewBegun(replace(review, who="carol"), TIME), _does("carol")[kind]])
    assert again.review == replace(review, who="carol")
    assert fold(again, [_does("bob")[kind]]).review is None
    assert decode_snapshot(encode_snapshot(again)).review == again.review
