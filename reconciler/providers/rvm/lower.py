"""Manifests to RVM's objects: one campaign per run, and the blacklists that are stored there. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.address import Address, ObjectKey
from reconciler.model.objects import Calendar, Lowered, WantedObject
from reconciler.model.problem import Problem
from reconciler.model.resource import Blacklist, Campaign
from reconciler.model.value import Value
from reconciler.providers.base import LoweringContext
from reconciler.providers.lowering import (
    blacklists_here,
    campaigns_here,
    can_be_made,
    wanted_campaign,
    weekdays,
)
from reconciler.providers.rvm import findings
from reconciler.providers.rvm.about import FIRST_MINUTE, LAST_MINUTE, USUAL_THROTTLE
from reconciler.providers.rvm.rules import (
    callback_of,
    days_of,
    hours_of,
    problems_of_campaign,
    profile_of,
    setting,
    text_setting,
    throttle_of,
)
from reconciler.providers.rvm.wire import file_name


def lower(context: LoweringContext) -> Lowered:
    """Give what should exist in this account, what is wrong, and what has no place there."""
    campaigns = campaigns_here(context)
    blacklists = blacklists_here(context)
    found = {item.name: tuple(problems_of_campaign(context, item)) for item in campaigns}
    objects = (
        *(_blacklist(context, item) for item in sorted(blacklists, key=lambda item: item.name)),
        *(_campaign(context, item) for item in campaigns if can_be_made(context, item, found[item.name])),
    )
    problems = (
        *(problem for item in blacklists for problem in _problems_of_blacklist(context, item)),
        *(problem for item in campaigns for problem in found[item.name]),
    )
    return Lowered(objects, problems, tuple(note for item in campaigns for note in _notes(context, item)))


def _blacklist(context: LoweringContext, blacklist: Blacklist) -> WantedObject:
    key = ObjectKey(Address(context.settings.name, "blacklist", blacklist.name))
    return WantedObject(key, "blacklist", {}, blacklist.location)


def _problems_of_blacklist(context: LoweringContext, blacklist: Blacklist) -> Iterator[Problem]:
    if blacklist.applies_to:
        yield findings.suppresses_everywhere(blacklist.location.at("providers"), context.settings.name)


def _campaign(context: LoweringContext, campaign: Campaign) -> WantedObject:
    return wanted_campaign(context, campaign, _fields(context, campaign), _calendar(context, campaign))


def _fields(context: LoweringContext, campaign: Campaign) -> dict[str, Value]:
    start_time, stop_time = hours_of(campaign)
    wav = text_setting(campaign, "wav")
    return {
        "title": campaign.title or "",
        "callback": callback_of(campaign),
        "wav": wav,
        "audio": file_name(wav),
        "start_date": str(campaign.start_date),
        "stop_date": str(campaign.end_date),
        "start_time": start_time,
        "stop_time": stop_time,
        "days": days_of(context, campaign),
        "timezone": campaign.timezone,
        "throttle": throttle_of(context, campaign),
        "state_check": setting(campaign, "state_check") is True,
        "performance": setting(campaign, "performance") is True,
    }


def _calendar(context: LoweringContext, campaign: Campaign) -> Calendar:
    days = weekdays(context, campaign)
    return Calendar(campaign.timezone, (hours_of(campaign),), days, campaign.start_date, campaign.end_date)


def _notes(context: LoweringContext, campaign: Campaign) -> Iterator[tuple[str, str]]:
    where = str(campaign.address)
    if campaign.windows is None:
        yield where, f"any_hour: {FIRST_MINUTE} to {LAST_MINUTE}, the last minute that RVM knows"
    if campaign.windows and setting(campaign, "throttle") is None and profile_of(context, campaign) is None:
        yield where, f"no profile: RVM's usual pace, {USUAL_THROTTLE} drops an hour"
    contacts = context.manifests.contact_lists.get(campaign.contacts or "")
    columns = contacts.columns if contacts is not None else None
    extras = ("reference", "ani") if columns is not None else ()
    names = [name for name in extras if getattr(columns, name)] + sorted(columns.fields if columns else ())
    if names and contacts is not None:
        yield where, f"{', '.join(names)} of {contacts.name}: RVM takes the number alone"
