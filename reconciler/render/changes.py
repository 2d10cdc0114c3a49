"""Changes of a plan in text: one line each, their settings below, long series cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reconciler.model.kind import Loudness
from reconciler.model.plan import Action, Change, Difference, Held, Origin, Plan
from reconciler.model.value import ABSENT
from reconciler.render import settings, words
from reconciler.render.sheet import Piece, Sheet, bad, pad, warn, width_of
from reconciler.render.style import Role

FEW = 20
"""How many alike are shown of a series that is cut."""
MANY = 100
"""From how many changes on series are cut."""

_WIDEST = 44
"""Columns that an address gets at most of eighty; what is longer pushes its line to the right."""
ASIDE = 60
"""Columns from which on an address and what happens to it stand side by side."""
_OBVIOUS = frozenset({"", "new", "contacts", "more contacts", "changed here", "changed"})
"""Reasons that say what the action says already."""

_ROLES = {
    Action.CREATE: Role.GOOD,
    Action.APPEND: Role.GOOD,
    Action.START: Role.STRONG,
    Action.RESUME: Role.STRONG,
    Action.DELETE: Role.BAD,
    Action.STOP: Role.BAD,
    Action.REPLACE: Role.BAD,
    Action.UPDATE: Role.WARN,
    Action.PAUSE: Role.WARN,
    Action.WITHDRAW: Role.WARN,
}
LOUDNESS = {Loudness.LOUDER: bad("  LOUDER"), Loudness.QUIETER: Piece("  quieter")}


def changes(sheet: Sheet, plan: Plan) -> None:
    """All changes in order of execution; of more than a hundred, the first twenty of each sort."""
    series = plan.changes
    writer = _Writer(sheet, plan)
    shown: Counter[tuple[Action, bool]] = Counter()
    cut = len(series) > MANY and not sheet.verbose
    for item in series:
        sort = (item.action, bool(item.held))
        shown[sort] += 1
        if not cut or shown[sort] <= FEW:
            writer.change(item)
    if cut:
        _rest(sheet, shown)


def column_of(texts: Iterable[str], width: int) -> int:
    """The width of a column of addresses: that of the longest, as far as there is room."""
    return min(max(map(len, texts), default=0), _WIDEST * width // 80)


def in_columns(
    sheet: Sheet, column: int, lead: Sequence[str | Piece], address: str, *told: str | Piece
) -> None:
    """A line about an address: side by side with what is told of it, or above where there is no room."""
    before = sum(width_of(each if isinstance(each, str) else each.text) for each in lead)
    if sheet.width < ASIDE:
        sheet.line(*lead, address, hang=before)
        if any(told):
            sheet.line(*told, indent=before + 2, hang=before + 2)
        return
    hang = before + column + 2
    sheet.line(*lead, f"{pad(address, column)}  ", *told, hang=hang)


class _Writer:
    """Writes changes with what the ones before have said in mind."""

    def __init__(self, sheet: Sheet, plan: Plan) -> None:
        self._sheet = sheet
        self._column = column_of((str(item.address) for item in plan.changes), sheet.width)
        self._first = words.moment(plan.first_ring.at) if plan.first_ring else ""
        self._problems = {problem.message: problem.code for problem in plan.problems}
        self._on_hold = plan.hold is not None
        self._said: set[str] = set()

    def change(self, item: Change) -> None:
        """One change: symbol, address, what it does, then its settings and why it is held."""
        role = _ROLES[item.action]
        lead = ("  ", Piece(item.action.symbol, role), " ")
        told = self._told(item, role)
        rows = settings.rows(item, self._sheet.style.ellipsis) if item.action is Action.CREATE else ()
        texts = rows[0].texts if len(rows) == 1 and not rows[0].name else ()
        aside = len(texts) == 1 and self._fits(told, texts[0])
        if aside:
            told.append(Piece(f": {texts[0]}"))
        in_columns(self._sheet, self._column, lead, str(item.address), *told)
        self._settings(item, () if aside else rows)
        for reason in dict.fromkeys(map(self._held, item.held)):
            self._sheet.line(warn("held"), f": {reason}", indent=6, hang=8)

    def _fits(self, told: Iterable[Piece], text: str) -> bool:
        used = sum(width_of(piece.text) for piece in told) + width_of(text) + 2
        return self._column + 6 + used <= self._sheet.width

    def _told(self, item: Change, role: Role) -> list[Piece]:
        """What it does, and its first ring unless that is the plan's own, which stands below."""
        pieces = [_action(item).removeprefix(item.action.value) + words.run(item.key)]
        if item.first_ring and words.moment(item.first_ring) != self._first:
            pieces[0] += ", "
            pieces.append(f"first ring {words.moment(item.first_ring, weekday=True)}")
        solid = [Piece(text, solid=True) for text in pieces]
        return [Piece(item.action.value, role), *solid, *map(Piece, _reason(item))]

    def _settings(self, item: Change, rows: Sequence[settings.Row]) -> None:
        if item.action is Action.CREATE:
            settings.write_rows(self._sheet, rows, indent=8)
        else:
            settings.write(self._sheet, item.differences, _marks(item.differences), indent=8)

    def _held(self, held: Held) -> str:
        if held.action == "hold" and self._on_hold:
            return "HOLD, see above"
        return self._reason(held.reason) + (f"; consent: {held.action}" if held.consent else "")

    def _reason(self, text: str) -> str:
        """In full once; where a problem above has said it, by that problem's code."""
        for message, code in self._problems.items():
            if text.endswith(message):
                return f"{text.removesuffix(message)}{code}, see above"
        if text in self._said:
            return "the same reason"
        self._said.add(text)
        return words.without_ids(text)


def summary(item: Change) -> str:
    """What a change does, in a few words: the same in text and Markdown."""
    return "".join([_action(item), words.run(item.key), *_reason(item)])


def _action(item: Change) -> str:
    people = f" {words.people(item.people)}" if item.people else ""
    return item.action.value + people + (f" ({item.kind})" if item.kind != item.address.kind else "")


def _reason(item: Change) -> tuple[str, ...]:
    """Why, unless the action says it already."""
    told = item.reason not in _OBVIOUS and not item.reason.startswith(item.action.value)
    return (f": {item.reason}",) if told else ()


def _marks(series: Sequence[Difference]) -> settings.Marks:
    """What stands behind a setting: how loud it gets, and who else had a hand in it."""
    outside = all(each.origin is Origin.OUTSIDE for each in series)

    def marks(each: Difference, room: int) -> Iterator[Piece]:
        if each.loudness in LOUDNESS:
            yield LOUDNESS[each.loudness]
        if each.origin is Origin.OUTSIDE and not outside:
            yield warn("  changed outside")
        if each.origin is Origin.BOTH:
            was = [Piece(f"was {words.elided(each.applied, each.field, room)}", solid=True)]
            yield warn(f"  changed outside too{', ' if each.applied is not ABSENT else ''}")
            yield from was if each.applied is not ABSENT else ()

    return marks


def _rest(sheet: Sheet, shown: Counter[tuple[Action, bool]]) -> None:
    hidden = [(action, held, number - FEW) for (action, held), number in shown.items() if number > FEW]
    for action, held, number in hidden:
        state = ", held" if held else ""
        sheet.line(
            f"{sheet.style.ellipsis} and {words.count(number)} more to {action.value}{state}", indent=2
        )
    if hidden:
        sheet.line("-v shows them all, and so does --format json", indent=2)
