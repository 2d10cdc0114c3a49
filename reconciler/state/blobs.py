"""The sets of people that entries of the log name. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from reconciler.model.state import BlobRef, LogEntry


def blobs_of(entry: LogEntry) -> frozenset[str]:
    """Return the digests of all stored sets that an entry names, wherever in it."""
    return frozenset(_digests(entry))


def _digests(part: Any) -> Iterator[str]:
    if isinstance(part, BlobRef):
        yield part.digest
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from _digests(getattr(part, name))
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _digests(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from _digests(value)
