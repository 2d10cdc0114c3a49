"""Group commit: of many threads that want to write at once, one writes for all who wait, with a single append."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from reconciler.engine.journal_failures import interrupted
from reconciler.errors import ReconcilerError
from reconciler.model.state import LogEntry


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
            group, self._waiting = self._waiting, []
            self._busy = True
        self._serve(group)

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
        if ticket in self._waiting:
            self._waiting.remove(ticket)

    def _serve(self, group: Sequence[Ticket]) -> None:
        """Write for the group; however that ends, nobody is left waiting."""
        try:
            self._write(group)
        except ReconcilerError as error:
            close(group, error)
        except BaseException:
            close(group, interrupted())
            raise
        finally:
            self._yield_turn()

    def _yield_turn(self) -> None:
        with self._turn:
            self._busy = False
            self._turn.notify_all()
