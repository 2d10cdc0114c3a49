"""Failures as output: every exception gets a message, a remedy, a code and an exit status."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

import click

import reconciler
from reconciler.cli import usage
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.cli.source import source_of
from reconciler.cli.terminated import Terminated
from reconciler.errors import ProjectError, ReconcilerError, Stopped, UsageError
from reconciler.model.problem import Problem
from reconciler.render import json, markdown, text
from reconciler.render.ending import Ending
from reconciler.render.page import COMMENT
from reconciler.render.sheet import Sheet, bad

_PACKAGE = Path(reconciler.__file__).parent


def failure(error: BaseException, settings: Settings) -> Output:
    """What to print about an exception."""
    if isinstance(error, ProjectError):
        return _problems(error, settings)
    if not isinstance(error, ReconcilerError):
        known = _known(error)
        if known is None:
            return _unexpected(error, settings)
        error = known
    return _message(error)


def _known(error: BaseException) -> ReconcilerError | None:
    """The same as one of our own, if it is no defect of ours."""
    if isinstance(error, click.UsageError):
        return UsageError(usage.told(error), _see_help(error.ctx))
    if isinstance(error, click.ClickException):
        return UsageError(error.format_message())
    if isinstance(error, KeyboardInterrupt | click.Abort | Terminated):
        return Interrupted("interrupted", "nothing was begun; run it again")
    if isinstance(error, OSError) and error.strerror:
        return ReconcilerError(f"{error.strerror}: {error.filename}" if error.filename else error.strerror)
    return None


class Interrupted(Stopped):
    """A signal ended a command that had begun nothing."""

    exit_code = 1


def _see_help(context: click.Context | None) -> str:
    return f"see: {context.command_path} --help" if context else "see: reconciler --help"


def _message(error: ReconcilerError, trace: Sequence[str] = ()) -> Output:
    ending = Ending(frozenset({error.exit_code}), error.failure_reason, error.retryable)
    problem = Problem(error.code or f"EXIT{error.exit_code:02d}", error.message, error.help)

    def write(sheet: Sheet) -> None:
        sheet.line(bad("error"), f": {error.message}", hang=7)
        if error.help:
            sheet.line(error.help, indent=7, hang=7)
        for line in trace:
            sheet.line(line, indent=2, hang=4)

    return Output(
        ending,
        write,
        lambda end: json.envelope(
            "error", end, [problem], message=error.message, help=error.help, trace=list(trace)
        ),
        lambda: markdown.problems([problem]),
        comment=lambda: markdown.problems([problem], COMMENT),
        failed=True,
    )


def _problems(error: ProjectError, settings: Settings) -> Output:
    ending = Ending(frozenset({error.exit_code}), error.failure_reason)

    def write(sheet: Sheet) -> None:
        text.problems(sheet, error.problems, source_of(settings.start))
        sheet.line(f"{text.tally(error.problems)}. Nothing was sent.")

    return Output(
        ending,
        write,
        lambda end: json.envelope(
            "error", end, error.problems, message=error.message, help=error.help, trace=[]
        ),
        lambda: markdown.problems(error.problems),
        comment=lambda: markdown.problems(error.problems, COMMENT),
        failed=True,
    )


def _unexpected(error: BaseException, settings: Settings) -> Output:
    """A defect: where it arose, but neither its message nor any value, since both may hold what is secret."""
    frames = [_frame(frame) for frame in traceback.extract_tb(error.__traceback__)]
    place = next((frame for frame in reversed(frames) if frame.startswith("reconciler/")), "")
    remedy = "please report it" if settings.verbosity > 1 else "please report it, with what -vv shows"
    message = f"internal error: {type(error).__name__}{f' at {place}' if place else ''}"
    return _message(ReconcilerError(message, remedy), frames if settings.verbosity > 1 else ())


def _frame(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    shown = path.relative_to(_PACKAGE.parent) if path.is_relative_to(_PACKAGE) else Path(path.name)
    return f"{shown.as_posix()}:{frame.lineno} in {frame.name}"
