"""What Plum cannot express of a campaign, found offline; each rule yields its problems."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

from reconciler.model.problem import Problem
from reconciler.model.resource import DAYS, Campaign, Desired
from reconciler.providers.base import LoweringContext
from reconciler.providers.lowering import on_queued_suppression, was_armed
from reconciler.providers.plum import address, findings
from reconciler.providers.plum.about import TYPE, ZONE
from reconciler.providers.plum.contact import caller_id
from reconciler.providers.zones import Hours, Inconvertible, convert, days_between

Rule = Callable[[LoweringContext, Campaign], Iterator[Problem]]


def problems_of_campaign(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    """Find everything, by all rules."""
    for rule in _RULES:
        yield from rule(context, campaign)


def setting(campaign: Campaign, name: str) -> str | None:
    """Read a text from the campaign's block for this vendor."""
    value = campaign.vendor.get(TYPE, {}).get(name)
    return value if isinstance(value, str) and value else None


def hours_there(context: LoweringContext, campaign: Campaign) -> Hours | Inconvertible:
    """Say the campaign's windows on Plum's clock, in the manifest's order."""
    hours = tuple([(window.start_time, window.end_time) for window in campaign.windows or ()])
    if campaign.timezone == ZONE or campaign.start_date is None or campaign.end_date is None:
        return hours
    schedule = context.manifests.schedules.get(campaign.schedule or "")
    weekdays = DAYS if schedule is None else schedule.days
    return _converted(hours, campaign.timezone, campaign.start_date, campaign.end_date, weekdays)


@functools.lru_cache(maxsize=1024)
def _converted(
    hours: Hours, zone: str, first: dt.date, last: dt.date, weekdays: tuple[str, ...]
) -> Hours | Inconvertible:
    """Convert once what many campaigns share, and each campaign asks for twice."""
    return convert(hours, zone, ZONE, days_between(first, last, map(DAYS.index, weekdays)))


def _required(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    first, last, schedule = campaign.start_date, campaign.end_date, campaign.schedule
    start_url = setting(campaign, "start_url")
    if first and last and schedule and start_url and campaign.windows != ():
        return
    examples = {
        "start_date": ("2027-01-04", first),
        "end_date": ("2027-01-29", last),
        "schedule": ("NAME, declared under schedules:", schedule),
        "plum.start_url": ("the VoiceXML application that each call runs", start_url),
    }
    for name, (example, value) in examples.items():
        if not value:
            yield findings.missing(campaign.location, campaign.address, name, example)
    if campaign.windows == ():
        example = '[{start_time: "08:00", end_time: "11:00", profile: NAME}]'
        yield findings.missing(campaign.location, campaign.address, "windows", example)


def _states(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    if campaign.state is Desired.PAUSED:
        yield findings.paused(campaign.location.at("state"), campaign.address)
    if campaign.enforce is not None:
        yield findings.enforced_there(campaign.location.at("enforce"), campaign.address)


def _windows(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    place = campaign.location.at("windows")
    if campaign.windows is None:
        yield findings.any_hour(place, campaign.address)
        return
    for number, window in enumerate(campaign.windows):
        if window.profile is None:
            yield findings.window_without_profile(place.at(number), campaign.address)
    yield from _hours(context, campaign)


def _hours(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    said = tuple([(window.start_time, window.end_time) for window in campaign.windows or ()])
    if campaign.timezone == ZONE and _are_sound(said):
        return
    place = campaign.location.at("windows")
    turned = list(_turned_round(campaign, said))
    there = said if turned else hours_there(context, campaign)
    if isinstance(there, Inconvertible):
        yield findings.inconvertible(place, campaign.address, campaign.timezone, there.day, there.reason)
        return
    yield from turned or (*_turned_round(campaign, there), *_overlaps(campaign, there))


@functools.lru_cache(maxsize=1024)
def _are_sound(hours: Hours) -> bool:
    """Whether hours, which many campaigns share, begin before they end and do not overlap."""
    ordered = sorted(hours)
    return all(start < end != "24:00" for start, end in hours) and all(
        end <= start for (_, end), (start, _) in pairwise(ordered)
    )


def _turned_round(campaign: Campaign, hours: Hours) -> Iterator[Problem]:
    place = campaign.location.at("windows")
    for number, (start, end) in enumerate(hours):
        if start >= end or end == "24:00":
            yield findings.window_turned_round(place.at(number), campaign.address, start, end)


def _overlaps(campaign: Campaign, hours: Hours) -> Iterator[Problem]:
    place = campaign.location.at("windows")
    ordered = sorted((start, end, number) for number, (start, end) in enumerate(hours))
    for (_, earlier_end, _), (start, _, number) in pairwise(ordered):
        if start < earlier_end:
            yield findings.windows_overlap(place.at(number), campaign.address, start, earlier_end)


def _caller_id(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    ani = setting(campaign, "ani")
    if ani is not None and caller_id(ani) is None:
        yield findings.foreign_caller_id(campaign.location.at(TYPE, "ani"), campaign.address)
    contacts = context.manifests.contact_lists.get(campaign.contacts or "")
    if ani is None and contacts is not None and contacts.columns.ani is None:
        yield findings.no_caller_id(campaign.location, campaign.address)


def _queued_suppression(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    decided = on_queued_suppression(context, campaign)
    if campaign.contacts and campaign.state is Desired.RUNNING and decided is None:
        yield findings.queued_suppression_undecided(campaign.location, campaign.address)


def _dates(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    if campaign.state is not Desired.RUNNING or campaign.end_date is None:
        return
    today = context.now.astimezone(ZoneInfo(ZONE)).date()
    if campaign.end_date < today and not was_armed(context, campaign):
        place = campaign.location.at("end_date")
        yield findings.already_over(place, campaign.address, campaign.end_date, today)


def _addresses(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    for name in ("start_url", "result_url"):
        url = setting(campaign, name)
        if url is not None and address.has_parameter(url):
            yield findings.marker_in_url(campaign.location.at(TYPE, name), campaign.address, name)


_RULES: tuple[Rule, ...] = (
    _required,
    _states,
    _windows,
    _caller_id,
    _queued_suppression,
    _dates,
    _addresses,
)
