"""`reconciler resolve`: settles what nobody knows, with the evidence shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from reconciler.cli import choices, frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import UsageError
from reconciler.model.address import Address
from reconciler.model.state import Intent
from reconciler.model.unknowns import Answer, Evidence
from reconciler.render import unknowns as render
from reconciler.render.ending import Ending

if TYPE_CHECKING:
    from reconciler.workflow.workspace import Workspace

FLAGS = ", ".join(f"--{answer.value}" for answer in Answer)


@frame.command(
    examples=(
        "reconciler resolve",
        "reconciler resolve plum/campaign/flu-clinic",
        "reconciler resolve plum/campaign/flu-clinic --cannot-tell --reason 'ticket 8'",
    )
)
@click.argument("address", required=False, type=choices.AddressType())
@click.option("--happened", "answer", flag_value="happened", help="It was carried out.")
@click.option(
    "--did-not-happen", "answer", flag_value="did-not-happen", help="It was not; it may be sent again."
)
@click.option(
    "--cannot-tell", "answer", flag_value="cannot-tell", help="Counts as carried out; kept as assumed."
)
@click.option("--ended", "answer", flag_value="ended", help="The run is over at the vendor.")
@click.option("--reason", metavar="TEXT", help="How you know; kept in the state's history.")
def command(settings: Settings, address: str | None, answer: str | None, reason: str | None) -> Output:
    """Settle a request whose end nobody knows; without ADDRESS list what is open.

    Shows who sent what when, what the vendor shows now, what to ask it, and what each answer leads to,
    then asks. An answer given as an option holds for all that is open at the address.
    """
    from reconciler.workflow.workspace import open_workspace

    with open_workspace(settings.options(project_only=True)) as workspace:
        if address is None:
            _refuse_answer(answer)
            return _listed(workspace)
        return _settled(settings, workspace, Address.parse(address), answer, reason)


def _refuse_answer(answer: str | None) -> None:
    if answer is not None:
        raise UsageError("an answer needs the address that it is about", "reconciler resolve lists them")


def _listed(workspace: Workspace) -> Output:
    from reconciler.workflow.resolve import unknowns

    found = unknowns(workspace)
    return Output(
        Ending(frozenset({8}) if found else frozenset()),
        lambda sheet: render.listing(sheet, found),
        lambda ending: render.list_document(found, ending),
        lambda: render.list_markdown(found),
    )


def _settled(
    settings: Settings, workspace: Workspace, address: Address, answer: str | None, reason: str | None
) -> Output:
    from reconciler.workflow.resolve import evidence, resolve

    found = evidence(workspace, address)
    answers = _answers(settings, found, answer)
    if not answers:
        raise UsageError("nothing was answered; it stays open", "reconciler resolve lists what is open")
    done = resolve(workspace, answers, _reason(settings, reason))
    return Output(
        Ending(),
        lambda sheet: render.resolved(sheet, done),
        lambda ending: render.resolved_document(done, ending),
        lambda: render.resolved_markdown(done),
    )


def _answers(
    settings: Settings, found: Sequence[Evidence], answer: str | None
) -> list[tuple[Intent, Answer]]:
    """One answer for all, or for each what is typed; those left open are left out."""
    if answer is None and not settings.console.interactive:
        for item in found:
            settings.console.show(lambda sheet, item=item: render.evidence(sheet, item))  # type: ignore[misc]
        raise UsageError("nobody can be asked here: stdin or stderr is no terminal", f"say {FLAGS}")
    if answer is not None:
        return [(item.intent, Answer(answer)) for item in found]
    asked = [(item.intent, _ask(settings, item)) for item in found]
    return [(intent, typed) for intent, typed in asked if typed is not None]


def _ask(settings: Settings, item: Evidence) -> Answer | None:
    settings.console.show(lambda sheet: render.evidence(sheet, item))
    letters = {render.LETTERS[choice.answer]: choice.answer for choice in item.choices}
    typed = settings.console.ask(f"answer [{'/'.join(letters)}, Enter leaves it open]:")
    if not typed:
        return None
    if typed not in letters:
        raise UsageError(f"no answer {typed!r}", f"there are {', '.join(letters)}")
    return letters[typed]


def _reason(settings: Settings, reason: str | None) -> str:
    if not reason and settings.console.interactive:
        reason = settings.console.ask("reason:")
    if not reason:
        raise UsageError("an answer needs a reason", "--reason TEXT says how you know")
    return reason
