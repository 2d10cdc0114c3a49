"""`reconciler tick`: the clock for days and dates that a vendor does not know."""

from __future__ import annotations

import datetime as dt

import click

from reconciler.cli import choices, frame
from reconciler.cli.apply import output, progressing
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.cli.signals import Interrupts


@frame.command(examples=("reconciler tick", "reconciler tick --format json"))
@click.option(
    "--at", type=choices.MomentType(), metavar="TIME", help="As of a moment: 2027-01-04T08:00:00-05:00."
)
def command(settings: Settings, at: dt.datetime | None) -> Output:
    """Pause and resume what has enforce: reconciler, by its days and dates; for a scheduler.

    Run it once a day at least, between two windows. It never creates, sends, changes or arms; one that does
    not come costs a wrong day, within the hours that the vendor keeps.
    """
    from reconciler.workflow.tick import tick
    from reconciler.workflow.workspace import open_workspace

    interrupts = Interrupts(settings.format)
    with (
        open_workspace(settings.options(stop=interrupts.stop)) as workspace,
        progressing(settings, interrupts) as progress,
    ):
        report = tick(workspace, at=at, progress=progress, stop=interrupts.stop)
    return output(report)
