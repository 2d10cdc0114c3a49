"""Standings in text, JSON and Markdown; what a vendor does not tell is n/a, and never 0."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.standing import Standing, Standings
from reconciler.render import findings, json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, bad, pad, strong, width_of
from reconciler.render.style import Role

UNKNOWN = "n/a"
_QUEUED, _CALLED = 7, 6
_NARROWEST = 24
_ROLES = {"running": Role.GOOD, "started": Role.GOOD, "missing": Role.BAD, "paused": Role.WARN}


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
    state_width = max(len("STATE"), *(len(_state(row)) for row in rows))
    opens_width = max(len("NEXT OPEN"), *(len(opens(row)) for row in rows))
    room = sheet.width - state_width - _QUEUED - _CALLED - opens_width - 7
    label = min(max(room, _NARROWEST), max(len("CAMPAIGN"), *(width_of(name_of(row)) for row in rows)))
    numbers = f"{'QUEUED':>{_QUEUED}} {'CALLED':>{_CALLED}}"
    sheet.line(f"{pad('CAMPAIGN', label)}  {'STATE':<{state_width}}  {numbers}  NEXT OPEN")
    for row in rows:
        name = pad(sheet.elide(name_of(row), label), label)
        state = pad(_state(row), state_width)
        rest = f"  {words.count(row.queued):>{_QUEUED}} {called(row):>{_CALLED}}  {opens(row)}"
        sheet.line(f"{name}  ", Piece(state, _ROLES.get(row.state, Role.PLAIN)), rest, hang=label + 2)
        if row.why:
            sheet.line(row.why, indent=2, hang=4)


def name_of(row: Standing) -> str:
    """A campaign's short name, with its run unless that is the only usual one."""
    run = f" {row.key.run}" if row.key.run not in {"", "1"} else ""
    part = f" part {row.key.part}" if row.key.part else ""
    return f"{row.key.address.provider}/{row.key.address.name}{run}{part}"


def _state(row: Standing) -> str:
    return f"{row.state}{'' if row.told else '*'}{' ?' if row.unknown else ''}"


def called(row: Standing) -> str:
    """How many were called, if the vendor tells."""
    return UNKNOWN if row.called is None else words.count(row.called)


def opens(row: Standing) -> str:
    """The next minute in which a phone can ring."""
    return words.moment(row.opens) if row.opens else "-"


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
        "called": row.called,
        "opens": row.opens,
        "remote_id": row.remote_id,
        "unknown": row.unknown,
    }


def markdown(item: Standings) -> str:
    """The same for a page."""
    rows = "".join(
        f"| {safe.code(name_of(row))} | {_state(row)} | {row.queued} | {called(row)} | {opens(row)} |\n"
        for row in item.rows
    )
    head = "| campaign | state | queued | called | next open |\n|---|---|---|---|---|\n"
    return f"### Status of {safe.markdown(item.project)}\n\n{head}{rows}"
