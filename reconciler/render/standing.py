"""Standings in text, JSON, Markdown and for Prometheus; what a vendor does not tell is n/a, and never 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from reconciler.model.standing import Counters, Standing, Standings
from reconciler.render import findings, json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, bad, pad, strong, width_of
from reconciler.render.style import Role

UNKNOWN = "n/a"
_NARROWEST = 16
_WIDE = 100
"""From this width on the next open window has a column of its own."""
_ROLES = {
    "running": Role.GOOD,
    "started": Role.GOOD,
    "complete": Role.GOOD,
    "missing": Role.BAD,
    "paused": Role.WARN,
}


def standings(sheet: Sheet, item: Standings) -> None:
    """The table, with what hangs over it first."""
    sheet.line(strong(item.project), f"  {words.moment(item.at)}")
    if item.hold is not None:
        sheet.line(bad("! HOLD"), f": {item.hold.reason}", hang=2)
    if item.unknowns:
        sheet.line(bad(f"! {words.counted(item.unknowns, 'unknown')}"), ": reconciler resolve", hang=2)
    findings.failures(sheet, item.failures)
    if not item.rows:
        sheet.line("no campaigns")
        return
    _table(sheet, item.rows)
    _footnotes(sheet, item)


def _table(sheet: Sheet, rows: Sequence[Standing]) -> None:
    columns = COLUMNS if sheet.width >= _WIDE else COLUMNS[:-1]
    cells = [[column.cell(row) for column in columns] for row in rows]
    widths = [max(len(column.title), *(len(each[at]) for each in cells)) for at, column in enumerate(columns)]
    room = sheet.width - sum(widths) - len(widths) - 1
    label = min(max(room, _NARROWEST), max(len("CAMPAIGN"), *(width_of(name_of(row)) for row in rows)))
    head = [_aligned(column.title, width, column) for column, width in zip(columns, widths, strict=True)]
    sheet.line(f"{pad('CAMPAIGN', label)}  {' '.join(head)}".rstrip())
    for row, texts in zip(rows, cells, strict=True):
        name = pad(sheet.elide(name_of(row), label), label)
        state, *rest = (
            _aligned(text, width, column) for text, width, column in zip(texts, widths, columns, strict=True)
        )
        role = _ROLES.get(row.state, Role.PLAIN)
        sheet.line(f"{name}  ", Piece(state, role), f" {' '.join(rest)}".rstrip(), hang=label + 2)
        if row.why:
            sheet.line(row.why, indent=2, hang=4)


class Column(Struct, frozen=True):
    """A column of the table; numbers stand to the right."""

    title: str
    cell: Callable[[Standing], str]
    right: bool = True


def _aligned(text: str, width: int, column: Column) -> str:
    return f"{text:>{width}}" if column.right else f"{text:<{width}}"


def _number(value: float | None) -> str:
    return UNKNOWN if value is None else words.count(round(value))


def progress(row: Standing) -> str:
    """How many of how many: the vendor's own total, else the people whom we queued."""
    total = row.queued if row.counters.total is None else row.counters.total
    return f"{_number(row.counters.done)}/{words.count(total)}"


def end(row: Standing) -> str:
    """The last day, or about when it is through; a dash for what does not ring."""
    if row.ends is None:
        return UNKNOWN if row.state in {"running", "started"} else "-"
    if "T" not in row.ends:
        return row.ends
    return f"~{row.ends[5:10]} {row.ends[11:16]}"


def name_of(row: Standing) -> str:
    """A campaign's short name, with its run unless that is the only usual one."""
    run = f" {row.key.run}" if row.key.run not in {"", "1"} else ""
    part = f" part {row.key.part}" if row.key.part else ""
    return f"{row.key.address.provider}/{row.key.address.name}{run}{part}"


def _state(row: Standing) -> str:
    return f"{row.state}{'' if row.told else '*'}{' ?' if row.unknown else ''}"


def opens(row: Standing) -> str:
    """The next minute in which a phone can ring."""
    return words.moment(row.opens) if row.opens else "-"


