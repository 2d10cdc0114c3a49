"""The use case of a step on GitHub: what runs, with which arguments, and where its result goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reconciler.errors import ReconcilerError, UsageError
from reconciler.github import pages
from reconciler.github.api import GitHub, Merged
from reconciler.github.event import Event, Trust, allowed, base_of, read_event, trust_of
from reconciler.github.files import read_document, read_page
from reconciler.github.inputs import KEPT as KEPT_INPUTS
from reconciler.github.inputs import Command, Inputs, read_inputs
from reconciler.github.outputs import exit_code, outputs, worth_a_comment
from reconciler.github.seal import Opened, Slot
from reconciler.github.sticky import Desk
from reconciler.manifest.project import TRUSTED_PROJECT
from reconciler.planning.pins import Pins, read_pins
from reconciler.workflow.options import Options
from reconciler.workflow.plan_file import write_pins
from reconciler.workflow.workspace import open_workspace

PROJECT_FILES = ("reconciler.yaml", "reconciler.yml")
REPORTS = {
    "json": "report.json",
    "markdown": "summary.md",
    "comment": "comment.md",
    "sarif": "report.sarif",
    "junit": "report.junit.xml",
}
OFFERED = ("json", "markdown", "sarif", "junit")
EVENTS = "events.jsonl"
PLAN, REVIEWED, BASE, TASK = "plan.json", "reviewed.json", "base.yaml", "task.json"


@dataclass(frozen=True, slots=True)
class Job:
    """One use of the action: what was asked, why, and the folder of its files. `backoff` as in Options."""

    inputs: Inputs
    event: Event
    folder: Path
    project: Path
    environment: Mapping[str, str]
    backoff: float = 1.0

    @property
    def relative(self) -> str:
        """The project's folder below the repository's root, as GitHub writes paths."""
        return self.project.relative_to(_root(self.environment)).as_posix()

    def slot(self, kind: str, number: int = 0) -> Slot:
        """Where this project's comments and issues of a kind are."""
        return Slot(self.event.repository, number, self.inputs.comment_key or self.relative, kind)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to run: the command line, variables beside those of the job, and what is worth saying."""

    command: Command
    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    pull_requests: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """What was made of a result. `warnings` are calls to GitHub that failed; they fail nothing else."""

    outputs: Mapping[str, str]
    summary: str
    document: Mapping[str, Any] | None
    project: str
    exit_code: int
    warnings: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def read_job(environment: Mapping[str, str], backoff: float = 1.0) -> Job:
    """The action's inputs and event; raises UsageError for what does not fit."""
    inputs = read_inputs(environment)
    root = _root(environment)
    project = (root / inputs.path).resolve()
    if not project.is_relative_to(root):
        raise UsageError("input path leads out of the workspace", "name a folder of the repository")
    name = f"{inputs.command.value}\n{project}\n{inputs.comment_key}"
    short = hashlib.sha256(name.encode()).hexdigest()[:12]
    temporary = Path(environment.get("RUNNER_TEMP") or "/tmp")  # noqa: S108 - runners set it
    folder = temporary / f"reconciler-{inputs.command.value}-{short}"
    return Job(inputs, read_event(environment), folder, project, environment, backoff)


def job_of(folder: Path, environment: Mapping[str, str]) -> Job:
    """The job that was prepared in a folder; the token comes with the environment, and from nowhere else."""
    task = read_document(folder / TASK)
    if task is None:
        raise UsageError(f"nothing was prepared in {folder}", "run: reconciler github prepare")
    inputs = {str(name): str(value) for name, value in task.get("inputs", {}).items()}
    return replace(read_job({**environment, **inputs}), folder=folder)


def _root(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("GITHUB_WORKSPACE") or ".").resolve()


# Before the command


def prepare(job: Job) -> Prepared:
    """Decide what runs, and put what it needs into the job's folder; raises ReconcilerError where nothing may."""
    job.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (*REPORTS.values(), REVIEWED, BASE, TASK, EVENTS):
        (job.folder / name).unlink(missing_ok=True)
    trust = trust_of(job.event, job.inputs.branch)
    command = allowed(job.inputs.command, job.event, trust)
    remarks = [f"{trust.value}"] if trust is Trust.NONE else []
    with _github(job) as api:
        variables: dict[str, str] = {}
        if trust is Trust.BASE and command is not Command.VALIDATE:
            command = _take_base(job, api, variables, remarks)
        found: list[Merged] = []
        if command is Command.APPLY and not job.inputs.plan_file:
            found = _take_reviewed(job, api, remarks)
    prepared = Prepared(
        command,
        (*_arguments(job, command), *_reports(job)),
        variables,
        tuple(remarks),
        tuple(each.number for each in found),
    )
    task = {
        "command": command.value,
        "remarks": remarks,
        "pull_requests": prepared.pull_requests,
        "variables": variables,
        "inputs": {name: job.environment.get(name, "") for name in KEPT_INPUTS},
    }
    (job.folder / TASK).write_text(json.dumps(task), "utf-8")
    return prepared


