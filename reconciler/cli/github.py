"""`reconciler github`: what the GitHub action does before and after the command that it runs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from reconciler.cli import frame
from reconciler.cli.output import Output
from reconciler.cli.settings import Settings
from reconciler.errors import ReconcilerError
from reconciler.render import json
from reconciler.render.ending import Ending

ARGUMENTS = "arguments"
"""The file in the job's folder that holds the command line, each word ended by a zero byte."""


@frame.group()
def command() -> None:
    """Steps of the GitHub action: prepare, then the command itself, then report.

    They read the action's inputs and the event from the environment that GitHub gives a step. docs/ci.md
    has workflows to copy; elsewhere use plan, apply and drift with --report.
    """


@command.command(examples=("reconciler github prepare",))
def prepare(settings: Settings) -> Output:
    """Decide what may run for this event, and write its command line down.

    On a pull request providers and backend are those of the base branch; from forks and from Dependabot
    manifests are checked, nothing else. For an apply it looks up which plan was reviewed.
    """
    del settings
    from reconciler.github.annotations import command as annotation
    from reconciler.github.files import write_outputs
    from reconciler.manifest.project import TRUSTED_PROJECT
    from reconciler.workflow.github_job import read_job
    from reconciler.workflow.github_prepare import prepare as prepared

    try:
        job = read_job(os.environ)
        found = prepared(job)
    except ReconcilerError as error:
        write_outputs(_file("GITHUB_OUTPUT"), {"failure-reason": error.failure_reason})
        raise
    words = "".join(f"{word}\0" for word in found.arguments)
    (job.folder / ARGUMENTS).write_bytes(words.encode())
    outputs = {"folder": str(job.folder), "trusted-project": found.variables.get(TRUSTED_PROJECT, "")}
    write_outputs(_file("GITHUB_OUTPUT"), outputs)
    lines = [annotation("notice", text) for text in found.remarks]
    return _told([*lines, f"runs: {found.command.value}"], {"command": found.command.value})


@command.command(examples=('reconciler github report "$FOLDER"',))
@click.argument("folder", type=frame.Folder())
def report(settings: Settings, folder: Path) -> Output:
    """Write outputs, summary, annotations, comment and issue; end as the command did.

    A whole plan is no failure, whatever waits in it for consent or is unknown; its outputs tell.
    """
    del settings
    from reconciler.github.annotations import annotated
    from reconciler.github.annotations import command as annotation
    from reconciler.github.files import write_outputs, write_summary
    from reconciler.workflow.github_job import job_of
    from reconciler.workflow.github_report import report as reported

    found = reported(job_of(folder, os.environ))
    write_summary(_file("GITHUB_STEP_SUMMARY"), found.summary)
    write_outputs(_file("GITHUB_OUTPUT"), found.outputs)
    lines = [annotation("warning", text) for text in found.warnings]
    lines += annotated(found.document, found.project) if found.document else []
    lines += found.said
    codes = frozenset({found.exit_code}) if found.exit_code else frozenset[int]()
    return _told(lines, dict(found.outputs), Ending(codes))


def _file(name: str) -> str:
    """A file that GitHub names; nowhere, where it names none."""
    return os.environ.get(name) or os.devnull


def _told(lines: list[str], outputs: dict[str, str], ending: Ending | None = None) -> Output:
    text = "".join(f"{line}\n" for line in lines)
    return Output(
        ending or Ending(),
        lambda sheet: sheet.line(text),
        lambda end: json.envelope("github", end, outputs=outputs),
        lambda: text,
        plain=lambda: text,
    )
