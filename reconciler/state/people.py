"""Sets of people as blobs: sorted digests, one after the other, the same bytes for the same set."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from reconciler.errors import StateError

SIZE = 12
"""Bytes of a digest; `contacts.digest` makes them, and a test holds the two together."""


def encode_people(people: Mapping[bytes, bytes]) -> bytes:
    """Write people (exact digest -> broad digest) as pairs of 24 bytes, sorted by the exact one."""
    _check_digests(people)
    _check_digests(people.values())
    return b"".join([exact + people[exact] for exact in sorted(people)])


def decode_people(blob: bytes) -> dict[bytes, bytes]:
    """Read what `encode_people` wrote; StateError if it is cut, out of order or repeats a person."""
    _check_length(blob, 2 * SIZE)
    people: dict[bytes, bytes] = dict(struct.iter_unpack(f"{SIZE}s{SIZE}s", blob))
    _check_order(list(people), len(blob) // (2 * SIZE))
    return people


def encode_broad(broad: AbstractSet[bytes]) -> bytes:
    """Write a set of broad digests as 12 bytes each, sorted."""
    _check_digests(broad)
    return b"".join(sorted(broad))


def decode_broad(blob: bytes) -> frozenset[bytes]:
    """Read what `encode_broad` wrote; StateError if it is cut, out of order or repeats a person."""
    _check_length(blob, SIZE)
    digests = [digest for (digest,) in struct.iter_unpack(f"{SIZE}s", blob)]
    _check_order(digests, len(digests))
    return frozenset(digests)


def _check_digests(digests: Iterable[bytes]) -> None:
    if any(size != SIZE for size in map(len, digests)):
        raise ValueError(f"a digest of a person has {SIZE} bytes")


def _check_length(blob: bytes, size: int) -> None:
    if len(blob) % size:
        raise StateError("a stored set of people is cut short", "restore the state from its last good copy")


def _check_order(digests: list[bytes], count: int) -> None:
    """Equal sets must have equal bytes, so anything but strictly rising digests is damage."""
    if len(digests) != count or any(map(bytes.__ge__, digests, digests[1:])):
        raise StateError("a stored set of people is damaged", "restore the state from its last good copy")
