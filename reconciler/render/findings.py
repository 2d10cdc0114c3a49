"""What is not as we left it, and what nobody knows, in text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from reconciler.model.kind import Loudness
from reconciler.model.plan import Difference, Finding, Held, Note, OpenUnknown, ProviderFailure
from reconciler.model.value import ABSENT
from reconciler.render import settings, words
from reconciler.render.changes import ASIDE, FEW, LOUDNESS, MANY, column_of, in_columns
from reconciler.render.sheet import Piece, Sheet, bad, command, warn, width_of
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
    """Providers that could not be read, and what to do about it."""
    for item in series:
        sheet.line(bad(f"! {item.provider} was not read"), f": {reason(item)}")
        sheet.line(f"all its addresses are left alone; {remedy(item)}", indent=2)


def reason(item: ProviderFailure) -> str:
    """Why a provider was not read, without its name in front."""
    return item.message.removeprefix(f"{item.provider}: ")


def remedy(item: ProviderFailure) -> str:
    """What to do about a provider that was not read."""
    if item.credentials:
        return "see its entry in reconciler.yaml, and: reconciler doctor"
    return "run it again when it answers"


def unread(series: Sequence[ProviderFailure]) -> str:
    """`NAME was not read`; empty where everything was."""
    names = " and ".join(sorted(item.provider for item in series))
    return f"{names} {'were' if len(series) > 1 else 'was'} not read" if series else ""


def findings(sheet: Sheet, series: Sequence[Finding]) -> None:
    """What somebody changed at a vendor, worst first."""
    ordered = worst_first(series)
    shown = ordered if sheet.verbose or len(ordered) <= MANY else ordered[:FEW]
    column = column_of((str(item.key.address) for item in shown), sheet.width)
    for item in shown:
        _finding(sheet, item, column)
    _more(sheet, len(ordered) - len(shown))


def worst_first(series: Sequence[Finding]) -> list[Finding]:
    """Findings by grade, then by address."""
    return sorted(series, key=lambda item: (ORDER.index(item.grade), item.key, item.what))


def told(item: Finding, width: int = 30, ellipsis: str = "...") -> str:
    """A finding in a few words: the same in text and Markdown."""
    said = ", ".join(_step(each, width, ellipsis) for each in _shown(item))
    return "; ".join([*_what(item), *([said] if said else [])]) or item.what


def _shown(item: Finding) -> tuple[Difference, ...]:
    return tuple(each for each in item.differences if each.live is not ABSENT)


def _what(item: Finding) -> list[str]:
    """What happened, each thing once; that it changed outside is what the heading says."""
    text = item.text.removeprefix(f"{item.what}: ")
    said = [item.what] if item.what != "changed" and not text.startswith(item.what) else []
    return said + ([text] if text not in {"", "changed", "changed outside"} else [])


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
        str(intent.key.address),
        Piece(f"  {intent.operation.value}{number}{words.run(intent.key)}, ", solid=True),
        Piece(f"sent {words.moment(intent.time)}", solid=True),
        hang=6,
    )
    sheet.line(item.text, indent=6, hang=6)
    if item.settles_itself:
        sheet.line("apply looks for it first and settles it", indent=6)
    else:
        sheet.line("settle it: ", command(f"reconciler resolve {intent.key.address}"), indent=6)


def _finding(sheet: Sheet, item: Finding, column: int) -> None:
    grade = GRADES[item.grade]
    lead = (grade, " " * (_GRADE - len(grade.text)))
    rows = tuple(replace(each, wanted=each.live, live=each.applied) for each in _shown(item))
    told_of = _what(item)
    if len(rows) == 1 and not told_of:
        room = sheet.width - _GRADE - column - 2 if sheet.width >= ASIDE else sheet.width - _GRADE - 2
        line = _step(_shown(item)[0], 400, sheet.style.ellipsis)
        rows, told_of = ((), [line]) if width_of(line) <= room else (rows, told_of)
    in_columns(sheet, column, lead, str(item.key.address), "; ".join(told_of))
    settings.write(sheet, rows, _loudness if len(rows) > 1 else _silent, indent=_GRADE + 2)
    if item.held:
        sheet.line(warn("held"), f": {item.held.reason}", *_undo(item.held), indent=_GRADE, hang=_GRADE + 2)


def _loudness(each: Difference, _room: int) -> Iterator[Piece]:
    """Where a finding has several settings, its grade is that of the loudest."""
    if each.loudness in LOUDNESS:
        yield LOUDNESS[each.loudness]


def _silent(_each: Difference, _room: int) -> Iterator[Piece]:
    return iter(())


def _step(each: Difference, width: int, ellipsis: str) -> str:
    before, after = words.before_and_after(each.field, each.applied, each.live, width, ellipsis)
    return f"{each.field} {before} -> {after}"


def _undo(held: Held) -> Iterator[str]:
    if held.consent:
        yield f"; consent: {held.action}"


def _more(sheet: Sheet, hidden: int) -> None:
    if hidden:
        sheet.line(f"{sheet.style.ellipsis} and {words.count(hidden)} more; -v shows them all", indent=2)
