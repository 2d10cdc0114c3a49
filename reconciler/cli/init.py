"""`reconciler init`: a new project."""

from __future__ import annotations

import click

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings, now
from reconciler.render import json
from reconciler.render.ending import Ending
from reconciler.render.sheet import Sheet, good, warn
from reconciler.render.sheet import command as typed
from reconciler.workflow.init import Begun, begin

USUAL = "plum"


@frame.command(examples=("reconciler init", "reconciler init --name outreach --provider plum"))
@click.option(
    "--provider",
    "types",
    multiple=True,
    metavar="TYPE",
    help=f"A vendor to begin with. Repeatable; {USUAL} unless told.",
)
@click.option("--name", metavar="NAME", help="The project's name; the folder's unless told.")
def command(settings: Settings, types: tuple[str, ...], name: str | None) -> Output:
    """Write a new project into this folder, or into that of -C; nothing is overwritten.

    The project file, an example campaign as a draft, schemas for editors, two fictional contacts, and the
    project's key, which Git ignores. Nobody is called by any of it.
    """
    folder = settings.start
    if settings.console.interactive:
        name = name or _ask(settings, "Project's name", folder.resolve().name)
        types = types or tuple(_ask(settings, "Vendors, by type", USUAL).replace(",", " ").split())
    return _output(begin(folder, name=name, types=types or (USUAL,), today=now().date()))


def _ask(settings: Settings, question: str, usual: str) -> str:
    return settings.console.ask(f"{question} [{usual}]:") or usual


def _output(begun: Begun) -> Output:
    return Output(
        Ending(),
        lambda sheet: _write(sheet, begun),
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


def _write(sheet: Sheet, begun: Begun) -> None:
    sheet.line(good("wrote "), "  ".join(begun.written), hang=6)
    if begun.key is not None:
        sheet.line(good("made  "), f".reconciler/key (0600, ignored by Git), fingerprint {begun.key}", hang=6)
        sheet.line(
            warn("keep it"), " where secrets are kept: with another key nobody can tell who was", hang=6
        )
        sheet.line("called, and apply then refuses", indent=6)
    for variable in begun.variables:
        sheet.line("set   ", f"{variable}, to the vendor's credential", hang=6)
    sheet.line("next  ", typed("reconciler validate"), "   then: ", typed("reconciler doctor"))
