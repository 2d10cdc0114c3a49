"""What lowering is alike at every vendor: what of the manifests lies in an account, and what every campaign wants.

Nothing here knows a vendor; a vendor's `lower` calls it for what has no spelling of its own. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.address import ObjectKey
from reconciler.model.marker import marker
from reconciler.model.objects import Calendar, WantedObject
from reconciler.model.problem import Location, Problem, errors
from reconciler.model.resource import DAYS, Blacklist, Campaign
from reconciler.model.state import Phase
from reconciler.model.value import Fields
from reconciler.providers.base import LoweringContext


def campaigns_here(context: LoweringContext) -> list[Campaign]:
    """The campaigns of this account, by name."""
    here = context.settings.name
    found = (item for item in context.manifests.campaigns.values() if item.provider == here)
    return sorted(found, key=lambda item: item.name)


def blacklists_here(context: LoweringContext) -> list[Blacklist]:
    """The blacklists that are to be stored in this account, as they were read."""
    here = context.settings.name
    return [item for item in context.manifests.blacklists.values() if here in item.providers]


def campaign_key(campaign: Campaign) -> ObjectKey:
    """Name the first object of the campaign's present run."""
    return ObjectKey(campaign.address, campaign.run)


def weekdays(context: LoweringContext, campaign: Campaign) -> tuple[str, ...]:
    """The calling days in week order; all of them without a schedule."""
    schedule = context.manifests.schedules.get(campaign.schedule or "")
    return DAYS if schedule is None else in_week_order(schedule.days)


def in_week_order(days: Iterable[str]) -> tuple[str, ...]:
    """Some days, each once, from Monday on."""
    named = frozenset(days)
    return tuple(day for day in DAYS if day in named)


def on_queued_suppression(context: LoweringContext, campaign: Campaign) -> str | None:
    """What happens when somebody is suppressed who is queued, `stop` or `report`; None where nobody decided."""
    return campaign.on_queued_suppression or context.project.on_queued_suppression


def can_be_made(context: LoweringContext, campaign: Campaign, problems: tuple[Problem, ...]) -> bool:
    """Whether it is right, and refers to nothing that is not declared (the manifests' own problem)."""
    known = context.manifests
    profiles = {window.profile for window in campaign.windows or () if window.profile is not None}
    declared = campaign.schedule is None or campaign.schedule in known.schedules
    return not errors(problems) and declared and profiles <= set(known.profiles)


def exceptions_stored(context: LoweringContext, campaign: Campaign) -> Iterator[tuple[Location, str]]:
    """Each exception from a blacklist that is stored in this account too, where no exception holds; with its place."""
    stored = {item.name for item in blacklists_here(context)}
    for number, item in enumerate(campaign.except_blacklists):
        if item.name in stored:
            yield campaign.location.at("except_blacklists", number), item.name


def was_armed(context: LoweringContext, campaign: Campaign) -> bool:
    """Whether the present run was set going once; whoever looks offline knows of none."""
    records = context.snapshot.records if context.snapshot is not None else {}
    record = records.get(campaign_key(campaign))
    return record is not None and record.phase is not Phase.INERT


def wanted_campaign(
    context: LoweringContext,
    campaign: Campaign,
    fields: Fields,
    calendar: Calendar,
    *,
    natural_key: str | None = None,
    depends_on: tuple[ObjectKey, ...] = (),
) -> WantedObject:
    """A campaign with a vendor's fields and calendar, and with all that no vendor spells: people, state, consent."""
    key = campaign_key(campaign)
    return WantedObject(
        key,
        "campaign",
        fields,
        campaign.location,
        natural_key=natural_key,
        marker=marker(context.project.project_id, key),
        depends_on=depends_on,
        desired=campaign.state,
        contacts=campaign.contacts,
        except_blacklists=tuple(sorted(item.name for item in campaign.except_blacklists)),
        on_queued_suppression=on_queued_suppression(context, campaign),
        protect=campaign.protect,
        calendar=calendar,
    )
