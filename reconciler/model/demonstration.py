"""A demonstration: its steps as they ended, and what the vendor's ledger says at last."""

from __future__ import annotations

from msgspec import Struct


class DemoStep(Struct, frozen=True):
    """One step: what was done, what came of it, and whether that is what should come of it.

    `alarm` is a word of `text` that a reader should not overlook. `exit_code` is what the command would
    have ended with.
    """

    name: str
    text: str
    as_expected: bool
    alarm: str = ""
    exit_code: int = 0


class Demonstration(Struct, frozen=True):
    """All steps. `called_again` and `called_blacklisted` are what must be 0. `folder`: where files were kept."""

    steps: tuple[DemoStep, ...] = ()
    people: int = 0
    called_once: int = 0
    called_again: int = 0
    called_blacklisted: int = 0
    seconds: float = 0.0
    folder: str | None = None

    @property
    def as_expected(self) -> bool:
        """Whether every figure is as it should be."""
        figures = (self.called_once, self.called_again, self.called_blacklisted) == (self.people, 0, 0)
        return figures and all(step.as_expected for step in self.steps)
