"""Digests: short texts by which values are known to be the same, on every machine. Pure."""

from __future__ import annotations

import hashlib
import json

from msgspec.json import Encoder

_ENCODER = Encoder(order="sorted", enc_hook=str)


def digest(value: object, size: int) -> str:
    """A digest of a JSON-like value as hexadecimal text, of so many bytes; the order of names does not matter."""
    return hashlib.blake2b(_encoded(value), digest_size=size).hexdigest()


def _encoded(value: object) -> bytes:
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:  # half of a pair of surrogates, as a vendor may send it
        return json.dumps(value, sort_keys=True, default=str).encode()
