"""The form of the state as bytes."""

from __future__ import annotations

import json
from types import MappingProxyType

import pytest
from hypothesis import given
from msgspec.structs import replace
from reconciler.errors import StateError
from reconciler.model.address import Address, ObjectKey
from reconciler.model.state import (
    FORMAT,
    HoldChanged,
    LogEntry,
    Record,
    RecordDropped,
    RecordWritten,
    Snapshot,
)
from reconciler.model.value import ABSENT, UNKNOWN, Reference
from reconciler.state.codec import decode_entry, decode_snapshot, encode_entry, encode_snapshot
from reconciler.testing import state_values

KEY = ObjectKey(Address("plum", "campaign", "january"), "2027-01")
RECORD = Record(KEY, "campaign", "17", fields={"title": "January"})


def written(record: Record) -> bytes:
    """Write a record as a log line."""
    return encode_entry(RecordWritten(record, "2027-01-04T08:00:00+00:00", "ci", "test"))


@given(state_values.entries)
def test_entry_survives(entry: LogEntry) -> None:
    """Whatever entry is written is read back as the same entry."""
    assert decode_entry(encode_entry(entry)) == entry


@given(state_values.snapshots)
def test_snapshot_survives(snapshot: Snapshot) -> None:
    """Whatever snapshot is written is read back as the same snapshot."""
    assert decode_snapshot(encode_snapshot(snapshot)) == snapshot


@pytest.mark.slow
@given(state_values.snapshots)
def test_same_state_has_same_bytes(snapshot: Snapshot) -> None:
    """The order in which records came to be does not show in the bytes."""
    backwards = dict(reversed(list(snapshot.records.items())))
    assert encode_snapshot(replace(snapshot, records=backwards)) == encode_snapshot(snapshot)


@given(state_values.entries)
def test_line_is_plain(entry: LogEntry) -> None:
    """An entry is one line of printable ASCII, so that no value can end a line or reach a terminal."""
    line = encode_entry(entry)
    assert all(32 <= byte < 127 for byte in line)
    assert list(json.loads(line)) == sorted(json.loads(line))


def test_kinds_of_values_survive() -> None:
    """Tuples come back as tuples, mappings as dicts, and a whole float is still a float."""
    fields = {"days": ("mon", ("tue", {"a": ()})), "rate": 1.0, "limit": 1, "on": True, "none": None}
    entry = decode_entry(written(replace(RECORD, fields=MappingProxyType(fields))))
    assert isinstance(entry, RecordWritten)
    assert entry.record.fields == fields
    assert {name: repr(value) for name, value in entry.record.fields.items()} == {
        name: repr(value) for name, value in fields.items()
    }


@pytest.mark.parametrize(
    "value",
    [Reference(KEY), UNKNOWN, ABSENT, float("nan"), float("inf"), b"bytes", {"a": (UNKNOWN,)}, {1: "number"}],
    ids=str,
)
def test_what_is_not_settled_is_refused(value: object) -> None:
    """References and values that nobody knows yet never get into state, nor does what JSON cannot say."""
    with pytest.raises(StateError) as caught:
        written(replace(RECORD, fields={"field": value}))  # type: ignore[dict-item]
    assert caught.value.code == "STA05"


def test_refusal_does_not_show_the_value() -> None:
    """An error about a value names its type alone, since the value may be anything."""
    with pytest.raises(StateError) as caught:
        written(replace(RECORD, fields={"field": b"+16175550100"}))  # type: ignore[dict-item]
    assert "6175550100" not in str(caught.value)


@pytest.mark.parametrize("name", ["a/b", "/", "a/"])
def test_address_that_would_not_read_back_is_refused(name: str) -> None:
    """A name with a slash would be read back as another address, so it is not written."""
    with pytest.raises(StateError):
        encode_entry(RecordDropped(ObjectKey(Address("plum", "campaign", name)), "t", "who", "why"))


def test_newer_format_is_refused_by_name() -> None:
    """A newer tool's state is refused with both formats named and the way to upgrade."""
    data = encode_snapshot(Snapshot("lineage", "project")).replace(b'"format":1', b'"format":2')
    with pytest.raises(StateError, match=rf"state has format 2, this tool knows {FORMAT}") as caught:
        decode_snapshot(data)
    assert "upgrade" in caught.value.help
    assert caught.value.code == "STA01"


@pytest.mark.parametrize(
    "line",
    [
        b'{"entry":"teleported"}',
        b'{"entry":"hold","hold":null,"reason":"","time":"","who":"","until":"tomorrow"}',
        b'{"entry":"dropped","key":{"address":"plum/campaign/x","planet":1},"reason":"","time":"","who":""}',
        b'{"entry":"dropped","key":"plum/campaign/x","reason":"","time":"","who":""}',
        b'{"entry":"dropped"}',
        b'{"entry":"record","reason":"","record":{"key":{"address":"a/b/c"},"phase":"melted"},"time":"","who":""}',
    ],
)
def test_unknown_form_is_refused(line: bytes) -> None:
    """What a newer tool may have added is refused rather than dropped in silence."""
    with pytest.raises(StateError) as caught:
        decode_entry(line)
    assert caught.value.code == "STA01"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b'{"format":1', b"\xff\xfe", b"[" * 100_000, b"NaN"]
)
def test_what_is_not_json_is_refused(data: bytes) -> None:
    """Bytes that are not a JSON object are damage, for entries and snapshots alike."""
    for decode in (decode_entry, decode_snapshot):
        with pytest.raises(StateError) as caught:
            decode(data)
        assert caught.value.code == "STA03"


def test_defaults_are_left_out() -> None:
    """A record that says little takes few bytes."""
    assert encode_entry(HoldChanged(None, "t", "w", "r")) == (
        b'{"entry":"hold","hold":null,"reason":"r","time":"t","who":"w"}'
    )
    assert b"depends_on" not in written(RECORD)
