"""Switches of a vendor: a dataclass whose fields are booleans, numbers, texts or one of a few words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Switches = TypeVar("Switches")


def turned(switches: Switches, changes: Mapping[str, object]) -> Switches:
    """Copy with some switches turned; ValueError names one that is not known or has no such position."""
    hints = get_type_hints(type(switches))
    for name, value in changes.items():
        if name not in hints:
            raise ValueError(f"no option {name!r}; there are {', '.join(hints)}")
        if not _is_position(hints[name], value):
            raise ValueError(f"option {name!r} can't be {value!r}")
    copy: Any = replace(switches, **changes)  # type: ignore[type-var]
    result: Switches = copy
    return result


def _is_position(hint: Any, value: object) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    return type(value) is hint
