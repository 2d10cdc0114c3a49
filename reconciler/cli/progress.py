"""Progress of an apply for eyes: a line for each change as it ends, and a word while nothing ends."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Protocol, Self

from msgspec.structs import replace

from reconciler.cli.console import Console
from reconciler.model.plan import Change, Plan
from reconciler.model.report import Step, StepResult
from reconciler.render import applying, words
from reconciler.render.sheet import Sheet

FEW = 20
"""How many held, and how many skipped changes are told one by one."""
INTERVAL = 30.0
"""Seconds of silence after which a log hears that work goes on."""


class Shown(Protocol):
    """What the workflow reports to, from any thread, and what is in flight."""

    def planned(self, plan: Plan) -> None:
        """A plan was made and confirmed."""

    def started(self, change: Change, number: int, total: int) -> None:
        """A change has begun."""

    def finished(self, step: Step, number: int, total: int) -> None:
        """A change has ended."""

    def waiting(self, text: str) -> None:
        """Something is being waited for."""

    def in_flight(self) -> int:
        """How many changes have begun and not ended."""


class Lines:
    """Plain lines, for logs and for terminals that want no bars."""

    def __init__(self, console: Console, interval: float = INTERVAL) -> None:
        self.console = console
        self._interval = interval
        self._lock = threading.RLock()
        self._running: dict[str, Change] = {}
        self._column = applying.column(None, console.remarks_width)
        self._count = 0
        self._detail = ""
        self._left: Counter[StepResult] = Counter()
        self._ended = threading.Event()
        self._heard = time.monotonic()
        self._thread = threading.Thread(target=self._watch, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def planned(self, plan: Plan) -> None:
        """Nothing to add, for the question has shown it; but from here on lines have their columns."""
        self._column = applying.column(plan, self.console.remarks_width)

    def started(self, change: Change, number: int, total: int) -> None:
        """Remember what runs."""
        del number, total
        with self._lock:
            self._running[change.id] = change

    def finished(self, step: Step, number: int, total: int) -> None:
        """Write how it ended, and how many have; in the plan's order it may be another's turn."""
        del number
        with self._lock:
            self._running.pop(step.change.id, None)
            self._count += 1
            if not self.console.quiet:
                self.console.show(lambda sheet: self._write(sheet, step, total))
        self._heard = time.monotonic()

    def _write(self, sheet: Sheet, step: Step, total: int) -> None:
        """The line of one change; why it was left is said once in a row, and of many left a few are told."""
        left = step.result in {StepResult.HELD, StepResult.SKIPPED}
        repeated = left and step.detail == self._detail
        self._detail = step.detail
        self._left[step.result] += left
        if not left or self._left[step.result] <= FEW or self.console.verbose:
            shown = replace(step, detail="", request_id="") if repeated else step
            applying.step(sheet, shown, self._count, total, self._column)
        elif self._left[step.result] == FEW + 1:
            more = f"{sheet.style.ellipsis} and more that are {step.result.value}"
            sheet.line(f"{more}; -v tells each, and the end their number")

    def waiting(self, text: str) -> None:
        """Write what is waited for."""
        self.console.say(text)
        self._heard = time.monotonic()

    def in_flight(self) -> int:
        """Without the lock, since a signal may ask while this very thread holds it."""
        return len(self._running)

    def _watch(self) -> None:
        """Sleep through what is told; who tells something does not wake this thread."""
        silent = 0.0
        while not self._ended.wait(self._interval - silent):
            silent = time.monotonic() - self._heard
            if silent >= self._interval:
                self._still()
                self._heard, silent = time.monotonic(), 0.0

    def _still(self) -> None:
        with self._lock:
            running = list(self._running.values())
        if running:
            more = f" and {words.count(len(running) - 1)} more" if len(running) > 1 else ""
            self.console.say(f"still working: {running[0].action.value} {running[0].address}{more}")
