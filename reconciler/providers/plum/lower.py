"""Manifests to Plum's objects: schedules and profiles that are used there, and one campaign per run. Pure."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from typing import TypeVar

from reconciler.model.address import Address, ObjectKey
from reconciler.model.objects import Calendar, Lowered, WantedObject
from reconciler.model.problem import Problem
from reconciler.model.resource import Campaign, Profile, Schedule
from reconciler.model.value import Fields, Reference, Value
from reconciler.providers.base import LoweringContext
from reconciler.providers.lowering import (
    blacklists_here,
    campaigns_here,
    can_be_made,
    in_week_order,
    wanted_campaign,
)
from reconciler.providers.plum import address, findings
from reconciler.providers.plum.about import NUMBER_DIGITS, ZONE
from reconciler.providers.plum.names import name_at_vendor, problems_of_names
from reconciler.providers.plum.profile import PACING
from reconciler.providers.plum.rules import hours_there, problems_of_campaign, setting
from reconciler.providers.zones import Hours, Inconvertible

LEAST = {"period": 1, "amount_per_period": 1, "time_between_periods": 0}

Windows = tuple[tuple[str, str, Reference], ...]
"""From, until, and the profile, by their beginning."""

Shared = TypeVar("Shared", Schedule, Profile)


def lower(context: LoweringContext) -> Lowered:
    """Give what should exist in this account, what is wrong, and what has no place there."""
    campaigns = campaigns_here(context)
    schedules = _used(context, context.manifests.schedules, {item.schedule for item in campaigns})
    profiles = _used(context, context.manifests.profiles, _profiles_in(campaigns))
    found = {item.name: tuple(problems_of_campaign(context, item)) for item in campaigns}
    objects = (
        *(_schedule(context, item) for item in schedules),
        *(_profile(context, item) for item in profiles),
        *(_campaign(context, item) for item in campaigns if can_be_made(context, item, found[item.name])),
    )
    problems = (
        *problems_of_names(schedules),
        *problems_of_names(profiles),
        *(problem for item in profiles for problem in _problems_of_pace(item)),
        *_problems_of_blacklists(context),
        *(problem for item in campaigns for problem in found[item.name]),
    )
    return Lowered(objects, problems, tuple(note for item in campaigns for note in _notes(context, item)))


def _profiles_in(campaigns: list[Campaign]) -> set[str | None]:
    return {window.profile for item in campaigns for window in item.windows or ()}


def _used(context: LoweringContext, declared: Mapping[str, Shared], names: set[str | None]) -> list[Shared]:
    """Pick what a campaign here uses, or what asks by `providers:` to be here."""
    here = context.settings.name
    found = (item for item in declared.values() if item.name in names or here in item.providers)
    return sorted(found, key=lambda item: item.name)


def _key(context: LoweringContext, kind: str, name: str) -> ObjectKey:
    return _shared_key(context.settings.name, kind, name)


@functools.lru_cache(maxsize=4096)
def _shared_key(provider: str, kind: str, name: str) -> ObjectKey:
    """Name a schedule or profile; one value for all campaigns that use it, so that comparing it is quick."""
    return ObjectKey(Address(provider, kind, name))


def _schedule(context: LoweringContext, schedule: Schedule) -> WantedObject:
    nickname = name_at_vendor(schedule)
    fields: Fields = {"nickname": nickname, "days": in_week_order(schedule.days)}
    key = _key(context, "schedule", schedule.name)
    return WantedObject(key, "schedule", fields, schedule.location, natural_key=nickname)


def _profile(context: LoweringContext, profile: Profile) -> WantedObject:
    nickname = name_at_vendor(profile)
    fields: Fields = {"nickname": nickname, **{name: getattr(profile, name) for name in PACING}}
    key = _key(context, "profile", profile.name)
    return WantedObject(key, "profile", fields, profile.location, natural_key=nickname)


def _campaign(context: LoweringContext, campaign: Campaign) -> WantedObject:
    windows, depends_on = _windows(context, campaign)
    fields, calendar = _campaign_fields(context, campaign, windows), _calendar(context, campaign, windows)
    return wanted_campaign(context, campaign, fields, calendar, depends_on=depends_on)


def _campaign_fields(context: LoweringContext, campaign: Campaign, windows: Windows) -> dict[str, Value]:
    result_url, ani = setting(campaign, "result_url"), setting(campaign, "ani")
    fields: dict[str, Value] = {
        "start_date": str(campaign.start_date),
        "end_date": str(campaign.end_date),
        "schedule": Reference(_schedule_of(context, campaign)),
        "windows": windows,
        "start_url": address.canonical(setting(campaign, "start_url") or ""),
        "result_url": None if result_url is None else address.canonical(result_url),
    }
    return fields if ani is None else {**fields, "ani": ani}


def _schedule_of(context: LoweringContext, campaign: Campaign) -> ObjectKey:
    return _key(context, "schedule", campaign.schedule or "")


def _windows(context: LoweringContext, campaign: Campaign) -> tuple[Windows, tuple[ObjectKey, ...]]:
    """Give the windows on Plum's clock, by their beginning, and all that the campaign refers to."""
    hours = hours_there(context, campaign)
    profiles = tuple([window.profile or "" for window in campaign.windows or ()])
    if isinstance(hours, Inconvertible):
        hours, profiles = (), ()
    return _references(context.settings.name, campaign.schedule or "", hours, profiles)


@functools.lru_cache(maxsize=4096)
def _references(
    provider: str, schedule: str, hours: Hours, profiles: tuple[str, ...]
) -> tuple[Windows, tuple[ObjectKey, ...]]:
    """Give one value to all campaigns that call at the same hours and pace; no two windows begin together."""
    keys = [_shared_key(provider, "profile", name) for name in profiles]
    windows = [(start, end, Reference(key)) for (start, end), key in zip(hours, keys, strict=True)]
    return tuple(sorted(windows)), tuple(sorted({_shared_key(provider, "schedule", schedule), *keys}))


def _calendar(context: LoweringContext, campaign: Campaign, windows: Windows) -> Calendar:
    days = context.manifests.schedules[campaign.schedule or ""].days
    hours = tuple([(start, end) for start, end, _ in windows])
    return _calendar_of(hours, days, campaign.start_date, campaign.end_date)


@functools.lru_cache(maxsize=4096)
def _calendar_of(
    hours: Hours, days: tuple[str, ...], first: dt.date | None, last: dt.date | None
) -> Calendar:
    return Calendar(ZONE, hours, in_week_order(days), first, last)


def _problems_of_pace(profile: Profile) -> Iterator[Problem]:
    for name, least in LEAST.items():
        if not least <= getattr(profile, name) < 10**NUMBER_DIGITS:
            yield findings.pace_out_of_range(profile.location.at(name), name, least)


def _problems_of_blacklists(context: LoweringContext) -> Iterator[Problem]:
    for blacklist in blacklists_here(context):
        yield findings.stores_no_blacklist(blacklist.location.at("providers"), context.settings.name)


def _notes(context: LoweringContext, campaign: Campaign) -> Iterator[tuple[str, str]]:
    where = str(campaign.address)
    if campaign.title is not None:
        yield where, "title: Plum campaigns have no name; it is kept here alone"
    contacts = context.manifests.contact_lists.get(campaign.contacts or "")
    if contacts is not None and contacts.columns.fields:
        names = ", ".join(sorted(contacts.columns.fields))
        yield where, f"fields {names} of {contacts.name}: Plum takes number, caller ID and reference alone"
