"""The overview: what `reconciler` without arguments says."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler import __version__
from reconciler.cli.commands import COMMANDS, SECTIONS
from reconciler.cli.output import Output
from reconciler.render import json
from reconciler.render.ending import Ending
from reconciler.render.sheet import Sheet, strong

_LABEL = 16
_NAME = 10
_SPELLED_OUT = frozenset({"try it", "begin", "check"})
"""Sections whose commands are explained: whoever needs them is new here."""


def overview() -> Output:
    """All commands, by when they are needed."""
    rows = [{"name": name, "section": entry.section, "help": entry.help} for name, entry in COMMANDS.items()]
    return Output(
        Ending(),
        _write,
        lambda ending: json.envelope("overview", ending, tool=__version__, commands=rows),
        lambda: "".join(f"- `{row['name']}`: {row['help']}\n" for row in rows),
    )


def _write(sheet: Sheet) -> None:
    sheet.line(
        strong("reconciler"), f" {__version__}  outbound campaigns as code; nobody is called until you apply"
    )
    for section in SECTIONS:
        names = [name for name, entry in COMMANDS.items() if entry.section == section]
        for line in _lines(section, names) if names else ():
            sheet.line(line, hang=_LABEL + (_NAME + 3 if section in _SPELLED_OUT else 2))
    sheet.line("  reconciler COMMAND --help says more")


def _lines(section: str, names: list[str]) -> Iterator[str]:
    label = f"  {section:<{_LABEL}}"
    if section not in _SPELLED_OUT:
        yield label + "   ".join(names)
        return
    for name in names:
        yield f"{label}{name:<{_NAME}} {COMMANDS[name].help}"
        label = "  " + " " * _LABEL
