"""`reconciler apply`: does what a plan says, after a question."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import choices, frame
from reconciler.cli.display import progress_on
from reconciler.cli.events import Events
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.cli.signals import Interrupts
from reconciler.errors import UsageError
from reconciler.model.plan import Plan
from reconciler.model.report import ApplyReport, apply_codes
from reconciler.render import applying, json, markdown, text, words
from reconciler.render.ending import Ending
from reconciler.render.page import COMMENT
from reconciler.render.sheet import Sheet, strong

if TYPE_CHECKING:
    from reconciler.cli.progress import Shown
    from reconciler.planning.review.pins import Pins
    from reconciler.planning.review.reviewed import Reviewed
    from reconciler.workflow.workspace import Workspace


@frame.command(
    examples=(
        "reconciler apply",
        "reconciler apply january.plan",
        "reconciler apply --yes --allow people --events apply.jsonl",
    )
)
@click.argument("planfile", required=False, type=frame.InputFile())
@click.option("--yes", is_flag=True, help="Do not ask. Never read from the environment.")
@choices.allow
@choices.only
@choices.max_people
def command(
    settings: Settings,
    planfile: Path | None,
    allow: tuple[str, ...],
    only: tuple[str, ...],
    max_people: int | None,
    *,
    yes: bool,
) -> Output:
    """Plan, ask, and do it; with PLANFILE exactly what was reviewed, or not at all.

    Quieter changes go first, louder ones last, each only if all it depends on succeeded. The question
    is answered with the number of people. Ctrl-C once: nothing new starts, what is in flight is settled.
    """
    if not yes and not settings.console.interactive:
        raise UsageError(
            "nobody can be asked here: stdin or stderr is no terminal",
            "first: reconciler plan --out FILE   then: reconciler apply FILE --yes",
        )
    question = Question(settings, yes=yes, reviewed=planfile is not None)
    return output(_apply(settings, question, planfile, allow, only, max_people))


class Question:
    """Shows the plan and asks for the number of people."""

    def __init__(self, settings: Settings, *, yes: bool, reviewed: bool) -> None:
        self.settings = settings
        self.yes = yes
        self.reviewed = reviewed
        self.interrupts = Interrupts(settings.format)

    def __call__(self, plan: Plan) -> bool:
        """Whether to go on."""
        console = self.settings.console
        if not console.quiet or not self.yes:
            console.show(lambda sheet: self._show(sheet, plan))
        if self.yes or not plan.todo:
            return True
        wanted = answer_for(plan)
        console.show(lambda sheet: sheet.line(_consequence(plan)))
        what = "" if wanted == "yes" else ", the number of people"
        with self.interrupts.abrupt():
            answer = console.ask("To go on, type ", strong(wanted), f"{what}:")
        return (answer or "").replace(",", "") == wanted

    def _show(self, sheet: Sheet, plan: Plan) -> None:
        if self.reviewed:
            sheet.line(f"Read again: {text.counts(plan) or 'nothing to do'}.")
        else:
            text.plan(sheet, plan)
            sheet.blank()


def answer_for(plan: Plan) -> str:
    """What a person has to type: how many people this plan queues or arms, or `yes` when it does not."""
    number = plan.people_total.added if plan.people_total else 0
    return str(number) if number else "yes"


def _consequence(plan: Plan) -> str:
    number = plan.people_total.added if plan.people_total else 0
    ring = plan.first_ring
    first = f", the first at {words.moment(ring.at, weekday=True)}" if ring else ""
    return f"Up to {words.people(number)}{first}." if number else "Nobody more is queued or armed by this."


def _apply(
    settings: Settings,
    question: Question,
    planfile: Path | None,
    allow: tuple[str, ...],
    only: tuple[str, ...],
    max_people: int | None,
) -> ApplyReport:
    from reconciler.workflow.apply import apply
    from reconciler.workflow.workspace import open_workspace

    with (
        open_workspace(settings.options(stop=question.interrupts.stop, max_people=max_people)) as workspace,
        progressing(settings, question.interrupts) as shown,
    ):
        return apply(
            workspace,
            allow=allow,
            only=only,
            reviewed=_read(workspace, planfile) if planfile else None,
            confirm=question,
            progress=shown,
            stop=question.interrupts.stop,
        )


def _read(workspace: Workspace, planfile: Path) -> Reviewed | Pins:
    from reconciler.workflow.plan_file import read_plan

    return read_plan(workspace, planfile)


@contextlib.contextmanager
def progressing(settings: Settings, interrupts: Interrupts) -> Iterator[Shown]:
    """Progress for eyes and for a file of events; signals are gentle as long as it lasts."""
    with progress_on(settings.console) as shown, Events.to(settings.events, shown) as events:
        interrupts.in_flight = shown.in_flight
        with interrupts:
            yield events


def output(report: ApplyReport) -> Output:
    """How an apply ended, in every format."""
    codes = apply_codes(report) | (frozenset({1}) if report.declined else frozenset())
    return Output(
        Ending(codes, "declined" if report.declined else None),
        lambda sheet: applying.applied(sheet, report),
        lambda ending: json.applied(report, ending),
        lambda: markdown.applied(report),
        comment=lambda: markdown.applied(report, COMMENT),
    )
