"""Reports: what an apply did, step by step, and how a command ends."""

from __future__ import annotations

import enum

from msgspec import Struct

from reconciler.model.plan import Change, Plan


class StepResult(enum.Enum):
    """How one change of an apply ended. STALE: it differs from what was reviewed; nothing was sent."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    HELD = "held"
    STALE = "stale"


class Step(Struct, frozen=True):
    """One change and its end. `detail` is safe to print; `seconds` is the time it took.

    `retryable`: it failed, and nothing in the manifests is the cause; the next apply does it again.
    `credentials`: the account lets itself be read, and refused to be written to.
    """

    change: Change
    result: StepResult
    detail: str = ""
    seconds: float = 0.0
    remote_id: str | None = None
    request_id: str = ""
    retryable: bool = False
    credentials: bool = False


class ApplyReport(Struct, frozen=True):
    """An apply as a whole. `stopped`: a signal ended it. `head`: where the state's log stands now.

    `vanished` are changes of a reviewed plan that are not needed any more. `declined`: somebody said no.
    """

    plan: Plan
    steps: tuple[Step, ...]
    holder: str
    stopped: bool = False
    credentials: bool = False
    head: str = ""
    seconds: float = 0.0
    vanished: tuple[str, ...] = ()
    declined: bool = False

    def count(self, result: StepResult) -> int:
        """How many changes ended so."""
        return sum(step.result is result for step in self.steps)


PRECEDENCE = (64, 77, 69, 5, 8, 1, 7, 4, 6, 3, 2)
"""Where several exit codes apply, the first of these is the process's; JSON lists all."""

FAILURE_REASONS = {
    1: "error", 2: "changes-pending", 3: "drift", 4: "plan-stale", 5: "state-locked", 6: "held",
    7: "applied-in-part", 8: "unknown-open", 64: "usage", 69: "unreachable", 77: "credentials",
}  # fmt: skip


def exit_code(codes: frozenset[int]) -> int:
    """The exit code of a command to which all these apply; 0 when none does."""
    return next((code for code in PRECEDENCE if code in codes), 0)


def plan_codes(plan: Plan, *, detailed: bool = False) -> frozenset[int]:
    """The exit codes that a plan deserves: problems, failures, unknowns, held changes, pending ones."""
    codes = {77 if failure.credentials else 69 for failure in plan.failures}
    codes |= {1} if any(problem.is_error for problem in plan.problems) else set()
    codes |= {8} if plan.unknowns else set()
    codes |= {6} if plan.held else set()
    codes |= {2} if detailed and plan.changes else set()
    return frozenset(codes)


def drift_codes(plan: Plan) -> frozenset[int]:
    """The exit codes of a drift report: 3 for findings, 8 for unknowns, 69 and 77 for what was not read."""
    codes = {77 if failure.credentials else 69 for failure in plan.failures}
    codes |= {3} if plan.findings else set()
    codes |= {8} if plan.unknowns else set()
    return frozenset(codes)


def apply_codes(report: ApplyReport) -> frozenset[int]:
    """The exit codes of an apply: what failed, what is unknown, stale, held or unfinished."""
    codes = set(plan_codes(report.plan)) - {2}
    results = {step.result for step in report.steps}
    codes |= {8} if StepResult.UNKNOWN in results else set()
    codes |= {4} if StepResult.STALE in results or report.vanished else set()
    codes |= {6} if StepResult.HELD in results else set()
    if report.credentials:
        codes.add(77)
    if StepResult.FAILED in results or report.stopped:
        codes.add(7 if StepResult.DONE in results or report.stopped else 1)
    return frozenset(codes)
