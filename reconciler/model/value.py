"""Field values: the JSON-like data that objects are compared by, and references between objects."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from reconciler.model.address import ObjectKey


class Missing(enum.Enum):
    """Two ways for a value not to be there."""

    UNKNOWN = "known after apply"
    ABSENT = "not visible"


UNKNOWN: Final = Missing.UNKNOWN
ABSENT: Final = Missing.ABSENT


class Reference(Struct, frozen=True, order=True):
    """A field that will hold the remote id of another object, which may not exist yet."""

    key: ObjectKey

    def __str__(self) -> str:
        return f"-> {self.key.address}"


Value = str | int | float | bool | None | tuple["Value", ...] | Mapping[str, "Value"] | Reference | Missing
Fields = Mapping[str, Value]

SCALARS = frozenset({str, int, float, bool, type(None)})
"""The types that JSON has as they are."""


def plain(value: Value) -> object:
    """A value as JSON has it: tuples as lists, references and missing values as what no other value looks like."""
    if type(value) in SCALARS:
        return value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, Reference):
        return {"reference": str(value.key)}
    return {"missing": value.value} if isinstance(value, Missing) else value
