"""Plans and drift as Markdown for reviews: people first, then what is risky."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reconciler.model.plan import Action, Change, Difference, Finding, Held, Origin, Plan
from reconciler.model.problem import Problem
from reconciler.model.report import ApplyReport, StepResult
from reconciler.render import applying, people, settings, words
from reconciler.render.changes import LOUDNESS, summary
from reconciler.render.findings import GRADES, reason, told, unread, worst_first
from reconciler.render.page import SUMMARY, Part, Room, Table, folded, page
from reconciler.render.safe import clean, code, markdown
from reconciler.render.text import consent_line, counts, holds, message_of
from reconciler.render.text import summary as last_line

_INERT = re.compile(r"[<>`@]|-(?=-)")
"""What could end a comment, or act within it."""
MOST_CONSENTS = 20
"""Consents that are named."""
MOST_PINS = 1000
"""Changes that the marker of a plan names one by one; a larger plan is known by its digest alone."""
SHORT = 200
"""Characters of foreign text in a cell that cannot be cut away."""
_RISK = {
    Action.DELETE: 0,
    Action.STOP: 0,
    Action.REPLACE: 0,
    Action.WITHDRAW: 2,
    Action.START: 1,
    Action.RESUME: 1,
    Action.APPEND: 2,
}


def plan(item: Plan, room: Room = SUMMARY) -> str:
    """A plan for a step's summary or for a pull request's comment."""
    parts = (
        _marker(item),
        _headline(item),
        _table_of(_top(item)),
        _problems(item.problems),
        _people(item),
        _changes(item),
        _findings("changed outside", item.findings),
        _how_to_consent(holds(item.held), item.created),
        _notes(item),
        _close(item),
    )
    return page(parts, room)


def drift(item: Plan, room: Room = SUMMARY) -> str:
    """What changed outside, for an issue or a step's summary."""
    number = words.counted(len(item.findings), "object")
    missed = unread(item.failures)
    headline = f"### {markdown(item.project)}: {number} drifted of {words.count(item.objects)}"
    parts = (
        _marker(item),
        headline + (f"; {markdown(missed)}" if missed else ""),
        _table_of(_state(item)),
        _findings("changed outside", item.findings, folds=False),
        _how_to_consent([each.held for each in item.findings if each.held], item.created),
        _notes(item),
    )
    return page(parts, room)


def applied(report: ApplyReport, room: Room = SUMMARY) -> str:
    """How an apply ended, whether phones can ring, what to do next, then change by change."""
    ordered = sorted(report.steps, key=lambda step: step.result is StepResult.DONE)
    rows = [
        f"| {item.result.value} | {code(str(item.change.address))} | {markdown(summary(item.change))} | "
        f"{markdown(words.without_ids(item.detail))} |"
        for item in ordered
    ]
    sorts = tuple(item.result.value for item in ordered)
    parts = (
        f"### {markdown(report.plan.project)}: {_ending(report)}",
        markdown(applying.rings(report)) if rows else "",
        "\n".join(
            f"- {markdown(lead)} {code(what)}".replace("-  ", "- ") for lead, what in applying.advice(report)
        ),
        _problems(report.plan.problems),
        Table(("result", "address", "what", "detail"), tuple(rows), sorts=sorts, rank=0),
        _how_to_consent(holds([item.change for item in report.steps]), report.plan.created),
        f"Run {code(report.holder)}",
    )
    return page(parts, room)


def _ending(report: ApplyReport) -> str:
    if report.declined:
        return "not confirmed; nothing was sent"
    verdict = applying.verdict(report).text.removesuffix(":")
    return markdown(f"{verdict[:1].lower()}{verdict[1:]}; {applying.counts(report).removesuffix('.')}")


def problems(series: Sequence[Problem], room: Room = SUMMARY) -> str:
    """What is wrong in the manifests."""
    return page((f"### {words.counted(len(series), 'problem')}", _problems(series)), room)