@contextmanager
def _github(job: Job) -> Iterator[GitHub]:
    api = GitHub(job.event.api_url, job.event.repository, job.inputs.token, backoff=job.backoff)
    try:
        yield api
    finally:
        api.close()


def _take_base(job: Job, api: GitHub, variables: dict[str, str], remarks: list[str]) -> Command:
    """Fetch the base branch's project file; without one nothing but a check is made."""
    branch = base_of(job.event, job.inputs.branch)
    prefix = "" if job.relative == "." else f"{job.relative}/"
    for name in PROJECT_FILES:
        data = api.file(prefix + name, branch)
        if data is not None:
            (job.folder / BASE).write_bytes(data)
            variables[TRUSTED_PROJECT] = str(job.folder / BASE)
            return job.inputs.command
    remarks.append(
        f"the branch {branch} has no project here yet: checked offline, no plan is made before it is merged"
    )
    return Command.VALIDATE


def _take_reviewed(job: Job, api: GitHub, remarks: list[str]) -> list[Merged]:
    """Write down what was reviewed: given by hand, or shown on the pull requests that were merged."""
    if job.inputs.plan_digest:
        pins = read_pins({"project_id": _project_id(job), "digest": job.inputs.plan_digest})
        write_pins(pins, job.folder / REVIEWED)
        return []
    branch = base_of(job.event, job.inputs.branch)
    merged = {
        each.number: each
        for commit in job.event.commits
        for each in api.merged_by(commit)
        if each.base == branch
    }
    desk = _desk(job, api)
    found = {number: desk.reviewed(each, job.slot("plan")) for number, each in merged.items()}
    for number, each in found.items():
        if each is None:
            remarks.append(f"pull request {number} shows no plan of ours that is as we wrote it")
    if not merged:
        remarks.append("no pull request was merged by this push, so nothing was reviewed")
    write_pins(
        _joined([each for each in found.values() if each is not None], _project_id(job)),
        job.folder / REVIEWED,
    )
    return list(merged.values())


def _joined(plans: list[Opened], project_id: str) -> Pins:
    """What several comments showed as one: a digest is that of one plan alone, pins are of any."""
    facts = [{**each.facts, "project_id": each.facts.get("key", "")} for each in plans]
    read = [read_pins(each) for each in facts if each["project_id"] == project_id]
    if len(read) == 1:
        return read[0]
    return Pins(project_id, "", tuple(dict.fromkeys(pin for each in read for pin in each.pins)))


def _desk(job: Job, api: GitHub) -> Desk:
    return Desk(api, job.inputs.comment_author or api.author(), _key(job))


def _key(job: Job) -> bytes | None:
    """The project's key, with which comments are sealed; None where it is not at hand."""
    try:
        with open_workspace(_options(job)) as workspace:
            return workspace.stored_key()
    except ReconcilerError:
        return None


def _project_id(job: Job) -> str:
    """The project's id; empty where the command itself will say what is wrong with it."""
    try:
        with open_workspace(_options(job)) as workspace:
            return workspace.project.project_id
    except ReconcilerError:
        return ""


def _options(job: Job) -> Options:
    """The project file alone, as the command itself will read it."""
    task = read_document(job.folder / TASK) or {}
    trusted = {TRUSTED_PROJECT: str(job.folder / BASE)} if (job.folder / BASE).exists() else {}
    return Options(
        job.project,
        environment={**job.environment, **task.get("variables", {}), **trusted},
        project_only=True,
    )


def _arguments(job: Job, command: Command) -> Iterator[str]:
    """The command line as somebody would type it."""
    inputs = job.inputs
    yield from ("-C", str(job.project), command.value)
    if command is Command.PLAN:
        yield from ("--out", str(_plan_file(job)))
    if command is Command.APPLY:
        yield from ((inputs.plan_file and str(_plan_file(job))) or str(job.folder / REVIEWED), "--yes")
        yield from ("--events", str(job.folder / EVENTS))
    if command in {Command.PLAN, Command.APPLY}:
        for address in inputs.only:
            yield from ("--only", address)
        if inputs.max_people is not None:
            yield from ("--max-people", str(inputs.max_people))
    if command is Command.DRIFT:
        yield from ("--fail-on", inputs.fail_on)
    if command is Command.STOP:
        yield from ("--all", "--reason", inputs.reason or f"by {job.event.run_url}")


def _plan_file(job: Job) -> Path:
    return _root(job.environment) / job.inputs.plan_file if job.inputs.plan_file else job.folder / PLAN


def _reports(job: Job) -> Iterator[str]:
    for form, name in REPORTS.items():
        yield from ("--report", f"{form}={job.folder / name}")


# After the command


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
    if command == "plan" and _plan_file(job).exists() and document:
        found["plan-file"] = str(_plan_file(job))
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
        with _github(job) as api:
            yield from _written(job, _desk(job, api), command, document, page, task)
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
