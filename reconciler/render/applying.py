"""An apply in text: a line for each change as it ends, and what holds afterwards."""

from __future__ import annotations

from reconciler.model.plan import Change, Movement
from reconciler.model.problem import errors
from reconciler.model.report import ApplyReport, Step, StepResult
from reconciler.render import words
from reconciler.render.safe import clean
from reconciler.render.sheet import Piece, Sheet, bad, good, strong, warn
from reconciler.render.style import Role
from reconciler.render.text import consents, problems

RESULTS = {
    StepResult.DONE: Role.GOOD,
    StepResult.FAILED: Role.BAD,
    StepResult.UNKNOWN: Role.BAD,
    StepResult.STALE: Role.WARN,
    StepResult.HELD: Role.WARN,
    StepResult.SKIPPED: Role.PLAIN,
}
SOON = 0.05
"""Below so many seconds the time that a change took is not worth a word."""
_RESULT = 8


def step(sheet: Sheet, item: Step, number: int, total: int) -> None:
    """One change and how it ended."""
    lead = f"{number}/{total} "
    took = f"  {item.seconds:.1f} s" if item.seconds >= SOON else ""
    remote = f"  id {item.remote_id}" if item.remote_id and item.result is StepResult.DONE else ""
    sheet.line(
        lead,
        Piece(item.result.value, RESULTS[item.result]),
        " " * (_RESULT - len(item.result.value)),
        f"{clean(str(item.change.address)):<38}  {_what(item.change)}{took}{remote}",
        hang=len(lead) + _RESULT,
    )
    if item.detail:
        request = f"  request {item.request_id}" if item.request_id else ""
        sheet.line(item.detail + request, indent=len(lead) + _RESULT, hang=len(lead) + _RESULT)


def applied(sheet: Sheet, report: ApplyReport) -> None:
    """What an apply achieved, whether phones can ring because of it, and what to do next."""
    if report.declined:
        sheet.line(warn("Not confirmed"), "; nothing was sent.")
        return
    problems(sheet, errors(report.plan.problems))
    sheet.line(_verdict(report), Piece(f" {_counts(report)}"))
    if report.vanished:
        number = words.counted(len(report.vanished), "change")
        sheet.line(
            warn(f"{number} of the reviewed plan"),
            f" not there any more: {', '.join(report.vanished)}",
            hang=2,
        )
    if report.steps:
        sheet.line(_rings(report))
    consents(sheet, [item.change for item in report.steps if item.result is StepResult.HELD])
    for advice in _next(report):
        sheet.line(strong("next  "), advice, hang=6)
    sheet.line(f"run   {report.holder}", f"; {report.seconds:.1f} s" if report.seconds else "", hang=6)


def _what(change: Change) -> str:
    return f"{change.action.value} {words.people(change.people)}" if change.people else change.action.value


def _verdict(report: ApplyReport) -> Piece:
    if report.count(StepResult.UNKNOWN):
        return bad("Not known in full:")
    if report.stopped:
        return warn("Stopped by a signal:")
    if report.count(StepResult.FAILED) or report.count(StepResult.STALE):
        return bad("In part:")
    if report.count(StepResult.HELD):
        return warn("Done but for what is held:")
    return good("Applied:") if report.steps else good("Nothing to do:")


def _counts(report: ApplyReport) -> str:
    counts = [
        f"{words.count(report.count(result))} {result.value}" for result in StepResult if report.count(result)
    ]
    older = sum(not item.settles_itself for item in report.plan.unknowns)
    unknown = [] if report.count(StepResult.UNKNOWN) else ["no new unknown"]
    left = [f"{words.counted(older, 'older unknown')} still open"] if older else []
    return ", ".join([*(counts or ["0 changes"]), *unknown, *left]) + "."


def _rings(report: ApplyReport) -> str:
    """Only a louder change can; one of unknown end may have."""
    louder = [item for item in report.steps if item.change.movement is Movement.LOUDER]
    if any(item.result is StepResult.UNKNOWN for item in louder):
        return "Phones may ring from what is unknown: settle it first."
    if not any(item.result is StepResult.DONE for item in louder):
        return "No phone rings from this run."
    ring = report.plan.first_ring
    return (
        f"Phones can ring, first at {words.moment(ring.at, weekday=True)}."
        if ring
        else "Phones can ring now."
    )


def _next(report: ApplyReport) -> list[str]:
    advice = []
    unknown = {str(item.change.address) for item in report.steps if item.result is StepResult.UNKNOWN}
    unknown |= {str(item.intent.key.address) for item in report.plan.unknowns if not item.settles_itself}
    advice += [f"reconciler resolve {address}" for address in sorted(unknown)[:3]]
    failed = [item.change for item in report.steps if item.result is StepResult.FAILED]
    advice += [f"mend {_place(change)}, then: reconciler plan" for change in failed[:3]]
    if report.count(StepResult.STALE):
        advice.append("something moved since the review; make and review a new plan")
    if report.stopped:
        advice.append("run it again: what is done stays done")
    return advice


def _place(change: Change) -> str:
    place = change.location
    return f"{place.path}:{place.line}" if place and place.line else str(change.address)
