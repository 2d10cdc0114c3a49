"""A store whose content is encrypted before it leaves.

Content is encrypted under a data key, which stands in the root, itself encrypted under the key that the project
file names. Another key is taken by encrypting the data key anew, which is one swap of the root whatever there is.
The root stays readable: it names content by digests, and who holds the lease.
"""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.backends.root import Root, Step
from reconciler.backends.sealing import Keys, seal, unseal
from reconciler.backends.store import Seen, Store
from reconciler.state.key import new_key

_DATA_KEY = b"data key"


class SealedStore:
    """A store over another."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self.where = store.where
        self._what = f"the state in {store.where}"
        self._store = store
        self._keys = keys
        self._data_key: bytes | None = None
        self._seal: str | None = None

    def read(self) -> Seen:
        """Return the root, its data key understood; a state that is not encrypted is refused."""
        seen = self._store.read()
        if seen.version is not None:
            self._data_key, self._seal = self._opened(seen.root), seen.root.seal
        return seen

    def _opened(self, root: Root) -> bytes:
        return self._keys.unwrap(root.seal or "", _DATA_KEY, self._what)

    def get(self, name: str) -> bytes | None:
        """Return content, decrypted."""
        data = self._store.get(name)
        if data is None:
            return None
        if self._data_key is None:
            self.read()
        return unseal(self._data_key or b"", data, name.encode("ascii"), self._what)

    def swap(self, version: str | None, step: Step) -> str:
        """Encrypt the new content; the first write of all makes the data key."""
        root = step.root
        if root.seal is None:
            root = self.resealed(root) if version is None else replace(root, seal=self._seal)
        key = self._opened(root)
        sealed = {name: seal(key, data, name.encode("ascii")) for name, data in step.add.items()}
        new = self._store.swap(version, replace(step, root=root, add=sealed))
        self._data_key, self._seal = key, root.seal
        return new

    def resealed(self, root: Root) -> Root:
        """Return the root with its data key, new if there is none, under the present key."""
        data_key = new_key() if root.seal is None else self._opened(root)
        return replace(root, seal=self._keys.wrap(data_key, _DATA_KEY))

    def check(self) -> None:
        """See whether the store could be written."""
        self._store.check()
