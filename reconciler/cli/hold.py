"""`reconciler hold`: the brake on a project, set and released."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.model.state import Hold
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Sheet, good, warn

UNTIL = "reconciler hold release --reason TEXT"


@frame.group(invoke_without_command=True)
@click.option("--reason", metavar="TEXT", help="Why; kept in the state's history.")
@click.pass_context
def command(context: click.Context, reason: str | None) -> Any:
    """Set a hold: nothing arms, sends, resumes or widens until it is released.

    It waits for no lock: an apply that runs now starts nothing more. `hold release` takes it off.
    """
    if context.invoked_subcommand is not None:
        return None
    if not reason:
        raise UsageError(
            "a hold needs a reason", "reconciler hold --reason TEXT, or: reconciler hold release"
        )
    return _set(context.ensure_object(Settings), reason)


def _set(settings: Settings, reason: str) -> Output:
    from reconciler.workflow.hold import set_hold
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options(project_only=True)) as workspace:
        hold, before = set_hold(workspace, reason)

    def write(sheet: Sheet) -> None:
        if before is not None:
            sheet.line(f"there was a hold already: {_told(before)}", hang=2)
        sheet.line(warn("hold set"), "; no apply can start, grow or speed up anything until:", hang=2)
        sheet.line(UNTIL, indent=2)

    return _output(write, "hold set", hold, before)


@frame.command(examples=("reconciler hold release --reason 'audio mended'",))
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the state's history.")
def release(settings: Settings, reason: str) -> Output:
    """Release the hold; the next apply may start, send and widen again."""
    from reconciler.workflow.hold import release_hold
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options(project_only=True)) as workspace:
        before = release_hold(workspace, reason)

    def write(sheet: Sheet) -> None:
        if before is None:
            sheet.line("there was no hold; nothing to release")
        else:
            sheet.line(good("hold released"), f"; it was {_told(before)}", hang=2)
            sheet.line("what was stopped stays stopped; see: reconciler plan")

    return _output(write, "hold released", None, before)


command.add_command(release, "release")


def _told(hold: Hold) -> str:
    return f"set {words.moment(hold.time)} by {hold.who}: {hold.reason}"


def _output(write: Callable[[Sheet], None], title: str, hold: Hold | None, before: Hold | None) -> Output:
    concerned = hold or before
    told = safe.markdown(_told(concerned)) if concerned is not None else ""
    return Output(
        Ending(),
        write,
        lambda ending: json.envelope("hold", ending, hold=_document(hold), before=_document(before)),
        lambda: f"### {title}\n\n{told}\n",
    )


def _document(hold: Hold | None) -> json.Document | None:
    return None if hold is None else {"reason": hold.reason, "who": hold.who, "time": hold.time}
