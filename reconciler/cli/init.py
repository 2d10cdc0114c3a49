"""`reconciler init`: a new project."""

from __future__ import annotations

import click

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings, now
from reconciler.errors import UsageError
from reconciler.render import json
from reconciler.render.ending import Ending
from reconciler.render.sheet import Sheet, good, warn
from reconciler.render.sheet import command as typed
from reconciler.workflow.init import Begun, begin

USUAL = "plum"
FORGES = ("github", "gitlab")


@frame.command(
    examples=(
        "reconciler init",
        "reconciler init --name outreach --provider plum",
        "reconciler init --ci github --action OWNER/campaign-reconciler@SHA",
    )
)
@click.option(
    "--provider",
    "types",
    multiple=True,
    metavar="TYPE",
    help=f"A vendor to begin with. Repeatable; {USUAL} unless told.",
)
@click.option("--name", metavar="NAME", help="The project's name; the folder's unless told.")
@click.option(
    "--ci",
    "forge",
    type=click.Choice(FORGES),
    help="Also write its workflows, and keep state in the repository.",
)
@click.option("--action", metavar="OWNER/REPO@SHA", help="Where workflows on GitHub take the action from.")
def command(
    settings: Settings, types: tuple[str, ...], name: str | None, forge: str | None, action: str | None
) -> Output:
    """Write a new project into this folder, or into that of -C; nothing is overwritten.

    The project file, an example campaign as a draft, schemas for editors, two fictional contacts, and the
    project's key, which Git ignores. Nobody is called by any of it. Workflows go to the root of the repository.
    """
    folder = settings.start
    if settings.console.interactive:
        name = name or _ask(settings, "Project's name", folder.resolve().name)
        types = types or tuple(_ask(settings, "Vendors, by type", USUAL).replace(",", " ").split())
        forge = forge or _forge(settings)
    if action is not None and forge != "github":
        raise UsageError("--action is for --ci github", "leave it out, or say --ci github")
    begun = begin(folder, name=name, types=types or (USUAL,), today=now().date(), forge=forge, action=action)
    return _output(begun, forge, action)


def _forge(settings: Settings) -> str | None:
    answer = _ask(settings, f"CI: {', '.join(FORGES)} or none", "none")
    if answer not in {*FORGES, "none"}:
        raise UsageError(f"there are no workflows for {answer!r}", f"there are {', '.join(FORGES)}")
    return answer if answer in FORGES else None


def _what(variable: str) -> str:
    """What a variable is to be set to."""
    if variable == "RECONCILER_KEY":
        return "to what stands in .reconciler/key"
    return "to the vendor's credential"


def _ask(settings: Settings, question: str, usual: str) -> str:
    return settings.console.ask(f"{question} [{usual}]:") or usual


def _output(begun: Begun, forge: str | None, action: str | None) -> Output:
    return Output(
        Ending(),
        lambda sheet: _write(sheet, begun, forge, action),
        lambda ending: json.envelope(
            "init",
            ending,
            folder=str(begun.folder),
            project=begun.name,
            project_id=begun.project_id,
            providers=begun.providers,
            written=begun.written,
            variables=begun.variables,
            key_fingerprint=begun.key,
        ),
        lambda: "".join(f"- `{path}`\n" for path in begun.written),
    )


def _write(sheet: Sheet, begun: Begun, forge: str | None, action: str | None) -> None:
    sheet.line(good("wrote "), "  ".join(begun.written), hang=6)
    if begun.key is not None:
        sheet.line(good("made  "), f".reconciler/key (0600, ignored by Git), fingerprint {begun.key}", hang=6)
        sheet.line(
            warn("keep it"), " where secrets are kept: with another key nobody can tell who was", hang=6
        )
        sheet.line("called, and apply then refuses", indent=6)
    for variable in begun.variables:
        sheet.line("set   ", f"{variable}, {_what(variable)}", hang=6)
    if forge is not None:
        sheet.line("      where you run reconciler, and as secrets of the CI's environments:")
        sheet.line("      plan, apply, drift and stop each name theirs", indent=0)
    if forge == "github" and action is None:
        sheet.line(
            "write ", "where you have the action, and its full SHA, for OWNER/… in the workflows", hang=6
        )
    sheet.line("next  ", typed("reconciler validate"), "   then: ", typed("reconciler doctor"))
