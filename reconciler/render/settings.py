"""Settings in text: those of something new in a row, those that change each with before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from reconciler.model.plan import Change, Difference
from reconciler.model.value import ABSENT, Value
from reconciler.render import words
from reconciler.render.groups import grouped, switched
from reconciler.render.safe import clean
from reconciler.render.sheet import Piece, Sheet, width_of

Marks = Callable[[Difference, int], Iterable[Piece]]
"""What stands behind a setting, in at most so many columns."""
_LONGEST = 60
"""Columns that one setting in a row gets at most."""
_SEVERAL = 4
"""Times as many columns has one that holds several values."""
_NAME = 16
"""Columns that the name of a setting gets at most."""
_ARROW = "-> "
_EMPTY: tuple[Value, ...] = (None, "", (), ABSENT)
_PACE = ("amount_per_period", "period", "time_between_periods")
_DATES = ("start_date", "end_date")
_PLAIN = frozenset({"days", "windows"})
"""Settings whose values say what they are."""


class Row(Struct, frozen=True):
    """Settings that stand together: what they belong to, how deep that is, and each in a few words.

    `path` is the whole name of what they belong to, `name` what the rows above have not said of it.
    """

    name: str
    path: str
    depth: int
    texts: tuple[str, ...]


def rows(item: Change, ellipsis: str = "...") -> tuple[Row, ...]:
    """The settings of something new, by what they belong to; a name that its address tells is left out."""
    told = (*_EMPTY, item.address.name)
    values = {each.field: each.wanted for each in item.differences if each.wanted not in told}
    dates, pace_ = (*_dates(values),), (*_pace(values),)
    found = [
        Row(group.name, group.path, group.depth, tuple(_others(group.values, ellipsis)))
        for group in grouped(values)
    ]
    first = found.pop(0).texts if found and not found[0].name else ()
    plain = (*dates, *pace_, *first)
    return (*((Row("", "", 0, plain),) if plain else ()), *found)


def write_rows(sheet: Sheet, series: Sequence[Row], *, indent: int) -> None:
    """Settings side by side, each wrapped as a whole if it fits, below the name of what they belong to."""
    for each in series:
        lead = f"{clean(each.name)}{': ' if each.texts else ''}" if each.name else ""
        left = indent + 2 * each.depth
        hang = left + (4 if each.name else 0)
        ends = [*["; "] * (len(each.texts) - 1), ""]
        told = [f"{text}{end}" for text, end in zip(each.texts, ends, strict=False)]
        pieces = [Piece(text, solid=hang + width_of(text) <= sheet.width) for text in told]
        sheet.line(lead, *pieces, indent=left, hang=hang)


def write(sheet: Sheet, series: Sequence[Difference], marks: Marks, *, indent: int) -> None:
    """Settings that change: one line each, or two where before and after are long; below a name that is long, too."""
    column = min(max((len(each.field) for each in series), default=0), _NAME)
    for each in series:
        name = f"{clean(each.field):<{column}}  "
        room = sheet.width - indent - len(name)
        if len(name) > column + 2 and _is_wide(each, room):
            sheet.line(name, indent=indent)
            _below(sheet, each, marks, indent + 4)
            continue
        told = _told(each, room, sheet.style.ellipsis)
        hang = indent + len(name)
        after = list(marks(each, room // 2))
        if told[1:]:
            sheet.line(name, told[0], indent=indent, hang=hang)
            lead = " " * (column + 2 - len(_ARROW))
            sheet.line(lead, _ARROW, told[1], *after, indent=indent, hang=hang)
        else:
            sheet.line(name, told[0], *after, indent=indent, hang=hang)


def _is_wide(each: Difference, room: int) -> bool:
    values = [each.wanted] if each.current is ABSENT else [each.current, each.wanted]
    return sum(width_of(words.value(item, each.field)) for item in values) + width_of(_ARROW) > room


def _below(sheet: Sheet, each: Difference, marks: Marks, indent: int) -> None:
    """Before and after in lines of their own, each with all the room there is."""
    room = sheet.width - indent
    after = list(marks(each, room // 2))
    told = _told(each, room, sheet.style.ellipsis)
    for text in told[:-1]:
        sheet.line(text, indent=indent, hang=indent)
    sheet.line(_ARROW if told[1:] else "", told[-1], *after, indent=indent, hang=indent)


def _told(each: Difference, room: int, ellipsis: str) -> tuple[str, ...]:
    """Before and after in one text if it fits, else in two; a new setting as its value."""
    text = words.shown(each, room * 2, ellipsis)
    if width_of(text) <= room or " -> " not in text:
        return (words.shown(each, room, ellipsis),)
    return words.before_and_after(each.field, each.current, each.wanted, room * 2, ellipsis)


def _dates(values: dict[str, Value]) -> Iterator[str]:
    first, last = (values.get(name) for name in _DATES)
    if isinstance(first, str) and isinstance(last, str):
        del values["start_date"], values["end_date"]
        yield f"{clean(first)} to {clean(last)}"


def _pace(values: dict[str, Value]) -> Iterator[str]:
    text = pace(values)
    if text:
        for name in _PACE:
            values.pop(name, None)
        yield text


def pace(values: Mapping[str, Value]) -> str:
    """`100 per 30 min, then 10 min rest`; empty where it is not a pace."""
    amount, period, rest = (values.get(name) for name in _PACE)
    if not isinstance(amount, int) or not isinstance(period, int):
        return ""
    pause = f", then {rest} min rest" if isinstance(rest, int) and rest else ""
    return f"{words.count(amount)} per {words.count(period)} min{pause}"


def _others(values: Mapping[str, Value], ellipsis: str) -> Iterator[str]:
    for name, item in switched(values):
        lead = "" if name in _PLAIN or not name else f"{clean(name)} "
        yield lead + words.elided(item, name, _longest(item) - len(lead), ellipsis)


def _longest(item: Value) -> int:
    """Columns for one setting; of several values none may be lost to the others' length."""
    several = isinstance(item, tuple | Mapping) and len(item) > 1
    return _LONGEST * (_SEVERAL if several else 1)
