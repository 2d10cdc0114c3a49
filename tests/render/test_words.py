"""Words: numbers, moments and values, short and never misleading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.address import Address, ObjectKey
from reconciler.model.value import ABSENT, UNKNOWN, Reference, Value
from reconciler.render import words
from reconciler.render.sheet import width_of

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=60)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(st.text(max_size=8), inner),
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (UNKNOWN, "(known after apply)"),
        (ABSENT, "(not visible)"),
        (None, "(none)"),
        (True, "true"),
        ("", '""'),
        (" x", '" x"'),
        (("mon", "wed"), "mon wed"),
        (("a b", "c"), "a b, c"),
        ((), "(none)"),
        ({"start": "08:00", "days": ("mon",)}, "{start: 08:00, days: mon}"),
        (Reference(ObjectKey(Address("plum", "schedule", "days"))), "days"),
        ("https://ana:secret@host/x?token=abc&lang=en", "https://***@host/x?token=***&lang=en"),
        ({"password": "p", "speed": 3}, "{password: (not shown), speed: 3}"),
    ],
)
def test_values_read_as_words(value: Value, shown: str) -> None:
    """A value reads as a person would say it, and what is secret in it is not said."""
    assert words.value(value) == shown


@given(before=values, after=values, width=st.integers(24, 120))
def test_what_differs_looks_different(before: Value, after: Value, width: int) -> None:
    """However short two values are cut, a reader sees that they differ."""
    first, second = words.before_and_after("field", before, after, width, "…")
    if before != after:
        assert first != second


@given(start=st.text(max_size=200), ends=st.tuples(st.text(max_size=99), st.text(max_size=99)))
def test_long_values_are_cut(start: str, ends: tuple[str, str]) -> None:
    """Two long values share one line with their arrow, wherever they differ."""
    pair = words.before_and_after("url", start + ends[0], start + ends[1], 60, "…")
    if "not shown" not in pair[1] and pair[0] != pair[1]:
        assert sum(map(width_of, pair)) <= 64 + 2 * 30


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2027-01-04T08:00:00-05:00", "Mon 2027-01-04 08:00 -05:00"),
        ("2027-01-04T08:00:00+00:00", "Mon 2027-01-04 08:00 Z"),
        ("2027-01-04T08:00:59.123456Z", "Mon 2027-01-04 08:00 Z"),
        ("soon", "soon"),
    ],
)
def test_moments_keep_their_own_offset(text: str, shown: str) -> None:
    """A moment is shown in its own offset, never in the reader's zone or language."""
    assert words.moment(text, weekday=True) == shown


def test_counting() -> None:
    """Numbers have separators, and one is one."""
    assert (words.people(1), words.people(4120)) == ("1 person", "4,120 people")
    assert words.fingerprint("blake2b:91fd2c07aa") == "91fd-2c07"
