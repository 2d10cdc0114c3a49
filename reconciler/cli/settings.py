"""Settings: the options that every command takes, wherever on the line they stand."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reconciler.cli.console import Console
    from reconciler.workflow.options import Options


class Settings:
    """What was chosen so far; later options win, reports add up.

    A plain class, for `--help` waits for this module and not for `dataclasses`.
    """

    def __init__(self) -> None:
        self.directory: Path | None = None
        self.format = "text"
        self.reports: list[tuple[str, Path]] = []
        self.color = "auto"
        self.quiet = False
        self.verbosity = 0
        self.events: Path | None = None
        self._console: Console | None = None

    def choose(self, name: str, value: Any) -> None:
        """Take an option's value over."""
        if name == "reports":
            self.reports.extend(value)
        elif name == "verbosity":
            self.verbosity += value
        else:
            setattr(self, name, value)
        self._console = None

    @property
    def console(self) -> Console:
        """The streams, as the options want them; made anew when one changes."""
        if self._console is None:
            from reconciler.cli.console import Console

            self._console = Console.of(
                os.environ,
                sys.stdout,
                sys.stderr,
                color=self.color,
                quiet=self.quiet,
                verbose=self.verbosity > 0,
            )
        return self._console

    @property
    def start(self) -> Path:
        """The folder from which the project is sought."""
        from pathlib import Path

        return self.directory or Path.cwd()

    def options(self, **more: Any) -> Options:
        """The same for the workflow, with this process's environment and clock, and what else it takes."""
        from reconciler.workflow.options import Options

        return Options(
            directory=self.directory,
            environment=dict(os.environ),
            now=now,
            verbosity=self.verbosity,
            log=self.logger(),
            **more,
        )

    def logger(self) -> Callable[[str], None]:
        """Where remarks of the workflow go: to stderr, when they were asked for."""
        return self.console.say if self.verbosity else _ignore


def now() -> Any:
    """This moment, with the offset of the machine's zone; the one clock of the command line."""
    import datetime as dt

    return dt.datetime.now().astimezone()


def _ignore(text: str) -> None:
    """Drop a remark that nobody asked for."""
