"""RVMpro `/reports`: campaigns in all states, every number tried, credits moved, agents."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from reconciler.sandbox.vendors.rvm.account import Account, Answer, Operation, padded, wanted_campaign
from reconciler.sandbox.vendors.rvm.dialing import settle, settle_all
from reconciler.sandbox.vendors.rvm.numbers import carrier, state
from reconciler.sandbox.vendors.rvm.records import Campaign, Tried
from reconciler.sandbox.vendors.rvm.validation import Form

Row = Mapping[str, object]
Record = TypeVar("Record")

MOST = 999_999_999
# Nothing in this API moves credits between companies or sells them: these are the page's own samples.
TRANSACTIONS: Sequence[Row] = (
    {
        "r_date": "2018-10-30 20:31:39",
        "r_xfer_from": "B Company",
        "r_xfer_to": "A Company",
        "r_amount": 119.07,
        "r_drop_rate": "0.01000",
        "r_credits": 11907,
        "r_auth_code": "SYSTEM",
        "r_transaction_id": "12345",
        "r_ledger_id": 9307,
    },
    {
        "r_date": "2018-10-25 04:21:42",
        "r_xfer_from": "B Company",
        "r_xfer_to": "Company C",
        "r_amount": 0.06,
        "r_drop_rate": "0.00600",
        "r_credits": 10,
        "r_auth_code": "SYSTEM",
        "r_transaction_id": "67890",
        "r_ledger_id": 9037,
    },
)
AGENTS: Sequence[Row] = (
    {
        "r_agent_id": "0001",
        "r_name": "John",
        "r_credits": "14142617",
        "r_revenue": 85480.7,
        "r_avg_rate": "0.0062",
        "r_delivered": "64",
        "r_commission": 4274.035,
    },
    {
        "r_agent_id": "0002",
        "r_name": "Jane",
        "r_credits": "22692",
        "r_revenue": 295,
        "r_avg_rate": "0.0130",
        "r_delivered": "0",
        "r_commission": 44.25,
    },
)


def campaigns(operation: Operation) -> Answer:
    """`api=campaigns`: all four states, by the day of the last action."""
    account = operation.account
    first, last = _days(operation.form)
    page = Page(operation)
    settle_all(account)
    wanted = [
        campaign
        for campaign in account.campaigns.listed()
        if first <= account.local(campaign.acted).date() <= last
    ]
    return page.of(wanted, lambda campaign: _campaign(account, campaign))


def details(operation: Operation) -> Answer:
    """`api=details`: the numbers tried, in the order in which that ended; they may show late."""
    account, campaign = operation.account, wanted_campaign(operation, "r_campaign_id")
    page = Page(operation)
    settle(account, campaign)
    latest = account.now() - timedelta(seconds=account.options.details_lag_seconds)
    read, campaign.details_reads = campaign.details_reads, campaign.details_reads + 1
    visible = [each for each in campaign.tried if _is_shown(each, read, latest)]
    return page.of(visible, lambda each: _tried(account, campaign, each))


def transactions(operation: Operation) -> Answer:
    """`api=transactions`: pages work as the samples have it (A22)."""
    first, last = _days(operation.form)
    page = Page(operation)
    return page.of([row for row in TRANSACTIONS if first <= _day(row["r_date"]) <= last], dict)


def agents(operation: Operation) -> Answer:
    """`api=agents`: the same whatever the dates, as nothing here is sold."""
    _days(operation.form)
    return Page(operation).of(AGENTS, dict)


class Page:
    """The part of a report that was asked for; size and offset go together or not at all."""

    def __init__(self, operation: Operation) -> None:
        form = operation.form
        for field, other in (("r_page_size", "r_offset"), ("r_offset", "r_page_size")):
            if form.text(field) and not form.text(other):
                form.refuse(field, f"needs {other}")
        self._size = form.number("r_page_size", MOST, 1, MOST)
        self._offset = form.number("r_offset", 0, 0, MOST)
        self._counts_all = operation.account.options.rows == "total"
        form.finish()

    def of(self, records: Sequence[Record], shown: Callable[[Record], Row], key: str = "r_rows") -> Answer:
        """Cut it out and show it; how many rows are told is A5."""
        cut = records[self._offset : self._offset + self._size]
        rows = len(records if self._counts_all else cut)
        return Answer({key: rows, "data": [shown(record) for record in cut]})


def _days(form: Form) -> tuple[date, date]:
    """Read from and to, each usable alone; the error is read as `from` after `to` (A4)."""
    first, last = form.day("r_from_date", date.min), form.day("r_to_date", date.max)
    if first > last:
        form.refuse("r_from_date", "can't be after r_to_date")
    return first, last


def _day(stamp: object) -> date:
    return date.fromisoformat(str(stamp)[:10])


def _campaign(account: Account, campaign: Campaign) -> Row:
    return {
        "r_campaign_id": padded(campaign.id),
        "r_name": campaign.settings.name,
        "r_wav": campaign.settings.wav,
        "r_callback": campaign.settings.callback,
        "r_status": campaign.status.value,
        "r_timestamp": account.stamp(campaign.acted),
        "r_throttle": campaign.settings.throttle,
        "r_delivered": campaign.count("OK"),
        "r_undelivered": campaign.count("Failure"),
        "r_filtered": campaign.count("Filtered"),
        "r_hopper": campaign.hopper,
    }


def _is_shown(tried: Tried, read: int, latest: datetime) -> bool:
    return tried.shown_from_read <= read and tried.finished <= latest


def _tried(account: Account, campaign: Campaign, tried: Tried) -> Row:
    """Show a number; `Filtered` is the text's word, `FILTERED` the sample's (A8)."""
    shouts = tried.result == "Filtered" and account.options.spelling == "samples"
    return {
        "r_name": campaign.settings.name,
        "r_campaign_id": padded(campaign.id),
        "r_number": tried.number,
        "r_status": tried.result.upper() if shouts else tried.result,
        "r_timestamp": account.stamp(tried.began),
        "r_carrier": carrier(tried.number),
        "r_state": state(tried.number),
    }
