"""Progress as a bar below the lines of what has ended; `rich` loads on terminals alone."""

from __future__ import annotations

import time

from rich.console import Console as Terminal
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from reconciler.cli.console import Console
from reconciler.cli.progress import Lines
from reconciler.model.plan import Change
from reconciler.model.report import Step
from reconciler.render import words
from reconciler.render.safe import clean


class Bars(Lines):
    """Lines as everywhere, and below them a bar that says what runs."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Terminal(
                file=console.remarks,
                force_terminal=True,
                width=console.remarks_width,
                no_color=not console.remarks_style.colour,
                highlight=False,
            ),
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, visible=False)

    def started(self, change: Change, number: int, total: int) -> None:
        """Show the bar from the first change on: before it a question may stand."""
        super().started(change, number, total)
        with self._lock:
            if not self._progress.live.is_started:
                self._progress.start()
            self._describe(total)

    def finished(self, step: Step, number: int, total: int) -> None:
        """Write the line above the bar and move it."""
        del number
        with self._lock:
            self._running.pop(step.change.id, None)
            self._count += 1
            sheet = self.console.sheet()
            self._write(sheet, step, total)
            if sheet.lines:
                self._print(sheet.text())
            self._progress.advance(self._task)
            self._describe(total)
        self._heard = time.monotonic()

    def waiting(self, text: str) -> None:
        """Write what is waited for above the bar."""
        with self._lock:
            self._print(f"{clean(text)}\n")
        self._heard = time.monotonic()

    def __exit__(self, *arguments: object) -> None:
        self._progress.stop()
        super().__exit__(*arguments)

    def _print(self, text: str) -> None:
        if self._progress.live.is_started:
            self._progress.console.print(Text.from_ansi(text.rstrip("\n")), soft_wrap=True)
        else:
            self.console.show(lambda sheet: sheet.lines.append(text.rstrip("\n")))

    def _describe(self, total: int) -> None:
        running = list(self._running.values())
        now = f"{running[0].action.value} {running[0].address}" if running else "settling"
        more = f" +{words.count(len(running) - 1)}" if len(running) > 1 else ""
        self._progress.update(
            self._task, description=escape(clean(now + more)[:44]), total=total, visible=True
        )

    def _still(self) -> None:
        """Say nothing: the bar shows it."""