def _marker(item: Plan) -> str:
    """A line that nobody sees, by which a comment is found again and told apart, and which pins the plan."""
    facts: dict[str, Any] = {"v": 1, "key": item.project_id, "digest": item.digest}
    if 0 < len(item.pins) <= MOST_PINS:
        facts |= {"lineage": item.lineage, "pins": item.pins}
    text = json.dumps(facts, separators=(",", ":"))
    return f"<!-- reconciler {_INERT.sub('', clean(text, len(text)))} -->"


def _headline(item: Plan) -> str:
    total = item.people_total
    if total is None:
        return f"### {markdown(item.project)}: {markdown(last_line(item))}"
    first = f", {words.count(total.first_time)} for the first time" if total.first_time else ""
    return f"### {markdown(item.project)}: **{words.people(total.reachable)}**{first}"


def _top(item: Plan) -> Iterator[tuple[str, str]]:
    """What a reviewer must not miss: what nobody knows first."""
    yield from _state(item)
    if item.first_ring:
        ring = item.first_ring
        yield "First ring", f"**{words.moment(ring.at, weekday=True)}**, {code(str(ring.address))}"
        yield "By number prefix", _earliest(ring.earliest_local) if ring.earliest_local else ""
    yield "Needs consent", _consents(holds(item.held))
    yield (
        "Limits exceeded",
        ", ".join(
            f"{markdown(each.name)} {words.count(each.used)} of {words.count(each.allowed)}"
            for each in item.limits
            if each.exceeded
        ),
    )
    yield "To do", counts(item) or last_line(item)
    yield "Held", words.counted(len(item.held), "change") if item.held else ""


def _earliest(local: str) -> str:
    mark = ", **EARLY**" if local < people.EARLY else ""
    return f"it is **{markdown(local)}** for somebody then{mark}"


def _state(item: Plan) -> Iterator[tuple[str, str]]:
    """What is the matter at the vendors and with the project."""
    yield "Hold", markdown(item.hold) if item.hold is not None else ""
    yield "Unknown", _unknowns(item)
    yield "Not read", ", ".join(f"{code(each.provider)} {markdown(reason(each))}" for each in item.failures)
    yield "Outside", _outside(item.findings)


def _table_of(rows: Iterable[tuple[str, str]]) -> str:
    """A table without a head; rows that have nothing to say are left out."""
    lines = [f"| {name} | {text} |" for name, text in rows if text]
    return "\n".join(["| | |", "|---|---|", *lines]) if lines else ""


def _consents(held: Iterable[Held]) -> str:
    """Which consents are missing, and why, in a cell."""
    wanted = sorted({hold.consent: hold.reason for hold in held if hold.consent}.items())
    shown = [_consent(consent, why) for consent, why in wanted[:MOST_CONSENTS]]
    left = len(wanted) - len(shown)
    return "<br>".join([*shown, *([f"and {words.count(left)} more"] if left else [])])


def _consent(consent: str, why: str) -> str:
    action, _, address = consent.partition(":")
    return (
        f"**{markdown(action)}** {code(address)}: {markdown(why, SHORT)}"
        if address
        else f"**{markdown(action)}**: {markdown(why, SHORT)}"
    )


def _how_to_consent(held: Iterable[Held], created: str) -> str:
    """The same as one may type or paste."""
    wanted = sorted({hold.consent for hold in held if hold.consent})[:MOST_CONSENTS]
    wanted = [clean(consent).replace("`", "'") for consent in wanted]
    options = "\n".join(f"--allow {consent}" for consent in wanted)
    lines = "\n".join(f"  - {{{consent_line(consent, created)}}}" for consent in wanted)
    text = (
        f"On the command line of `plan --out` or `apply`:\n\n```text\n{options}\n```\n\n"
        f"or reviewed, in a manifest:\n\n```yaml\nconsents:\n{lines}\n```"
    )
    return folded("how to consent", text) if wanted else ""


def _unknowns(item: Plan) -> str:
    addresses = ", ".join(
        f"{code(str(each.intent.key))} {markdown(each.text, SHORT)}" for each in item.unknowns[:10]
    )
    return f"**{words.count(len(item.unknowns))}**: {addresses}" if item.unknowns else ""


