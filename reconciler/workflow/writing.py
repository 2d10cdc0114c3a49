"""Writing the state in a hurry: without a lock if somebody has it, and again if somebody else wrote first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from reconciler.engine.journal import Journal
from reconciler.errors import HeadMoved, StateLocked
from reconciler.model.state import LogEntry, Snapshot
from reconciler.workflow.workspace import Workspace

PATIENCE = 5.0
"""Seconds that a running apply is given to end before the state is written beside it."""

TRIES = 20
"""So often a write is decided anew when somebody else wrote first."""


@contextmanager
def lease_if_free(workspace: Workspace) -> Iterator[bool]:
    """The lease, if nobody has it; False where an apply is, or was until now, at work.

    Whatever is written then makes that apply end: it compares the head before every entry of its own.
    """
    backend = workspace.backend
    try:
        lease = backend.lease(workspace.holder)
    except StateLocked:
        with suppress(StateLocked), backend.lease(workspace.holder, PATIENCE):
            pass
        workspace.journal.refresh()
        yield False
        return
    with lease:
        workspace.journal.refresh()
        yield True


def insist(journal: Journal, decide: Callable[[Snapshot], Iterable[LogEntry]]) -> None:
    """Write, deciding anew as often as somebody else wrote first."""
    for attempt in range(1, TRIES + 1):
        try:
            journal.write(*decide(journal.snapshot))
        except HeadMoved:
            if attempt == TRIES:
                raise
            journal.refresh()
        else:
            return
