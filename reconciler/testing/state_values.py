"""Arbitrary state for property tests: Hypothesis strategies of records, intents, entries, snapshots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from reconciler.errors import StateError
from reconciler.model.address import Address, ObjectKey
from reconciler.model.state import (
    BlobRef,
    Hold,
    HoldChanged,
    Intent,
    IntentWritten,
    JobTaken,
    LogEntry,
    ObjectShown,
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
from reconciler.state.fold import Folding

_text = st.text(max_size=8)
_few_keys = [
    ObjectKey(Address("plum", "campaign", name), run, part)
    for name in ("january", "february")
    for run, part in (("", 0), ("1", 0), ("1", 1), ("2~@", 0))
]

keys = st.sampled_from(_few_keys) | st.builds(
    ObjectKey,
    st.builds(Address, *[st.text(min_size=1, max_size=5).filter(lambda text: "/" not in text)] * 3),
    _text,
    st.integers(0, 9),
)
"""Keys: often one of a few, so that entries meet."""

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _text,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=6,
)
fields = st.dictionaries(_text, values, max_size=4)
blobs = st.builds(BlobRef, st.binary(max_size=4).map(bytes.hex), st.integers(0, 10**6))
times = st.sampled_from(["2027-01-04T08:00:00+00:00", "2027-01-04T03:00:01.5-05:00"])
holds = st.builds(Hold, _text, _text, times)
reviews = st.builds(Review, _text, st.lists(_text, max_size=3).map(tuple), _text)

Built = TypeVar("Built")


def _built(make: Callable[..., Built], /, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Built]:
    """Values of these parts; `st.builds` reads the hints of all others, too, and a recursive one is not to be had."""
    return st.fixed_dictionaries(parts).map(lambda found: make(**found))


records: st.SearchStrategy[Record] = _built(
    Record,
    key=keys,
    kind=_text,
    remote_id=st.none() | _text,
    natural_key=st.none() | _text,
    marker=st.none() | _text,
    phase=st.sampled_from(Phase),
    fields=fields,
    depends_on=st.lists(keys, max_size=2).map(tuple),
    sent=st.lists(blobs, max_size=2).map(tuple),
    withdrawn=st.lists(blobs, max_size=1).map(tuple),
    running=st.booleans(),
    ended=st.none() | _text,
    protect=st.booleans(),
    imported=st.booleans(),
    generation=st.integers(0, 99),
    shown=st.integers(0, 99),
    facts=st.dictionaries(_text, _text, max_size=2),
)

intents: st.SearchStrategy[Intent] = _built(
    Intent,
    id=st.sampled_from("abcd") | _text,
    key=keys,
    kind=_text,
    operation=st.sampled_from(Operation),
    digest=_text,
    time=times,
    holder=_text,
    lookup=st.booleans(),
    arms=st.booleans(),
    contacts=st.none() | blobs,
    marker=st.none() | _text,
    natural_key=st.none() | _text,
    before=st.lists(_text, max_size=2).map(tuple),
    fields=fields,
    depends_on=st.lists(keys, max_size=2).map(tuple),
    protect=st.booleans(),
    unknown=st.booleans(),
    evidence=_text,
    handle=_text,
)

entries: st.SearchStrategy[LogEntry] = st.one_of(
    st.builds(
        StateBegun, st.just("lineage"), st.just("project"), st.none() | _text, st.integers(0, 3), times, _text
    ),
    st.builds(IntentWritten, intents),
    st.builds(JobTaken, st.sampled_from("abcd") | _text, _text, times, st.booleans()),
    st.builds(
        OutcomeWritten,
        intent_id=st.sampled_from("abcd") | _text,
        result=st.sampled_from(Result),
        time=times,
        record=st.none() | records,
        dropped=st.booleans(),
        evidence=_text,
        who=_text,
        reason=_text,
    ),
    st.builds(RecordWritten, records, times, _text, _text),
    st.builds(
        ObjectShown,
        keys,
        st.integers(0, 99),
        _text,
        times,
        st.none() | st.booleans(),
        st.none() | st.integers(0, 99),
        _text,
        st.lists(_text, max_size=2).map(tuple),
    ),
    st.builds(RecordDropped, keys, times, _text, _text),
    st.builds(RecordMoved, keys, keys, times, _text, _text),
    st.builds(
        SuppressionRemembered,
        st.dictionaries(_text, blobs, max_size=2),
        st.dictionaries(_text, st.integers(0, 99), max_size=2),
        times,
    ),
    st.builds(HoldChanged, st.none() | holds, times, _text, _text),
    st.builds(ReviewBegun, reviews, times),
)
"""Any entry, whether or not it would fit any state."""


def _fitting(candidates: list[LogEntry]) -> list[LogEntry]:
    folding = Folding()
    return [entry for entry in candidates if _added(folding.add, entry)]


def _added(add: Callable[[LogEntry], None], entry: LogEntry) -> bool:
    try:
        add(entry)
    except StateError:
        return False
    return True


def _all_of(candidates: list[LogEntry]) -> Snapshot:
    folding = Folding()
    for entry in _fitting(candidates):
        folding.add(entry)
    return folding.snapshot()


_candidates: st.SearchStrategy[list[Any]] = st.lists(entries, max_size=25)

logs: st.SearchStrategy[list[LogEntry]] = _candidates.map(_fitting)
"""Entries of which each fits the state that those before it lead to."""

snapshots: st.SearchStrategy[Snapshot] = _candidates.map(_all_of)
"""States that some log leads to."""
