"""A check-up in text, JSON and Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.checkup import Check, Verdict
from reconciler.render import json, safe, words
from reconciler.render.ending import Ending
from reconciler.render.sheet import Piece, Sheet, good
from reconciler.render.style import Role

ROLES = {Verdict.OK: Role.GOOD, Verdict.WARN: Role.WARN, Verdict.FAIL: Role.BAD}
_SUBJECT, _VERDICT = 10, 5


def checkup(sheet: Sheet, checks: Sequence[Check]) -> None:
    """A line for each check, its remedy below where there is one, and how many are not well."""
    hang = _SUBJECT + _VERDICT + 1
    for check in checks:
        verdict = Piece(f"{check.verdict.value:<{_VERDICT}}", ROLES[check.verdict])
        code = "" if check.verdict is Verdict.OK else f"{check.code} "
        sheet.line(f"{safe.clean(check.subject):<{_SUBJECT}} ", verdict, f"{code}{check.text}", hang=hang)
        if check.remedy:
            sheet.line(check.remedy, indent=hang, hang=hang)
    sheet.line(_tally(checks))


def _tally(checks: Sequence[Check]) -> Piece:
    failed = sum(check.verdict is Verdict.FAIL for check in checks)
    warned = sum(check.verdict is Verdict.WARN for check in checks)
    if not failed and not warned:
        return good(f"{words.counted(len(checks), 'check')}, all well")
    text = f"{words.count(failed)} failed, {words.counted(warned, 'warning')}"
    return Piece(text, Role.BAD if failed else Role.WARN)


def document(checks: Sequence[Check], ending: Ending) -> json.Document:
    """The same for programs."""
    return json.envelope(
        "doctor",
        ending,
        checks=[
            {
                "subject": check.subject,
                "verdict": check.verdict.value.lower(),
                "code": check.code,
                "text": check.text,
                "remedy": check.remedy,
            }
            for check in checks
        ],
    )


def markdown(checks: Sequence[Check]) -> str:
    """The same for a page."""
    rows = "".join(
        f"| {safe.markdown(check.subject)} | {check.verdict.value} | {safe.markdown(check.text)} "
        f"| {safe.markdown(check.remedy)} |\n"
        for check in checks
    )
    return f"### Check-up\n\n| | | | remedy |\n|---|---|---|---|\n{rows}"
