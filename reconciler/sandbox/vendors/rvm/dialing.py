"""Dropping RVMpro's voicemails: brings a campaign up to what the clock shows.

A drop is begun at the campaign's pace, is in progress for some seconds, then has its result. Pausing or
stopping begins no further ones; those in progress end by themselves. The telephone counts as called when its
drop begins. Numbers on a list are filtered the moment their turn comes, and nobody's telephone rings.
"""

from datetime import datetime, time, timedelta
from itertools import islice

from reconciler.sandbox.calling import Calendar, Pace, Window, call_times
from reconciler.sandbox.ledger import Call
from reconciler.sandbox.telephones import ends_in
from reconciler.sandbox.vendors.rvm.account import ACCOUNT, NAME, Account
from reconciler.sandbox.vendors.rvm.numbers import CONSENT_STATES, international, state
from reconciler.sandbox.vendors.rvm.records import LIVE, Campaign, Settings, Status, Tried

HOUR = 60  # minutes: the throttle is drops per hour


def settle(account: Account, campaign: Campaign) -> None:
    """Simulate what happened since the last time; comes before whatever changes a campaign or shows it."""
    since, until = campaign.settled, account.now()
    campaign.settled = until
    filtered: list[Tried] = []
    if campaign.status is Status.ACTIVE and campaign.hopper:
        filtered = _begin(account, campaign, since, until)
    finished = [*filtered, *_finish(account, campaign, until)]
    campaign.tried.extend(sorted(finished, key=lambda tried: tried.finished.timestamp()))
    _conclude(account, campaign, until)


def settle_all(account: Account) -> None:
    """Bring every campaign up to now."""
    for campaign in account.campaigns:
        settle(account, campaign)


def clear_hopper(campaign: Campaign) -> None:
    """Remove the numbers that were not begun."""
    del campaign.queue[campaign.position :]


def _begin(account: Account, campaign: Campaign, since: datetime, until: datetime) -> list[Tried]:
    """Begin the drops that are due; returns the numbers that were filtered instead."""
    waiting = islice(campaign.queue, campaign.position, None)
    due = list(zip(waiting, call_times(_calendar(campaign.settings), since, until), strict=False))
    campaign.position += len(due)
    barred = {number for number, _ in due if _is_filtered(account, campaign, number)}
    begun = [(number, at) for number, at in due if number not in barred]
    campaign.in_progress.extend((at, number) for number, at in begun)
    account.world.ledger.record_calls(
        Call(NAME, ACCOUNT, campaign.id, international(number), at, None) for number, at in begun
    )
    shown = campaign.details_reads + account.options.details_lag_reads
    return [Tried(number, "Filtered", at, at, shown) for number, at in due if number in barred]


def _finish(account: Account, campaign: Campaign, until: datetime) -> list[Tried]:
    """Take the deliveries that have ended out of those in progress."""
    options, finished = account.options, []
    length = timedelta(seconds=options.drop_seconds)
    shown = campaign.details_reads + options.details_lag_reads
    while campaign.in_progress and campaign.in_progress[0][0] + length <= until:
        began, number = campaign.in_progress.popleft()
        failed = ends_in(number, options.failing)
        finished.append(Tried(number, "Failure" if failed else "OK", began, began + length, shown))
    return finished


def _conclude(account: Account, campaign: Campaign, now: datetime) -> None:
    """End a campaign that has tried everybody, or, if so switched, one whose last day is over."""
    if campaign.status not in LIVE or campaign.in_progress:
        return
    if not campaign.hopper:
        if campaign.tried or campaign.status is Status.ACTIVE:
            campaign.turn(Status.COMPLETED, campaign.tried[-1].finished if campaign.tried else now)
        return
    end = _end(campaign.settings)
    if end <= now and account.options.after_stop_date != "stays":
        clear_hopper(campaign)
        stops = account.options.after_stop_date == "stops"
        campaign.turn(Status.STOPPED if stops else Status.COMPLETED, end)


def _end(settings: Settings) -> datetime:
    return datetime.combine(settings.stop_date + timedelta(days=1), time(), tzinfo=settings.zone)


def _calendar(settings: Settings) -> Calendar:
    weekdays = frozenset((int(day) - 1) % 7 for day in settings.run_days.split(","))
    window = Window(settings.start_time, settings.stop_time, Pace(HOUR, settings.throttle, 0))
    return Calendar(settings.zone, settings.start_date, settings.stop_date, weekdays, (window,))


def _is_filtered(account: Account, campaign: Campaign, number: str) -> bool:
    settings = campaign.settings
    return (
        _is_blacklisted(account, campaign, number)
        or (settings.performance and ends_in(number, account.options.in_house))
        or (not settings.state_check and state(number) in CONSENT_STATES)
    )


def _is_blacklisted(account: Account, campaign: Campaign, number: str) -> bool:
    entry = account.suppressed(number)
    if entry is None:
        return False
    return account.options.blacklist_reaches_queued or entry.order < campaign.order
