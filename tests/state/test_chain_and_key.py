"""The hash chain of the log, and the project's key."""

from __future__ import annotations

import base64
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconciler.errors import StateError
from reconciler.state.chain import EMPTY_HEAD, next_head
from reconciler.state.key import fingerprint, new_key, parse_key

lines = st.lists(st.binary(min_size=1, max_size=6), max_size=6)


@given(lines, lines)
def test_head_vouches_for_every_line(first: list[bytes], second: list[bytes]) -> None:
    """Two logs have the same head only if they are the same log."""
    heads = [list(accumulate(log, next_head, initial=EMPTY_HEAD))[-1] for log in (first, second)]
    assert (heads[0] == heads[1]) == (first == second)
    assert all(len(head) == len(EMPTY_HEAD) for head in heads)


def test_chain_is_the_documented_one() -> None:
    """The head is the SHA-256 of the old head, a space and the line: anybody can check a log without us."""
    assert next_head(EMPTY_HEAD, b"{}") == "3533f36f59879ac3cdda4483541b8d607bcc6af2e671407a87125163ab2e500a"


@pytest.mark.parametrize(
    "write",
    [
        bytes.hex,
        lambda key: key.hex().upper() + "\n",
        lambda key: base64.b64encode(key).decode(),
        lambda key: base64.urlsafe_b64encode(key).decode().rstrip("="),
    ],
)
def test_key_is_read_however_it_was_written(write: object) -> None:
    """Hex and both alphabets of base64 give the key back."""
    for _ in range(20):
        key = new_key()
        assert parse_key(write(key)) == key  # type: ignore[operator]


@pytest.mark.parametrize(
    "text", ["", "secret", "0" * 63, "0" * 66, base64.b64encode(b"short").decode(), "é" * 64]
)
def test_what_is_not_a_key_is_refused_without_showing_it(text: str) -> None:
    """A wrong key is an error that says which forms there are, and never shows what was given."""
    with pytest.raises(StateError, match="is not a key") as caught:
        parse_key(text)
    assert not text or text not in str(caught.value) + caught.value.help


def test_fingerprint_names_a_key() -> None:
    """A fingerprint is short, stable, different for different keys, and not part of the key."""
    assert fingerprint(b"\0" * 32) == fingerprint(b"\0" * 32)
    assert fingerprint(b"\0" * 32) != fingerprint(b"\1" * 32)
    left, right = fingerprint(new_key()).split("-")
    assert len(left) == len(right) == 4
    assert bytes.fromhex(left + right)
