"""Digests: equal for equal values, whatever order they were made in, and made of any text a vendor sends."""

from hypothesis import given
from hypothesis import strategies as st
from reconciler.model.digest import digest
from reconciler.model.value import ABSENT, UNKNOWN, plain

TEXTS = st.text(st.characters(exclude_categories=()), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def turned(value):
    """The same value, every map made in the other order, every list a tuple."""
    if isinstance(value, dict):
        return {name: turned(item) for name, item in reversed(value.items())}
    return tuple(map(turned, value)) if isinstance(value, list) else value


@given(VALUES)
def test_the_order_of_names_does_not_matter(value):
    """The same settings give the same digest, also with characters that are half of a pair."""
    assert digest(turned(value), 8) == digest(value, 8)
    assert len(digest(value, 8)) == 16


@given(VALUES, VALUES)
def test_other_values_have_other_digests(one, other):
    """Two digests are equal only where the values are."""
    if digest(one, 16) == digest(other, 16):
        assert turned(one) == turned(other)


def test_what_is_missing_looks_like_no_text():
    """A value that nobody knows yet is told from a text that says so."""
    for missing in (UNKNOWN, ABSENT):
        assert digest(plain(missing), 8) != digest(plain(missing.value), 8)
