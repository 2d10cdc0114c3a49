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
