"""What a place that others share has to offer: content under names, and one root that is compared and swapped."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from msgspec import Struct, field

from reconciler.backends.root import Root, Step


class Lost(Exception):
    """Another writer swapped the root first; nothing of ours is to be seen."""


class Seen(Struct, frozen=True):
    """A root, and the store's own word for this version of it; no version where nothing was ever written."""

    root: Root = field(default_factory=Root)
    version: str | None = None


class Store(Protocol):
    """A place for content and one root. Every failure is a StateError; methods are called one at a time."""

    where: str
    """What to call it in messages; holds no secret."""

    def read(self) -> Seen:
        """Return the root as it is now."""

    def get(self, name: str) -> bytes | None:
        """Return content by its name, also if it was shelved; None when there is none."""

    def swap(self, version: str | None, step: Step) -> str:
        """Keep the new content, then put the root in place of that version, durably; return its version.

        Raises Lost when the root is another by now. After any other error it may have happened or not.
        """

    def check(self) -> None:
        """Raise StateError unless this place can be read and written; writes nothing that stays."""


@runtime_checkable
class Sealing(Protocol):
    """A store that encrypts."""

    def resealed(self, root: Root) -> Root:
        """Return the root with the key of its content under the present encryption key."""
