"""The console: streams, colours, width; where everything that is printed goes through."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from reconciler.render.sheet import Piece, Sheet
from reconciler.render.style import Style

USUAL_WIDTH = 80
CLEAR = "\x1b[H\x1b[J"
"""To a terminal: go home, and empty what follows."""


@dataclass(slots=True)
class Console:
    """stdout for the result alone, stderr for everything else; safe to use from several threads."""

    result: TextIO
    remarks: TextIO
    result_style: Style
    remarks_style: Style
    result_width: int
    remarks_width: int
    quiet: bool = False
    verbose: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def of(
        cls,
        environment: Mapping[str, str],
        result: TextIO,
        remarks: TextIO,
        *,
        color: str = "auto",
        quiet: bool = False,
        verbose: bool = False,
    ) -> Console:
        """The console that options, environment and streams ask for."""
        return cls(
            result,
            remarks,
            Style(coloured(color, environment, result), _is_unicode(result)),
            Style(coloured(color, environment, remarks), _is_unicode(remarks)),
            width(environment, result),
            width(environment, remarks),
            quiet,
            verbose,
        )

    @property
    def interactive(self) -> bool:
        """Whether somebody can read a question and answer it."""
        return is_terminal(sys.stdin) and is_terminal(self.remarks)

    def result_sheet(self) -> Sheet:
        """A sheet for stdout."""
        return Sheet(self.result_width, self.result_style, self.verbose)

    def sheet(self) -> Sheet:
        """A sheet for stderr."""
        return Sheet(self.remarks_width, self.remarks_style, self.verbose)

    def redraw(self, sheet: Sheet) -> None:
        """Write a sheet for stderr in the place of all that a terminal shows."""
        _write(self.remarks, CLEAR + sheet.text())

    def new_line(self) -> None:
        """Leave the line in which a terminal has shown ^C."""
        if is_terminal(self.remarks):
            _write(self.remarks, "\n")

    def print_result(self, text: str) -> None:
        """Write to stdout; a reader that went away is no error."""
        _write(self.result, text)

    def show(self, write: Callable[[Sheet], None]) -> None:
        """Write a sheet to stderr, even if quiet."""
        sheet = self.sheet()
        write(sheet)
        with self._lock:
            _write(self.remarks, sheet.text())

    def say(self, *pieces: str | Piece) -> None:
        """Write a line to stderr, unless quiet."""
        if not self.quiet:
            self.show(lambda sheet: sheet.line(*pieces))

    def ask(self, *question: str | Piece) -> str | None:
        """Put a question and read the answer's line; None at the end of input."""
        sheet = self.sheet()
        sheet.line(*question)
        _write(self.remarks, sheet.text().rstrip("\n") + " ")
        answer = sys.stdin.readline()
        return answer.strip() if answer else None


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits at the other end."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def coloured(choice: str, environment: Mapping[str, str], stream: TextIO) -> bool:
    """The option first, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, CLICOLOR=0, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if any(environment.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb":
        return False
    return is_terminal(stream)


def width(environment: Mapping[str, str], stream: TextIO) -> int:
    """Columns: COLUMNS, else the terminal's, else 80."""
    text = environment.get("COLUMNS", "")
    if text.isdecimal() and int(text):
        return int(text)
    with contextlib.suppress(OSError, ValueError):
        if is_terminal(stream):
            return os.get_terminal_size(stream.fileno()).columns or USUAL_WIDTH
    return USUAL_WIDTH


def _is_unicode(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        silence(stream)


def silence(stream: TextIO) -> None:
    """Point a stream without a reader at nothing, so that the interpreter's last flush does not complain."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
