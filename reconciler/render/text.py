"""Plans, drift, applies and problems as text for terminals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from reconciler.model.plan import Action, Change, Held, Plan
from reconciler.model.problem import Location, Problem
from reconciler.render import changes, findings, people, words
from reconciler.render.safe import clean
from reconciler.render.sheet import Piece, Sheet, bad, command, good, strong, warn

WEEK = 7
"""Days for which a consent is proposed."""

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
    consents(sheet, holds(item.held), item.created)
    _close(sheet, item)


def drift(sheet: Sheet, item: Plan) -> None:
    """What changed outside, worst first, and what could not be seen."""
    number = words.count(len(item.findings))
    missed = findings.unread(item.failures)
    sheet.line(
        strong(f"{number} drifted of {words.counted(item.objects, 'object')}"),
        bad(f"; {missed}") if missed else "",
        f"   {item.project}",
    )
    findings.unknowns(sheet, item.unknowns)
    _hold(sheet, item)
    findings.failures(sheet, item.failures)
    if item.findings:
        sheet.blank()
    findings.findings(sheet, item.findings)
    _unseen(sheet, item.problems)
    findings.notes(sheet, "Notes", item.notes)
    findings.notes(sheet, "Not visible", item.not_visible)
    consents(sheet, [each.held for each in item.findings if each.held], item.created)


def problems(sheet: Sheet, series: Sequence[Problem], source: Source | None = None) -> None:
    """Every problem with its place, the line it stands in, and how to mend it."""
    for item in series:
        _problem(sheet, item, source)


def concise(series: Iterable[Problem]) -> str:
    """A line for each problem, for editors and grep; never wrapped."""
    lines = (
        f"{item.location or item.address or '-'}: {item.severity.value}: {item.code}: {message_of(item)}"
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
    """The last line of a plan: how many changes of each sort, and what keeps others back."""
    todo, rest = counts(item), _rest(item)
    missed = findings.unread(item.failures)
    rest += [missed] if missed else []
    if not todo and not rest:
        return f"No changes. {words.counted(item.objects, 'object')} as wanted."
    head = f"Plan: {todo}" if todo else "No changes to make"
    return "; ".join([head, ", ".join(rest)]) if rest else head


def counts(item: Plan) -> str:
    """`6 create, 2 append, 1 start`; empty where nothing would be done."""
    number = Counter(change.action for change in item.todo)
    return ", ".join(f"{words.count(number[action])} {action.value}" for action in Action if number[action])


def _rest(item: Plan) -> list[str]:
    rest = [f"{words.count(len(item.unknowns))} unknown"] if item.unknowns else []
    rest += [f"{words.count(len(item.held))} held"] if item.held else []
    rest += [f"{words.count(len(item.findings))} changed outside"] if item.findings and not item.todo else []
    return rest


def holds(series: Sequence[Change]) -> list[Held]:
    """All that keeps changes back."""
    return [hold for change in series for hold in change.held]


def consents(sheet: Sheet, held: Sequence[Held], created: str) -> None:
    """The consents that held changes wait for, each once: as an option, and as lines of a manifest."""
    wanted = sorted({hold.consent for hold in held if hold.consent})
    if not wanted:
        return
    shown = wanted if sheet.verbose else wanted[: changes.FEW]
    sheet.blank()
    sheet.line("To consent to what is held, give plan and apply the option")
    for consent in shown:
        sheet.line(command(f"--allow {consent}"), indent=2, hang=4)
    sheet.line("or have it reviewed in a manifest")
    sheet.line("consents:", indent=2)
    for consent in shown:
        _consent(sheet, consent, created)
    if len(shown) < len(wanted):
        sheet.line(
            f"{sheet.style.ellipsis} and {words.count(len(wanted) - len(shown))} more; -v shows them all"
        )


def _consent(sheet: Sheet, consent: str, created: str) -> None:
    """In one line if it fits, else in several: YAML as it stands."""
    *most, last = consent_line(consent, created).split(", ")
    pieces = [command(f"{text}, ") for text in most]
    sheet.line(command("- {"), *pieces, command(f"{last}}}"), indent=4, hang=7)


def consent_line(consent: str, created: str) -> str:
    """The same consent as a manifest holds it, for a week from when the plan was made."""
    action, _, address = consent.partition(":")
    at = f", address: {address}" if address else ""
    return f"action: {action}{at}, reason: WHY, until: {words.days_after(created, WEEK) or 'YYYY-MM-DD'}"


def _header(sheet: Sheet, item: Plan) -> None:
    key = f", key {item.key_fingerprint}" if item.key_fingerprint else ", no key yet"
    state = f"state serial {words.count(item.serial)}" if item.serial else "new state"
    sheet.line(
        strong(item.project),
        f"   {state}{key}",
        Piece(f"   {words.counted(item.objects, 'object')}", solid=True),
    )


def _brakes(sheet: Sheet, item: Plan) -> None:
    """What keeps the whole project or a whole provider back."""
    _hold(sheet, item)
    findings.failures(sheet, item.failures)
    problems(sheet, item.problems)


def _unseen(sheet: Sheet, series: Sequence[Problem]) -> None:
    """Problems that are none of drift's, but for which it may have missed something."""
    if not series:
        return
    sheet.blank()
    sheet.line("Not looked at, so who is suppressed though queued may be missing above")
    for item in series:
        place = f"{item.location}: " if item.location else ""
        sheet.line(f"{place}{item.code} {message_of(item)}", indent=2, hang=4)


