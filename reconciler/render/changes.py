"""Changes of a plan in text: one line each, their differences below, long series cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Change, Difference, Held, Origin
from reconciler.model.value import ABSENT
from reconciler.render import words
from reconciler.render.safe import clean
from reconciler.render.sheet import Piece, Sheet, bad, command, elide, warn
from reconciler.render.style import Role

FEW = 20
"""How many alike are shown of a series that is cut."""
MANY = 100
"""From how many changes on series are cut."""
_ADDRESS = 38
_FIELD = 16

_ROLES = {
    Action.CREATE: Role.GOOD,
    Action.APPEND: Role.GOOD,
    Action.START: Role.STRONG,
    Action.RESUME: Role.STRONG,
    Action.DELETE: Role.BAD,
    Action.STOP: Role.BAD,
    Action.UPDATE: Role.WARN,
    Action.PAUSE: Role.WARN,
}
_LOUDNESS = {Loudness.LOUDER: bad("  LOUDER"), Loudness.QUIETER: Piece("  quieter")}


def changes(sheet: Sheet, series: Sequence[Change]) -> None:
    """All changes in order of execution; of more than a hundred, the first twenty of each sort."""
    shown: Counter[tuple[Action, bool]] = Counter()
    cut = len(series) > MANY and not sheet.verbose
    for item in series:
        sort = (item.action, bool(item.held))
        shown[sort] += 1
        if not cut or shown[sort] <= FEW:
            change(sheet, item)
    if cut:
        _rest(sheet, shown)


def change(sheet: Sheet, item: Change) -> None:
    """One change: symbol, address, what it does, then its differences and why it is held."""
    role = _ROLES[item.action]
    sheet.line(
        *subject(sheet, item.action.symbol, str(item.address), role),
        Piece(item.action.value, role),
        _told(item),
        hang=6,
    )
    differences(sheet, item)
    for held in item.held:
        sheet.line(warn("held"), f": {held.reason}", *_needs(held), indent=6, hang=8)


def subject(sheet: Sheet, symbol: str, address: str, role: Role) -> Iterator[Piece]:
    """The beginning of a line about an address, so that what follows stands in one column."""
    yield Piece("  ")
    yield Piece(symbol, role)
    yield Piece(" " + clean(address).ljust(_column(sheet)) + "  ")


def summary(item: Change) -> str:
    """What a change does, in a few words: the same in text and Markdown."""
    return f"{item.action.value}{_told(item)}"


def new(item: Change, width: int, ellipsis: str) -> str:
    """The fields of something new, in a row."""
    return "; ".join(
        f"{each.field} {elide(words.value(each.wanted, each.field), width, ellipsis)}"
        for each in item.differences
    )


def differences(sheet: Sheet, item: Change) -> None:
    """The fields that a change sets: all in a row for something new, else one line each."""
    if item.action is Action.CREATE:
        if item.differences:
            sheet.line(new(item, max(sheet.width // 2, 24), sheet.style.ellipsis), indent=6, hang=6)
        return
    for each in item.differences:
        _difference(sheet, each)


def _told(item: Change) -> str:
    said = [f" {words.people(item.people)}"] if item.people else []
    said += [f" ({item.kind})"] if item.kind != item.address.kind else []
    said += [f", run {item.key.run}"] if item.key.run not in {"", "1"} else []
    said += [f" part {item.key.part}"] if item.key.part else []
    said += [f", first ring {words.moment(item.first_ring, weekday=True)}"] if item.first_ring else []
    # A reason that only repeats the action says nothing.
    said += [f"; {item.reason}"] if item.reason and not item.reason.startswith(item.action.value) else []
    return "".join(said)


def _column(sheet: Sheet) -> int:
    return _ADDRESS + (sheet.width - 80) // 4 if sheet.width > 80 else _ADDRESS * sheet.width // 80  # noqa: PLR2004


def _difference(sheet: Sheet, each: Difference) -> None:
    room = sheet.width - 8 - _FIELD
    pieces: list[str | Piece] = [words.shown(each, room, sheet.style.ellipsis)]
    if each.loudness in _LOUDNESS:
        pieces.append(_LOUDNESS[each.loudness])
    sheet.line(clean(each.field).ljust(_FIELD), *pieces, *_outside(sheet, each, room), indent=8, hang=10)


def _outside(sheet: Sheet, each: Difference, room: int) -> Iterator[Piece]:
    """Who else had a hand in it: the value before somebody changed it at the vendor."""
    if each.origin is Origin.HERE:
        return
    yield warn("  changed outside" if each.origin is Origin.OUTSIDE else "  changed here and outside")
    if each.origin is Origin.BOTH and each.applied is not ABSENT:
        yield Piece(f" (was {sheet.elide(words.value(each.applied, each.field), room // 2)})")


def _needs(held: Held) -> Iterator[Piece]:
    if held.consent:
        yield Piece("; needs ")
        yield command(f"--allow {held.consent}")


def _rest(sheet: Sheet, shown: Counter[tuple[Action, bool]]) -> None:
    hidden = [(action, held, number - FEW) for (action, held), number in shown.items() if number > FEW]
    for action, held, number in hidden:
        state = ", held" if held else ""
        sheet.line(
            f"{sheet.style.ellipsis} and {words.count(number)} more to {action.value}{state}", indent=2
        )
    if hidden:
        sheet.line("-v shows them all, and so does --format json", indent=2)
