"""`reconciler plan`: what apply would do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from reconciler.cli import choices, frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.model.plan import Plan
from reconciler.model.report import plan_codes
from reconciler.render import json, markdown, text
from reconciler.render.ending import Ending
from reconciler.render.page import COMMENT


@frame.command(
    examples=(
        "reconciler plan",
        "reconciler plan --out january.plan --report markdown=january.md",
        "reconciler plan --out january.plan --allow replace:rvm/campaign/january-promo",
        "reconciler plan --detailed-exitcode --format json",
    )
)
@click.option(
    "--out", type=frame.OutputFile(), metavar="FILE", help="Keep the plan for: reconciler apply FILE."
)
@choices.only
@choices.allow
@choices.max_people
@click.option(
    "--online-check", is_flag=True, help="Also let vendors check settings that they can check unsent."
)
@click.option(
    "--at", type=choices.MomentType(), metavar="TIME", help="Plan as of a moment: 2027-01-04T08:00:00-05:00."
)
@click.option("--detailed-exitcode", is_flag=True, help="End with 2 if changes are pending.")
def command(
    settings: Settings,
    out: Path | None,
    only: tuple[str, ...],
    allow: tuple[str, ...],
    at: dt.datetime | None,
    max_people: int | None,
    *,
    online_check: bool,
    detailed_exitcode: bool,
) -> Output:
    """Show what apply would do, and to how many people.

    Reads manifests, state and vendors; writes nothing but FILE. The unknown comes first, then what
    changed outside, then changes in order, then people.
    """
    from reconciler.workflow.plan import make_plan
    from reconciler.workflow.plan_file import write_plan
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options(max_people=max_people)) as workspace:
        planned = make_plan(workspace, only=only, allow=allow, online_check=online_check, at=at)
        if out is not None:
            write_plan(workspace, planned, out)
    if out is not None:
        settings.console.say(f"Kept as {out}. To carry it out: reconciler apply {out}")
    return output(planned.plan, detailed=detailed_exitcode)


def output(plan: Plan, *, detailed: bool = False) -> Output:
    """A plan in every format."""
    return Output(
        Ending(plan_codes(plan, detailed=detailed)),
        lambda sheet: text.plan(sheet, plan),
        lambda ending: json.plan(plan, ending),
        lambda: markdown.plan(plan),
        comment=lambda: markdown.plan(plan, COMMENT),
    )
