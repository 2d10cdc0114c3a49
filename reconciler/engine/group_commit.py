"""Group commit: of many threads that want to write at once, one writes for all who wait, with a single append."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from reconciler.engine.journal_failures import interrupted
from reconciler.errors import ReconcilerError
from reconciler.model.state import LogEntry

QUICK, SHARE, LONGEST = 0.02, 8, 0.2
"""A write that took more seconds than the first waits for company next time: for this part of them, at most so long."""


@dataclass(eq=False, slots=True)
class Ticket:
    """What one caller wants written, and how that went; `lines` are the entries as they are stored."""

    entries: tuple[LogEntry, ...]
    lines: tuple[bytes, ...]
    done: bool = False
    error: ReconcilerError | None = field(default=None)

    def close(self, error: ReconcilerError | None = None) -> None:
        """Done: written, or with the error that its caller is to be told."""
        self.done = True
        self.error = error


def close(group: Iterable[Ticket], error: ReconcilerError | None = None) -> None:
    """Close what is still open of a group."""
    for ticket in group:
        if not ticket.done:
            ticket.close(error)


class GroupCommit:
    """The one turn to write, and who waits for it. `write` closes every ticket of the group that it is given."""

    def __init__(self, write: Callable[[Sequence[Ticket]], None]) -> None:
        self._write = write
        self._turn = threading.Condition()
        self._waiting: list[Ticket] = []
        self._busy = False
        self._took = 0.0

    def submit(self, ticket: Ticket) -> None:
        """Wait until a ticket is done, by somebody else or, when it is our turn, by ourselves."""
        with self._turn:
            self._waiting.append(ticket)
            try:
                while self._busy and not ticket.done:
                    self._turn.wait()
            except BaseException:
                self._withdraw(ticket)
                raise
            if ticket.done:
                return
            self._busy = True
        self._serve(ticket)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep writers waiting for the length of a block."""
        with self._turn:
            while self._busy:
                self._turn.wait()
            self._busy = True
        try:
            yield
        finally:
            self._yield_turn()

    def _withdraw(self, ticket: Ticket) -> None:
        with self._turn:
            if ticket in self._waiting:
                self._waiting.remove(ticket)

    def _serve(self, own: Ticket) -> None:
        """Write for all who wait; however that ends, nobody is left waiting."""
        group: list[Ticket] = []
        try:
            group = self._gathered()
            began = time.monotonic()
            self._write(group)
            self._took = time.monotonic() - began
        except ReconcilerError as error:
            close(group, error)
        except BaseException:
            close(group, interrupted())
            self._withdraw(own)
            raise
        finally:
            self._yield_turn()

    def _gathered(self) -> list[Ticket]:
        """Who waits; where writes are slow, after a moment for those whose requests end with ours."""
        if self._took > QUICK:
            time.sleep(min(self._took / SHARE, LONGEST))
        with self._turn:
            group, self._waiting = self._waiting, []
        return group

    def _yield_turn(self) -> None:
        with self._turn:
            self._busy = False
            self._turn.notify_all()
