"""Switches of a vendor: a dataclass whose fields are booleans, numbers, texts or one of a few words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Switches = TypeVar("Switches")


class Written(str):
    """A position as a command line has it: a text, whatever the switch takes."""

    __slots__ = ()


def turned(switches: Switches, changes: Mapping[str, object]) -> Switches:
    """Copy with some switches turned; ValueError names one that is not known or has no such position."""
    hints = get_type_hints(type(switches))
    positions: dict[str, object] = {}
    for name, value in changes.items():
        if name not in hints:
            raise ValueError(f"no option {name!r}; there are {', '.join(hints)}")
        positions[name] = _meant(hints[name], value)
        if not _is_position(hints[name], positions[name]):
            raise ValueError(f"option {name!r} can't be {value!r}")
    copy: Any = replace(switches, **positions)  # type: ignore[type-var]
    result: Switches = copy
    return result


def read(texts: Iterable[str]) -> dict[str, dict[str, object]]:
    """Read `vendor.option=position` texts; ValueError names the first that is none."""
    chosen: dict[str, dict[str, object]] = {}
    for text in texts:
        place, equals, position = text.partition("=")
        vendor, dot, name = place.partition(".")
        if not (equals and dot and vendor and name):
            raise ValueError(f"{text!r} is not VENDOR.OPTION=VALUE")
        chosen.setdefault(vendor, {})[name] = Written(position)
    return chosen


def _meant(hint: Any, value: object) -> object:
    """Read what was written as what the switch takes; what is no number or flag stays a text."""
    if not isinstance(value, Written):
        return value
    try:
        meant: object = json.loads(value) if hint in {bool, int, float} else str(value)
    except ValueError:
        return value
    return float(meant) if hint is float and type(meant) is int else meant


def _is_position(hint: Any, value: object) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    return type(value) is hint
