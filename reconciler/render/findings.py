"""What is not as we left it, and what nobody knows, in text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.kind import Loudness
from reconciler.model.plan import Difference, Finding, Held, Note, OpenUnknown, ProviderFailure
from reconciler.model.value import ABSENT
from reconciler.render import words
from reconciler.render.changes import FEW, MANY
from reconciler.render.safe import clean
from reconciler.render.sheet import Piece, Sheet, bad, command, warn
from reconciler.render.style import Role

GRADES = {
    Loudness.LOUDER: Piece("LOUDER", Role.BAD),
    Loudness.OTHER: Piece("CHANGED", Role.WARN),
    Loudness.QUIETER: Piece("QUIETER", Role.WARN),
    Loudness.SAME: Piece("same", Role.PLAIN),
}
ORDER = (Loudness.LOUDER, Loudness.OTHER, Loudness.QUIETER, Loudness.SAME)
"""Grades, worst first."""
_GRADE = 9


def unknowns(sheet: Sheet, series: Sequence[OpenUnknown]) -> None:
    """Requests whose end nobody knows, each with the way to settle it."""
    if not series:
        return
    sheet.blank()
    number = words.counted(len(series), "unknown")
    sheet.line(bad(f"! {number}"), ": nothing gets louder at such an address until it is settled")
    for item in series:
        _unknown(sheet, item)


def failures(sheet: Sheet, series: Sequence[ProviderFailure]) -> None:
    """Providers that could not be read."""
    for item in series:
        sheet.line(bad(f"! {item.provider} was not read"), f": {item.message}")
        sheet.line("all its addresses are left alone", indent=2)


def findings(sheet: Sheet, series: Sequence[Finding]) -> None:
    """What somebody changed at a vendor, worst first."""
    ordered = worst_first(series)
    shown = ordered if sheet.verbose or len(ordered) <= MANY else ordered[:FEW]
    for item in shown:
        _finding(sheet, item)
    _more(sheet, len(ordered) - len(shown))


def worst_first(series: Sequence[Finding]) -> list[Finding]:
    """Findings by grade, then by address."""
    return sorted(series, key=lambda item: (ORDER.index(item.grade), item.key, item.what))


def told(item: Finding, width: int = 30, ellipsis: str = "...") -> str:
    """A finding in a few words: the same in text and Markdown."""
    said = ", ".join(_step(each, width, ellipsis) for each in item.differences if each.live is not ABSENT)
    parts = [item.what] if item.what != "changed" or not said else []
    parts += [said] if said else []
    parts += [item.text] if item.text and item.text not in parts else []
    return "; ".join(parts)


def notes(sheet: Sheet, title: str, series: Sequence[Note]) -> None:
    """Remarks under one title, those of one address together."""
    if not series:
        return
    sheet.blank()
    sheet.line(title)
    shown = series if sheet.verbose or len(series) <= MANY else series[:FEW]
    for note in shown:
        sheet.line(f"  {note.address}", f": {note.text}", hang=6)
    _more(sheet, len(series) - len(shown))


def _unknown(sheet: Sheet, item: OpenUnknown) -> None:
    intent = item.intent
    number = f" {words.people(intent.contacts.count)}" if intent.contacts else ""
    sheet.line(
        bad("  ! "),
        str(intent.key),
        f"  {intent.operation.value}{number}, {words.moment(intent.time)}",
        hang=6,
    )
    sheet.line(item.text, indent=6, hang=6)
    if item.settles_itself:
        sheet.line("apply looks for it first and settles it", indent=6)
    else:
        sheet.line("settle it: ", command(f"reconciler resolve {intent.key.address}"), indent=6)


def _finding(sheet: Sheet, item: Finding) -> None:
    grade = GRADES[item.grade]
    room = max(sheet.width // 3, 12)
    address = clean(str(item.key.address)).ljust(36)
    sheet.line(
        grade,
        " " * (_GRADE - len(grade.text)) + address + "  " + told(item, room, sheet.style.ellipsis),
        hang=_GRADE,
    )
    if item.held:
        sheet.line(warn("held"), f": {item.held.reason}", *_undo(item.held), indent=_GRADE, hang=_GRADE)


def _step(each: Difference, width: int, ellipsis: str) -> str:
    before, after = words.before_and_after(each.field, each.applied, each.live, width, ellipsis)
    return f"{each.field} {before} -> {after}"


def _undo(held: Held) -> Iterator[str | Piece]:
    if held.consent:
        yield "; to undo it: "
        yield command(f"--allow {held.consent}")


def _more(sheet: Sheet, hidden: int) -> None:
    if hidden:
        sheet.line(f"{sheet.style.ellipsis} and {words.count(hidden)} more; -v shows them all", indent=2)
