"""The project's secret key: made, read from text, and named without being shown. Pure but for chance."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets

from reconciler.errors import StateError

KEY_BYTES = 32
_HEX = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}")


def new_key() -> bytes:
    """Return a fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def fingerprint(key: bytes) -> str:
    """Name a key so that two can be told apart, like `7c1e-90ab`; nothing about the key follows from it."""
    digest = hashlib.sha256(b"reconciler key fingerprint\n" + key).hexdigest()
    return f"{digest[:4]}-{digest[4:8]}"


def parse_key(text: str) -> bytes:
    """Read a key written as 64 hex digits or as base64 of 32 bytes; the message never shows the text."""
    stripped = text.strip()
    if _HEX.fullmatch(stripped):
        return bytes.fromhex(stripped)
    key = _parse_base64(stripped)
    if len(key) != KEY_BYTES:
        help_text = f"write {2 * KEY_BYTES} hex digits, as of `openssl rand -hex {KEY_BYTES}`, or base64"
        raise StateError("the key of the state is not a key", help_text, "STA10")
    return key


def _parse_base64(text: str) -> bytes:
    """Read base64 of either alphabet, padded or not; empty when it is neither."""
    padded = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
