"""Foreign text: whatever a vendor says, it stays text in every output."""

from __future__ import annotations

import json as standard
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from reconciler.model.plan import Change, Finding, Note, Plan, ProviderFailure
from reconciler.model.problem import Problem
from reconciler.model.report import ApplyReport, Step, StepResult
from reconciler.render import applying, json, markdown, text
from reconciler.render.ending import Ending
from reconciler.render.safe import clean, code
from reconciler.render.safe import markdown as escaped
from reconciler.render.sheet import Sheet, width_of

HOSTILE = (
    "::set-output name=x::y",
    "##[add-mask]x",
    "##vso[task.setvariable variable=x]y",
    "<img src=x onerror=alert(1)>",
    "@everyone look",
    "see #1 and https://evil.example/x",
    "[click](https://evil.example)",
    "a | b | c",
    "`code`",
    "\x1b[2J\x1b]0;title\x07\x9b31mred",
    "\u202egnihtyna\u202c\u200b\u2066",
    "line\r\n::error::two\n\n# head",
    "x" * 10_000,
    "\udc80 lone",
)
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=40), min_size=1, max_size=4).map("".join)

INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
LOG_COMMAND = re.compile(r"^\s*::|##(?:vso)?\[", re.MULTILINE)


def poisoned(plan: Plan, poison: str) -> Plan:
    """The plan with foreign text wherever foreign text can stand."""

    def change(item: Change) -> Change:
        differences = tuple(structs.replace(each, live=poison) for each in item.differences)
        return structs.replace(item, reason=poison, differences=differences, remote_id=poison)

    def finding(item: Finding) -> Finding:
        return structs.replace(item, text=poison, what=poison)

    return structs.replace(
        plan,
        hold=poison,
        changes=tuple(map(change, plan.changes)),
        findings=tuple(map(finding, plan.findings)),
        unknowns=tuple(structs.replace(each, text=poison) for each in plan.unknowns),
        notes=(Note(poison, poison),),
        not_visible=(Note(poison, poison),),
        failures=(ProviderFailure("plum", poison),),
        problems=(Problem("XXX01", poison, poison),),
    )


def pages(plan: Plan) -> dict[str, str]:
    """Every way to show it."""
    step = Step(plan.changes[0], StepResult.FAILED, plan.hold or "", request_id=plan.hold or "")
    report = ApplyReport(plan, (step,), holder="ana")
    sheet = Sheet()
    text.plan(sheet, plan)
    text.drift(sheet, plan)
    applying.step(sheet, step, 1, 1)
    applying.applied(sheet, report)
    return {
        "text": sheet.text(),
        "concise": text.concise(plan.problems),
        "markdown": markdown.plan(plan) + markdown.drift(plan) + markdown.applied(report),
        "json": json.text(json.plan(plan, Ending())) + json.text(json.applied(report, Ending())),
        "event": json.line({"text": plan.hold}),
    }


@pytest.mark.slow
@given(poison=hostile)
def test_nothing_foreign_acts(poison: str, plan: Plan) -> None:
    """No escape, invisible character, log command, tag, mention or link of a vendor reaches any output."""
    shown = pages(poisoned(plan, poison))
    for page in shown.values():
        assert not INVISIBLE.search(page)
        assert not LOG_COMMAND.search(page)
        page.encode("utf-8")
    assert max(map(width_of, shown["text"].splitlines())) <= 80
    outside_code = re.sub(r"`[^`]*`|(?m:^<!-- reconciler \{[^<>`@]*\} -->$)", "", shown["markdown"])
    assert not re.search(r"<(?!br>|!-- -->|/?details>|/?summary>)", outside_code)
    assert not re.search(r"@(?!<!-- -->)|#(?!<!-- -->)\d|https?:\S", outside_code)


@given(poison=hostile)
def test_json_stays_one_document(poison: str, plan: Plan) -> None:
    """Whatever stands in it, JSON parses, is ASCII, and its texts are clean when somebody prints them."""
    page = json.text(json.plan(poisoned(plan, poison), Ending()))
    assert page.isascii()
    for found in _texts(standard.loads(page)):
        assert not INVISIBLE.search(found)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(dirty: str) -> None:
    """Clean text is left as it is."""
    assert clean(clean(dirty)) == clean(dirty)


@given(st.text(max_size=300))
def test_a_code_span_has_two_backticks(dirty: str) -> None:
    """Nothing breaks out of a code span, and no bar out of a table's cell."""
    span = code(dirty)
    assert span.count("`") == 2
    assert not re.search(r"(?<!\\)\|", span)


def test_ten_kilobytes_are_cut() -> None:
    """A vendor cannot fill a page."""
    assert len(clean("x" * 10_000)) < 700
    assert len(escaped("x" * 10_000)) < 700


def _texts(item: Any) -> list[str]:
    if isinstance(item, dict):
        return [text for each in item.items() for part in each for text in _texts(part)]
    if isinstance(item, list):
        return [text for each in item for text in _texts(each)]
    return [item] if isinstance(item, str) else []
