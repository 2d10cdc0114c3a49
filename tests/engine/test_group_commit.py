"""Group commit by itself: who is cut off while he waits for company."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from reconciler.engine import group_commit
from reconciler.engine.group_commit import GroupCommit, Ticket, close


def test_who_is_cut_off_while_waiting_for_company_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt before the write: the next writer has his turn, and does not write what was given up."""
    written: list[list[Ticket]] = []

    def write(group: Sequence[Ticket]) -> None:
        written.append(list(group))
        time.sleep(2 * group_commit.QUICK)
        close(group)

    def cut_off(_seconds: float) -> None:
        raise KeyboardInterrupt

    group, (first, lost, next_one) = GroupCommit(write), [Ticket((), ()) for _ in range(3)]
    group.submit(first)
    with monkeypatch.context() as patched:
        patched.setattr(group_commit.time, "sleep", cut_off)
        with pytest.raises(KeyboardInterrupt):
            group.submit(lost)
    group.submit(next_one)
    assert written == [[first], [next_one]]
    assert not lost.done
