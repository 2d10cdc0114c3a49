"""What RVM cannot express of a campaign, found offline; each rule yields its problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from reconciler.model.problem import Problem
from reconciler.model.resource import DAYS, Campaign, Desired, Profile, Schedule
from reconciler.model.value import Value
from reconciler.providers.base import LoweringContext
from reconciler.providers.lowering import exceptions_stored, on_queued_suppression, was_armed, weekdays
from reconciler.providers.rvm import findings
from reconciler.providers.rvm.about import FIRST_MINUTE, HIGHEST_THROTTLE, LAST_MINUTE, TYPE, USUAL_THROTTLE
from reconciler.providers.rvm.name import is_title
from reconciler.providers.rvm.wire import file_name

Rule = Callable[[LoweringContext, Campaign], Iterator[Problem]]

CALLBACK = re.compile(r"\d{10,13}", re.ASCII)
UNKNOWN = "Unknown"
MINUTES_OF_AN_HOUR = 60


def problems_of_campaign(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    """Find everything, by all rules."""
    for rule in _RULES:
        yield from rule(context, campaign)


def setting(campaign: Campaign, name: str) -> Value:
    """Read from the campaign's block for this vendor."""
    return campaign.vendor.get(TYPE, {}).get(name)


def text_setting(campaign: Campaign, name: str) -> str:
    """Read a text from that block, empty where there is none."""
    value = setting(campaign, name)
    return value if isinstance(value, str) else ""


def callback_of(campaign: Campaign) -> str:
    """Give the callback as the vendor shows it: digits alone, or Unknown."""
    entered = text_setting(campaign, "callback").strip()
    return entered if entered == UNKNOWN else re.sub(r"[\s().+-]", "", entered)


def hours_of(campaign: Campaign) -> tuple[str, str]:
    """Give the one window; any hour is from the first to the last minute that the vendor knows."""
    if not campaign.windows:
        return FIRST_MINUTE, LAST_MINUTE
    return campaign.windows[0].start_time, campaign.windows[0].end_time


def throttle_of(context: LoweringContext, campaign: Campaign) -> int:
    """Give the drops an hour: as the block says, else as the profile comes to, else the vendor's usual pace."""
    said = setting(campaign, "throttle")
    if isinstance(said, int) and not isinstance(said, bool):
        return said
    profile = profile_of(context, campaign)
    if profile is None:
        return USUAL_THROTTLE
    minutes = profile.period + profile.time_between_periods
    return profile.amount_per_period * MINUTES_OF_AN_HOUR // minutes if minutes > 0 else 0


def profile_of(context: LoweringContext, campaign: Campaign) -> Profile | None:
    """Find the profile of the window."""
    name = campaign.windows[0].profile if campaign.windows else None
    return context.manifests.profiles.get(name or "")


def schedule_of(context: LoweringContext, campaign: Campaign) -> Schedule | None:
    """Find the schedule."""
    return context.manifests.schedules.get(campaign.schedule or "")


def days_of(context: LoweringContext, campaign: Campaign) -> tuple[str, ...]:
    """Give the days in week order; all of them for a campaign of one day, which names none."""
    return DAYS if campaign.start_date == campaign.end_date else weekdays(context, campaign)


def _required(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    examples = {
        "title": ("its name at RVM", campaign.title),
        "start_date": ("2027-01-04", campaign.start_date),
        "end_date": ("2027-01-29", campaign.end_date),
        "contacts": ("NAME, declared under contact_lists:", campaign.contacts),
        "rvm.callback": ('"617-555-0100", the number that people see', text_setting(campaign, "callback")),
        "rvm.wav": ("https://media.example/promo.wav", text_setting(campaign, "wav")),
    }
    for name, (example, value) in examples.items():
        if not value:
            yield findings.missing(campaign.location, campaign.address, name, example)
    if campaign.windows == ():
        example = '[{start_time: "08:00", end_time: "11:00"}]'
        yield findings.missing(campaign.location, campaign.address, "windows", example)


def _texts(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    if campaign.title and not is_title(campaign.title):
        yield findings.wrong_title(campaign.location.at("title"), campaign.address, campaign.title)
    callback = callback_of(campaign)
    if text_setting(campaign, "callback") and callback != UNKNOWN and not CALLBACK.fullmatch(callback):
        yield findings.wrong_callback(campaign.location.at(TYPE, "callback"), campaign.address)
    wav = text_setting(campaign, "wav")
    if wav and not (urlsplit(wav).scheme in {"http", "https"} and file_name(urlsplit(wav).path)):
        yield findings.wrong_address(campaign.location.at(TYPE, "wav"), campaign.address)


def _windows(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    place = campaign.location.at("windows")
    if campaign.windows and len(campaign.windows) > 1:
        yield findings.several_windows(place, campaign.address, len(campaign.windows))
    start, end = hours_of(campaign)
    if start >= end or end > LAST_MINUTE:
        yield findings.window_turned_round(place.at(0), campaign.address, start, end)


def _pace(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    throttle = throttle_of(context, campaign)
    if not 1 <= throttle <= HIGHEST_THROTTLE:
        in_block = setting(campaign, "throttle") is not None
        place = campaign.location.at(TYPE, "throttle") if in_block else campaign.location.at("windows", 0)
        yield findings.wrong_throttle(place, campaign.address, throttle)


def _enforce(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    if campaign.enforce is not None:
        yield findings.enforced_there(campaign.location.at("enforce"), campaign.address)


def _queued_suppression(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    decided = on_queued_suppression(context, campaign)
    if campaign.contacts and campaign.state is Desired.RUNNING and decided is None:
        yield findings.queued_suppression_undecided(campaign.location, campaign.address)


def _dates(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    first, last, place = campaign.start_date, campaign.end_date, campaign.location.at("end_date")
    if first is None or last is None:
        return
    if last < first:
        yield findings.dates_turned_round(place, campaign.address)
    today = context.now.astimezone(ZoneInfo(campaign.timezone)).date()
    if last < today and campaign.state is Desired.RUNNING and not was_armed(context, campaign):
        yield findings.already_over(place, campaign.address, last, today)
    schedule = schedule_of(context, campaign)
    if first == last and schedule is not None and DAYS[first.weekday()] not in schedule.days:
        yield findings.only_day_is_off(campaign.location.at("schedule"), campaign.address, first)


def _exceptions(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    for place, name in exceptions_stored(context, campaign):
        yield findings.suppressed_there(place, campaign.address, name)


_RULES: tuple[Rule, ...] = (
    _required,
    _texts,
    _windows,
    _pace,
    _enforce,
    _queued_suppression,
    _dates,
    _exceptions,
)
