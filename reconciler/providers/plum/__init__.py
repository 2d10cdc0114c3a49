"""Plum Voice: call scheduling and pacing, by the vendor's development API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.model.objects import LiveObject, Lowered
from reconciler.model.resource import ProviderSettings
from reconciler.providers.base import Connector, Kind, LoweringContext
from reconciler.providers.credentials import token_of
from reconciler.providers.plum import about, campaign, profile, schedule
from reconciler.providers.plum.lower import lower
from reconciler.transport.client import Client


class Plum:
    """One account at Plum."""

    type = about.TYPE
    base_url = about.BASE_URL
    hosts = about.HOSTS
    concurrency = about.CONCURRENCY
    rate: float | None = None

    def __init__(self) -> None:
        self.kinds: Mapping[str, Kind] = {
            "schedule": schedule.ScheduleKind(),
            "profile": profile.ProfileKind(),
            "campaign": campaign.CampaignKind(),
        }

    def lower(self, context: LoweringContext) -> Lowered:
        """Turn manifests into this account's objects."""
        return lower(context)

    def decode(self, provider: str, raw: Mapping[str, Sequence[Any]]) -> tuple[LiveObject, ...]:
        """Read the three lists together: campaigns are shown with nicknames, and compared by ids."""
        schedules = [schedule.decode(provider, item) for item in raw.get("schedule", ())]
        profiles = [profile.decode(provider, item) for item in raw.get("profile", ())]
        names = campaign.Names.of(schedules, profiles)
        campaigns = [campaign.decode(provider, item, names) for item in raw.get("campaign", ())]
        return (*schedules, *profiles, *campaigns)

    def connect(self, settings: ProviderSettings, secrets: Mapping[str, str], connector: Connector) -> Client:
        """Make a client that shows the account's bearer token."""
        token = token_of(settings, secrets)
        return connector(
            settings=settings,
            base_url=settings.base_url or self.base_url,
            headers={"Authorization": f"Bearer {token}"},
            secrets=(token,),
            concurrency=self.concurrency,
            rate=self.rate,
        )


PROVIDER = Plum()