def _outside(findings: Sequence[Finding]) -> str:
    parts = []
    for grade, piece in GRADES.items():
        number = sum(item.grade is grade for item in findings)
        parts += [f"{words.count(number)} {piece.text.lower()}"] if number else []
    return ", ".join(parts)


def _people(item: Plan) -> Part:
    if not item.people:
        return ""
    rows = [(code(people.name_of(row)), people.numbers(row)) for row in item.people]
    rows += [("all, each counted once", people.numbers(item.people_total))] if item.people_total else []
    lines = [f"| {name} | {' | '.join(map(words.count, numbers))} |" for name, numbers in rows]
    return Table(
        ("campaign", *people.COLUMNS),
        tuple(lines),
        numbers=len(people.COLUMNS),
        title=words.counted(len(item.people), "campaign"),
        rank=3,
    )


def _changes(item: Plan) -> Part:
    ordered = sorted(item.changes, key=_risk)
    rows = [
        f"| {code(change.action.symbol)} | {code(str(change.address))} | {_what(change)} |"
        for change in ordered
    ]
    title = f"{words.counted(len(ordered), 'change')}, riskiest first"
    sorts = tuple(change.action.value for change in ordered)
    return Table(("", "address", "what"), tuple(rows), title=title, sorts=sorts, rank=2)


def _what(change: Change) -> str:
    held = "".join(f"<br>**held**: {markdown(words.without_ids(each.reason))}" for each in change.held)
    return markdown(summary(change)) + "".join(f"<br>{text}" for text in _fields(change)) + held


def _fields(change: Change) -> Iterator[str]:
    if change.action is not Action.CREATE:
        yield from map(_field, change.differences)
    elif change.differences:
        for row in settings.rows(change):
            if row.texts:
                yield code((f"{row.path}: " if row.path else "") + "; ".join(row.texts))


def _field(each: Difference) -> str:
    """Before and after, how loud the step is, and who else had a hand in it."""
    loudness = f" {LOUDNESS[each.loudness].text.strip()}" if each.loudness in LOUDNESS else ""
    both = ", changed outside too" if each.origin is Origin.BOTH else ""
    return f"{code(each.field)} {code(words.shown(each, 100, '...'))}{loudness}{both}"


def _risk(change: Change) -> tuple[bool, int, int]:
    """Held first, then what ends or arms, then louder before quieter."""
    return (
        not change.held,
        _RISK.get(change.action, 3),
        -change.movement,
    )


def _findings(title: str, findings: Sequence[Finding], *, folds: bool = True) -> Part:
    ordered = worst_first(findings)
    rows = [
        f"| {GRADES[item.grade].text} | {code(str(item.key.address))} | {markdown(told(item))}"
        f"{f'<br>held: {markdown(item.held.reason)}' if item.held else ''} |"
        for item in ordered
    ]
    sorts = tuple(GRADES[item.grade].text.lower() for item in ordered)
    whole = f"{words.count(len(findings))} {title}" if folds else ""
    return Table(("grade", "address", "what"), tuple(rows), title=whole, sorts=sorts, rank=1)


def _problems(series: Sequence[Problem]) -> Part:
    rows = [
        f"| {item.severity.value} | {code(item.code)} | {code(str(item.location or item.address or '-'))} | "
        f"{markdown(message_of(item))}{f'<br>{markdown(item.help)}' if item.help else ''} |"
        for item in series
    ]
    sorts = tuple(f"{item.severity.value}s" for item in series)
    return Table(("", "code", "place", "what"), tuple(rows), sorts=sorts, rank=0)


def _notes(item: Plan) -> Part:
    rows = [f"| {code(note.address)} | {markdown(note.text)} |" for note in item.notes]
    rows += [f"| {code(note.address)} | not visible: {markdown(note.text)} |" for note in item.not_visible]
    return Table(("address", "note"), tuple(rows), title="notes, and what cannot be seen", rank=4)


def _close(item: Plan) -> str:
    if not item.digest or not item.changes:
        return ""
    digest = code(words.fingerprint(item.digest))
    return f"Applies exactly as digest {digest}, else not at all; valid until {words.moment(item.expires)}."
