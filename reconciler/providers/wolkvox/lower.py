"""Manifests to wolkvox's objects: one campaign per run, and the blacklists that are stored there. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.address import Address, ObjectKey
from reconciler.model.objects import Calendar, Lowered, WantedObject
from reconciler.model.problem import Problem
from reconciler.model.resource import Blacklist, Campaign
from reconciler.model.value import Fields, Value
from reconciler.providers.base import LoweringContext
from reconciler.providers.kept import kept_fields
from reconciler.providers.lowering import (
    blacklists_here,
    campaigns_here,
    can_be_made,
    wanted_campaign,
    weekdays,
)
from reconciler.providers.wolkvox import findings
from reconciler.providers.wolkvox.about import FIRST_MINUTE, LAST_MINUTE, OPTIONS
from reconciler.providers.wolkvox.number import country_code
from reconciler.providers.wolkvox.rules import (
    account_setting,
    hours_there,
    problems_of_campaign,
    profile_of,
    setting,
    speed_of,
    type_of,
)
from reconciler.providers.zones import Inconvertible

OPTIONAL = ("turbo_dial", "routing_recall", "camp_dial_order")
"""Settings of an edit whose value before it is not documented: left alone where the manifest says nothing."""


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
        *_problems_of_account(context),
        *(problem for item in blacklists for problem in _problems_of_blacklist(context, item)),
        *(problem for item in campaigns for problem in found[item.name]),
    )
    return Lowered(objects, problems, tuple(note for item in campaigns for note in _notes(context, item)))


def _problems_of_account(context: LoweringContext) -> Iterator[Problem]:
    settings = context.settings
    if (settings.max_concurrency or 1) > 1:
        yield findings.one_at_a_time(settings.location.at("max_concurrency"), settings.name)
    region = account_setting(settings, "region")
    if not country_code(region).strip("0"):
        yield findings.no_region(settings.location.at("region"), region)


def _dialling(context: LoweringContext) -> Fields:
    return {name: account_setting(context.settings, name) for name in ("region", "dial_prefix")}


def _blacklist(context: LoweringContext, blacklist: Blacklist) -> WantedObject:
    key = ObjectKey(Address(context.settings.name, "blacklist", blacklist.name))
    return WantedObject(key, "blacklist", _dialling(context), blacklist.location)


def _problems_of_blacklist(context: LoweringContext, blacklist: Blacklist) -> Iterator[Problem]:
    if blacklist.applies_to:
        yield findings.suppresses_everywhere(blacklist.location.at("providers"), context.settings.name)


def _campaign(context: LoweringContext, campaign: Campaign) -> WantedObject:
    fields, calendar = _fields(context, campaign), _calendar(context, campaign)
    return wanted_campaign(context, campaign, fields, calendar, natural_key=campaign.title or campaign.name)


def _fields(context: LoweringContext, campaign: Campaign) -> Fields:
    hours, speed = hours_there(context, campaign), speed_of(context, campaign)
    start, end = (FIRST_MINUTE, LAST_MINUTE) if isinstance(hours, Inconvertible) else hours
    fields: dict[str, Value] = {
        "title": campaign.title or campaign.name,
        "description": str(setting(campaign, "description") or "").strip(),
        "type": type_of(campaign),
        "start_time": start,
        "end_time": end,
        "amd": setting(campaign, "amd") or "default",
        "enable_edition": setting(campaign, "enable_edition") is True,
        "optional_labels": _labels(campaign),
        "filter": _filter(campaign),
        **_dialling(context),
        **kept_fields(campaign, weekdays(context, campaign)),
    }
    named = (*OPTIONAL, "skill", "skill_id")
    more = {name: value for name in named if (value := setting(campaign, name)) is not None}
    return {**fields, **more, **({} if speed is None else {"speed": speed})}


def _labels(campaign: Campaign) -> Value:
    given = setting(campaign, "optional_labels")
    texts = given if isinstance(given, dict) else {}
    return tuple((name, str(texts[name])) for name in OPTIONS if texts.get(name))


def _filter(campaign: Campaign) -> Value:
    given = setting(campaign, "filter")
    if not isinstance(given, dict):
        return None
    conditions = given.get("filters")
    several = conditions if isinstance(conditions, tuple | list) else ()
    named = (each for each in several if isinstance(each, dict))
    parts = tuple(tuple(str(each.get(name, "")) for name in ("field", "operator", "value")) for each in named)
    return str(given.get("connector") or "and"), parts


def _calendar(context: LoweringContext, campaign: Campaign) -> Calendar:
    windows = tuple((window.start_time, window.end_time) for window in campaign.windows or ())
    hours = windows or ((FIRST_MINUTE, "24:00"),)
    days = weekdays(context, campaign)
    return Calendar(campaign.timezone, hours, days, campaign.start_date, campaign.end_date)


def _notes(context: LoweringContext, campaign: Campaign) -> Iterator[tuple[str, str]]:
    where = str(campaign.address)
    if campaign.windows is None and type_of(campaign) == "predictive":
        yield where, f"any_hour: {FIRST_MINUTE} to {LAST_MINUTE}, the last minute that is sent"
    if speed_of(context, campaign) is None:
        yield where, "no speed: wolkvox's own"
    profile = profile_of(context, campaign)
    if profile is not None:
        yield where, f"of profile {profile.name} its speed alone: wolkvox knows no periods"
    contacts = context.manifests.contact_lists.get(campaign.contacts or "")
    if contacts is not None and contacts.columns.ani:
        yield where, f"ani of {contacts.name}: wolkvox takes no caller ID"
