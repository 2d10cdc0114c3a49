"""Keys and field values as plain JSON, and back; what state must not hold is refused without being shown. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from reconciler.errors import StateError
from reconciler.model.address import Address, ObjectKey
from reconciler.model.value import SCALARS, Missing, Reference
from reconciler.state.lines import Document


def write_key(key: ObjectKey) -> Document:
    """Write a key, what is empty left out; raises StateError for an address that could not be read back."""
    address = str(key.address)
    if address.count("/") != 2:  # noqa: PLR2004 - provider/kind/name
        raise StateError(f"an address that could not be read back: {address!r}", code="STA05")
    document: Document = {"address": address}
    if key.run:
        document["run"] = key.run
    if key.part:
        document["part"] = key.part
    return document


def write_keys(keys: Iterable[ObjectKey]) -> list[Document]:
    """Write several keys."""
    return [write_key(key) for key in keys]


def write_value(value: Any) -> Any:
    """Return a field's value as plain JSON; references and missing values have no place in state."""
    if type(value) in SCALARS and (type(value) is not float or isfinite(value)):
        return value
    if isinstance(value, tuple):
        return [write_value(item) for item in value]
    if isinstance(value, Mapping):
        return {_write_name(name): write_value(item) for name, item in value.items()}
    raise StateError(f"{_describe(value)} cannot be kept in state", code="STA05")


def _write_name(name: object) -> str:
    if not isinstance(name, str):
        raise StateError("a field's name in state must be text", code="STA05")
    return name


def _describe(value: object) -> str:
    """Name what is wrong without showing the value, which may be anything."""
    if isinstance(value, Reference):
        return f"a reference to {value.key} without its remote id"
    if isinstance(value, Missing):
        return f"a value that is {value.value}"
    return f"a value of type {type(value).__name__}"


@functools.lru_cache(maxsize=1 << 15)
def key_of(address: str, run: str = "", part: int = 0) -> ObjectKey:
    """Return a key; the few that everything depends on are made once."""
    provider, kind, name = address.split("/")
    return ObjectKey(Address(provider, kind, name), run, part)


def read_key(document: Document) -> ObjectKey:
    """Read a key."""
    return key_of(**document)


def read_keys(documents: list[Document]) -> tuple[ObjectKey, ...]:
    """Read several keys."""
    return tuple([read_key(document) for document in documents])


def read_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields with lists as tuples, in place: nobody else has seen the parsed document."""
    for name, value in fields.items():
        if type(value) in _NESTED:
            fields[name] = _read_nested(value)
    return fields


def _read_nested(value: Any) -> Any:
    if isinstance(value, dict):
        return read_fields(value)
    return tuple([_read_nested(item) if type(item) in _NESTED else item for item in value])


_NESTED = frozenset({list, dict})
