"""Plans, drift, applies and problems as text for terminals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from reconciler.model.plan import Action, Change, Plan
from reconciler.model.problem import Location, Problem
from reconciler.render import changes, findings, people, words
from reconciler.render.safe import clean
from reconciler.render.sheet import Piece, Sheet, bad, command, good, strong, warn
from reconciler.render.snippet import snippet

Source = Callable[[Location], str]
"""Gives the line of a file that a place stands in; empty when it must not or cannot be shown."""


def plan(sheet: Sheet, item: Plan) -> None:
    """What apply would do: the unknown first, then what others did, then changes, then people."""
    _header(sheet, item)
    findings.unknowns(sheet, item.unknowns)
    _brakes(sheet, item)
    _outside(sheet, item)
    _changes(sheet, item)
    people.people(sheet, item)
    _facts(sheet, item)
    findings.notes(sheet, "Notes", item.notes)
    findings.notes(sheet, "Not visible", item.not_visible)
    consents(sheet, item.held)
    _close(sheet, item)


def drift(sheet: Sheet, item: Plan) -> None:
    """What changed outside, worst first, and what could not be seen."""
    number = words.count(len(item.findings))
    sheet.line(strong(f"{number} drifted of {words.counted(item.objects, 'object')}"), f"   {item.project}")
    findings.unknowns(sheet, item.unknowns)
    _brakes(sheet, item)
    if item.findings:
        sheet.blank()
    findings.findings(sheet, item.findings)
    findings.notes(sheet, "Notes", item.notes)
    findings.notes(sheet, "Not visible", item.not_visible)


def problems(sheet: Sheet, series: Sequence[Problem], source: Source | None = None) -> None:
    """Every problem with its place, the line it stands in, and how to mend it."""
    for item in series:
        _problem(sheet, item, source)


def concise(series: Iterable[Problem]) -> str:
    """A line for each problem, for editors and grep; never wrapped."""
    lines = (
        f"{item.location or item.address or '-'}: {item.severity.value}: {item.code}: {item.message}"
        + (f" ({item.help})" if item.help else "")
        for item in series
    )
    return "".join(f"{clean(line)}\n" for line in lines)


def tally(series: Sequence[Problem]) -> str:
    """How many errors and warnings."""
    wrong = sum(item.is_error for item in series)
    parts = [words.counted(wrong, "error"), words.counted(len(series) - wrong, "warning")]
    return ", ".join(parts)


def summary(item: Plan) -> str:
    """The last line of a plan: how many changes of each sort."""
    counts = Counter(change.action for change in item.todo)
    parts = [f"{words.count(counts[action])} {action.value}" for action in Action if counts[action]]
    rest = [f"{words.count(len(item.unknowns))} unknown"] if item.unknowns else []
    rest += [f"{words.count(len(item.held))} held"] if item.held else []
    rest += [f"{words.count(len(item.findings))} changed outside"] if item.findings and not parts else []
    if not parts and not rest:
        return f"No changes. {words.counted(item.objects, 'object')} as wanted."
    head = "Plan: " + ", ".join(parts) if parts else "No changes to make"
    return "; ".join([head, ", ".join(rest)]) if rest else head


def consents(sheet: Sheet, held: Sequence[Change]) -> None:
    """The consents that held changes wait for, each once, as option and as manifest line."""
    wanted = {hold.consent: hold for change in held for hold in change.held if hold.consent}
    if not wanted:
        return
    sheet.blank()
    sheet.line("To let what is held go on, one of each:")
    for consent in sorted(wanted):
        sheet.line(command(f"--allow {consent}"), indent=2, hang=6)
        sheet.line(f"consents: [{{{consent_line(consent)}}}]", indent=2, hang=6)


def consent_line(consent: str) -> str:
    """The same consent as a manifest holds it, with a day to fill in."""
    action, _, address = consent.partition(":")
    at = f", address: {address}" if address else ""
    return f"action: {action}{at}, reason: WHY, until: YYYY-MM-DD"


def _header(sheet: Sheet, item: Plan) -> None:
    key = f", key {item.key_fingerprint}" if item.key_fingerprint else ", no key"
    sheet.line(
        strong(item.project),
        f"   state serial {words.count(item.serial)}{key}   {words.counted(item.objects, 'object')} read",
    )


def _brakes(sheet: Sheet, item: Plan) -> None:
    """What keeps the whole project or a whole provider back."""
    if item.hold or item.failures or item.problems:
        sheet.blank()
    if item.hold is not None:
        sheet.line(bad("! HOLD"), f": {item.hold}")
        sheet.line("nothing starts, grows or speeds up until: reconciler hold release", indent=2, hang=6)
    findings.failures(sheet, item.failures)
    problems(sheet, item.problems)


def _outside(sheet: Sheet, item: Plan) -> None:
    if item.findings:
        sheet.blank()
        sheet.line(strong(f"Changed outside since the last apply: {words.count(len(item.findings))}"))
        findings.findings(sheet, item.findings)


def _changes(sheet: Sheet, item: Plan) -> None:
    if item.changes:
        sheet.blank()
        sheet.line(strong(f"Changes, in order: {words.count(len(item.changes))}"))
        changes.changes(sheet, item.changes)


def _facts(sheet: Sheet, item: Plan) -> None:
    if item.first_ring or item.limits:
        sheet.blank()
    people.first_ring(sheet, item)
    people.limits(sheet, item.limits)
    if item.consents:
        sheet.line(f"Consents    {', '.join(item.consents)}", hang=12)


def _close(sheet: Sheet, item: Plan) -> None:
    sheet.blank()
    if item.digest:
        until = words.moment(item.expires)
        digest = words.fingerprint(item.digest)
        sheet.line(f"Digest      {digest} (changes, people, consents), until {until}", hang=12)
    text = summary(item)
    sheet.line(warn(text) if item.held or item.unknowns else good(text) if not item.changes else strong(text))


def _problem(sheet: Sheet, item: Problem, source: Source | None) -> None:
    mark = bad("error") if item.is_error else warn("warn")
    place = str(item.location or item.address or "")
    sheet.line(*([f"{place} "] if place else []), mark, Piece(f" {item.code} {item.message}"), hang=4)
    line = source(item.location) if source and item.location and item.location.line else ""
    if line and item.location:
        snippet(sheet, item.location, line)
    if item.help:
        sheet.line(f"= {item.help}", indent=6, hang=8)
