"""Sets of people as blobs: what went in comes out, and damage is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.contacts import digest
from reconciler.errors import StateError
from reconciler.state import people as blobs
from reconciler.state.people import decode_broad, decode_people, encode_broad, encode_people

digests = st.binary(min_size=12, max_size=12)


@given(people=st.dictionaries(digests, digests))
def test_people_survive_the_blob(people: dict[bytes, bytes]) -> None:
    """Whoever was sent to is remembered, and equal sets have equal bytes."""
    blob = encode_people(people)
    assert decode_people(blob) == people
    assert encode_people(dict(reversed(people.items()))) == blob
    assert len(blob) == 24 * len(people)


@given(broad=st.frozensets(digests))
def test_suppression_survives_the_blob(broad: frozenset[bytes]) -> None:
    """Whoever was ever suppressed is remembered."""
    assert decode_broad(encode_broad(broad)) == broad


@given(people=st.dictionaries(digests, digests, min_size=1), data=st.data())
def test_damage_is_seen(people: dict[bytes, bytes], data: st.DataObject) -> None:
    """A blob that was cut, doubled or shuffled is refused rather than read as fewer people."""
    blob = encode_people(people)
    cut = data.draw(st.integers(1, 23))
    broad = encode_broad(frozenset(people))
    for read, damaged in (
        (decode_people, blob[:-cut]),
        (decode_people, blob + blob),
        (decode_broad, broad[:-1]),
        (decode_broad, broad + broad),
    ):
        with pytest.raises(StateError):
            read(damaged)


@pytest.mark.parametrize("people", [{b"short": b"x" * 12}, {b"x" * 12: b"short"}, {b"x" * 11: b"x" * 13}])
def test_only_digests_are_written(people: dict[bytes, bytes]) -> None:
    """Nothing but digests of twelve bytes gets into a blob: above all no number."""
    with pytest.raises(ValueError, match="12 bytes"):
        encode_people(people)
    with pytest.raises(ValueError, match="12 bytes"):
        encode_broad({b"6175550100"})


def test_the_sizes_agree() -> None:
    """State and contacts speak of digests of the same size, though neither imports the other."""
    assert blobs.SIZE == digest.SIZE
