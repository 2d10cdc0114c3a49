"""The sets of people that entries of the log name. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.state import BlobRef, LogEntry


def blobs_of(entry: LogEntry) -> frozenset[str]:
    """Return the digests of all stored sets that an entry names, wherever in it."""
    return frozenset(_digests(entry))


def _digests(part: Any) -> Iterator[str]:
    if isinstance(part, BlobRef):
        yield part.digest
    elif dataclasses.is_dataclass(part):
        for each in dataclasses.fields(part):
            yield from _digests(getattr(part, each.name))
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _digests(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from _digests(value)
