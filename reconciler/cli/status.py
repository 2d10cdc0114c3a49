"""`reconciler status`: where each campaign stands."""

from __future__ import annotations

from collections.abc import Iterable

import click

from reconciler.cli import frame
from reconciler.cli.console import is_terminal
from reconciler.cli.output import Output
from reconciler.cli.reports import report
from reconciler.cli.settings import Settings
from reconciler.cli.signals import Interrupts
from reconciler.errors import UsageError
from reconciler.model.standing import Standings, standing_codes
from reconciler.render import standing
from reconciler.render.ending import Ending


@frame.command(
    examples=(
        "reconciler status",
        "reconciler status --watch",
        "reconciler status --watch --until finished --timeout 3600 --format json",
        "reconciler status --report prometheus=/var/lib/node_exporter/reconciler.prom",
    )
)
@click.option("--watch", is_flag=True, help="Look again, each vendor at its own pace, until Ctrl-C.")
@click.option(
    "--until",
    type=click.Choice(["finished"]),
    help="With --watch: end once every run that was begun is over.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="With --watch: end after so long, with 1.",
)
def command(settings: Settings, until: str | None, timeout: float | None, *, watch: bool) -> Output:
    """Show where each campaign stands: state, done of total, reached, not reached, left out, rate, end.

    What a vendor does not tell is n/a, and never 0. Runs that are over show with -v. Reports are written anew
    at each look.
    """
    from reconciler.workflow.status import status
    from reconciler.workflow.status import watch as look
    from reconciler.workflow.workspace import open_workspace

    if not watch and (until is not None or timeout is not None):
        raise UsageError("--until and --timeout are for --watch", "add --watch")
    interrupts = Interrupts(settings.format)
    with open_workspace(settings.options(stop=interrupts.stop)) as workspace:
        everything = settings.verbosity > 0
        if not watch:
            return output(status(workspace, finished=everything))
        looks = look(
            workspace,
            finished=everything,
            until_finished=until is not None,
            timeout=timeout,
            stop=interrupts.stop,
        )
        with interrupts:
            return output(_last(settings, looks))


def _last(settings: Settings, looks: Iterable[Standings]) -> Standings:
    """Show each look in the place of the one before, where somebody sits at a terminal; the last is the result."""
    console = settings.console
    redraws = is_terminal(console.remarks) and settings.format == "text" and not console.quiet
    found = Standings("", "")
    for found in looks:
        report(output(found), settings)
        if redraws:
            sheet = console.sheet()
            standing.standings(sheet, found)
            console.redraw(sheet)
    if redraws:
        console.redraw(console.sheet())
    return found


def output(found: Standings) -> Output:
    """Standings in every format."""
    codes = standing_codes(found) | (frozenset({1}) if found.timed_out else frozenset())
    return Output(
        Ending(codes, "timeout" if found.timed_out else None),
        lambda sheet: standing.standings(sheet, found),
        lambda ending: standing.document(found, ending),
        lambda: standing.markdown(found),
        prometheus=lambda: standing.prometheus(found),
    )
