"""A check-up: each thing looked at, whether it is well, and what to do if not."""

from __future__ import annotations

import enum

from msgspec import Struct


class Verdict(enum.Enum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


class Check(Struct, frozen=True):
    """One check: what of (`project`, or a provider's name), how it ended, and the remedy where it did not end well."""

    subject: str
    verdict: Verdict
    code: str
    text: str
    remedy: str = ""
    exit_code: int = 1


def checkup_codes(checks: tuple[Check, ...]) -> frozenset[int]:
    """The exit codes of a check-up: those of all that failed; a warning is none."""
    return frozenset(check.exit_code for check in checks if check.verdict is Verdict.FAIL)


SHORT_PERCENT = 10
"""From so little of it on a quota is short."""


class Quota(Struct, frozen=True):
    """How much a vendor lets an account ask for: `left` of `limit`, in words such as `calls today`."""

    left: int
    limit: int
    unit: str

    @property
    def is_short(self) -> bool:
        """Whether so little is left that it is worth a word before anything begins."""
        return self.left * 100 <= self.limit * SHORT_PERCENT

    def __str__(self) -> str:
        return f"{self.left:,} of {self.limit:,} {self.unit} left"
