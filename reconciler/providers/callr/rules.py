"""What CALLR cannot express of a campaign, found offline; each rule yields its problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

from reconciler.model.problem import Location, Problem
from reconciler.model.resource import DAYS, Campaign, Desired, Profile
from reconciler.model.value import Value
from reconciler.providers.base import LoweringContext
from reconciler.providers.callr import findings, names
from reconciler.providers.callr.about import FIRST_MINUTE, IVR, LAST_MINUTE, TYPE
from reconciler.providers.callr.parameters import ACTIONS, BY_PATH, KEYS, MEDIA, Path, leaves
from reconciler.providers.lowering import on_queued_suppression, was_armed, weekdays
from reconciler.providers.zones import FAR_ENOUGH, Hours, Inconvertible, convert, days_between

Rule = Callable[[LoweringContext, Campaign], Iterator[Problem]]

NEEDED: Mapping[str, tuple[tuple[Path, str], ...]] = {
    "VOICE_SIMPLE": ((("ivr", "broadcast"), "[1012345], ids of media"),),
    "VOICE_IVR": ((("ivr", "prompt"), "[1012345], ids of media"),),
    "VOICE_SURVEY": (
        (("ivr", "questions"), '[{text: …, broadcast: [1012345], answers: [{key: "1", text: …}]}]'),
    ),
    "SMS_SIMPLE": ((("ivr", "text"), "the message"),),
    "SMS_SURVEY": ((("ivr", "texts"), "the questions"),),
}
"""Without what a campaign of a type says nothing."""


def problems_of_campaign(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    """Find everything, by all rules."""
    for rule in _RULES:
        yield from rule(context, campaign)


def block(campaign: Campaign) -> Mapping[str, Value]:
    """The campaign's block for this vendor."""
    return campaign.vendor.get(TYPE, {})


def type_of(campaign: Campaign) -> str:
    """Which of the five types it is; empty where the block names none."""
    return str(block(campaign).get("type") or "")


def settings_of(campaign: Campaign) -> dict[Path, Value]:
    """The parameters that the block names, by path."""
    return leaves({name: value for name, value in block(campaign).items() if name in ("ivr", "options")})


def account_zone(context: LoweringContext) -> str | None:
    """The zone of the account's clock, as the project file says."""
    zone = context.settings.settings.get("account_timezone")
    return zone if isinstance(zone, str) else None


def is_clocked(campaign: Campaign) -> bool:
    """Whether it has hours or days, so that CALLR's clock has to keep them."""
    return bool(campaign.windows) or campaign.schedule is not None


def hours_there(context: LoweringContext, campaign: Campaign) -> Hours | Inconvertible:
    """Say the campaign's windows in the account's zone; of a whole day to the last minute that is known."""
    zone = account_zone(context)
    hours: Hours = ((FIRST_MINUTE, LAST_MINUTE),)
    if campaign.windows:
        hours = tuple((window.start_time, window.end_time) for window in campaign.windows)
    if zone is None or zone == campaign.timezone:
        return hours
    today = context.now.astimezone(ZoneInfo(campaign.timezone)).date()
    first = campaign.start_date or today
    last = campaign.end_date or first + dt.timedelta(days=FAR_ENOUGH)
    days = days_between(first, last, map(DAYS.index, weekdays(context, campaign)))
    return convert(hours, campaign.timezone, zone, days)


def profiles_of(context: LoweringContext, campaign: Campaign) -> tuple[Profile, ...]:
    """The profiles of its windows."""
    named = (context.manifests.profiles.get(window.profile or "") for window in campaign.windows or ())
    return tuple({item.name: item for item in named if item is not None}.values())


def limits_of(context: LoweringContext, campaign: Campaign) -> tuple[Value, ...]:
    """Every limit of calls at once that is wanted, by its options and by its windows' profiles; each once."""
    said = settings_of(campaign).get(("options", "ccl"))
    paced = (item.vendor.get(TYPE, {}).get("ccl") for item in profiles_of(context, campaign))
    return tuple(dict.fromkeys(item for item in (said, *paced) if item is not None))


