"""Events: an apply's progress as JSON lines in a file, beside what is shown."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from reconciler.cli.progress import Shown
from reconciler.cli.settings import now
from reconciler.model.plan import Change, Plan
from reconciler.model.report import Step
from reconciler.render import json


class Events:
    """Writes each report as one line and hands it on."""

    def __init__(self, stream: TextIO, shown: Shown) -> None:
        self._stream = stream
        self._shown = shown
        self._lock = threading.Lock()

    @classmethod
    @contextlib.contextmanager
    def to(cls, path: Path | None, shown: Shown) -> Iterator[Shown]:
        """Events into a file, if one is wanted."""
        if path is None:
            yield shown
            return
        with path.open("a", encoding="utf-8") as stream:
            yield cls(stream, shown)

    def planned(self, plan: Plan) -> None:
        """A plan was made and confirmed."""
        self._write("planned", digest=plan.digest, changes=len(plan.changes), held=len(plan.held))
        self._shown.planned(plan)

    def started(self, change: Change, number: int, total: int) -> None:
        """A change has begun."""
        action = change.action.value
        self._write("started", number=number, total=total, id=change.id, key=str(change.key), action=action)
        self._shown.started(change, number, total)

    def finished(self, step: Step, number: int, total: int) -> None:
        """A change has ended."""
        self._write("finished", number=number, total=total, **json.step(step))
        self._shown.finished(step, number, total)

    def waiting(self, text: str) -> None:
        """Something is being waited for."""
        self._write("waiting", text=text)
        self._shown.waiting(text)

    def in_flight(self) -> int:
        """How many changes have begun and not ended."""
        return self._shown.in_flight()

    def _write(self, event: str, **content: Any) -> None:
        """One whole line at once, so that a reader who follows the file never sees half of one.

        A full disk must not stop an apply in the middle: the file then ends early.
        """
        line = json.line({"event": event, "time": now().isoformat(timespec="milliseconds"), **content})
        with self._lock, contextlib.suppress(OSError):
            self._stream.write(line)
            self._stream.flush()
