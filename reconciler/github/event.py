"""Events: why a workflow runs, on whose branch, and how far that is trusted."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from reconciler.errors import UsageError
from reconciler.github.inputs import Command

LARGEST = 32 * 1024 * 1024
DEPENDABOT = "dependabot[bot]"
TRUSTED_EVENTS = frozenset({"push", "schedule", "workflow_dispatch", "repository_dispatch", "merge_group"})
"""Events of which the files come from a branch of this repository, and that no stranger can set off."""


class Trust(enum.Enum):
    """How far the files of a run may be followed."""

    FULL = "the branch that is applied"
    BASE = "a branch of this repository: providers and backend are the base branch's"
    NONE = "from outside, or without secrets: checked offline, nothing else"


class PullRequest(Struct, frozen=True):
    """The pull request that a run is about. `head` is the commit that was proposed; `base` a branch."""

    number: int
    base: str
    head: str
    foreign: bool


class Event(Struct, frozen=True):
    """Why this run is, and where. `commits` are those that a push brought, the last one first."""

    name: str
    repository: str
    sha: str
    branch: str
    default_branch: str
    run_url: str
    api_url: str
    pull_request: PullRequest | None = None
    commits: tuple[str, ...] = ()


MOST_COMMITS = 50
"""Commits of one push whose pull requests are looked for."""


def read_event(environment: Mapping[str, str]) -> Event:
    """Read what GitHub tells a step about its run; raises UsageError outside of one."""
    name, repository = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_REPOSITORY", "")
    if not name or not repository:
        raise UsageError("this is no step of a GitHub workflow", "elsewhere, run plan, apply or drift itself")
    payload = _payload(environment.get("GITHUB_EVENT_PATH", ""))
    ref = environment.get("GITHUB_REF", "")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    branch = ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else ""
    default = str(_map(payload, "repository").get("default_branch") or "")
    pull_request = _pull_request(payload, repository, environment.get("GITHUB_ACTOR", ""))
    if pull_request is None and name not in TRUSTED_EVENTS:
        raise UsageError(
            f"the event {name} is not one that this action can place",
            f"use it on: pull_request, {', '.join(sorted(TRUSTED_EVENTS))}",
        )
    return Event(
        name=name,
        repository=repository,
        sha=environment.get("GITHUB_SHA", ""),
        branch=branch,
        default_branch=branch if name == "schedule" else default,  # schedules run on it alone
        run_url=f"{server}/{repository}/actions/runs/{environment.get('GITHUB_RUN_ID', '')}",
        api_url=environment.get("GITHUB_API_URL", "https://api.github.com"),
        pull_request=pull_request,
        commits=_commits(payload, environment.get("GITHUB_SHA", "")),
    )


def _payload(path: str) -> Mapping[str, Any]:
    try:
        with Path(path).open("rb") as file:
            payload = json.loads(file.read(LARGEST))
    except (OSError, ValueError, RecursionError):
        raise UsageError("the file of the event cannot be read", "GITHUB_EVENT_PATH names it") from None
    return payload if isinstance(payload, dict) else {}


def _map(payload: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """A part of the payload; empty where there is none, as the head's repository when a fork is gone."""
    found: Any = payload
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _pull_request(payload: Mapping[str, Any], repository: str, actor: str) -> PullRequest | None:
    part = _map(payload, "pull_request")
    if not part:
        return None
    source = _map(part, "head", "repo").get("full_name")
    people = {actor, _map(part, "user").get("login"), _map(payload, "sender").get("login")}
    return PullRequest(
        number=int(part.get("number") or 0),
        base=str(_map(part, "base").get("ref") or ""),
        head=str(_map(part, "head").get("sha") or ""),
        foreign=source != repository or DEPENDABOT in people,
    )


def _commits(payload: Mapping[str, Any], sha: str) -> tuple[str, ...]:
    listed = payload.get("commits")
    found = [each.get("id") for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    commits = [each for each in found if isinstance(each, str) and each.isalnum()]
    return tuple(dict.fromkeys([sha, *reversed(commits)]))[:MOST_COMMITS]


def trust_of(event: Event, branch: str = "") -> Trust:
    """How far this run's files may be followed; `branch` is the one that is applied, if not the default one."""
    if event.pull_request is not None:
        return Trust.NONE if event.pull_request.foreign else Trust.BASE
    applied = branch or event.default_branch
    return Trust.FULL if event.branch and event.branch == applied else Trust.BASE


def base_of(event: Event, branch: str = "") -> str:
    """The branch whose project file says where credentials may go."""
    return event.pull_request.base if event.pull_request is not None else branch or event.default_branch


def allowed(command: Command, event: Event, trust: Trust) -> Command:
    """The command that may run; raises UsageError where one that writes was asked for where nothing may be written."""
    if command.writes and trust is not Trust.FULL:
        where = "on a pull request" if event.pull_request else f"on the branch {event.branch or '(none)'}"
        raise UsageError(
            f"{command.value} does not run {where}",
            "run it on push to the branch that is applied, on a schedule, or by hand; "
            "the input branch names another one than the default branch",
        )
    return Command.VALIDATE if trust is Trust.NONE else command
