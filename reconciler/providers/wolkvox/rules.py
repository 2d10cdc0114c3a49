"""What wolkvox cannot express of a campaign, found offline; each rule yields its problems."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from reconciler.errors import UsageError
from reconciler.model.problem import Problem
from reconciler.model.resource import DAYS, Campaign, Desired, Profile, ProviderSettings
from reconciler.model.value import Value
from reconciler.providers.base import LoweringContext
from reconciler.providers.lowering import exceptions_stored, weekdays
from reconciler.providers.wolkvox import findings
from reconciler.providers.wolkvox.about import FIRST_MINUTE, LAST_MINUTE, NUMBER_FIELDS, TYPE
from reconciler.providers.wolkvox.contact import names_of
from reconciler.providers.wolkvox.wire import MARK
from reconciler.providers.zones import FAR_ENOUGH, Hours, Inconvertible, convert, days_between

Rule = Callable[[LoweringContext, Campaign], Iterator[Problem]]

PREDICTIVE_ONLY = ("amd", "turbo_dial", "routing_recall")
RESULT = "result"


def problems_of_campaign(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    """Find everything, by all rules."""
    for rule in _RULES:
        yield from rule(context, campaign)


def setting(campaign: Campaign, name: str) -> Value:
    """Read from the campaign's block for this vendor."""
    return campaign.vendor.get(TYPE, {}).get(name)


def account_setting(settings: ProviderSettings, name: str) -> str:
    """Read what only an account of this vendor has; empty where there is none."""
    value = settings.settings.get(name)
    return "" if value is None else str(value)


def server_of(settings: ProviderSettings) -> str:
    """Give the operation's server code, which some write with the host's own letters (A21)."""
    server = account_setting(settings, "server").lower().removeprefix("wv").removesuffix(".wolkvox.com")
    if not server:
        raise UsageError("which of wolkvox's servers is not said", "give its address: --base-url")
    return server


def type_of(campaign: Campaign) -> str:
    """Give the campaign's type."""
    return str(setting(campaign, "type") or "predictive")


def profile_of(context: LoweringContext, campaign: Campaign) -> Profile | None:
    """Find the profile of the window."""
    name = campaign.windows[0].profile if campaign.windows else None
    return context.manifests.profiles.get(name or "")


def speed_of(context: LoweringContext, campaign: Campaign) -> int | None:
    """Give the speed: as the block says, else as the window's profile says, else the vendor's own."""
    profile = profile_of(context, campaign)
    found = setting(campaign, "speed")
    if found is None and profile is not None:
        found = profile.vendor.get(TYPE, {}).get("speed")
    return found if isinstance(found, int) else None


def hours_there(context: LoweringContext, campaign: Campaign) -> tuple[str, str] | Inconvertible:
    """Say the one window on the account's clock; any hour is from the first to the last minute."""
    if not campaign.windows:
        return FIRST_MINUTE, LAST_MINUTE
    window = campaign.windows[0]
    target = account_setting(context.settings, "account_timezone")
    if not target or target == campaign.timezone:
        return window.start_time, window.end_time
    today = context.now.astimezone(ZoneInfo(campaign.timezone)).date()
    first = campaign.start_date or today
    last = campaign.end_date or first + dt.timedelta(days=FAR_ENOUGH)
    hours = ((window.start_time, window.end_time),)
    found = _converted(hours, campaign.timezone, target, first, last, weekdays(context, campaign))
    return found if isinstance(found, Inconvertible) else found[0]


@functools.lru_cache(maxsize=1024)
def _converted(
    hours: Hours, source: str, target: str, first: dt.date, last: dt.date, weekdays: tuple[str, ...]
) -> Hours | Inconvertible:
    """Convert once what many campaigns share, and each asks for several times."""
    return convert(hours, source, target, days_between(first, last, map(DAYS.index, weekdays)))


