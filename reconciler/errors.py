"""Exceptions that end a command, each with its exit code.

ReconcilerError            1   something is wrong; the message says what and what to do
├── ProjectError           1   the manifests or the project file; carries every Problem
├── UsageError            64   the command line
├── CredentialsError      77   a vendor or the state refused who we are
├── PlanStale              4   what was reviewed does not fit what is there now
├── UnreachableError      69   a vendor could not be reached; nothing was changed
├── StateError             1   the state cannot be read, or belongs to another project or key
│   ├── StateRefused      77   the place that keeps the state refused who we are
│   ├── HeadMoved          5   somebody else wrote the state since it was read
│   └── StateLocked        5   somebody else holds the lock
├── Held                   6   a hold is set on the project: nothing arms, sends or resumes
└── Stopped                7   a signal ended the work; what was begun is settled or recorded

Expected failures inside an apply are outcomes (`model.outcome`), not exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.problem import Problem


class ReconcilerError(Exception):
    """The root: a message of what happened, and `help`, what to do next."""

    exit_code = 1
    failure_reason = "error"
    retryable = False

    def __init__(self, message: str, help: str = "", code: str = "") -> None:  # noqa: A002 - the field's name everywhere
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code


class ProjectError(ReconcilerError):
    """The manifests or the project file are wrong; `problems` has all of it."""

    failure_reason = "invalid"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems", "run: reconciler validate")


class UsageError(ReconcilerError):
    """The command line asks for something that does not exist or does not go together."""

    exit_code = 64
    failure_reason = "usage"


class CredentialsError(ReconcilerError):
    """A vendor refused the credentials, or they are not set."""

    exit_code = 77
    failure_reason = "credentials"


class UnreachableError(ReconcilerError):
    """A vendor could not be reached, and nothing was changed."""

    exit_code = 69
    failure_reason = "unreachable"
    retryable = True


class StateError(ReconcilerError):
    """The state cannot be used: broken, newer than this tool, of another project, or of another key."""

    failure_reason = "state"


class StateRefused(StateError):
    """The place that keeps the state refused the credentials, or does not let them write."""

    exit_code = 77
    failure_reason = "credentials"


class HeadMoved(StateError):
    """Another writer appended since the state was read; read again, then decide again."""

    exit_code = 5
    failure_reason = "state-locked"
    retryable = True


class StateLocked(StateError):
    """Another process holds the lock; `help` says who, since when."""

    exit_code = 5
    failure_reason = "state-locked"
    retryable = True


class Held(ReconcilerError):
    """A hold is set on the project; what would arm, send or resume was not written, so not sent."""

    exit_code = 6
    failure_reason = "held"


class Stopped(ReconcilerError):
    """A signal asked us to end."""

    exit_code = 7
    failure_reason = "stopped"


class PlanStale(ReconcilerError):
    """What was reviewed does not fit what is there now; nothing of it was done."""

    exit_code = 4
    failure_reason = "plan-stale"
