"""Endings: the exit codes of a command and what programs need to know about them."""

from __future__ import annotations

from msgspec import Struct

from reconciler.model.report import FAILURE_REASONS, exit_code


class Ending(Struct, frozen=True):
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
