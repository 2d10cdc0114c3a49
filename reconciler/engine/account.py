"""An account at work: a provider's settings, its vendor, and the client that speaks to it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reconciler.model.kind import KindSpec
from reconciler.model.resource import ProviderSettings
from reconciler.providers.base import Kind, Provider
from reconciler.transport.client import Client


class Account(Struct, frozen=True):
    """One account that the engine may read, and write to where its client allows."""

    name: str
    settings: ProviderSettings
    provider: Provider
    client: Client

    @property
    def concurrency(self) -> int:
        """How many requests may be under way at once."""
        return self.settings.max_concurrency or self.provider.concurrency

    def kind(self, name: str) -> Kind:
        """The verbs of one kind."""
        return self.provider.kinds[name]

    @property
    def specs(self) -> Mapping[str, KindSpec]:
        """The declarations of all kinds, by name."""
        return {name: kind.spec for name, kind in self.provider.kinds.items()}
