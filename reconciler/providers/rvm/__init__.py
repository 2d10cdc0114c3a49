"""RVMpro / Just Deliver It: ringless voicemail, by the vendor's API 2.2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.model.objects import LiveObject, Lowered
from reconciler.model.resource import ProviderSettings
from reconciler.providers.base import Connector, Kind, LoweringContext, Report
from reconciler.providers.credentials import token_of
from reconciler.providers.rvm import about, blacklist, campaign, document
from reconciler.providers.rvm.dialect import decode
from reconciler.providers.rvm.lower import lower
from reconciler.providers.rvm.reports import REPORTS
from reconciler.transport.client import Client


class Rvm:
    """One account at RVMpro."""

    type = about.TYPE
    base_url = about.BASE_URL
    hosts = about.HOSTS
    concurrency = about.CONCURRENCY
    rate: float | None = None
    reports: Mapping[str, Report] = REPORTS

    def __init__(self) -> None:
        self.kinds: Mapping[str, Kind] = {
            "blacklist": blacklist.BlacklistKind(),
            "campaign": campaign.CampaignKind(),
        }

    def lower(self, context: LoweringContext) -> Lowered:
        """Turn manifests into this account's objects."""
        return lower(context)

    def decode(self, provider: str, raw: Mapping[str, Sequence[Any]]) -> tuple[LiveObject, ...]:
        """Read the campaigns; blacklists never show."""
        return tuple(document.decode(provider, item) for item in raw.get("campaign", ()))

    def connect(self, settings: ProviderSettings, secrets: Mapping[str, str], connector: Connector) -> Client:
        """Make a client whose forms all show the account's token."""
        token = token_of(settings, secrets)
        return connector(
            settings=settings,
            base_url=settings.base_url or self.base_url,
            headers={},
            secrets=(token,),
            concurrency=self.concurrency,
            rate=self.rate,
            decode=decode,
            form=(("token", token),),
        )


PROVIDER = Rvm()
