"""Markers: short tokens by which we find our own objects at a vendor again."""

from __future__ import annotations

import base64
import hashlib

from reconciler.model.address import ObjectKey

LENGTH = 8
"""Characters of a marker: as many as fit into the shortest title a vendor allows; 37 bits."""

LAST = "234567"
"""A marker ends in a digit, so that no word of somebody's title is taken for one."""


def marker(project_id: str, key: ObjectKey) -> str:
    """The marker of an object: the same project, address, run and part give the same text."""
    text = "\0".join((project_id, str(key.address), key.run, str(key.part)))
    digest = hashlib.blake2b(text.encode(), digest_size=5).digest()
    letters = base64.b32encode(digest).decode().lower()
    return letters[: LENGTH - 1] + LAST[digest[-1] % len(LAST)]
