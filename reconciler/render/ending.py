"""Endings: the exit codes of a command and what programs need to know about them."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.report import FAILURE_REASONS, exit_code


@dataclass(frozen=True, slots=True)
class Ending:
    """All exit codes that apply; `reason` overrides the word that the first of them stands for."""

    codes: frozenset[int] = frozenset()
    reason: str | None = None
    retryable: bool = False

    @property
    def code(self) -> int:
        """The exit code of the process."""
        return exit_code(self.codes)

    @property
    def failure_reason(self) -> str | None:
        """A stable word for why it is not 0."""
        return self.reason or FAILURE_REASONS.get(self.code)
