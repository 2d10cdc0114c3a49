"""`reconciler validate`: everything that is wrong in the files, offline."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.cli.source import source_of
from reconciler.model.problem import Problem
from reconciler.render import json, markdown, text, words
from reconciler.render.ending import Ending
from reconciler.render.page import COMMENT
from reconciler.render.sheet import Sheet, bad, good, warn


@frame.command(
    formats=("text", "json", "concise"),
    examples=("reconciler validate", "reconciler -C clinic validate --format concise"),
)
def command(settings: Settings) -> Output:
    """Check project and manifests: every problem at once, with file, line and remedy.

    Needs no network, no credentials and no contact files. Warnings alone end with 0. The format
    `concise` is a line for each problem, for editors and grep.
    """
    problems, files = check(settings)
    return _output(settings, problems, files)


def check(settings: Settings) -> tuple[Sequence[Problem], int]:
    """All problems of the project, with their places, and how many files were read."""
    from reconciler.workflow.validate import validate

    found = validate(settings.options())
    return found.problems, len(found.files)


def _output(settings: Settings, problems: Sequence[Problem], files: int) -> Output:
    codes = frozenset({1}) if any(problem.is_error for problem in problems) else frozenset[int]()
    concise = settings.format == "concise"
    return Output(
        Ending(codes, "invalid" if codes else None),
        lambda sheet: _write(sheet, problems, files, settings),
        lambda ending: json.envelope("validate", ending, problems, files=files),
        lambda: markdown.problems(problems),
        comment=lambda: markdown.problems(problems, COMMENT),
        plain=(lambda: text.concise(problems)) if concise else None,
    )


def _write(sheet: Sheet, problems: Sequence[Problem], files: int, settings: Settings) -> None:
    text.problems(sheet, problems, source_of(settings.start))
    read = f"{words.counted(files, 'file')} read"
    if not problems:
        sheet.line(good("valid"), f"; {read}. Nothing was sent.")
        return
    wrong = any(problem.is_error for problem in problems)
    tally = text.tally(problems)
    sheet.line(bad(tally) if wrong else warn(tally), f"; {read}. Nothing was sent.")
    sheet.line(f"more: reconciler explain {problems[0].code}")
