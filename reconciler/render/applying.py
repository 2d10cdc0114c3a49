"""An apply in text: a line for each change as it ends, and what holds afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.plan import Action, Change, Movement, Plan
from reconciler.model.problem import errors
from reconciler.model.report import ApplyReport, Step, StepResult
from reconciler.render import findings, words
from reconciler.render.changes import ASIDE, column_of
from reconciler.render.sheet import Piece, Sheet, bad, command, good, pad, warn
from reconciler.render.style import Role
from reconciler.render.text import consents, holds, problems

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
FEW = 3
"""Addresses that one piece of advice names."""
_RESULT = 8


def column(plan: Plan | None, width: int) -> int:
    """How wide the addresses of a plan are where its steps are told."""
    return column_of((str(item.address) for item in plan.changes), width) if plan else 38


def step(sheet: Sheet, item: Step, ended: int, total: int, width: int = 38) -> None:
    """One change and how it ended; `ended` changes of `total` have, with it."""
    lead = f"{ended:>{len(str(total))}}/{total} "
    hang = len(lead) + _RESULT
    result = Piece(item.result.value, RESULTS[item.result])
    gap = " " * (_RESULT - len(item.result.value))
    address = str(item.change.address)
    if sheet.width < ASIDE:
        sheet.line(lead, result, gap, address, hang=hang)
        sheet.line(*_done(item), indent=hang, hang=hang)
    else:
        sheet.line(lead, result, gap, f"{pad(address, width)}  ", *_done(item), hang=hang + width + 2)
    detail = words.without_ids(item.detail)
    if detail:
        request = [Piece(f"  request {item.request_id}", solid=True)] if item.request_id else []
        sheet.line(detail, *request, indent=hang, hang=hang)


def applied(sheet: Sheet, report: ApplyReport) -> None:
    """What an apply achieved, whether phones can ring because of it, and what to do next."""
    if report.declined:
        sheet.line(warn("Not confirmed"), "; nothing was sent.")
        return
    findings.failures(sheet, report.plan.failures)
    problems(sheet, errors(report.plan.problems))
    sheet.line(verdict(report), f" {counts(report)}")
    _vanished(sheet, report)
    if report.steps:
        sheet.line(rings(report))
    held = [item.change for item in report.steps if item.result is StepResult.HELD]
    consents(sheet, holds(held), report.plan.created)
    _close(sheet, report)


def _close(sheet: Sheet, report: ApplyReport) -> None:
    if any(hold.consent for item in report.steps for hold in item.change.held):
        sheet.blank()
    for lead, what in advice(report):
        sheet.line("next  ", f"{lead} " if lead else "", command(what), hang=6)
    sheet.line(f"run   {report.holder}", f"; {report.seconds:.1f} s" if report.seconds else "", hang=6)
    if report.head and report.steps:
        sheet.line(f"head  {report.head}", hang=6)


def _done(item: Step) -> Iterator[Piece]:
    """What was done, how long it took, and the id that it got."""
    people = f" {words.people(item.change.people)}" if item.change.people else ""
    yield Piece(item.change.action.value + people, solid=True)
    if item.seconds >= SOON:
        yield Piece(f"  {item.seconds:.1f} s", solid=True)
    if item.remote_id and item.change.action is Action.CREATE and item.result is StepResult.DONE:
        yield Piece(f"  id {item.remote_id}", solid=True)


def verdict(report: ApplyReport) -> Piece:
    """How it ended, in a word or two before the counts."""
    if report.count(StepResult.UNKNOWN):
        return bad("Not known in full:")
    if report.stopped:
        return warn("Stopped by a signal:")
    if report.count(StepResult.FAILED) or report.count(StepResult.STALE):
        return bad("In part:" if report.count(StepResult.DONE) else "Nothing was done:")
    if report.vanished and not report.steps:
        return bad("Nothing was done, the plan is stale:")
    if report.plan.failures:
        return bad("In part:" if report.count(StepResult.DONE) else "Nothing was done:")
    if report.count(StepResult.HELD):
        done = report.count(StepResult.DONE)
        return warn("Done but for what is held:" if done else "Nothing was done, all is held:")
    if report.steps:
        return good("Applied:")
    return warn("Nothing else to do:") if report.plan.unknowns else good("Nothing to do:")


def counts(report: ApplyReport) -> str:
    """How many changes ended how, and what is still unknown."""
    number = [
        f"{words.count(report.count(result))} {result.value}" for result in StepResult if report.count(result)
    ]
    older = sum(not item.settles_itself for item in report.plan.unknowns)
    new = ["no new unknown"] if report.steps and not report.count(StepResult.UNKNOWN) else []
    left = [f"{words.counted(older, 'older unknown')} still open"] if older else []
    missed = findings.unread(report.plan.failures)
    gone = (
        words.counted(len(report.vanished), "change") + " of it not needed any more"
        if report.vanished
        else ""
    )
    nothing = [] if missed or gone or older else ["all is as wanted"]
    return ", ".join([*(number or nothing), *filter(None, (missed, gone)), *new, *left]) + "."


def _vanished(sheet: Sheet, report: ApplyReport) -> None:
    """Changes that somebody reviewed and that this apply had no need to make."""
    shown = report.vanished if sheet.verbose else report.vanished[:10]
    for name in shown:
        sheet.line(warn("gone"), f"  {words.without_ids(name)}", indent=2, hang=8)
    if len(shown) < len(report.vanished):
        left = words.count(len(report.vanished) - len(shown))
        sheet.line(f"{sheet.style.ellipsis} and {left} more; -v shows them all", indent=2)


def rings(report: ApplyReport) -> str:
    """Only what queues or starts can make a phone ring; one of unknown end may have."""
    calls = [item for item in report.steps if item.change.sends]
    if any(item.result is StepResult.UNKNOWN and _is_louder(item) for item in report.steps):
        return "Phones may ring from what is unknown: settle it first."
    done = [item for item in calls if item.result is StepResult.DONE and _is_louder(item)]
    if done:
        return _first(report, done)
    if any(item.result is StepResult.DONE and _is_louder(item) for item in report.steps):
        return "Nobody was queued or started by this run; what runs already may get louder."
    return "No phone rings from this run."


def _is_louder(item: Step) -> bool:
    return item.change.movement is Movement.LOUDER


def _first(report: ApplyReport, done: Sequence[Step]) -> str:
    moments = [item.change.first_ring for item in done if item.change.first_ring]
    if moments:
        return f"Phones can ring, first at {words.moment(min(moments, key=words.instant), weekday=True)}."
    ring = report.plan.first_ring
    return (
        f"Phones can ring, first at {words.moment(ring.at, weekday=True)}."
        if ring
        else "Phones can ring now."
    )


Advice = tuple[str, str]
"""What to do first, and the command."""


def advice(report: ApplyReport) -> Iterator[Advice]:
    """What to do next, most urgent first."""
    yield from _settling(report)
    failed = [item for item in report.steps if item.result is StepResult.FAILED]
    if report.credentials or any(item.credentials for item in report.plan.failures):
        yield "set the credentials right, then:", "reconciler apply"
    elif refused := [item.change for item in failed if not item.retryable]:
        yield f"mend {_places(refused)}, then:", "reconciler plan"
    elif failed or report.stopped or report.plan.failures:
        yield "run it again, what is done stays done:", "reconciler apply"
    if report.count(StepResult.STALE) or report.vanished:
        yield "something moved since the review; review anew:", "reconciler plan --out FILE"


def _settling(report: ApplyReport) -> Iterator[Advice]:
    """What looking can settle is for the next apply; what only a person can, for `resolve`."""
    steps = [item.change for item in report.steps if item.result is StepResult.UNKNOWN]
    asking = {str(item.address) for item in steps if item.sends and item.movement is Movement.LOUDER}
    asking |= {str(item.intent.key.address) for item in report.plan.unknowns if not item.settles_itself}
    for address in sorted(asking)[:FEW]:
        yield "", f"reconciler resolve {address}"
    if len(asking) > FEW:
        yield f"and {words.count(len(asking) - FEW)} more:", "reconciler resolve"
    if any(str(item.address) not in asking for item in steps):
        yield "the next one looks for what is unknown first:", "reconciler apply"


def _places(changes: Sequence[Change]) -> str:
    """What was refused, and where it is declared, each once."""
    names = list(dict.fromkeys(str(item.address) for item in changes))
    files = list(dict.fromkeys(_place(item) for item in changes if item.location))
    return _named(names) + (f" in {_named(files)}" if files else "")


def _named(names: Sequence[str]) -> str:
    more = [f"{words.count(len(names) - FEW)} more"] if len(names) > FEW else []
    shown = [*names[:FEW], *more]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _place(change: Change) -> str:
    place = change.location
    if place is None:
        return ""
    return f"{place.path}:{place.line}" if place.line else place.path
