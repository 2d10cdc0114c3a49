"""Golden files: what plans, drift and applies look like, reviewed as text; GOLDEN=write renews them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from reconciler.model.plan import Plan
from reconciler.model.problem import Location, Problem, Severity
from reconciler.model.report import ApplyReport, StepResult
from reconciler.render import applying, json, markdown, text
from reconciler.render.ending import Ending
from reconciler.render.sheet import Sheet, width_of
from reconciler.render.style import Style

from . import scenes

GOLDEN = Path(__file__).parent / "golden"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
LINES = {21: "    schedule: three-weekday", 4: '  plum: {type: plum, token: "9ef5779c-65ef"}'}

PROBLEMS = (
    Problem(
        "REF01",
        'no schedule "three-weekday"',
        "did you mean three-weekdays (calendar.yaml:2)?",
        location=Location("manifests/january.yaml", 21, 15),
    ),
    Problem(
        "SEC01",
        "a secret stands in the file",
        "write {env: NAME}",
        location=Location("reconciler.yaml", 4, 29),
    ),
    Problem("NUM05", "same number as line 40; sent once", "", Severity.WARNING, Location("c.csv", 119, 2)),
)


def written(
    fill: Callable[[Sheet], None], *, width: int = 80, colour: bool = False, unicode: bool = True
) -> str:
    """What a renderer writes on a sheet."""
    sheet = Sheet(width, Style(colour, unicode))
    fill(sheet)
    return sheet.text()


def told(report: ApplyReport) -> Callable[[Sheet], None]:
    """An apply as it is seen: its steps, then its end."""

    def fill(sheet: Sheet) -> None:
        column = applying.column(report.plan, sheet.width)
        for number, step in enumerate(report.steps, 1):
            applying.step(sheet, step, number, len(report.steps), column)
        applying.applied(sheet, report)

    return fill


@pytest.fixture
def pages(plan: Plan, empty: Plan, report: ApplyReport) -> dict[str, str]:
    """Every page by the name of its golden file."""
    ending = Ending(frozenset({6, 8, 69}))
    return {
        "plan.txt": written(lambda sheet: text.plan(sheet, plan)),
        "plan.colour.txt": written(lambda sheet: text.plan(sheet, plan), colour=True),
        "plan.ascii.txt": written(lambda sheet: text.plan(sheet, plan), unicode=False),
        "plan.narrow.txt": written(lambda sheet: text.plan(sheet, plan), width=40),
        "plan.wide.txt": written(lambda sheet: text.plan(sheet, plan), width=200),
        "plan.empty.txt": written(lambda sheet: text.plan(sheet, empty)),
        "plan.md": markdown.plan(plan),
        "plan.empty.md": markdown.plan(empty),
        "plan.json": json.text(json.plan(plan, ending)),
        "drift.txt": written(lambda sheet: text.drift(sheet, plan)),
        "drift.md": markdown.drift(plan),
        "drift.json": json.text(json.drift(plan, ending)),
        "apply.txt": written(told(report)),
        "apply.colour.txt": written(told(report), colour=True),
        "apply.md": markdown.applied(report),
        **_scenes(empty),
        "problems.txt": written(
            lambda sheet: text.problems(sheet, PROBLEMS, lambda place: LINES.get(place.line, ""))
        ),
        "problems.concise.txt": text.concise(PROBLEMS),
        "problems.md": markdown.problems(PROBLEMS),
    }


def _scenes(empty: Plan) -> dict[str, str]:
    """What users meet beside the large plan."""
    done, failed, skipped = StepResult.DONE, StepResult.FAILED, StepResult.SKIPPED
    first = scenes.first_plan(empty)
    unread = scenes.unread_plan(empty)
    after = f"needs {first.changes[1].id}"
    gone = tuple(item.id for item in first.changes[3:])
    reports = {
        "apply.whole.txt": scenes.report(empty, (done, "")),
        "apply.refused.txt": scenes.report(
            empty, (done, ""), (failed, "422, a name is taken"), (skipped, after)
        ),
        "apply.retry.txt": scenes.report(
            empty, (done, ""), (failed, "no reply; run it again"), (skipped, after)
        ),
        "apply.stale.txt": scenes.report(empty, vanished=gone),
        "apply.unread.txt": structs.replace(scenes.report(empty), plan=unread),
        "apply.stopped.txt": scenes.report(
            empty, (done, ""), (skipped, "stopped before it began"), stopped=True
        ),
    }
    return {
        "first.txt": written(lambda sheet: text.plan(sheet, first)),
        "first.narrow.txt": written(lambda sheet: text.plan(sheet, first), width=40),
        "first.md": markdown.plan(first),
        "held.txt": written(lambda sheet: text.plan(sheet, scenes.held_plan(empty))),
        "unread.txt": written(lambda sheet: text.plan(sheet, unread)),
        "drift.several.txt": written(lambda sheet: text.drift(sheet, scenes.several_settings(empty))),
        **{name: written(told(item)) for name, item in reports.items()},
    }


NAMES = sorted(
    [
        "first.txt",
        "first.narrow.txt",
        "first.md",
        "held.txt",
        "unread.txt",
        "drift.several.txt",
        "apply.whole.txt",
        "apply.refused.txt",
        "apply.retry.txt",
        "apply.stale.txt",
        "apply.unread.txt",
        "apply.stopped.txt",
        "plan.txt",
        "plan.colour.txt",
        "plan.ascii.txt",
        "plan.narrow.txt",
        "plan.wide.txt",
        "plan.empty.txt",
        "plan.md",
        "plan.empty.md",
        "plan.json",
        "drift.txt",
        "drift.md",
        "drift.json",
        "apply.txt",
        "apply.colour.txt",
        "apply.md",
        "problems.txt",
        "problems.concise.txt",
        "problems.md",
    ]
)


@pytest.mark.parametrize("name", NAMES)
def test_output_is_as_reviewed(name: str, pages: dict[str, str]) -> None:
    """No output changes without a person having looked at the difference."""
    file = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(pages[name], "utf-8")
    assert pages[name] == file.read_text("utf-8")


def test_every_page_has_a_golden_file_and_the_other_way_round(pages: dict[str, str]) -> None:
    """A golden file that nothing compares with is a promise that nobody keeps."""
    assert sorted(pages) == NAMES == sorted(path.name for path in GOLDEN.iterdir())


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".txt") and "concise" not in name])
def test_no_line_is_wider_than_its_terminal(name: str) -> None:
    """Text fits into 80 columns, and into fewer or more where there are."""
    width = {"plan.narrow.txt": 40, "first.narrow.txt": 40, "plan.wide.txt": 120}.get(name, 80)
    lines = ESCAPES.sub("", (GOLDEN / name).read_text("utf-8")).splitlines()
    assert [line for line in lines if width_of(line) > width] == []


def test_colour_is_never_the_only_sign() -> None:
    """Whoever sees no colours reads the same words."""
    coloured = (GOLDEN / "plan.colour.txt").read_text("utf-8")
    assert ESCAPES.sub("", coloured) == (GOLDEN / "plan.txt").read_text("utf-8")
    assert coloured != ESCAPES.sub("", coloured)


def test_ascii_is_enough() -> None:
    """A terminal without Unicode gets nothing that it cannot show."""
    assert (GOLDEN / "plan.ascii.txt").read_text("utf-8").isascii()


def test_secrets_are_never_shown(pages: dict[str, str]) -> None:
    """A literal secret in a manifest's line and a secret field's value appear in no output."""
    assert all("9ef5779c" not in page for page in pages.values())
    assert '"abc"' not in pages["plan.json"]
    assert '"sensitive": true' in pages["plan.json"]
