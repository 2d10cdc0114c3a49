"""Reports as text, JSON, Markdown and CSV; what a vendor wrote stays text in each."""

from __future__ import annotations

import csv as comma_separated
import io
from collections.abc import Iterable, Sequence

from reconciler.model.table import Cell, Column, Listed, Table
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, pad, strong, width_of

GAP = 2
_FORMULA = tuple("=+-@\t\r")


def text_of(cell: Cell) -> str:
    """A cell in words; empty where the vendor says nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return safe.clean(str(cell))


def table(sheet: Sheet, item: Table) -> None:
    """The rows side by side where they fit, else each in a few lines; then how many, and what was masked."""
    rows = [tuple(map(text_of, row)) for row in item.rows]
    names = [column.name for column in item.columns]
    widths = [max([width_of(name), *(width_of(row[at]) for row in rows)]) for at, name in enumerate(names)]
    if not rows:
        sheet.line("no rows")
    elif sum(widths) + GAP * (len(widths) - 1) <= sheet.width:
        _side_by_side(sheet, names, rows, widths)
    else:
        _one_by_one(sheet, names, rows)
    _footnotes(sheet, item)


def _side_by_side(
    sheet: Sheet, names: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
) -> None:
    sheet.line(strong(_row(names, widths)))
    for row in rows:
        sheet.line(_row(row, widths))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return (" " * GAP).join(pad(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _one_by_one(sheet: Sheet, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    for first, *others in rows:
        sheet.line(strong(f"{names[0]} {first}"))
        pieces = [
            Piece(f"{name} {cell};", solid=True) for name, cell in zip(names[1:], others, strict=True) if cell
        ]
        spaced = [part for piece in pieces for part in (piece, " ")]
        sheet.line(*spaced, indent=2, hang=2)


def _footnotes(sheet: Sheet, item: Table) -> None:
    hidden = [column.name for column in item.columns if column.personal] if item.masked else []
    parts = [words.counted(len(item.rows), "row")]
    parts += [f"{', '.join(hidden)} masked: --reveal shows it"] if hidden else []
    parts += [f"it cost {item.spent}"] if item.spent else []
    sheet.line("; ".join(parts))


def document(item: Table, ending: Ending) -> json.Document:
    """The same for programs."""
    return json.envelope(
        "report",
        ending,
        provider=item.provider,
        report=item.name,
        masked=item.masked,
        spent=item.spent,
        columns=[{"name": column.name, "personal": column.personal} for column in item.columns],
        rows=[{column.name: cell for column, cell in _cells(item, row)} for row in item.rows],
    )


def _cells(item: Table, row: Sequence[Cell]) -> Iterable[tuple[Column, Cell]]:
    return zip(item.columns, row, strict=True)


def csv(item: Table) -> str:
    """The same for spreadsheets: what could be taken for a formula gets an apostrophe in front."""
    written = io.StringIO()
    writer = comma_separated.writer(written, lineterminator="\n")
    writer.writerow(column.name for column in item.columns)
    writer.writerows([_field(cell) for cell in row] for row in item.rows)
    return written.getvalue()


def _field(cell: Cell) -> str:
    text = text_of(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text


def markdown(item: Table) -> str:
    """The same for a page."""
    names = [column.name for column in item.columns]
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(safe.markdown(text_of(cell)) for cell in row)} |" for row in item.rows]
    title = f"### Report {safe.markdown(item.name)} of {safe.markdown(item.provider)}"
    return f"{title}\n\n" + "\n".join(lines) + "\n"


def listing(sheet: Sheet, several: Sequence[Listed]) -> None:
    """The reports that there are."""
    if not several:
        sheet.line("no reports")
    for item in several:
        options = f"  {' '.join(item.options)}" if item.options else ""
        sheet.line(strong(f"{item.provider} {item.name}"), options)
        sheet.line(item.help, indent=4)


def list_document(several: Sequence[Listed], ending: Ending) -> json.Document:
    """The same for programs."""
    return json.envelope(
        "reports",
        ending,
        reports=[
            {"provider": each.provider, "name": each.name, "help": each.help, "options": each.options}
            for each in several
        ],
    )


def list_markdown(several: Sequence[Listed]) -> str:
    """The same for a page."""
    rows = "".join(f"| {safe.code(f'{each.provider} {each.name}')} | {each.help} |\n" for each in several)
    return f"| report | shows |\n|---|---|\n{rows}"
