"""Encryption of what is kept or handed on: AES-256-GCM, so that a changed byte is found, under a key that has a name.

What is encrypted says under which key, and for what; put elsewhere it is not accepted. Of two keys the present one
encrypts, and both are tried, so that a key can be changed.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import TYPE_CHECKING

from reconciler.backends.failures import extra_missing, seal_broken, seal_unknown
from reconciler.state.key import fingerprint

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"RS1\n"
_NONCE = 12


class Keys:
    """The keys that a project file declares. `key` encrypts; `old`, if there is one, only decrypts."""

    def __init__(self, key: bytes, old: bytes | None = None) -> None:
        self._keys = {fingerprint(each): each for each in (old, key) if each is not None}
        self.current = fingerprint(key)

    def wrap(self, data: bytes, name: bytes) -> str:
        """Encrypt under the present key for a purpose: the key's name, a colon, base64."""
        return (
            f"{self.current}:{base64.b64encode(seal(self._keys[self.current], data, name)).decode('ascii')}"
        )

    def unwrap(self, text: str, name: bytes, what: str) -> bytes:
        """Decrypt; raises StateError, saying what it is, for another key or when a letter was changed."""
        key, _, wrapped = text.partition(":")
        if key not in self._keys:
            raise seal_unknown(what, key, self.current)
        try:
            data = base64.b64decode(wrapped, validate=True)
        except binascii.Error:
            raise seal_broken(what) from None
        return unseal(self._keys[key], data, name, what)


def seal(key: bytes, data: bytes, name: bytes) -> bytes:
    """Encrypt under a key, for a purpose."""
    nonce = os.urandom(_NONCE)
    return _MAGIC + nonce + _cipher(key).encrypt(nonce, data, name)


def unseal(key: bytes, data: bytes, name: bytes, what: str) -> bytes:
    """Decrypt what was encrypted for this purpose; raises StateError when a byte of it was changed."""
    from cryptography.exceptions import InvalidTag

    start = len(_MAGIC) + _NONCE
    try:
        if not data.startswith(_MAGIC):
            raise seal_broken(what)
        return _cipher(key).decrypt(data[len(_MAGIC) : start], data[start:], name)
    except (InvalidTag, ValueError):
        raise seal_broken(what) from None


def _cipher(key: bytes) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise extra_missing("encryption") from None
    return AESGCM(key)
