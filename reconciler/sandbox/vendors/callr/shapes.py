"""Shapes of what a campaign says: each knows its default, what it takes, and how it writes it back.

So the template, the check and the object that comes back are one description and can't differ.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 _-]+", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True)
class Reading:
    """One check of one campaign: what is known to it, and what is wrong."""

    media_problem: Callable[[str], str]  # why an id can't be used; empty if it can
    own_numbers: frozenset[str] = frozenset()
    media_as_numbers: bool = False
    problems: list[str] = field(default_factory=list)

    def refuse(self, place: str, sentence: str) -> None:
        """Note a problem."""
        self.problems.append(f"{place}: {sentence}")


class Shape(Protocol):
    """One value."""

    def default(self) -> Any:
        """What the template has."""
        ...

    def read(self, value: Any, place: str, reading: Reading) -> Any:
        """Take a value over, noting what is wrong with it."""
        ...


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    first: bool = False

    def default(self) -> bool:
        """What the template has."""
        return self.first

    def read(self, value: Any, place: str, reading: Reading) -> bool:
        """Take a flag."""
        if not isinstance(value, bool):
            reading.refuse(place, "must be true or false")
            return self.first
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two limits, which may come as a text."""

    least: int
    most: int
    first: int

    def default(self) -> int:
        """What the template has."""
        return self.first

    def read(self, value: Any, place: str, reading: Reading) -> int:
        """Take a number."""
        text = str(value)
        is_number = not isinstance(value, bool | float) and re.fullmatch(r"-?\d{1,9}", text, re.ASCII)
        if not is_number or not self.least <= int(text) <= self.most:
            reading.refuse(place, f"must be from {self.least} to {self.most}")
            return self.first
        return int(text)


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words; the first is the default."""

    words: tuple[str, ...]

    def default(self) -> str:
        """What the template has."""
        return self.words[0]

    def read(self, value: Any, place: str, reading: Reading) -> str:
        """Take a word."""
        if value not in self.words:
            reading.refuse(place, f"must be one of {', '.join(self.words)}")
            return self.words[0]
        return str(value)


@dataclass(frozen=True, slots=True)
class Text:
    """A text, perhaps of a form; an empty one is always right unless it is required."""

    form: re.Pattern[str] | None = None
    required: bool = False
    first: str = ""

    def default(self) -> str:
        """What the template has."""
        return self.first

    def read(self, value: Any, place: str, reading: Reading) -> str:
        """Take a text."""
        if value is None:
            value = ""
        if not isinstance(value, str):
            reading.refuse(place, "must be a text")
            return self.first
        if self.required and not value.strip():
            reading.refuse(place, "is required")
        elif value and self.form is not None and not self.form.fullmatch(value):
            reading.refuse(place, "has a wrong format")
        return value


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """The number that a call shows: one's own, or none."""

    def default(self) -> str:
        """What the template has."""
        return "BLOCKED"

    def read(self, value: Any, place: str, reading: Reading) -> str:
        """Take a number."""
        if value != "BLOCKED" and (not isinstance(value, str) or not E164.fullmatch(value)):
            reading.refuse(place, "must be BLOCKED or a number as +CCNSN")
            return "BLOCKED"
        if value != "BLOCKED" and reading.own_numbers and value not in reading.own_numbers:
            reading.refuse(place, "is not authorised")
        return str(value)


@dataclass(frozen=True, slots=True)
class Sounds:
    """Ids of media. The samples send texts, and one of them a single text in place of the array."""

    required: bool = False

    def default(self) -> list[Any]:
        """What the template has."""
        return []

    def read(self, value: Any, place: str, reading: Reading) -> list[Any]:
        """Take ids, each of which must be usable."""
        listed = [value] if isinstance(value, str | int) and value != "" else value or []
        if not isinstance(listed, list) or not all(isinstance(each, str | int) for each in listed):
            reading.refuse(place, "must be an array of media")
            return []
        ids = [str(each) for each in listed]
        if self.required and not ids:
            reading.refuse(place, "is required")
        for each in ids:
            if problem := reading.media_problem(each):
                reading.refuse(place, problem)
        return [int(each) for each in ids if each.isdigit()] if reading.media_as_numbers else ids


@dataclass(frozen=True, slots=True)
class Sound:
    """The id of one media, or a text; what surveys have at an answer (A10)."""

    def default(self) -> str:
        """What the template has."""
        return ""

    def read(self, value: Any, place: str, reading: Reading) -> str:
        """Take an id that must be usable, if there is one."""
        text = "" if value is None else str(value)
        if text and (problem := reading.media_problem(text)):
            reading.refuse(place, problem)
        return text


@dataclass(frozen=True, slots=True)
class Items:
    """An array of one shape."""

    each: Shape
    required: bool = False

    def default(self) -> list[Any]:
        """What the template has."""
        return []

    def read(self, value: Any, place: str, reading: Reading) -> list[Any]:
        """Take each item."""
        if not isinstance(value, list):
            reading.refuse(place, "must be an array")
            return []
        if self.required and not value:
            reading.refuse(place, "is required")
        return [self.each.read(item, f"{place}.{at}", reading) for at, item in enumerate(value)]


@dataclass(frozen=True, slots=True)
class Fields:
    """An object; what it has no field for is dropped, what is left out takes its default."""

    fields: Mapping[str, Shape]

    def default(self) -> dict[str, Any]:
        """What the template has."""
        return {name: shape.default() for name, shape in self.fields.items()}

    def read(self, value: Any, place: str, reading: Reading) -> dict[str, Any]:
        """Take each field."""
        if value in ([], None):  # PHP writes an empty object as an array
            value = {}
        if not isinstance(value, dict):
            reading.refuse(place, "must be an object")
            return self.default()
        return {
            name: shape.read(value.get(name, shape.default()), f"{place}.{name}", reading)
            for name, shape in self.fields.items()
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """An object whose `action` decides on the shape of its `params`."""

    shapes: Mapping[str, Shape]
    first: str

    def default(self) -> dict[str, Any]:
        """What the template has."""
        return {"action": self.first, "params": self.shapes[self.first].default()}

    def read(self, value: Any, place: str, reading: Reading) -> dict[str, Any]:
        """Take action and parameters."""
        action = value.get("action") if isinstance(value, dict) else None
        if not isinstance(action, str) or action not in self.shapes:
            reading.refuse(f"{place}.action", f"must be one of {', '.join(self.shapes)}")
            return self.default()
        params = value.get("params") or self.shapes[action].default()
        return {"action": action, "params": self.shapes[action].read(params, f"{place}.params", reading)}


def object_of(names: Sequence[str], shape: Shape) -> Fields:
    """An object whose fields are all alike."""
    return Fields(dict.fromkeys(names, shape))
