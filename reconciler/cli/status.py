"""`reconciler status`: where each campaign stands."""

from __future__ import annotations

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.model.standing import standing_codes
from reconciler.render import standing
from reconciler.render.ending import Ending


@frame.command(examples=("reconciler status", "reconciler status --format json"))
def command(settings: Settings) -> Output:
    """Show where each campaign stands: state, people queued, the next open window.

    What a vendor does not tell is n/a, and never 0. Runs that are over show with -v.
    """
    from reconciler.workflow.status import status
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options()) as workspace:
        found = status(workspace, finished=settings.verbosity > 0)
    return Output(
        Ending(standing_codes(found)),
        lambda sheet: standing.standings(sheet, found),
        lambda ending: standing.document(found, ending),
        lambda: standing.markdown(found),
    )