def _hold(sheet: Sheet, item: Plan) -> None:
    """The brake on the project, and an empty line before whatever keeps anything back."""
    if item.hold or item.failures or item.problems:
        sheet.blank()
    if item.hold is not None:
        sheet.line(bad("! HOLD"), f": {item.hold}")
        sheet.line(
            "nothing starts, grows or speeds up until: ",
            command("reconciler hold release --reason TEXT"),
            indent=2,
        )


def _outside(sheet: Sheet, item: Plan) -> None:
    if item.findings:
        sheet.blank()
        sheet.line(strong(f"Changed outside since the last apply: {words.count(len(item.findings))}"))
        findings.findings(sheet, item.findings)


def _changes(sheet: Sheet, item: Plan) -> None:
    if item.changes:
        sheet.blank()
        sheet.line(strong(f"Changes, in order: {words.count(len(item.changes))}"))
        changes.changes(sheet, item)


def _facts(sheet: Sheet, item: Plan) -> None:
    sheet.blank()
    people.first_ring(sheet, item)
    people.limits(sheet, item.limits)
    if item.consents:
        sheet.line(f"Consents    {', '.join(item.consents)}", hang=12)


def _close(sheet: Sheet, item: Plan) -> None:
    sheet.blank()
    if item.digest and item.changes:
        until = words.moment(item.expires)
        digest = words.fingerprint(item.digest)
        sheet.line(f"Digest      {digest} (changes, people, consents), until {until}", hang=12)
    text = summary(item)
    if item.failures:
        sheet.line(bad(text))
    elif item.held or item.unknowns:
        sheet.line(warn(text))
    else:
        sheet.line(strong(text) if item.changes else good(text))


def message_of(item: Problem) -> str:
    """What is wrong, without the file that its place names already."""
    return item.message.removeprefix(f"{item.location.path}: ") if item.location else item.message


def _problem(sheet: Sheet, item: Problem, source: Source | None) -> None:
    mark = bad("error") if item.is_error else warn("warn")
    place = str(item.location or item.address or "")
    sheet.line(*([f"{place} "] if place else []), mark, Piece(f" {item.code} {message_of(item)}"), hang=4)
    line = source(item.location) if source and item.location and item.location.line else ""
    if line and item.location:
        from reconciler.render.snippet import snippet

        snippet(sheet, item.location, line)
    if item.help:
        sheet.line(f"= {item.help}", indent=6, hang=8)
