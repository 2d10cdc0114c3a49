"""CALLR Sendr: voice and SMS broadcasting, by the vendor's JSON-RPC API 1.1 (SENDR 1.0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reconciler.model.objects import LiveObject, Lowered
from reconciler.model.resource import ProviderSettings
from reconciler.providers.base import Connector, Kind, LoweringContext
from reconciler.providers.callr import about, addressbook, campaign, media
from reconciler.providers.callr.credentials import headers, tokens
from reconciler.providers.callr.lower import lower
from reconciler.transport.client import Client


class Callr:
    """One account at CALLR."""

    type = about.TYPE
    base_url = about.BASE_URL
    hosts = about.HOSTS
    concurrency = about.CONCURRENCY
    rate: float | None = None

    def __init__(self) -> None:
        self.kinds: Mapping[str, Kind] = {
            "addressbook": addressbook.AddressbookKind(),
            "media": media.MediaKind(),
            "campaign": campaign.CampaignKind(),
        }

    def lower(self, context: LoweringContext) -> Lowered:
        """Turn manifests into this account's objects."""
        return lower(context)

    def decode(self, provider: str, raw: Mapping[str, Sequence[Any]]) -> tuple[LiveObject, ...]:
        """Read the lists together: how many people a campaign calls, its addressbook tells."""
        books = {item.remote_id: item for item in _books(provider, raw)}
        campaigns = [campaign.decode(provider, item) for item in raw.get("campaign", ())]
        sounds = [media.decode(provider, item) for item in raw.get("media", ())]
        return (*books.values(), *sounds, *(_counted(item, books) for item in campaigns))

    def connect(self, settings: ProviderSettings, secrets: Mapping[str, str], connector: Connector) -> Client:
        """Make a client that shows the account's credentials, in whichever of the three schemes they are."""
        return connector(
            settings=settings,
            base_url=settings.base_url or self.base_url,
            headers=headers(settings, secrets),
            secrets=tokens(secrets),
            concurrency=self.concurrency,
            rate=self.rate,
        )


def _books(provider: str, raw: Mapping[str, Sequence[Any]]) -> list[LiveObject]:
    return [addressbook.decode(provider, item) for item in raw.get("addressbook", ())]


def _counted(item: LiveObject, books: Mapping[str, LiveObject]) -> LiveObject:
    """A campaign with the people of its addressbook, who are those that it calls."""
    found = books.get(str(item.fields.get("addressbook")))
    return item if found is None else replace(item, people=found.people)


PROVIDER = Callr()
