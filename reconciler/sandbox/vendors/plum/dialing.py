"""Placing Plum Voice's calls: brings a campaign's queue up to what the clock shows."""

from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from reconciler.sandbox.calling import Calendar, Pace, Window, call_times
from reconciler.sandbox.ledger import Call
from reconciler.sandbox.vendors.plum.account import ACCOUNT, NAME, Account
from reconciler.sandbox.vendors.plum.records import Campaign, ProfileWindow, Run
from reconciler.sandbox.vendors.plum.validation import DAYS

EASTERN = ZoneInfo(
    "America/New_York"
)  # the page gives window times in Eastern; that dates are Eastern days is A19


def settle(account: Account, campaign: Campaign) -> None:
    """Place the calls due since the last time; comes before whatever changes when or whom it calls."""
    since, until = campaign.settled, account.now()
    campaign.settled = until
    if campaign.run is not Run.ACTIVE or campaign.position == len(campaign.queue):
        return
    account.world.ledger.record_calls(_calls(account, campaign, since, until))


def settle_all(account: Account) -> None:
    """Bring every campaign up to now."""
    for campaign in account.campaigns:
        settle(account, campaign)


def _calls(account: Account, campaign: Campaign, since: datetime, until: datetime) -> list[Call]:
    waiting = islice(campaign.queue, campaign.position, None)
    times = call_times(_calendar(account, campaign), since, until)
    calls = [
        Call(NAME, ACCOUNT, campaign.id, entry.number, at, entry.reference)
        for entry, at in zip(waiting, times, strict=False)
    ]
    campaign.position += len(calls)
    return calls


def _calendar(account: Account, campaign: Campaign) -> Calendar:
    schedule = account.schedules.get(campaign.schedule_id)
    days = frozenset(DAYS.index(day) for day in (schedule.days if schedule else ()))
    windows = tuple(_window(account, window) for window in campaign.windows)
    return Calendar(EASTERN, campaign.start_date, campaign.end_date, days, windows)


def _window(account: Account, window: ProfileWindow) -> Window:
    profile = account.profiles.get(window.profile_id)
    if profile is None:
        raise LookupError(f"profile {window.profile_id} was deleted while in use")
    pace = Pace(profile.period, profile.amount_per_period, profile.time_between_periods)
    return Window(window.opens, window.closes, pace)
