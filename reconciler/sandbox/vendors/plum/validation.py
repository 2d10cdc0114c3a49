"""Checking parameters as a Laravel validator does: a map from field to sentences, all problems at once.

Only one such answer is documented, the nickname that is taken; the shape of the others is inferred from it.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NICKNAME_LENGTH = 64
INTEGER = re.compile(r"\d{1,11}", re.ASCII)  # the page allows 11 digits
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class Invalid(Exception):
    """The parameters don't pass; `errors` is the answer."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__(errors)
        self.errors = errors


class Form:
    """The parameters of one request and what is wrong with them."""

    def __init__(self, parameters: Mapping[str, object]) -> None:
        self._parameters = parameters
        self._errors: dict[str, list[str]] = {}

    def refuse(self, field: str, sentence: str) -> None:
        """Note a problem."""
        self._errors.setdefault(field, []).append(sentence)

    def finish(self) -> None:
        """Raise what was noted, if anything."""
        if self._errors:
            raise Invalid(self._errors)

    def sent(self, field: str) -> bool:
        """Whether the parameter came at all, even empty."""
        return field in self._parameters

    def value(self, field: str, *, required: bool) -> Any:
        """Read the raw value; an empty one counts as none."""
        value = self._parameters.get(field)
        if value in (None, "", []):
            if required:
                self.refuse(field, f"The {_spoken(field)} field is required.")
            return None
        return value

    def nickname(self, field: str) -> str | None:
        """Read a custom name of at most 64 characters."""
        value = self.value(field, required=False)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(field, f"The {_spoken(field)} must be a string.")
        elif len(value) > NICKNAME_LENGTH:
            self.refuse(field, f"The {_spoken(field)} may not be greater than {NICKNAME_LENGTH} characters.")
        return str(value)

    def integer(self, field: str, *, required: bool = True, least: int = 0) -> int | None:
        """Read a whole number of at most 11 digits. What the vendor makes of 0 and less is not documented."""
        value = self.value(field, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not INTEGER.fullmatch(str(value)):
            self.refuse(field, f"The {_spoken(field)} must be an integer.")
            return None
        if int(value) < least:
            self.refuse(field, f"The {_spoken(field)} must be at least {least}.")
        return int(value)

    def days(self, field: str, *, required: bool = True) -> list[str] | None:
        """Read an array of three-letter days."""
        value = self._array(field, required=required)
        if value is None:
            return None
        if any(day not in DAYS for day in value):
            self.refuse(field, f"The selected {_spoken(field)} is invalid.")
        return value

    def date(self, field: str, *, required: bool = True) -> date | None:
        """Read a calendar day as YYYY-MM-DD."""
        value = self.value(field, required=required)
        if value is None:
            return None
        day = _day(value)
        if day is None:
            self.refuse(field, f"The {_spoken(field)} does not match the format Y-m-d.")
        return day

    def url(self, field: str, *, required: bool) -> str | None:
        """Read a web address."""
        value = self.value(field, required=required)
        if value is not None and not _is_url(value):
            self.refuse(field, f"The {_spoken(field)} format is invalid.")
        return value if isinstance(value, str) else None

    def profile_windows(self, field: str, *, required: bool = True) -> list[tuple[str, time, time]] | None:
        """Read an array of objects, each naming a profile and its hours."""
        value = self._array(field, required=required)
        if value is None:
            return None
        return [window for at, each in enumerate(value) for window in self._window(f"{field}.{at}", each)]

    def _window(self, field: str, each: object) -> list[tuple[str, time, time]]:
        if not isinstance(each, dict):
            self.refuse(field, f"The {field} must be an object.")
            return []
        nickname = each.get("profile")
        if not nickname or not isinstance(nickname, str):
            self.refuse(f"{field}.profile", f"The {field}.profile field is required.")
        opens, closes = (self._time(f"{field}.{name}", each.get(name)) for name in ("start_time", "end_time"))
        if opens is None or closes is None:
            return []
        if opens >= closes:  # not documented; a window over midnight would need a second day
            self.refuse(f"{field}.end_time", f"The {field}.end_time must be a time after start_time.")
        return [(str(nickname), opens, closes)]

    def _time(self, field: str, value: object) -> time | None:
        if isinstance(value, str) and TIME.fullmatch(value):
            return time.fromisoformat(value)
        self.refuse(field, f"The {field} does not match the format H:i.")
        return None

    def _array(self, field: str, *, required: bool) -> list[Any] | None:
        """Read an array, given as such in a JSON body or as JSON text in a form or a query."""
        value = self.value(field, required=required)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                value = False
        if value is None or (isinstance(value, list) and value):
            return value
        self.refuse(field, f"The {_spoken(field)} must be an array with at least one item.")
        return None


def _spoken(field: str) -> str:
    return field.replace("_", " ")


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and DATE.fullmatch(value) else None
    except ValueError:
        return None


def _is_url(value: object) -> bool:
    if not isinstance(value, str) or re.search(r"\s", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
