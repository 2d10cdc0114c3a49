"""Proofs: a head from outside finds any change of the log, and nothing but a change."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st
from reconciler.state.chain import EMPTY_HEAD, next_head
from reconciler.state.codec import decode_entry, encode_entry
from reconciler.state.fold import fold
from reconciler.state.proof import prove, seal
from reconciler.testing import state_values

logs = state_values.logs.map(lambda entries: [encode_entry(entry) for entry in entries])


def heads(log: list[bytes]) -> list[str]:
    """All heads that a log goes through."""
    return list(accumulate(log, next_head, initial=EMPTY_HEAD))


@given(logs, st.data())
def test_every_head_of_a_log_is_found_where_it_was(log: list[bytes], data: st.DataObject) -> None:
    """Whatever was written since, a head that the log once had is found after the entries that it had then."""
    at = data.draw(st.integers(0, len(log)))
    found = prove(log, heads(log)[at])
    assert (found.at, found.entries, found.head) == (at, len(log), heads(log)[-1])


@given(logs, st.data())
def test_any_change_before_a_head_is_found(log: list[bytes], data: st.DataObject) -> None:
    """An entry that is changed, left out, doubled or put elsewhere is found, however well the rest is made to fit."""
    if len(log) < 2:
        return
    kept = heads(log)[-1]
    at = data.draw(st.integers(0, len(log) - 1))
    how = data.draw(st.sampled_from(["left out", "doubled", "moved", "cut"]))
    forged = {
        "left out": [*log[:at], *log[at + 1 :]],
        "doubled": [*log[: at + 1], *log[at:]],
        "moved": [*log[:at], *log[at + 1 :], log[at]],
        "cut": log[:at],
    }[how]
    assert (prove(forged, kept).at is None) == (forged[: len(log)] != log)


@given(logs)
def test_every_intent_is_open_or_ended_as_the_state_has_it(log: list[bytes]) -> None:
    """A proof calls open exactly the requests that the state calls open."""
    state = fold(None, map(decode_entry, log))
    found = {link.intent_id for run in prove(log).runs for link in run.open}
    assert found == state.intents.keys()


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_seal_needs_the_key(one: bytes, other: bytes) -> None:
    """With another key the same head has another seal."""
    assert (seal(one, EMPTY_HEAD) == seal(other, EMPTY_HEAD)) == (one == other)
