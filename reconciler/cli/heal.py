"""`reconciler heal`: takes back what somebody made louder; only ever makes quieter."""

from __future__ import annotations

from reconciler.cli import frame
from reconciler.cli.apply import output, progressing
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.cli.signals import Interrupts


@frame.command(examples=("reconciler heal", "reconciler heal --format json"))
def command(settings: Settings) -> Output:
    """Do of a plan what stops, pauses, slows, narrows or suppresses, and nothing else.

    For schedules: it asks nobody, since nobody is called by it, sooner, or more often. What would delete,
    start, resume, send or widen is left for apply, and so is whatever waits for a consent.
    """
    from reconciler.planning.review.healing import heals
    from reconciler.workflow.apply import apply
    from reconciler.workflow.workspace import open_workspace

    interrupts = Interrupts(settings.format)
    with (
        open_workspace(settings.options(stop=interrupts.stop)) as workspace,
        progressing(settings, interrupts) as shown,
    ):
        return output(
            apply(workspace, choose=heals, confirm=lambda _plan: True, progress=shown, stop=interrupts.stop)
        )
