"""`reconciler drift`: what somebody changed at the vendors."""

from __future__ import annotations

import click

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.model.kind import Loudness
from reconciler.model.plan import Plan
from reconciler.model.report import drift_codes
from reconciler.render import json, markdown, text
from reconciler.render.ending import Ending
from reconciler.render.page import COMMENT

FOUND = 3
"""The exit code of drift."""


@frame.command(
    examples=("reconciler drift", "reconciler drift --fail-on louder --report markdown=drift.md"),
)
@click.option(
    "--fail-on",
    type=click.Choice(["louder", "any", "none"]),
    default="any",
    show_default=True,
    help="For which drift to end with 3.",
)
def command(settings: Settings, fail_on: str) -> Output:
    """Show what changed outside since the last apply; cannot write.

    Completion is no drift, and what a vendor does not show is listed as not visible. Unknown requests
    end with 8 and vendors that were not read with 69 or 77, whatever --fail-on says.
    """
    from reconciler.workflow.drift import drift
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options()) as workspace:
        found = drift(workspace)
    return output(found, fail_on)


def output(found: Plan, fail_on: str = "any") -> Output:
    """A drift report in every format."""
    codes = drift_codes(found)
    if not fails(found, fail_on):
        codes -= {FOUND}
    return Output(
        Ending(codes),
        lambda sheet: text.drift(sheet, found),
        lambda ending: json.drift(found, ending),
        lambda: markdown.drift(found),
        comment=lambda: markdown.drift(found, COMMENT),
    )


def fails(found: Plan, fail_on: str) -> bool:
    """Whether the drift is of the sort that was asked about; louder is also what nobody can grade."""
    louder = any(item.grade in {Loudness.LOUDER, Loudness.OTHER} for item in found.findings)
    return {"louder": louder, "any": bool(found.findings), "none": False}[fail_on]
