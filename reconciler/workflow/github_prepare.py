"""The use case before the command on GitHub: what runs, on whose settings, and what was reviewed of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from msgspec import Struct

from reconciler.github.api import GitHub, Merged
from reconciler.github.event import Trust, allowed, base_of, trust_of
from reconciler.github.inputs import KEPT as KEPT_INPUTS
from reconciler.github.inputs import Command
from reconciler.github.seal import Opened
from reconciler.manifest.project import TRUSTED_PROJECT
from reconciler.planning.review.pins import Pins, read_pins
from reconciler.workflow.github_job import (
    BASE,
    EVENTS,
    PROJECT_FILES,
    REPORTS,
    REVIEWED,
    TASK,
    Job,
    connected,
    desk_of,
    plan_file,
    project_id_of,
)
from reconciler.workflow.plan_file import write_pins


class Prepared(Struct, frozen=True):
    """What is to run: the command line, variables beside those of the job, and what is worth saying."""

    command: Command
    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    pull_requests: tuple[int, ...] = ()


def prepare(job: Job) -> Prepared:
    """Decide what runs, and put what it needs into the job's folder; raises ReconcilerError where nothing may."""
    job.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (*REPORTS.values(), REVIEWED, BASE, TASK, EVENTS):
        (job.folder / name).unlink(missing_ok=True)
    trust = trust_of(job.event, job.inputs.branch)
    command = allowed(job.inputs.command, job.event, trust)
    remarks = [f"{trust.value}"] if trust is Trust.NONE else []
    with connected(job) as api:
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
        pins = read_pins({"project_id": project_id_of(job), "digest": job.inputs.plan_digest})
        write_pins(pins, job.folder / REVIEWED)
        return []
    branch = base_of(job.event, job.inputs.branch)
    merged = {
        each.number: each
        for commit in job.event.commits
        for each in api.merged_by(commit)
        if each.base == branch
    }
    desk = desk_of(job, api)
    found = {number: desk.reviewed(each, job.slot("plan")) for number, each in merged.items()}
    for number, each in found.items():
        if each is None:
            remarks.append(f"pull request {number} shows no plan of ours that is as we wrote it")
    if not merged:
        remarks.append("no pull request was merged by this push, so nothing was reviewed")
    write_pins(
        _joined([each for each in found.values() if each is not None], project_id_of(job)),
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


def _arguments(job: Job, command: Command) -> Iterator[str]:
    """The command line as somebody would type it."""
    inputs = job.inputs
    yield from ("-C", str(job.project), command.value)
    if command is Command.PLAN:
        yield from ("--out", str(plan_file(job)))
    if command is Command.APPLY:
        yield from ((inputs.plan_file and str(plan_file(job))) or str(job.folder / REVIEWED), "--yes")
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


def _reports(job: Job) -> Iterator[str]:
    for form, name in REPORTS.items():
        yield from ("--report", f"{form}={job.folder / name}")
