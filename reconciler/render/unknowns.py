"""Unknowns in text, JSON and Markdown: evidence, choices, and what was settled."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.unknowns import Answer, Evidence, Resolved
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, bad, command, good, strong

LETTERS = {Answer.HAPPENED: "h", Answer.DID_NOT_HAPPEN: "n", Answer.CANNOT_TELL: "g", Answer.ENDED: "e"}
"""What is typed for each answer."""

TOLD = {
    Answer.HAPPENED: "it happened",
    Answer.DID_NOT_HAPPEN: "it did not happen",
    Answer.CANNOT_TELL: "nobody can tell",
    Answer.ENDED: "the run is over",
}
_ANSWER = 19


def listing(sheet: Sheet, series: Sequence[Evidence]) -> None:
    """Every unknown in a line or two."""
    if not series:
        sheet.line(good("nothing is unknown"))
        return
    sheet.line(bad(words.counted(len(series), "unknown")))
    for item in series:
        what = [Piece(f"{_what(item)}, ", solid=True), Piece(_when(item), solid=True)]
        sheet.line(bad("! "), f"{item.intent.key.address}  ", *what, hang=4)
        if item.settles_itself:
            sheet.line("the next apply looks for it and settles it", indent=4)
        else:
            sheet.line(command(f"reconciler resolve {item.intent.key.address}"), indent=4)


def evidence(sheet: Sheet, item: Evidence) -> None:
    """All that is known of one request, and what each answer would lead to."""
    intent = item.intent
    sheet.line(strong(str(intent.key.address)), f"  intent {intent.id}", hang=2)
    sheet.line(f"{_what(item)}, {_when(item)}", indent=2, hang=4)
    sheet.line(f"by {intent.holder}", indent=2, hang=4)
    if intent.evidence:
        sheet.line(intent.evidence, indent=2, hang=4)
    if item.shows:
        sheet.line(item.shows, indent=2, hang=4)
    sheet.line(f'ask {intent.key.address.provider}: "{item.question}"', indent=2, hang=4)
    if item.settles_itself:
        sheet.line("the next apply looks for it and settles it; or force an answer:", indent=2, hang=4)
    for choice in item.choices:
        lead = f"{LETTERS[choice.answer]}  {TOLD[choice.answer]:<{_ANSWER}}"
        effect = bad(choice.effect) if choice.alarming else Piece(choice.effect)
        sheet.line(lead, effect, hang=len(lead))


def _what(item: Evidence) -> str:
    intent = item.intent
    number = f" {words.people(intent.contacts.count)}" if intent.contacts else ""
    return f"{intent.operation.value}{number}{words.run(intent.key)}"


def _when(item: Evidence) -> str:
    return f"sent {words.moment(item.intent.time)}"


def resolved(sheet: Sheet, item: Resolved) -> None:
    """What was settled, and what is left."""
    for intent, answer in item.settled:
        what = f"{intent.operation.value} of {intent.key.address}{words.run(intent.key)}"
        sheet.line(good("settled"), f": {what}: {TOLD[answer]}", hang=2)
    left = f"{words.counted(item.left, 'unknown')} left" if item.left else "No unknown is left"
    sheet.line(f"{left}. Reason kept.  (serial {item.serial})")


def list_document(series: Sequence[Evidence], ending: Ending) -> json.Document:
    """Open unknowns for programs."""
    return json.envelope("resolve", ending, unknowns=[_evidence(each) for each in series], settled=[])


def resolved_document(item: Resolved, ending: Ending) -> json.Document:
    """What was settled, for programs."""
    settled = [
        {
            "address": str(intent.key.address),
            "key": str(intent.key),
            "intent": intent.id,
            "operation": intent.operation.value,
            "people": intent.contacts.count if intent.contacts else 0,
            "answer": answer.value,
            "result": answer.result.value,
        }
        for intent, answer in item.settled
    ]
    return json.envelope(
        "resolve",
        ending,
        unknowns=[],
        settled=settled,
        reason=item.reason,
        left=item.left,
        serial=item.serial,
    )


def _evidence(item: Evidence) -> json.Document:
    intent = item.intent
    return {
        "address": str(intent.key.address),
        "key": str(intent.key),
        "intent": intent.id,
        "operation": intent.operation.value,
        "people": intent.contacts.count if intent.contacts else 0,
        "time": intent.time,
        "holder": intent.holder,
        "evidence": intent.evidence,
        "shows": item.shows,
        "question": item.question,
        "settles_itself": item.settles_itself,
        "choices": [
            {"answer": each.answer.value, "effect": each.effect, "alarming": each.alarming}
            for each in item.choices
        ],
    }


def list_markdown(series: Sequence[Evidence]) -> str:
    """Open unknowns for a page."""
    rows = "".join(
        f"| {safe.code(str(each.intent.key))} | {safe.markdown(_what(each))} |\n" for each in series
    )
    return f"### Unknown: {len(series)}\n\n| address | request |\n|---|---|\n{rows}"


def resolved_markdown(item: Resolved) -> str:
    """What was settled, for a page."""
    rows = "".join(
        f"| {safe.code(str(intent.key))} | {intent.operation.value} | {TOLD[answer]} |\n"
        for intent, answer in item.settled
    )
    return f"### Settled\n\n| address | request | answer |\n|---|---|---|\n{rows}\n{item.left} left.\n"