def _required(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    if campaign.windows == ():
        example = '[{start_time: "08:00", end_time: "11:00"}], or any_hour'
        yield findings.missing(campaign.location, campaign.address, "windows", example)
    if campaign.contacts is None:
        example = "NAME, declared under contact_lists:"
        yield findings.missing(campaign.location, campaign.address, "contacts", example)
    if not type_of(campaign):
        yield findings.missing(campaign.location, campaign.address, "callr.type", "VOICE_SIMPLE")
    said = settings_of(campaign)
    for path, example in NEEDED.get(type_of(campaign), ()):
        if said.get(path) in (None, "", ()):
            yield findings.missing(campaign.location, campaign.address, ".".join((TYPE, *path)), example)


def _parameters(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    """Each setting has its place in the campaign's type, and behind a key in the key's action."""
    said, type_name = settings_of(campaign), type_of(campaign)
    for path in said:
        parameter = BY_PATH.get(path)
        if type_name and (parameter is None or type_name not in parameter.types):
            place = campaign.location.at(TYPE, *path)
            yield findings.not_of_type(place, campaign.address, ".".join(path), type_name)
    for key in KEYS if type_name == IVR else ():
        yield from _action(campaign, said, key)


def _action(campaign: Campaign, said: Mapping[Path, Value], key: str) -> Iterator[Problem]:
    above = ("ivr", "keys", key)
    chosen = [path for path in said if path[:3] == above and path[3:4] == ("params",)]
    action = str(said.get((*above, "action")) or "")
    if chosen and not action:
        example = "BRIDGE, BROADCAST, CALLBACK, EMAIL, NONE or RECORD"
        yield findings.missing(
            campaign.location.at(TYPE, *above), campaign.address, ".".join((TYPE, *above, "action")), example
        )
        return
    for path in chosen:
        if path[4] not in ACTIONS.get(action, (path[4],)):
            place = campaign.location.at(TYPE, *path)
            yield findings.not_of_action(place, campaign.address, ".".join(path), action)


def _dates(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    dates = {"start_date": campaign.start_date, "end_date": campaign.end_date}
    given = {name: day for name, day in dates.items() if day is not None}
    if campaign.enforce is None:
        for name in given:
            yield findings.dated(campaign.location.at(name), campaign.address, name)
        return
    if not given:
        yield findings.nothing_to_enforce(campaign.location.at("enforce"), campaign.address)
    elif not campaign.windows:
        yield findings.enforced_without_hours(campaign.location.at("enforce"), campaign.address)
    first, last = campaign.start_date, campaign.end_date
    if first is not None and last is not None and last < first:
        yield findings.dates_turned_round(campaign.location.at("end_date"), campaign.address)
    today = context.now.astimezone(ZoneInfo(campaign.timezone)).date()
    if (
        last is not None
        and last < today
        and campaign.state is Desired.RUNNING
        and not was_armed(context, campaign)
    ):
        yield findings.already_over(campaign.location.at("end_date"), campaign.address, last, today)


def _windows(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    place = campaign.location.at("windows")
    turned = False
    for number, window in enumerate(campaign.windows or ()):
        if window.start_time >= window.end_time:
            turned = True
            yield findings.window_turned_round(
                place.at(number), campaign.address, window.start_time, window.end_time
            )
    if not is_clocked(campaign) or turned:
        return
    zone = account_zone(context)
    if zone is None:
        yield findings.zone_unknown(place, campaign.address, context.settings.name)
        return
    there = hours_there(context, campaign)
    if isinstance(there, Inconvertible):
        zones = (campaign.timezone, zone)
        yield findings.inconvertible(place, campaign.address, zones, there.day, there.reason)
        return
    for start, end in there:
        if end > LAST_MINUTE:
            yield findings.window_turned_round(place, campaign.address, start, end)


def _pace(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    for number, window in enumerate(campaign.windows or ()):
        profile = context.manifests.profiles.get(window.profile or "")
        if profile is not None and profile.vendor.get(TYPE, {}).get("ccl") is None:
            place = campaign.location.at("windows", number, "profile")
            yield findings.paced(place, campaign.address, profile.name)
        elif profile is not None and type_of(campaign).startswith("SMS"):
            place = campaign.location.at("windows", number, "profile")
            yield findings.not_of_type(place, campaign.address, "a pace", type_of(campaign))
    if len(limits_of(context, campaign)) > 1:
        yield findings.paces_differ(campaign.location.at("windows"), campaign.address)


def _queued_suppression(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    decided = on_queued_suppression(context, campaign)
    if campaign.contacts and campaign.state is Desired.RUNNING and decided is None:
        yield findings.queued_suppression_undecided(campaign.location, campaign.address)


def _title(_: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    if campaign.title and names.unmarked(campaign.title)[1] is not None:
        yield findings.marked_title(campaign.location.at("title"), campaign.address)


def _media(context: LoweringContext, campaign: Campaign) -> Iterator[Problem]:
    for path, value in settings_of(campaign).items():
        for name, place in media_in(path, value, campaign.location.at(TYPE, *path)):
            if not (is_media_id(name) or _is_declared(context, name)):
                yield findings.unknown_medium(place, campaign.address, name)


def _is_declared(context: LoweringContext, name: str) -> bool:
    medium = context.manifests.media.get(name)
    return medium is not None and medium.provider == context.settings.name


def is_media_id(text: str) -> bool:
    """Whether it is the id of a medium in the library."""
    return text.isascii() and text.isdecimal()


def media_in(path: Path, value: Value, place: Location) -> Iterator[tuple[str, Location]]:
    """Every medium that a setting names, and where."""
    parameter = BY_PATH.get(path)
    if parameter is None:
        return
    if parameter.sort is MEDIA or (path[-1] == "noanswer" and isinstance(value, tuple)):
        for number, item in enumerate(value if isinstance(value, tuple) else ()):
            yield str(item), place.at(number)
    if path == ("ivr", "questions"):
        yield from _media_of_questions(value, place)


def _media_of_questions(value: Value, place: Location) -> Iterator[tuple[str, Location]]:
    for number, question in enumerate(value if isinstance(value, tuple) else ()):
        parts = question if isinstance(question, Mapping) else {}
        named, answers = parts.get("broadcast", ()), parts.get("answers", ())
        for at, item in enumerate(named if isinstance(named, tuple) else ()):
            yield str(item), place.at(number, "broadcast", at)
        for at, answer in enumerate(answers if isinstance(answers, tuple) else ()):
            medium = answer.get("broadcast") if isinstance(answer, Mapping) else None
            if medium:
                yield str(medium), place.at(number, "answers", at, "broadcast")


_RULES: tuple[Rule, ...] = (
    _required,
    _parameters,
    _dates,
    _windows,
    _pace,
    _queued_suppression,
    _title,
    _media,
)
