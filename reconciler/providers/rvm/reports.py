"""RVM's reports as tables: campaigns, what was tried, credits moved, agents, and the callback's reputation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from reconciler.errors import ReconcilerError, UsageError
from reconciler.model.state import Result
from reconciler.model.table import Cell, Column
from reconciler.providers.base import Question, Report
from reconciler.providers.rvm import client as api
from reconciler.providers.rvm import wire
from reconciler.providers.rvm.about import CHECK_PRICE, PAGE
from reconciler.providers.rvm.dialect import Rows, identity, read_reply, read_rows, read_tried, rows_of
from reconciler.transport.client import Client
from reconciler.transport.outcome import Dialect
from reconciler.transport.request import Request

Row = Mapping[str, Any]
Cells = Mapping[str, Cell]

CHECKED_DIGITS: Final = 10

_CAMPAIGNS = {
    "campaign_id": "r_campaign_id",
    "name": "r_name",
    "status": "r_status",
    "delivered": "r_delivered",
    "undelivered": "r_undelivered",
    "filtered": "r_filtered",
    "waiting": "r_hopper",
    "throttle": "r_throttle",
    "callback": "r_callback",
    "audio": "r_wav",
    "last_action": "r_timestamp",
}
_DETAILS = {
    "campaign_id": "r_campaign_id",
    "name": "r_name",
    "number": "r_number",
    "status": "r_status",
    "time": "r_timestamp",
    "carrier": "r_carrier",
    "state": "r_state",
}
_TRANSACTIONS = {
    "date": "r_date",
    "from": "r_xfer_from",
    "to": "r_xfer_to",
    "amount": "r_amount",
    "drop_rate": "r_drop_rate",
    "credits": "r_credits",
    "auth_code": "r_auth_code",
    "transaction_id": "r_transaction_id",
    "ledger_id": "r_ledger_id",
}
_AGENTS = {
    "agent_id": "r_agent_id",
    "name": "r_name",
    "credits": "r_credits",
    "revenue": "r_revenue",
    "average_rate": "r_avg_rate",
    "delivered": "r_delivered",
    "commission": "r_commission",
}
_REPUTATION = {
    "date": "rc_date",
    "number": "rc_phone_number",
    "score": "rc_score",
    "level": "rc_level",
    "reports": "rc_reports",
    "status": "rc_status",
}
_IDS = frozenset({"r_campaign_id"})


def pages(client: Client, asked: Callable[[int, int], Request], dialect: Dialect) -> list[Row]:
    """Read all pages; a row that moved from one to the next while we read comes twice.

    The last page is short, or empty (A5). A short one that tells of more rows than were read is not the last,
    and one that is longer than was asked for, or comes again, is all there is.
    """
    found: list[Row] = []
    last: Rows | None = None
    while True:
        page: Rows = client.fetch(asked(PAGE, len(found)), dialect)
        if page == last:
            return found
        found += page
        is_short = len(page) < PAGE and (not page or page.told <= len(found))
        if is_short or len(page) > PAGE:
            return found
        last = page


def details_of(client: Client, remote_id: str) -> list[Row]:
    """Read every number that a campaign tried."""
    return pages(client, lambda size, offset: api.report_details(remote_id, size, offset), read_tried)


def _campaigns(client: Client, question: Question) -> Iterable[Cells]:
    days = api.days(question.since, question.until)
    rows = pages(
        client, lambda size, offset: api.report_campaigns(size, offset, days), rows_of("r_campaign_id")
    )
    chosen = {identity(row): row for row in rows}
    return _shown(_CAMPAIGNS, chosen.values())


def _details(client: Client, question: Question) -> Iterator[Cells]:
    for remote_id in question.campaigns:
        yield from _shown(_DETAILS, details_of(client, remote_id))


def _transactions(client: Client, question: Question) -> Iterable[Cells]:
    asked = api.report("transactions", api.days(question.since, question.until))
    return _shown(_TRANSACTIONS, client.fetch(asked, read_rows))


def _agents(client: Client, question: Question) -> Iterable[Cells]:
    asked = api.report("agents", api.days(question.since, question.until))
    return _shown(_AGENTS, client.fetch(asked, read_rows))


def _reputation(client: Client, question: Question) -> Iterable[Cells]:
    if question.number is None:
        return _shown(_REPUTATION, client.fetch(api.reputation_history(), read_rows))
    return _shown(_REPUTATION, (_checked(client, question.number),))


def _checked(client: Client, entered: str) -> Row:
    """Look a number up, once: each further try would cost again."""
    number = re.sub(r"\D", "", entered)
    number = number[1:] if len(number) == CHECKED_DIGITS + 1 and number.startswith("1") else number
    if len(number) != CHECKED_DIGITS:
        raise UsageError("RVM checks numbers of the United States alone", "write ten digits: 617-555-0100")
    answer = client.send(api.check_reputation(number), read_reply)
    if answer.done:
        found: Row = answer.value
        return found
    if answer.result is Result.UNKNOWN:
        message = f"{client.provider}: nobody knows whether the check was made and paid for: {answer.reason}"
        raise ReconcilerError(message, f"look first: reconciler report {client.provider} reputation")
    raise ReconcilerError(f"{client.provider}: the check was not made: {answer.reason}")


def _price(question: Question) -> str:
    return "" if question.number is None else f"{CHECK_PRICE} credits"


def _shown(names: Mapping[str, str], rows: Iterable[Row]) -> Iterator[Cells]:
    for row in rows:
        yield {name: _cell(key, row) for name, key in names.items()}


def _cell(key: str, row: Row) -> Cell:
    value = row.get(key)
    if key in _IDS:
        return identity(row, key)
    if key == "rc_phone_number":
        return wire.digits(value)
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _columns(names: Mapping[str, str], *personal: str) -> tuple[Column, ...]:
    return tuple(Column(name, name in personal) for name in names)


DAYS: Final = frozenset({"since", "until"})
REPORTS: Final = {
    report.name: report
    for report in (
        Report(
            "campaigns", "every campaign and its counters, by day of last action", _columns(_CAMPAIGNS),
            _campaigns, takes=DAYS,
        ),
        Report(
            "details", "every number that a campaign tried, and what came of it", _columns(_DETAILS, "number"),
            _details, takes=frozenset({"campaigns"}), needs=frozenset({"campaigns"}),
        ),
        Report("transactions", "credits that changed hands", _columns(_TRANSACTIONS), _transactions, takes=DAYS),
        Report("agents", "what agents sold", _columns(_AGENTS), _agents, takes=DAYS),
        Report(
            "reputation", "how likely callbacks are taken for spam: past checks, or a new one of --number",
            _columns(_REPUTATION), _reputation, takes=frozenset({"number"}), price=_price,
        ),
    )
}  # fmt: skip
"""By name, as `reconciler report` takes them."""
