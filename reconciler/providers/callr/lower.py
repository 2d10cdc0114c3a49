"""Manifests to CALLR's objects: for each run one campaign, and the addressbook that it is filled through. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from reconciler.model.address import Address, ObjectKey
from reconciler.model.marker import marker
from reconciler.model.objects import Calendar, Lowered, WantedObject
from reconciler.model.problem import Problem
from reconciler.model.resource import DAYS, Campaign, Medium
from reconciler.model.value import Reference, Value
from reconciler.providers.base import LoweringContext
from reconciler.providers.callr import findings, hours, names
from reconciler.providers.callr.about import FIRST_MINUTE, LAST_MINUTE
from reconciler.providers.callr.credentials import scheme
from reconciler.providers.callr.parameters import BY_PATH, media_of, with_media
from reconciler.providers.callr.rules import (
    account_zone,
    hours_there,
    is_clocked,
    is_media_id,
    limits_of,
    problems_of_campaign,
    profiles_of,
    settings_of,
    type_of,
)
from reconciler.providers.kept import kept_fields
from reconciler.providers.lowering import (
    blacklists_here,
    campaigns_here,
    can_be_made,
    wanted_campaign,
    weekdays,
)
from reconciler.providers.zones import Inconvertible

WHOLE_DAY = ((FIRST_MINUTE, "24:00"),)


def lower(context: LoweringContext) -> Lowered:
    """Give what should exist in this account, what is wrong, and what has no place there."""
    campaigns = campaigns_here(context)
    found = {item.name: tuple(problems_of_campaign(context, item)) for item in campaigns}
    made = [item for item in campaigns if can_be_made(context, item, found[item.name])]
    sounds = sorted(
        (it for it in context.manifests.media.values() if it.provider == context.settings.name),
        key=lambda it: it.name,
    )
    objects = (
        *(_medium(context, item) for item in sounds),
        *(_addressbook(context, item) for item in made),
        *(_campaign(context, item) for item in made),
    )
    problems = (
        *_problems_of_account(context),
        *_problems_of_blacklists(context),
        *(problem for item in campaigns for problem in found[item.name]),
    )
    return Lowered(objects, problems, tuple(note for item in campaigns for note in _notes(context, item)))


def _problems_of_account(context: LoweringContext) -> Iterator[Problem]:
    if scheme(context.settings) is None:
        yield findings.credentials(context.settings.location, context.settings.name)


def _problems_of_blacklists(context: LoweringContext) -> Iterator[Problem]:
    for blacklist in blacklists_here(context):
        yield findings.stores_no_blacklist(blacklist.location.at("providers"), context.settings.name)


def book_key(campaign: Campaign) -> ObjectKey:
    """Name the addressbook of the campaign's present run."""
    return ObjectKey(Address(campaign.provider, "addressbook", campaign.name), campaign.run)


def _addressbook(context: LoweringContext, campaign: Campaign) -> WantedObject:
    key = book_key(campaign)
    fields = {"name": f"{campaign.name} {campaign.run}"}
    return WantedObject(
        key, "addressbook", fields, campaign.location, marker=marker(context.project.project_id, key)
    )


def media_key(context: LoweringContext, name: str) -> ObjectKey:
    """Name a medium of this account."""
    return ObjectKey(Address(context.settings.name, "media", name))


def _medium(context: LoweringContext, medium: Medium) -> WantedObject:
    key = media_key(context, medium.name)
    name = names.unmarked(medium.title or medium.name)[0]
    spoken: dict[str, Value] = {"text": medium.text or "", "voice": medium.voice or ""}
    content = medium.content
    digest = None if content is None else hashlib.blake2b(content, digest_size=12).hexdigest()
    return WantedObject(
        key,
        "media",
        {"name": name, **(spoken if digest is None else {"digest": digest})},
        medium.location,
        marker=marker(context.project.project_id, key),
        content=content,
    )


def _medium_of(context: LoweringContext) -> Callable[[str], Value]:
    """What stands for a medium: the id that was written, or a reference to one that is declared."""
    return lambda name: name if is_media_id(name) else Reference(media_key(context, name))


def _media_of(context: LoweringContext, campaign: Campaign) -> tuple[ObjectKey, ...]:
    named = {
        name
        for path, value in settings_of(campaign).items()
        for name in media_of(path, BY_PATH[path].sort.canonical(value))
    }
    return tuple(media_key(context, name) for name in sorted(named) if not is_media_id(name))


def _campaign(context: LoweringContext, campaign: Campaign) -> WantedObject:
    fields, calendar = _fields(context, campaign), _calendar(context, campaign)
    uses = (book_key(campaign), *_media_of(context, campaign))
    return wanted_campaign(context, campaign, fields, calendar, depends_on=uses)


def _fields(context: LoweringContext, campaign: Campaign) -> dict[str, Value]:
    limits = limits_of(context, campaign)
    pace: dict[str, Value] = {"options.ccl": limits[0]} if limits else {}
    return {
        "title": names.unmarked(campaign.title or campaign.name)[0],
        "type": type_of(campaign),
        "addressbook": Reference(book_key(campaign)),
        "schedule": _week(context, campaign),
        "zone": _zone(context, campaign),
        **{
            BY_PATH[path].name: with_media(path, BY_PATH[path].sort.canonical(value), _medium_of(context))
            for path, value in settings_of(campaign).items()
        },
        **pace,
        **kept_fields(campaign, DAYS),
    }


def _week(context: LoweringContext, campaign: Campaign) -> dict[str, Value]:
    """The hours by days, in the account's zone; none where it may ring at any."""
    there = hours_there(context, campaign)
    if not is_clocked(campaign) or isinstance(there, Inconvertible):
        return {}
    return hours.weekly(weekdays(context, campaign), there)


def _zone(context: LoweringContext, campaign: Campaign) -> str:
    """The zone that its hours are in."""
    return (account_zone(context) or campaign.timezone) if is_clocked(campaign) else campaign.timezone


def _calendar(context: LoweringContext, campaign: Campaign) -> Calendar:
    there = hours_there(context, campaign)
    spans = WHOLE_DAY if not is_clocked(campaign) or isinstance(there, Inconvertible) else hours.joined(there)
    days = weekdays(context, campaign)
    return Calendar(_zone(context, campaign), spans, days, campaign.start_date, campaign.end_date)


def _notes(context: LoweringContext, campaign: Campaign) -> Iterator[tuple[str, str]]:
    where = str(campaign.address)
    if campaign.windows is None and campaign.schedule is not None:
        yield (
            where,
            f"any_hour: {FIRST_MINUTE} to {LAST_MINUTE}, the last minute of a day that CALLR's clock knows",
        )
    for profile in profiles_of(context, campaign):
        yield where, f"profile {profile.name}: of its pace CALLR keeps the limit of calls at once alone"
    contacts = context.manifests.contact_lists.get(campaign.contacts or "")
    if contacts is not None and contacts.columns.ani:
        yield where, f"ani of {contacts.name}: CALLR has one caller ID for all, options: {{cli: …}}"