COLUMNS = (
    Column("STATE", _state, right=False),
    Column("DONE/TOTAL", progress),
    Column("ANSW", lambda row: _number(row.counters.answered)),
    Column("FAIL", lambda row: _number(row.counters.failed)),
    Column("FILT", lambda row: _number(row.counters.filtered)),
    Column("RATE/H", lambda row: _number(row.counters.rate)),
    Column("END", end, right=False),
    Column("NEXT OPEN", opens, right=False),
)
"""What a row shows beside its name; the last one where there is room."""


def _footnotes(sheet: Sheet, item: Standings) -> None:
    if any(not row.told for row in item.rows):
        sheet.line("* last thing we sent; the vendor shows no state", indent=0, hang=2)
    if any(row.unknown for row in item.rows):
        sheet.line("? the end of a request is not known: reconciler resolve", hang=2)
    if not item.windows_known:
        sheet.line("the manifests have errors, so windows are not known: reconciler validate", hang=2)


def document(item: Standings, ending: Ending) -> json.Document:
    """The same for programs."""
    return json.envelope(
        "status",
        ending,
        project=item.project,
        at=item.at,
        hold=None
        if item.hold is None
        else {"reason": item.hold.reason, "who": item.hold.who, "time": item.hold.time},
        unknowns=item.unknowns,
        windows_known=item.windows_known,
        finished=item.finished,
        timed_out=item.timed_out,
        read_at=dict(item.read_at),
        failures=[
            {"provider": each.provider, "message": each.message, "credentials": each.credentials}
            for each in item.failures
        ],
        campaigns=[_row(row) for row in item.rows],
    )


def _row(row: Standing) -> json.Document:
    return {
        "address": str(row.key.address),
        "key": str(row.key),
        "run": row.key.run,
        "part": row.key.part,
        "state": row.state,
        "told": row.told,
        "why": row.why,
        "queued": row.queued,
        **{name: getattr(row.counters, name) for name in COUNTERS},
        "opens": row.opens,
        "ends": row.ends,
        "finished": row.finished,
        "remote_id": row.remote_id,
        "unknown": row.unknown,
    }


def markdown(item: Standings) -> str:
    """The same for a page."""
    titles = [column.title.lower() for column in COLUMNS]
    rows = "".join(
        f"| {safe.code(name_of(row))} | {' | '.join(column.cell(row) for column in COLUMNS)} |\n"
        for row in item.rows
    )
    head = f"| campaign | {' | '.join(titles)} |\n|---|{'---|' * len(titles)}\n"
    return f"### Status of {safe.markdown(item.project)}\n\n{head}{rows}"


COUNTERS = Counters.__struct_fields__
_HELP = {
    "done": "People whom the vendor is through with.",
    "total": "People whom the vendor has, or is through with.",
    "answered": "People who were reached.",
    "failed": "People who were not reached.",
    "filtered": "People whom the vendor left out.",
    "rate": "People an hour.",
    "queued": "People whom this project queued.",
    "running": "1 while phones can ring, 0 while not.",
}


def prometheus(item: Standings) -> str:
    """The same for Prometheus, in its text format 0.0.4; what a vendor does not tell has no sample."""
    lines = []
    for name, text in _HELP.items():
        lines += [f"# HELP reconciler_{name} {text}", f"# TYPE reconciler_{name} gauge"]
        for row in item.rows:
            value = _sample(row, name)
            lines += [f"reconciler_{name}{{{_labels(item, row)}}} {value:g}"] if value is not None else []
    lines += [
        "# HELP reconciler_unknowns Requests whose end nobody knows.",
        "# TYPE reconciler_unknowns gauge",
    ]
    lines.append(f'reconciler_unknowns{{project="{_label(item.project)}"}} {item.unknowns}')
    return "\n".join(lines) + "\n"


def _sample(row: Standing, name: str) -> float | None:
    if name == "running":
        return float(row.state in {"running", "started"})
    return float(row.queued) if name == "queued" else getattr(row.counters, name)


def _labels(item: Standings, row: Standing) -> str:
    pairs = {
        "project": item.project,
        "provider": row.key.address.provider,
        "campaign": row.key.address.name,
        "run": row.key.run,
        "part": str(row.key.part),
    }
    return ",".join(f'{name}="{_label(value)}"' for name, value in pairs.items())


def _label(text: str) -> str:
    """A label's value: backslash, quote and line break are all that its format escapes."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
