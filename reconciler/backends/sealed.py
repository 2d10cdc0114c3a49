"""A store whose content is encrypted before it leaves: AES-256-GCM, so that a changed byte is found, too.

Content is encrypted under a data key, which stands in the root, itself encrypted under the key that the project
file names. Another key is taken by encrypting the data key anew, which is one swap of the root whatever there is.
The root stays readable: it names content by digests, and who holds the lease.
"""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from reconciler.backends.failures import extra_missing, seal_broken, seal_unknown
from reconciler.backends.remote import Seen, Store
from reconciler.backends.root import Root, Step
from reconciler.state.key import fingerprint, new_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"RS1\n"
_NONCE = 12
_DATA_KEY = b"data key"


class SealedStore:
    """A store over another. `key` encrypts; `old`, if there is one, is tried where the root names it."""

    def __init__(self, store: Store, key: bytes, old: bytes | None = None) -> None:
        self.where = store.where
        self._store = store
        self._keys = {fingerprint(each): each for each in (old, key) if each is not None}
        self._current = fingerprint(key)
        self._data_key: bytes | None = None
        self._seal: str | None = None

    def read(self) -> Seen:
        """Return the root, its data key understood; a state that is not encrypted is refused."""
        seen = self._store.read()
        if seen.version is not None:
            self._data_key, self._seal = self._opened(seen.root), seen.root.seal
        return seen

    def _opened(self, root: Root) -> bytes:
        name, _, wrapped = (root.seal or "").partition(":")
        if name not in self._keys:
            raise seal_unknown(self.where, name, self._current)
        return _open(self._keys[name], base64.b64decode(wrapped), _DATA_KEY, self.where)

    def get(self, name: str) -> bytes | None:
        """Return content, decrypted."""
        data = self._store.get(name)
        if data is None:
            return None
        if self._data_key is None:
            self.read()
        return _open(self._data_key or b"", data, name.encode("ascii"), self.where)

    def swap(self, version: str | None, step: Step) -> str:
        """Encrypt the new content; the first write of all makes the data key."""
        root = step.root
        if root.seal is None:
            root = self.resealed(root) if version is None else replace(root, seal=self._seal)
        key = self._opened(root)
        sealed = {name: _seal(key, data, name.encode("ascii")) for name, data in step.add.items()}
        new = self._store.swap(version, replace(step, root=root, add=sealed))
        self._data_key, self._seal = key, root.seal
        return new

    def resealed(self, root: Root) -> Root:
        """Return the root with its data key, new if there is none, under the present key."""
        data_key = new_key() if root.seal is None else self._opened(root)
        wrapped = base64.b64encode(_seal(self._keys[self._current], data_key, _DATA_KEY)).decode("ascii")
        return replace(root, seal=f"{self._current}:{wrapped}")

    def check(self) -> None:
        """See whether the store could be written."""
        self._store.check()


def _seal(key: bytes, data: bytes, name: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _MAGIC + nonce + _cipher(key).encrypt(nonce, data, name)


def _open(key: bytes, data: bytes, name: bytes, where: str) -> bytes:
    """Decrypt what was encrypted under this name; raises StateError when a byte of it was changed."""
    from cryptography.exceptions import InvalidTag

    start = len(_MAGIC) + _NONCE
    try:
        if not data.startswith(_MAGIC):
            raise seal_broken(where)
        return _cipher(key).decrypt(data[len(_MAGIC) : start], data[start:], name)
    except InvalidTag:
        raise seal_broken(where) from None


def _cipher(key: bytes) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise extra_missing("encryption") from None
    return AESGCM(key)