def _required(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    if not campaign.contacts and campaign.state is Desired.RUNNING:
        example = "NAME, declared under contact_lists:"
        yield findings.missing(campaign.location, campaign.address, "contacts", example)
    if campaign.windows == () and campaign.state is not Desired.DRAFT:
        example = '[{start_time: "08:00", end_time: "11:00"}], or any_hour'
        yield findings.missing(campaign.location, campaign.address, "windows", example)
    given = [name for name in ("skill", "skill_id") if setting(campaign, name) is not None]
    if len(given) != 1:
        yield findings.skill(campaign.location.at(*((TYPE, given[0]) if given else ())), campaign.address)


def _windows(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    place = campaign.location.at("windows")
    if campaign.windows and len(campaign.windows) > 1:
        yield findings.several_windows(place, campaign.address, len(campaign.windows))
    if campaign.windows and type_of(campaign) == "preview":
        yield findings.hours_of_preview(place, campaign.address)
    for window in (campaign.windows or ())[:1]:
        if window.start_time >= window.end_time:
            yield findings.window_turned_round(
                place.at(0), campaign.address, window.start_time, window.end_time
            )
            return
    hours = hours_there(context, campaign)
    if isinstance(hours, Inconvertible):
        zone = account_setting(context.settings, "account_timezone")
        yield findings.inconvertible(place, campaign.address, campaign.timezone, zone, hours)


def _days_and_dates(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    """The vendor knows hours alone; who enforces the rest needs hours that hold without it."""
    given = {
        "schedule": campaign.schedule,
        "start_date": campaign.start_date,
        "end_date": campaign.end_date,
    }
    named = [name for name, value in given.items() if value is not None]
    if campaign.enforce is None:
        for name in named:
            yield findings.days_unknown(campaign.location.at(name), campaign.address, name)
    elif not named:
        yield findings.nothing_to_enforce(campaign.location.at("enforce"), campaign.address)
    elif not campaign.windows:
        yield findings.enforced_without_hours(campaign.location.at("enforce"), campaign.address)


def _pace(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    profile = profile_of(context, campaign)
    if profile is not None and speed_of(context, campaign) is None:
        yield findings.pace(campaign.location.at("windows", 0), campaign.address, profile.name)


def _dates(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    first, last = campaign.start_date, campaign.end_date
    if first is not None and last is not None and last < first:
        yield findings.dates_turned_round(campaign.location.at("end_date"), campaign.address)


def _texts(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    if MARK in str(setting(campaign, "description") or ""):
        yield findings.marker_in_text(campaign.location.at(TYPE, "description"), campaign.address)
    if type_of(campaign) == "preview":
        for name in PREDICTIVE_ONLY:
            if setting(campaign, name) is not None:
                yield findings.predictive_only(campaign.location.at(TYPE, name), campaign.address, name)


def _record_fields(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    contacts = context.manifests.contact_lists.get(campaign.contacts or "")
    known = names_of(type_of(campaign))
    for name in sorted(contacts.columns.fields) if contacts is not None else ():
        if name not in known and contacts is not None:
            place = contacts.location.at("columns", "fields", name)
            yield findings.no_record_field(place, campaign.address, name, rings=name in NUMBER_FIELDS)


def _filter(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    wanted = setting(campaign, "filter")
    conditions = wanted.get("filters", ()) if isinstance(wanted, dict) else ()
    known = {*names_of(type_of(campaign)), "customer_id", RESULT, "tel1"}
    for at, each in enumerate(conditions if isinstance(conditions, tuple | list) else ()):
        name = str(each.get("field")) if isinstance(each, dict) else ""
        if name not in known:
            place = campaign.location.at(TYPE, "filter", "filters", at, "field")
            yield findings.no_record_field(place, campaign.address, name, rings=False)


def _exceptions(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    for place, name in exceptions_stored(context, campaign):
        yield findings.suppressed_there(place, campaign.address, name)


_RULES: tuple[Rule, ...] = (
    _required,
    _windows,
    _days_and_dates,
    _dates,
    _pace,
    _texts,
    _record_fields,
    _filter,
    _exceptions,
)
