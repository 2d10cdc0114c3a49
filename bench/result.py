"""A line of the bench's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured, what it should be at most, and the figures behind it."""

    what: str
    value: float
    goal: float
    unit: str
    detail: str

    def __str__(self) -> str:
        verdict = "ok  " if self.value <= self.goal else "MISS"
        return f"{verdict} {self.what:<46} {self.value:8.2f}{self.unit} (goal {self.goal:g}{self.unit})  {self.detail}"
