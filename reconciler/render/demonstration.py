"""The demonstration in text, JSON and Markdown."""

from __future__ import annotations

from reconciler.model.demonstration import Demonstration, DemoStep
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, bad, command, good

_NAME = 9


def step(sheet: Sheet, number: int, item: DemoStep) -> None:
    """One step and how it ended."""
    text: list[str | Piece] = [item.text]
    if item.alarm:
        before, _, after = item.text.partition(item.alarm)
        text = [before, bad(item.alarm), after]
    code = f"   exit {item.exit_code}" if item.exit_code else ""
    wrong = [] if item.as_expected else [bad("   not as it should be")]
    sheet.line(f"{number} {item.name:<{_NAME}} ", *text, code, *wrong, hang=_NAME + 3)


def result(sheet: Sheet, item: Demonstration) -> None:
    """What the vendor's ledger says, and where to go from here."""
    sheet.line("ledger      ", _figures(item), f"  {item.seconds:.1f} s", hang=12)
    if item.folder is not None:
        sheet.line(f"Files kept in {item.folder}")
    sheet.line("next        ", command("reconciler init"))


def _figures(item: Demonstration) -> Piece:
    text = (
        f"{words.count(item.called_once)} of {words.people(item.people)} called once, "
        f"{words.count(item.called_again)} twice, {words.count(item.called_blacklisted)} from the blacklist"
    )
    return good(text) if item.as_expected else bad(f"{text}: not as it should be")


def document(item: Demonstration, ending: Ending) -> json.Document:
    """The same for programs."""
    return json.envelope(
        "demo",
        ending,
        steps=[
            {
                "name": each.name,
                "text": each.text,
                "as_expected": each.as_expected,
                "exit_code": each.exit_code,
            }
            for each in item.steps
        ],
        people=item.people,
        called_once=item.called_once,
        called_again=item.called_again,
        called_blacklisted=item.called_blacklisted,
        seconds=round(item.seconds, 3),
        folder=item.folder,
    )


def markdown(item: Demonstration) -> str:
    """The same for a page."""
    rows = "".join(
        f"| {number} | {safe.markdown(each.name)} | {safe.markdown(each.text)} |\n"
        for number, each in enumerate(item.steps, 1)
    )
    return f"### Demo\n\n| | | |\n|---|---|---|\n{rows}\n{_figures(item).text}\n"
