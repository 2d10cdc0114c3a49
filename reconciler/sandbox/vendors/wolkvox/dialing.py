"""Placing wolkvox's calls: brings a campaign up to what the clock shows.

A predictive campaign dials within its hours, every day, at a pace that is its speed; a preview campaign dials when
its agents ask, so at any hour. A record's numbers are tried one after the other until somebody answers. A campaign
whose records are all called stays started.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time

from reconciler.sandbox.calling import Calendar, Pace, Window, call_times
from reconciler.sandbox.ledger import Call
from reconciler.sandbox.telephones import ends_in
from reconciler.sandbox.vendors.wolkvox.account import ACCOUNT, NAME, Account
from reconciler.sandbox.vendors.wolkvox.filters import matching
from reconciler.sandbox.vendors.wolkvox.numbers import identity, international
from reconciler.sandbox.vendors.wolkvox.options import Options
from reconciler.sandbox.vendors.wolkvox.records import PHONES, Campaign, Kind, Record, Result

HOUR = 60  # minutes
FULL_SPEED = 100
EVERY_DAY = frozenset(range(7))
REACHED = frozenset({Result.ANSWER, Result.ANSWER_MACHINE})


def settle(account: Account, campaign: Campaign) -> None:
    """Place the calls due since the last time; comes before whatever changes when or whom it calls."""
    since, until = campaign.settled, account.now()
    campaign.settled = until
    if not campaign.started or since >= until:
        return
    calls = [*_recalled(account, campaign, until), *_dialled(account, campaign, since, until)]
    account.world.ledger.record_calls(calls)


def settle_all(account: Account) -> None:
    """Bring every campaign up to now."""
    for campaign in account.campaigns:
        settle(account, campaign)


def _dialled(account: Account, campaign: Campaign, since: datetime, until: datetime) -> Iterator[Call]:
    """Dial clean records at the campaign's pace."""
    calendar = _calendar(account, campaign)
    if calendar is None or next(call_times(calendar, since, until), None) is None:
        return
    waiting = [each for each in matching(campaign.filter, campaign.clean()) if each.recall is None]
    for record, at in zip(_in_order(campaign, waiting), call_times(calendar, since, until), strict=False):
        numbers = [record.fields[phone] for phone in PHONES if record.fields.get(phone)]
        yield from _tried(account, campaign, record, numbers, at)


def _recalled(account: Account, campaign: Campaign, until: datetime) -> Iterator[Call]:
    """Call back whom somebody asked to be called at a moment that has come."""
    for record in campaign.records:
        if record.recall is not None and record.recall[0] <= until and record.result is Result.CLEAN:
            at, number = record.recall
            record.recall = None
            yield from _tried(account, campaign, record, [number or record.fields["tel1"]], at)


def _tried(
    account: Account, campaign: Campaign, record: Record, numbers: list[str], at: datetime
) -> Iterator[Call]:
    """Dial a record's numbers until one is reached; those barred are passed over."""
    record.result = Result.DO_NOT_CALL
    for number in numbers:
        if _is_barred(account, record, number, at):
            continue
        whole = international(number, account.options)
        record.result, record.dialled, record.last = _outcome(whole, account.options), number, at
        record.calls += 1
        yield Call(NAME, ACCOUNT, campaign.id, whole, at.astimezone(account.zone), record.customer_id or None)
        if record.result in REACHED:
            return


def _is_barred(account: Account, record: Record, number: str, at: datetime) -> bool:
    entry = account.barred.get((identity(number, account.options), "outbound"))
    if entry is None or (entry.until is not None and entry.until <= at):
        return False
    return account.options.dnc_reaches_queued or entry.order < record.order


def _outcome(number: str, options: Options) -> Result:
    endings = {
        Result.NO_ANSWER: options.no_answer,
        Result.BUSY: options.busy,
        Result.ANSWER_MACHINE: options.answer_machine,
        Result.FAILED: options.failed,
    }
    return next((result for result, ending in endings.items() if ends_in(number, ending)), Result.ANSWER)


def _calendar(account: Account, campaign: Campaign) -> Calendar | None:
    """When it may dial; None where it stands still."""
    per_hour = campaign.speed * account.options.calls_per_hour // FULL_SPEED
    if per_hour == 0:
        return None
    predictive = campaign.kind is Kind.PREDICTIVE
    hours = (campaign.opens, campaign.closes) if predictive else (time.min, time.max)
    window = Window(*hours, Pace(HOUR, per_hour, 0))
    return Calendar(account.zone, date.min, date.max, EVERY_DAY, (window,))


def _in_order(campaign: Campaign, records: list[Record]) -> list[Record]:
    """Put records into the order in which they are dialled."""
    match campaign.dial_order:
        case "random":
            return sorted(records, key=lambda record: hashlib.sha1(record.customer_id.encode()).digest())  # noqa: S324 - a shuffle
        case "zigzag":
            return [records[at // 2 if at % 2 == 0 else -(at // 2 + 1)] for at in range(len(records))]
        case _:
            return records
