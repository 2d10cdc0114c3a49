"""The use case after the command on GitHub: its result into outputs, summary, comment and issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from reconciler.errors import ReconcilerError
from reconciler.github import pages
from reconciler.github.event import Trust, trust_of
from reconciler.github.files import read_document, read_page
from reconciler.github.outputs import exit_code, outputs, worth_a_comment
from reconciler.github.sticky import Desk
from reconciler.workflow.github_job import EVENTS, OFFERED, REPORTS, TASK, Job, connected, desk_of, plan_file


class Reported(Struct, frozen=True):
    """What was made of a result. `warnings` are calls to GitHub that failed; they fail nothing else."""

    outputs: Mapping[str, str]
    summary: str
    document: Mapping[str, Any] | None
    project: str
    exit_code: int
    warnings: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def report(job: Job) -> Reported:
    """Say what came of it, everywhere where somebody looks; raises nothing for what GitHub refuses."""
    task = read_document(job.folder / TASK) or {}
    command = str(task.get("command") or job.inputs.command.value)
    document = read_document(job.folder / REPORTS["json"])
    remarks = [str(each) for each in task.get("remarks", ())]
    page = read_page(job.folder / REPORTS["markdown"]) if document else pages.cancelled(command)
    short = read_page(job.folder / REPORTS["comment"]) if document else page
    if document and command == "apply" and (further := pages.left(document)):
        page, short = (f"{each.rstrip()}\n\n{further}\n" for each in (page, short))
    warnings: list[str] = []
    said = list(_told(job, command, document, short, task, warnings))
    found = dict(outputs(document))
    found |= {f"{form}-file": str(job.folder / REPORTS[form]) for form in OFFERED if document}
    if (job.folder / EVENTS).exists():
        found["events-file"] = str(job.folder / EVENTS)
    if command == "plan" and plan_file(job).exists() and document:
        found["plan-file"] = str(plan_file(job))
    summary = "".join(map(pages.remark, remarks)) + page
    code = exit_code(command, document)
    return Reported(found, summary, document, job.relative, code, (*remarks, *warnings), tuple(said))


def _told(
    job: Job,
    command: str,
    document: Mapping[str, Any] | None,
    page: str,
    task: Mapping[str, Any],
    warnings: list[str],
) -> Iterator[str]:
    """Write comment or issue; what GitHub refuses is a warning."""
    if not _has_place(job, command, task):
        return
    try:
        with connected(job) as api:
            yield from _written(job, desk_of(job, api), command, document, page, task)
    except ReconcilerError as error:
        warnings.append(f"{error.message}; {error.help}")


def _has_place(job: Job, command: str, task: Mapping[str, Any]) -> bool:
    """Whether there is a comment or an issue to be written at all, and a token that may."""
    if job.inputs.comment == "false" or trust_of(job.event, job.inputs.branch) is Trust.NONE:
        return False
    if command == "apply":
        return bool(task.get("pull_requests"))
    return command == "drift" or (job.event.pull_request is not None and command in {"plan", "validate"})


def _written(
    job: Job, desk: Desk, command: str, document: Mapping[str, Any] | None, page: str, task: Mapping[str, Any]
) -> Iterator[str]:
    worth = job.inputs.comment == "true" or worth_a_comment(document)
    if job.event.pull_request is not None and command in {"plan", "validate", "drift"}:
        head = job.event.pull_request.head
        slot = job.slot("drift" if command == "drift" else "plan", job.event.pull_request.number)
        if worth or desk.has_comment(slot):
            yield f"comment {desk.comment(slot, pages.comment(page, command, head, job.event.run_url), head)}"
    elif command == "apply" and worth:
        for number in task.get("pull_requests", ()):
            text = pages.comment(page, command, job.event.sha, job.event.run_url)
            yield f"comment {desk.comment(job.slot('apply', int(number)), text, job.event.sha)}"
    elif command == "drift" and job.event.pull_request is None:
        yield f"issue {_drift_issue(job, desk, document, page)}"


def _drift_issue(job: Job, desk: Desk, document: Mapping[str, Any] | None, page: str) -> str:
    """One issue as long as there is drift, or what nobody knows; a run that could not look changes none."""
    if document is None or document.get("format") != "drift" or document.get("failures"):
        return "unchanged: not everything was looked at"
    found = document.get("findings") or document.get("unknowns")
    title = pages.issue_title(str(document.get("project")))
    return desk.issue(job.slot("drift"), title, pages.issue(page) if found else None)
