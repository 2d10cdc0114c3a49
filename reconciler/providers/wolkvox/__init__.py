"""wolkvox: a contact centre's dialler, by the vendor's Manager API v2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reconciler.model.checkup import Quota
from reconciler.model.objects import LiveObject, Lowered
from reconciler.model.resource import ProviderSettings
from reconciler.providers.base import Connector, Kind, LoweringContext
from reconciler.providers.credentials import token_of
from reconciler.providers.wolkvox import about, blacklist, campaign, document, reading
from reconciler.providers.wolkvox.lower import lower
from reconciler.providers.wolkvox.number import Dialling
from reconciler.providers.wolkvox.reading import NUMBER_NAMES
from reconciler.providers.wolkvox.rules import account_setting, server_of
from reconciler.providers.wolkvox.wire import number, text
from reconciler.transport.client import Client


class Wolkvox:
    """One operation at wolkvox."""

    type = about.TYPE
    base_url = about.BASE_URL
    hosts = about.HOSTS
    concurrency = about.CONCURRENCY
    rate: float | None = None

    def __init__(self) -> None:
        self.kinds: Mapping[str, Kind] = {
            "blacklist": blacklist.BlacklistKind(),
            "campaign": campaign.CampaignKind(),
        }

    def lower(self, context: LoweringContext) -> Lowered:
        """Turn manifests into this operation's objects."""
        return lower(context)

    def decode(self, provider: str, raw: Mapping[str, Sequence[Any]]) -> tuple[LiveObject, ...]:
        """Read the campaigns; the numbers on the do-not-call list are no objects."""
        return tuple(document.decode(provider, item) for item in raw.get("campaign", ()))

    def suppressed(self, settings: ProviderSettings, raw: Mapping[str, Sequence[Any]]) -> Iterable[str]:
        """Read whom the operation does not call, in every way in which an entry may be meant."""
        dial = Dialling(account_setting(settings, "region"), account_setting(settings, "dial_prefix"))
        entries = (text(item.get(name)) for item in raw.get("blacklist", ()) for name in NUMBER_NAMES)
        return (number for entry in entries if entry for number in dial.meanings(entry))

    def quota(self, client: Client) -> Quota | None:
        """Read how many calls of today are left."""
        found = reading.quota(client)
        left, limit = (number(found.get(name)) for name in ("available_consumption_options", "token_limit"))
        return None if left is None or not limit else Quota(left, limit, "calls of today")

    def connect(self, settings: ProviderSettings, secrets: Mapping[str, str], connector: Connector) -> Client:
        """Make a client that shows the operation's token."""
        token = token_of(settings, secrets)
        return connector(
            settings=settings,
            base_url=settings.base_url or self.base_url.format(server=server_of(settings)),
            headers={"wolkvox-token": token},
            secrets=(token,),
            concurrency=self.concurrency,
            rate=self.rate,
        )


PROVIDER = Wolkvox()
