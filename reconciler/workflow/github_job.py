"""One use of the action on GitHub: its inputs, its event, the folder of its files, and the way to its comments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reconciler.errors import ReconcilerError, UsageError
from reconciler.github.api import GitHub
from reconciler.github.event import Event, read_event
from reconciler.github.files import read_document
from reconciler.github.inputs import Inputs, read_inputs
from reconciler.github.seal import Slot
from reconciler.github.sticky import Desk
from reconciler.manifest.project import TRUSTED_PROJECT
from reconciler.workflow.options import Options
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


class Job(Struct, frozen=True):
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
        return self.project.relative_to(root_of(self.environment)).as_posix()

    def slot(self, kind: str, number: int = 0) -> Slot:
        """Where this project's comments and issues of a kind are."""
        return Slot(self.event.repository, number, self.inputs.comment_key or self.relative, kind)


def read_job(environment: Mapping[str, str], backoff: float = 1.0) -> Job:
    """The action's inputs and event; raises UsageError for what does not fit."""
    inputs = read_inputs(environment)
    root = root_of(environment)
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


def root_of(environment: Mapping[str, str]) -> Path:
    """The repository's folder on the runner."""
    return Path(environment.get("GITHUB_WORKSPACE") or ".").resolve()


@contextmanager
def connected(job: Job) -> Iterator[GitHub]:
    """GitHub's API with the job's token, for the length of a block."""
    api = GitHub(job.event.api_url, job.event.repository, job.inputs.token, backoff=job.backoff)
    try:
        yield api
    finally:
        api.close()


def desk_of(job: Job, api: GitHub) -> Desk:
    """Where the job's comments and issues are written, sealed with the project's key if it is at hand."""
    return Desk(api, job.inputs.comment_author or api.author(), _key(job))


def _key(job: Job) -> bytes | None:
    """The project's key, with which comments are sealed; None where it is not at hand."""
    try:
        with open_workspace(_options(job)) as workspace:
            return workspace.stored_key()
    except ReconcilerError:
        return None


def project_id_of(job: Job) -> str:
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


def plan_file(job: Job) -> Path:
    """Where the plan is kept: as the inputs say, else in the job's folder."""
    return root_of(job.environment) / job.inputs.plan_file if job.inputs.plan_file else job.folder / PLAN
