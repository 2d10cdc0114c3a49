"""`reconciler report`: what a vendor reports, as it stands there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from reconciler.cli import choices, frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.render import table as render
from reconciler.render.ending import Ending


@frame.command(
    formats=("text", "json", "csv"),
    examples=(
        "reconciler report rvm",
        "reconciler report rvm campaigns --from 2027-01-01 --format csv",
        "reconciler report rvm details --campaign january-promo",
        "reconciler report rvm reputation --number 617-555-0100 --allow spend",
    ),
)
@click.argument("provider", required=False)
@click.argument("name", metavar="[REPORT]", required=False)
@click.option(
    "--campaign", "campaigns", multiple=True, metavar="ADDRESS|ID", help="Of which campaign. Repeatable."
)
@click.option("--from", "since", type=choices.DayType(), metavar="DATE", help="From which day on.")
@click.option("--to", "until", type=choices.DayType(), metavar="DATE", help="Up to which day, that included.")
@click.option("--number", metavar="NUMBER", help="About which number of ours.")
@click.option("--reveal", is_flag=True, help="Show the numbers of called people; they are masked otherwise.")
@choices.allow
def command(
    settings: Settings,
    provider: str | None,
    name: str | None,
    allow: tuple[str, ...],
    *,
    reveal: bool,
    **asked: Any,
) -> Output:
    """Show a vendor's own report; without REPORT list what there is.

    Reads and keeps nothing. What costs money says so and is asked for as the consent `spend`.
    """
    from reconciler.workflow.report import Asked, listed, report
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options(project_only=True)) as workspace:
        if provider is None or name is None:
            _refuse(asked)
            found = listed(workspace, provider)
            return Output(
                Ending(),
                lambda sheet: render.listing(sheet, found),
                lambda ending: render.list_document(found, ending),
                lambda: render.list_markdown(found),
            )
        shown = report(workspace, provider, name, Asked(**asked), reveal=reveal, allow=allow)
    return Output(
        Ending(),
        lambda sheet: render.table(sheet, shown),
        lambda ending: render.document(shown, ending),
        lambda: render.markdown(shown),
        plain=(lambda: render.csv(shown)) if settings.format == "csv" else None,
    )


def _refuse(asked: dict[str, dt.date | str | None]) -> None:
    if any(asked.values()):
        raise UsageError("these options are about one report", "name it: reconciler report PROVIDER REPORT")
