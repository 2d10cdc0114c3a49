"""People in text: who is reached, how often, and when the first phone can ring."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from reconciler.model.address import Address
from reconciler.model.plan import LimitUse, PeopleRow, Plan
from reconciler.render import words
from reconciler.render.changes import FEW, MANY
from reconciler.render.sheet import Piece, Sheet, bad, pad, strong, warn, width_of
from reconciler.render.style import Role

EARLY = "08:00"
"""Before this local hour a first ring is marked."""
COLUMNS = ("reachable", "first time", "again", "kept out", "this plan")
_GAP = 2
"""Columns between two columns of numbers."""
_NARROWEST = 24
"""Columns that a name needs at least."""
_TOTAL = "all, each counted once"


def people(sheet: Sheet, plan: Plan) -> None:
    """The table of people, with what a reviewer must not overlook below it."""
    if not plan.people:
        return
    sheet.blank()
    twice = _several_runs(plan.people)
    shown = plan.people if sheet.verbose or len(plan.people) <= MANY else plan.people[:FEW]
    rows = [(_short(row, twice), row, Role.PLAIN) for row in shown]
    rows += [(_TOTAL, plan.people_total, Role.STRONG)] if plan.people_total else []
    _table(sheet, rows)
    if len(shown) < len(plan.people):
        sheet.line(f"{sheet.style.ellipsis} and {words.count(len(plan.people) - len(shown))} more", indent=2)
    queued = [row for row in plan.people if row.queued_suppressed]
    _remarks(sheet, queued, lambda row: _queued(sheet, row, _short(row, twice)))
    shared = [row for row in plan.people if row.shared]
    _remarks(sheet, shared, lambda row: _shared(sheet, row, _short(row, twice)))


def _remarks(sheet: Sheet, rows: Sequence[PeopleRow], write: Callable[[PeopleRow], None]) -> None:
    """One for each row; of many the first."""
    shown = rows if sheet.verbose else rows[:FEW]
    for row in shown:
        write(row)
    if len(shown) < len(rows):
        left = words.count(len(rows) - len(shown))
        sheet.line(f"{sheet.style.ellipsis} and {left} such campaigns more; -v shows them all", indent=2)


def name_of(row: PeopleRow) -> str:
    """A campaign's short name, with its run unless that is the only one."""
    run = f" {row.run}" if row.run not in {"", "1"} else ""
    return f"{row.address.provider}/{row.address.name}{run}"


def numbers(row: PeopleRow) -> tuple[int, ...]:
    """A row's numbers in the order of the columns."""
    return (row.reachable, row.first_time, row.again, row.suppressed, row.added)


def first_ring(sheet: Sheet, plan: Plan) -> None:
    """The first minute a phone can ring."""
    ring = plan.first_ring
    if ring is None:
        return
    sheet.line(
        "First ring  ",
        strong(words.moment(ring.at, weekday=True)),
        f"{_days_ahead(plan)} ",
        Piece(f"({ring.address.provider}/{ring.address.name})", solid=True),
        hang=12,
    )
    if ring.earliest_local:
        early = ring.earliest_local < EARLY
        text = f"by number prefix it is {ring.earliest_local} for somebody then"
        sheet.line(bad(f"EARLY: {text}") if early else text, indent=12, hang=12)


def limits(sheet: Sheet, series: Sequence[LimitUse]) -> None:
    """How much of each limit is used; of those that nothing counts against there is nothing to say."""
    used = [limit for limit in series if limit.used or limit.exceeded]
    if not used:
        return
    pieces: list[str | Piece] = ["Limits      "]
    for limit in used:
        text = f"{limit.name} {words.count(limit.used)} of {words.count(limit.allowed)}"
        pieces += [Piece(f"{text} EXCEEDED", Role.BAD, solid=True) if limit.exceeded else text, "   "]
    sheet.line(*pieces, hang=12)


def _table(sheet: Sheet, rows: Sequence[tuple[str, PeopleRow, Role]]) -> None:
    """In columns, or in words where there is no room for columns."""
    cells = [tuple(words.count(number) for number in numbers(row)) for _, row, _ in rows]
    widths = [max(map(len, column)) for column in zip(COLUMNS, *cells, strict=True)]
    label = sheet.width - sum(widths) - _GAP * len(widths)
    if label < _NARROWEST:
        _in_words(sheet, rows)
        return
    label = min(label, max(width_of(name) for name, _, _ in rows) + 4)
    sheet.line(pad("People", label) + _cells(COLUMNS, widths))
    for (name, _, role), texts in zip(rows, cells, strict=True):
        lead = pad(sheet.elide(f"  {name}", label), label)
        sheet.line(Piece(lead + _cells(texts, widths), role))


def _in_words(sheet: Sheet, rows: Sequence[tuple[str, PeopleRow, Role]]) -> None:
    sheet.line("People")
    for name, row, role in rows:
        told = (
            f"{words.count(number)} {column}" for number, column in zip(numbers(row), COLUMNS, strict=True)
        )
        sheet.line(Piece(f"{name}: {', '.join(told)}", role), indent=2, hang=4)


def _cells(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"{text:>{width + _GAP}}" for text, width in zip(texts, widths, strict=True))


def _queued(sheet: Sheet, row: PeopleRow, name: str) -> None:
    number = words.people(row.queued_suppressed)
    sheet.line(bad(f"{number} still queued though suppressed"), f" in {name}", indent=2, hang=4)


def _shared(sheet: Sheet, row: PeopleRow, name: str) -> None:
    number = words.people(row.shared)
    sheet.line(warn(f"{number} of {name}"), " can be reached in another, too", indent=2, hang=4)


def _short(row: PeopleRow, twice: AbstractSet[Address]) -> str:
    """The name without its run, where that leaves no doubt."""
    return name_of(row) if row.address in twice else f"{row.address.provider}/{row.address.name}"


def _several_runs(rows: Sequence[PeopleRow]) -> AbstractSet[Address]:
    return {address for address, number in Counter(row.address for row in rows).items() if number > 1}


def _days_ahead(plan: Plan) -> str:
    """Counted from the plan's own moment, so that the same plan reads the same tomorrow."""
    if plan.first_ring is None:
        return ""
    try:
        days = (_date(plan.first_ring.at) - _date(plan.created)).days
    except ValueError:
        return ""
    return f", in {words.counted(days, 'day')}" if days > 0 else ""


def _date(text: str) -> dt.date:
    return dt.datetime.fromisoformat(text).date()
