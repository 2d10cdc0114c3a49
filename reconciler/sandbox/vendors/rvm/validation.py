"""Checking parameters: each is text, an empty one counts as not sent, and all problems are told at once.

That a failure is a list of sentences about fields is documented; the sentences are not.
"""

import re
from collections.abc import Mapping
from datetime import date, time

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
CAMPAIGN_ID = re.compile(r"\d{1,10}", re.ASCII)
TRUE = frozenset({"true", "1"})  # PHP's curl writes true as 1
FALSE = frozenset({"false", "0"})


class Failed(Exception):
    """The vendor answers with a failure."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = list(problems)


class Form:
    """The parameters of one request and what is wrong with them."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters
        self._problems: list[str] = []

    def refuse(self, field: str, sentence: str) -> None:
        """Note a problem."""
        self._problems.append(f"{field}: {sentence}")

    def finish(self) -> None:
        """Raise what was noted, if anything."""
        if self._problems:
            raise Failed(*self._problems)

    def text(self, field: str, default: str = "") -> str:
        """Read a text; an empty one takes the default (A21)."""
        return self._parameters.get(field) or default

    def required(self, field: str) -> str:
        """Read a text that must be there."""
        value = self.text(field)
        if not value:
            self.refuse(field, "is required")
        return value

    def flag(self, field: str, *, default: bool) -> bool:
        """Read `true`, `false`, or what PHP makes of them: `1` and nothing (A21)."""
        value = self.text(field)
        if value and value not in TRUE | FALSE:
            self.refuse(field, "must be true or false")
        return value in TRUE if value else default

    def day(self, field: str, default: date) -> date:
        """Read a date as YYYY-MM-DD."""
        return self.optional_day(field) or default

    def optional_day(self, field: str) -> date | None:
        """Read a date that may be missing."""
        value = self.text(field)
        day = _day(value)
        if value and day is None:
            self.refuse(field, "must be a date as YYYY-MM-DD")
        return day

    def time(self, field: str, default: str) -> time:
        """Read a time of the day as HH:MM."""
        value = self.text(field, default)
        if TIME.fullmatch(value):
            return time.fromisoformat(value)
        self.refuse(field, "must be a time as HH:MM")
        return time.fromisoformat(default)

    def number(self, field: str, default: int, least: int, most: int) -> int:
        """Read a whole number between two limits."""
        value = self.text(field, str(default))
        if NUMBER.fullmatch(value) and least <= int(value) <= most:
            return int(value)
        self.refuse(field, f"must be a number from {least} to {most}")
        return default

    def campaign_id(self, field: str) -> int:
        """Read an id, with or without its leading zeros; 0 is nobody's."""
        value = self.required(field)
        if not CAMPAIGN_ID.fullmatch(value or "0"):
            self.refuse(field, "must be a number of up to 10 digits")
            return 0
        return int(value or 0)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if DATE.fullmatch(value) else None
    except ValueError:
        return None
