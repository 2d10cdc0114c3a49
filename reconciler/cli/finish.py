"""The end of every command: results, failures and exit codes become output here and nowhere else."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.settings import Settings
from reconciler.cli.terminated import Terminated

if TYPE_CHECKING:
    from reconciler.cli.output import Output


COMPLETE = "_RECONCILER_COMPLETE"
"""The variable by which a shell asks for completions."""


def run(group: click.Group, arguments: Sequence[str]) -> int:
    """Run a command line to its end; the exit status of the process."""
    settings = Settings()
    try:
        with _terminable():
            found = _found(group, list(arguments), settings)
    except (Exception, KeyboardInterrupt, Terminated) as error:  # noqa: BLE001 - the last place that can say it
        if isinstance(error, KeyboardInterrupt):
            settings.console.new_line()
        settings.format = _format_of(arguments, settings)
        found = _failure(error, settings)
    return deliver(found, settings)


def _found(group: click.Group, arguments: list[str], settings: Settings) -> Any:
    """What the command returns; click's own `main` would write to stderr on Ctrl-C."""
    if COMPLETE in os.environ:
        from click.shell_completion import shell_complete

        return shell_complete(group, {"obj": settings}, "reconciler", COMPLETE, os.environ[COMPLETE])
    try:
        with group.make_context("reconciler", arguments, obj=settings) as context:
            return group.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code


def deliver(found: Any, settings: Settings) -> int:
    """Print what a command returned; an integer is click's own end after a help text."""
    if found is None or isinstance(found, int):
        return _flushed(int(found or 0))
    try:
        return _deliver(found, settings)
    except OSError as error:
        reason = error.strerror
        with contextlib.suppress(OSError):
            settings.console.show(lambda sheet: sheet.line(f"error: the result was not written: {reason}"))
        return found.ending.code or 1


def _deliver(found: Output, settings: Settings) -> int:
    from msgspec import structs

    from reconciler.cli.reports import report

    written = report(found, settings)
    ending = found.ending
    if not written:
        ending = structs.replace(ending, codes=ending.codes | {1})
    console = settings.console
    if settings.format == "json":
        from reconciler.render import json

        console.print_result(json.text(found.json(ending)))
    elif found.plain is not None:
        console.print_result(found.plain())
    elif found.failed:
        console.show(found.text)
    else:
        sheet = console.result_sheet()
        found.text(sheet)
        console.print_result(sheet.text())
    return ending.code


def _failure(error: BaseException, settings: Settings) -> Output:
    from reconciler.cli.failure import failure

    return failure(error, settings)


def _format_of(arguments: Sequence[str], settings: Settings) -> str:
    """The format asked for, also where the line could not be read as far as that."""
    words = list(arguments[: arguments.index("--")]) if "--" in arguments else list(arguments)
    asked = [word.partition("=")[2] for word in words if word.startswith("--format=")]
    asked += [after for word, after in itertools.pairwise(words) if word == "--format"]
    asked = asked or [os.environ.get("RECONCILER_FORMAT", "")]
    return "json" if "json" in asked or settings.format == "json" else "text"


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does: with its locks given back and its output whole."""
    try:
        before = signal.signal(signal.SIGTERM, _terminate)
    except ValueError:  # not the main thread: whoever started us handles signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(*_: object) -> None:
    raise Terminated


def _flushed(code: int) -> int:
    """Flush help texts, whose reader may have gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        from reconciler.cli.console import silence

        silence(sys.stdout)
    return code
